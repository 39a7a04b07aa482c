"""Those who have a token of a service, and how they send it."""

from __future__ import annotations

from dataclasses import dataclass

from lens_rx.web.auth import SESSION_COOKIE
from lens_rx.web.token_file import TokenFile, session_value


@dataclass(frozen=True)
class Tokens:
    """The file of tokens, and those in it: Ann and Bo share a tenant, Cy has another."""

    file: TokenFile
    ann: str
    bo: str
    cy: str


def bearer(token: str) -> dict[str, str]:
    """Return the header of a request with a token."""
    return {"Authorization": f"Bearer {token}"}


def cookie(token: str) -> dict[str, str]:
    """Return the header of a browser that signed in with a token."""
    return {"Cookie": f"{SESSION_COOKIE}={session_value(token)}"}
