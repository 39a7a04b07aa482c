"""`/login` and `/logout`: a token is exchanged for a cookie, by a form or by a link that holds it."""

from __future__ import annotations

from contextlib import suppress
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from lens_rx.web.auth import (
    AUTHENTICATOR,
    Authenticator,
    clear_session,
    redirect,
    redirect_to_login,
    start_session,
)
from lens_rx.web.client_address import client_of
from lens_rx.web.small_body import read_small_body

MAX_FORM_BYTES = 10_000
#: The page's own form, which posts to its own address; the other pages have none.
LOGIN_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
MESSAGES = {
    "ended": "You have been signed out: the token was revoked, or the service was started anew.",
    "link": "The token in this link is not valid, or not any more. Please ask for a new one.",
    "foreign": (
        "The link was opened from another page, so it was not used, for your safety. "
        "Copy the link, and paste it here or into the address bar."
    ),
    "out": "You are signed out.",
    "wait": "Too many wrong tokens. Please wait a minute, then try again.",
}
WRONG_MESSAGE = "That is not a valid token. Please copy the whole of it, without a blank, and try again."
EMPTY_MESSAGE = "Please paste a token first."
WAIT_MESSAGE = "Too many wrong tokens. Please wait {} seconds, then try again."


def login_routes(static: Path) -> list[web.RouteDef]:
    """Return the routes of the login; `static` is the folder with its page."""
    template = (static / "login.html").read_text()

    async def show(request: web.Request) -> web.Response:
        if request.app[AUTHENTICATOR] is None:
            return redirect("./")
        return _page(template, MESSAGES.get(request.query.get("reason", ""), ""))

    async def log_in(request: web.Request) -> web.Response:
        authenticator = request.app[AUTHENTICATOR]
        if authenticator is None:
            return redirect("./")
        return await _log_in(request, authenticator, template)

    return [web.get("/login", show), web.post("/login", log_in), web.post("/logout", log_out)]


async def log_out(_: web.Request) -> web.Response:
    """Take the session's cookie away."""
    response = redirect_to_login(reason="out")
    clear_session(response)
    return response


async def _log_in(request: web.Request, authenticator: Authenticator, template: str) -> web.Response:
    if seconds := authenticator.login_failures.seconds_to_wait(client_of(request)):
        response = _page(template, WAIT_MESSAGE.format(seconds), 429)
        response.headers["Retry-After"] = str(seconds)
        return response
    secret = token_in(await _read_field(request))
    if not secret:
        return _page(template, EMPTY_MESSAGE, 400)
    entered = _sign_in(request, authenticator, secret)
    return _page(template, WRONG_MESSAGE, 401) if entered is None else entered


async def _read_field(request: web.Request) -> str:
    """Return the form's token; raise as `read_small_body` does."""
    body = await read_small_body(request, "form", MAX_FORM_BYTES, "This is longer than any token.")
    return next(iter(parse_qs(body.decode(errors="replace")).get("token", [])), "")


def token_in(text: str) -> str:
    """Return the token that somebody pasted, by itself or in a link."""
    text = text.strip()
    with suppress(ValueError):
        if in_link := parse_qs(urlsplit(text).query).get("token"):
            return in_link[0]
    return text


def exchange_link(request: web.Request, authenticator: Authenticator) -> web.Response:
    """Exchange the token in the page's address for a cookie, and take it out of the address.

    Not where another page led here: it could sign somebody in as somebody else, who then gets the photos.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return redirect_to_login(reason="foreign")
    if authenticator.login_failures.seconds_to_wait(client_of(request)):
        return redirect_to_login(reason="wait")
    entered = _sign_in(request, authenticator, request.query["token"])
    return redirect_to_login(reason="link") if entered is None else entered


def _sign_in(request: web.Request, authenticator: Authenticator, secret: str) -> web.Response | None:
    """Return the redirect of a valid token to the page, with its cookie; None for a wrong one, which is counted."""
    if authenticator.find_token(secret) is None:
        authenticator.login_failures.record(client_of(request))
        return None
    response = redirect("./")
    start_session(request, response, secret)
    return response


def _page(template: str, message: str, status: int = 200) -> web.Response:
    body = template.replace("{{message}}", escape(message))
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": LOGIN_POLICY,
        "Referrer-Policy": "same-origin",  # with no-referrer the form's Origin would be null
    }
    return web.Response(text=body, status=status, content_type="text/html", headers=headers)
