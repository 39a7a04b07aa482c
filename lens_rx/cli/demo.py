"""`lens-rx demo`: a sample photo, identified and priced on the sandbox, with a picture of its price."""

from __future__ import annotations

import asyncio
from typing import Any

import typer
from rich.console import Console

from lens_rx.cli.classify import service
from lens_rx.cli.log_config import configure
from lens_rx.cli.options import settings_of
from lens_rx.cli.output import TextReport
from lens_rx.cli.price_chart import price_picture
from lens_rx.cli.service_client import Client
from lens_rx.cli.serving import STATIC, Plan

SAMPLE = STATIC / "sample.jpg"


def demo() -> None:
    """Identify and price a sample photo on the sandbox, fact by fact."""
    settings = settings_of(log_level="error", drain_seconds=0.0)
    configure(settings)
    raise typer.Exit(asyncio.run(_demo(Plan(settings, sandbox=True))))


async def _demo(plan: Plan) -> int:
    typer.echo("SANDBOX: a practice web on this machine; Chromium, sockets and the openai client are real.\n")
    facts: dict[str, Any] = {}
    report = TextReport()
    async with service(plan, None) as url:
        client = Client(url)
        try:
            async for fact in client.facts([SAMPLE], {"events": "all"}):
                facts[fact["data_description"]] = fact["data"]
                report.fact(str(SAMPLE), fact, "")
        finally:
            await client.aclose()
    typer.echo()
    Console(highlight=False).print(price_picture(facts))
    typer.echo("\nThe same in a browser: make sandbox")
    return 0 if facts.get("complete", {}).get("outcome") == "ok" else 1
