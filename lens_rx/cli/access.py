"""Who may use a service that a command runs: its tokens, and what is printed about them."""

from __future__ import annotations

from ipaddress import ip_address

import platformdirs
import structlog
import typer

from lens_rx.settings import Settings, variable
from lens_rx.web.auth import Authenticator, requires_token
from lens_rx.web.token_file import TokenFile

_log = structlog.get_logger()


def token_file(settings: Settings) -> TokenFile:
    """Return the file of tokens that the settings name, or the one in the user's data directory."""
    return TokenFile(settings.tokens_file or platformdirs.user_data_path("lens_rx") / "tokens.json")


def authenticator_for(settings: Settings, host: str) -> Authenticator | None:
    """Return what checks the tokens of a service that listens on `host`, None where none are asked for.

    Raises `TokenFileError` for a file that cannot be used.
    """
    if not requires_token(settings, host):
        return None
    file = token_file(settings)
    file.read()
    return Authenticator(file)


def announce_access(authenticator: Authenticator | None, settings: Settings, host: str, port: int) -> None:
    """Print a link with a new token where there is none yet; log that everybody may come in."""
    if authenticator is None:
        if settings.auth == "none":
            _log.warning("no token is asked for", setting=variable("auth"), host=host)
    elif not authenticator.has_tokens():
        secret = authenticator.generate()
        typer.echo("A token is needed, and none was made yet. This link holds one, until the service ends:")
        typer.echo(f"    {_address(host, port)}/?token={secret}")


def describe_access(settings: Settings) -> str:
    """Return who may use a service with these settings, for `lens-rx status`."""
    if settings.auth == "none":
        return f"OPEN TO EVERYBODY who reaches the port: {variable('auth')} is none"
    file = token_file(settings)
    tokens = f"{len(file.read())} tokens in {file.path}"
    if requires_token(settings, "127.0.0.1"):
        return f"by token; {tokens}"
    return f"without a token on loopback, by token elsewhere; {tokens}"


def _address(host: str, port: int) -> str:
    """Return an address that a browser on this machine can open."""
    try:
        address = ip_address(host)
    except ValueError:
        return f"http://{host}:{port}"
    if address.is_unspecified:
        return f"http://127.0.0.1:{port}"
    return f"http://[{host}]:{port}" if address.version == 6 else f"http://{host}:{port}"
