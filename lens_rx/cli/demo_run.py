"""The demonstration: one sample photo on a sandbox of its own."""

from __future__ import annotations

import asyncio
from typing import Any

import typer
from rich.console import Console

from lens_rx.cli.batch import open_client
from lens_rx.cli.environment import load_client_settings
from lens_rx.cli.output import TextReport
from lens_rx.cli.price_chart import price_chart
from lens_rx.cli.service import STATIC
from lens_rx.cli.surroundings import ServiceOptions

SAMPLE = STATIC / "sample.jpg"


def run_demo() -> int:
    """Classify the sample photo and return the exit status: 0 where it was identified and priced."""
    return asyncio.run(_run(ServiceOptions(load_client_settings(), sandbox=True)))


async def _run(options: ServiceOptions) -> int:
    typer.echo(
        "SANDBOX: shops, marketplaces and a model on this machine; Chromium, sockets and the openai client are real.\n"
    )
    facts: dict[str, Any] = {}
    report = TextReport()
    async with open_client(options, None) as client:
        async for fact in client.facts([SAMPLE], {"events": "all"}):
            facts[fact["data_description"]] = fact["data"]
            report.fact(str(SAMPLE), fact, "")
    typer.echo()
    Console(highlight=False).print(price_chart(facts))
    typer.echo("\nThe same in a browser: make sandbox")
    return 0 if facts.get("complete", {}).get("outcome") == "ok" else 1
