"""`lens-rx tokens`: access tokens made, listed and revoked; a running service sees each change at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

tokens = typer.Typer(no_args_is_help=True, add_completion=False, help="Access tokens: made, listed, revoked.")

Name = Annotated[str, typer.Argument(help="Name of the token: whose, or what for.")]
File = Annotated[
    Path | None,
    typer.Option(
        help="File of the tokens; LENS_RX_TOKENS_FILE, or one in the user's data directory, by default."
    ),
]


@tokens.command()
def add(
    name: Name,
    *,
    tenant: Annotated[
        str, typer.Option(help="Whose runs it may use; tokens of one tenant share them.")
    ] = "default",
    file: File = None,
) -> None:
    """Make a token and print it, this once: only its hash is stored."""
    from lens_rx.cli.access import token_file
    from lens_rx.cli.environment import load_settings

    stored = token_file(load_settings(tokens_file=file))
    secret = stored.add(name, tenant)
    typer.echo(f"{name}, of tenant {tenant}, is in {stored.path}. Its token, shown only now:", err=True)
    typer.echo(secret)


@tokens.command("list")
def list_tokens(*, file: File = None) -> None:
    """List the tokens by name; they themselves are stored nowhere."""
    from lens_rx.cli.access import token_file
    from lens_rx.cli.environment import load_settings

    for token in token_file(load_settings(tokens_file=file)).read():
        typer.echo(f"{token.name:24}  {token.tenant:16}  {token.created_at}")


@tokens.command()
def revoke(name: Name, *, file: File = None) -> None:
    """Revoke a token: it, and whoever signed in with it, is refused from now on."""
    from lens_rx.cli.access import token_file
    from lens_rx.cli.environment import load_settings

    token_file(load_settings(tokens_file=file)).revoke(name)
    typer.echo(f"revoked: {name}")
