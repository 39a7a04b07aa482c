"""What `lens-rx webhooks` does at a service: list webhooks that could not be delivered, and try them again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar

import typer

from lens_rx.cli.environment import access_token, load_settings
from lens_rx.cli.options import fail
from lens_rx.cli.output import print_json, printable
from lens_rx.cli.service_client import Client, ServerError
from lens_rx.runs.webhook_signature import format_secret, tenant_secret
from lens_rx.settings import variable
from lens_rx.webhook_settings import webhook_secrets

PATH = "/webhooks/dead"
T = TypeVar("T")


def print_dead(server: str, token: str | None, *, as_json: bool) -> None:
    """Print the dead webhooks, a line each."""
    for row in _call(server, token, _dead):
        if as_json:
            print_json(row)
        else:
            line = f"{row['id']}  {row['failed_at']}  {row['attempts']} attempts  {row['callback']}  {row['reason']}"
            typer.echo(printable(line))


def retry(server: str, token: str | None, identities: list[str]) -> None:
    """Let the service try some dead webhooks again, all where none is named."""

    async def retry_all(client: Client) -> list[str]:
        chosen = identities or [row["id"] for row in await _dead(client)]
        for identity in chosen:
            await client.request("POST", f"{PATH}/{identity}/retry")
        return chosen

    for identity in _call(server, token, retry_all):
        typer.echo(f"tried again: {identity}")


def print_secret(tenant: str) -> None:
    """Print the secrets that a tenant's receivers verify signatures with, the newest first."""
    secrets = webhook_secrets(load_settings())
    if not secrets:
        fail(
            f"There is no secret. Set {variable('webhook_secret')}; whsec_$(openssl rand -base64 32) makes one."
        )
    for secret in secrets:
        typer.echo(format_secret(tenant_secret(secret, tenant)))


async def _dead(client: Client) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await client.request("GET", PATH))["webhooks"]
    return rows


def _call(server: str, token: str | None, work: Callable[[Client], Awaitable[T]]) -> T:
    """Do the work with a client of a service; end the command with its words where it refuses."""
    settings = load_settings()

    async def run() -> T:
        async with aclosing(Client(server, token or access_token(settings))) as client:
            return await work(client)

    try:
        return asyncio.run(run())
    except ServerError as error:
        fail(str(error), 1)
