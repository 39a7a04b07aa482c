"""Which requests are accepted: by host name, token and origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import Busy, Forbidden, Unauthorized
from lens_rx.runs.keys import DEFAULT_TENANT, key_of
from lens_rx.web.auth import (
    GENERATED_NAME,
    SESSION_COOKIE,
    Authenticator,
    bearer_secret,
    redirect_to_login,
)
from lens_rx.web.client_address import client_of, is_local
from lens_rx.web.context import APP_CONTEXT, Requester
from lens_rx.web.login import exchange_link
from lens_rx.web.middleware import REQUEST_ID
from lens_rx.web.request_origin import is_own_host, origin_allowed

#: Addresses that need no token: what probes ask, and the page for signing in with its files.
PUBLIC_PATHS = frozenset({"/healthz", "/readyz", "/login", "/logout", "/login.js", "/style.css", "/icon.svg"})
#: What a health check of any proxy may ask, under any host name.
ANY_HOST_PATHS = frozenset({"/healthz"})
PAGE_PATHS = frozenset({"/", "/index.html", "/docs", "/docs.html"})
#: Methods of requests that change nothing and cost nothing.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWNER_LENGTH = 16

#: Under whose name a change is told where no token names anybody.
NAMELESS = "user"

MISSING_MESSAGE = (
    "A token is needed. Send it as Authorization: Bearer TOKEN, or sign in at /login with a browser."
)
INVALID_MESSAGE = "This token is not valid, or not any more."
FOREIGN_PAGE_MESSAGE = (
    "Pages of this origin may not use this service. LENS_RX_CORS_ORIGINS names those that may."
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose request it is, by tenant and name of token; `by_cookie` where the browser sent its access along by itself."""

    tenant: str = DEFAULT_TENANT
    by_cookie: bool = False
    name: str = ""


_IDENTITY: web.RequestKey[Identity] = web.RequestKey("identity", Identity)
_EVERYBODY = Identity()


def tenant_of_request(request: web.Request) -> str:
    """Return the tenant whose runs the request may use."""
    return _identity(request).tenant


def is_session(request: web.Request) -> bool:
    """Return whether the request has its access from the cookie of somebody who signed in."""
    return _identity(request).by_cookie


def list_owner(request: web.Request) -> str:
    """Return what keeps the lists of a browser's users apart: the same for one token's name, telling nobody which."""
    identity = _identity(request)
    return key_of("list", identity.tenant, identity.name)[:OWNER_LENGTH] if identity.by_cookie else ""


def _identity(request: web.Request) -> Identity:
    identity: Identity = request.get(_IDENTITY, _EVERYBODY)
    return identity


def check_origin(request: web.Request, message: str = FOREIGN_PAGE_MESSAGE) -> None:
    """Raise `Forbidden` where a page of a foreign origin sent the request."""
    if not origin_allowed(request, request.app[APP_CONTEXT].settings, by_cookie=is_session(request)):
        raise Forbidden(message)


def check_access(
    request: web.Request, hosts: Sequence[str], authenticator: Authenticator | None
) -> web.StreamResponse | None:
    """Note whose request it is; raise where it is for a foreign host, without a valid token, or from a foreign page.

    Returns the answer to a browser that has to sign in, or has done so by a link, None for what the handler answers.
    A foreign host name is how DNS rebinding gives pages access; a bearer token cannot be had that way.
    """
    bearer = _identify_bearer(request, authenticator) if authenticator else None
    if bearer is None and not is_own_host(request.host, hosts) and _route_path(request) not in ANY_HOST_PATHS:
        raise web.HTTPMisdirectedRequest
    if authenticator and (answer := _check_token(request, authenticator, bearer)) is not None:
        return answer
    if request.method not in SAFE_METHODS:
        check_origin(request)
    return None


def _check_token(
    request: web.Request, authenticator: Authenticator, bearer: Identity | None
) -> web.StreamResponse | None:
    path = _route_path(request)
    if path == "/" and request.method == "GET" and "token" in request.query:
        return exchange_link(request, authenticator)
    identity = bearer or _identify_session(request, authenticator)
    if identity:
        request[_IDENTITY] = identity
    elif path not in PUBLIC_PATHS and not (path == "/metrics" and is_local(request)):
        return _ask_for_token(request, authenticator, path)
    return None


def _route_path(request: web.Request) -> str:
    """Return the path of the route that was chosen, however the request wrote it; "" where there is none."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""


def _identify_bearer(request: web.Request, authenticator: Authenticator) -> Identity | None:
    secret = bearer_secret(request)
    token = authenticator.find_token(secret) if secret else None
    return Identity(token.tenant, name=token.name) if token else None


def _identify_session(request: web.Request, authenticator: Authenticator) -> Identity | None:
    if bearer_secret(request) is not None:  # a wrong token is not made good by a cookie
        return None
    cookie = request.cookies.get(SESSION_COOKIE)
    token = authenticator.find_session(cookie) if cookie else None
    return Identity(token.tenant, by_cookie=True, name=token.name) if token else None


def _ask_for_token(request: web.Request, authenticator: Authenticator, path: str) -> web.StreamResponse:
    """Send a browser that opens the page to the login; raise `Unauthorized`, or `Busy` after too many wrong tokens."""
    has_cookie = SESSION_COOKIE in request.cookies
    if path in PAGE_PATHS and "text/html" in request.headers.get("Accept", ""):
        return redirect_to_login(ended=has_cookie)
    if bearer_secret(request) is None and not has_cookie:
        raise Unauthorized(MISSING_MESSAGE)
    client = client_of(request)
    if seconds := authenticator.failures.seconds_to_wait(client):
        raise Busy("Too many wrong tokens came from here. Please wait a moment.", seconds)
    authenticator.failures.record(client)
    raise Unauthorized(INVALID_MESSAGE, code=ErrorCode.TOKEN_INVALID)


def requester_of(request: web.Request) -> Requester:
    """Return who sent a request."""
    identity = _identity(request)
    # a token that a service made for itself names nobody
    author = identity.name if identity.name != GENERATED_NAME else ""
    return Requester(client_of(request), identity.tenant, request[REQUEST_ID], author or NAMELESS)
