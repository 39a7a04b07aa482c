"""`lens-rx webhooks`: webhooks that could not be delivered, listed and tried again; the secret of a tenant."""

from __future__ import annotations

from typing import Annotated

import typer

from lens_rx.cli.options import Token

webhooks = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Webhooks that could not be delivered: listed, tried again.",
)

Server = Annotated[str, typer.Option(help="Address of the service.")]
DEFAULT_SERVER = "http://127.0.0.1:5000"


@webhooks.command("list")
def list_dead(
    *,
    server: Server = DEFAULT_SERVER,
    token: Token = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the webhooks that are not tried any more, the latest first."""
    from lens_rx.cli.dead_letters import print_dead

    print_dead(server, token, as_json=as_json)


@webhooks.command("retry")
def retry_dead(
    identities: Annotated[
        list[str] | None, typer.Argument(help="Ids of webhooks; all where none is named.")
    ] = None,
    *,
    server: Server = DEFAULT_SERVER,
    token: Token = None,
) -> None:
    """Try webhooks again, as often as new ones."""
    from lens_rx.cli.dead_letters import retry

    retry(server, token, identities or [])


@webhooks.command("secret")
def show_secret(
    tenant: Annotated[
        str, typer.Argument(help="Tenant whose receivers are to verify signatures.")
    ] = "default",
) -> None:
    """Print the secret that signs a tenant's webhooks, made from LENS_RX_WEBHOOK_SECRET."""
    from lens_rx.cli.dead_letters import print_secret

    print_secret(tenant)
