"""Who may come in: bearer tokens, and the cookies of those who signed in with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from ipaddress import ip_address

from aiohttp import web

from lens_rx.settings import Settings
from lens_rx.web.client_address import is_https
from lens_rx.web.failed_attempts import FailedAttempts
from lens_rx.web.token_file import Token, TokenFile, digest_of, generate_secret, make_token, session_value

SESSION_COOKIE = "lens_rx_session"
SESSION_SECONDS = 30 * 24 * 3600
#: The name of the token that a service makes for itself.
GENERATED_NAME = "generated"


@dataclass(slots=True)
class Authenticator:
    """The valid tokens: those of the file, and one that was made at start where the file had none."""

    file: TokenFile | None = None
    generated: Token | None = None
    failures: FailedAttempts = field(default_factory=FailedAttempts)
    login_failures: FailedAttempts = field(default_factory=FailedAttempts)

    def generate(self) -> str:
        """Make a token that is valid until this process ends, and return it."""
        secret = generate_secret()
        self.generated = make_token(secret, GENERATED_NAME)
        return secret

    def has_tokens(self) -> bool:
        """Return whether there is any token."""
        return bool(self._tokens())

    def find_token(self, secret: str) -> Token | None:
        """Return the token of a bearer, None for a wrong one; takes the same time for any of this length."""
        return _find(digest_of(secret), [(it.digest, it) for it in self._tokens()])

    def find_session(self, cookie: str) -> Token | None:
        """Return the token that a cookie was made with, None where it is wrong or the token is revoked."""
        return _find(digest_of(cookie), [(it.session_digest, it) for it in self._tokens()])

    def _tokens(self) -> Sequence[Token]:
        stored = self.file.current() if self.file else ()
        return [*stored, self.generated] if self.generated else stored


def _find(digest: str, known: Sequence[tuple[str, Token]]) -> Token | None:
    found = None
    for other, token in known:
        if compare_digest(digest, other):
            found = token
    return found


#: None where no token is asked for.
AUTHENTICATOR: web.AppKey[Authenticator | None] = web.AppKey("authenticator")


def requires_token(settings: Settings, host: str) -> bool:
    """Return whether a service that listens on `host` asks for tokens."""
    if settings.auth != "auto":
        return settings.auth == "token"
    return settings.tokens_file is not None or not is_loopback_host(host)


def is_loopback_host(host: str) -> bool:
    """Return whether a name or address to listen on is reached from this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def bearer_secret(request: web.BaseRequest) -> str | None:
    """Return the token in the `Authorization` header, None where there is none of this scheme."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def redirect(location: str) -> web.Response:
    """Return a redirect to another page, which no cache stores."""
    return web.Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})


def redirect_to_login(*, ended: bool = False, reason: str = "") -> web.Response:
    """Return a redirect to the login, which tells the reason; `ended` takes the cookie away."""
    reason = reason or ("ended" if ended else "")
    location = f"login?reason={reason}" if reason else "login"
    response = redirect(location)
    if ended:
        clear_session(response)
    return response


def start_session(request: web.Request, response: web.Response, secret: str) -> None:
    """Set the cookie of a valid token: no script reads it, and no other site's page sends it along."""
    response.set_cookie(
        SESSION_COOKIE,
        session_value(secret),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="Strict",
        secure=is_https(request),
    )


def clear_session(response: web.Response) -> None:
    """Take the cookie away."""
    response.del_cookie(SESSION_COOKIE, httponly=True, samesite="Strict")
