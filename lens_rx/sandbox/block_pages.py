"""Block pages (consent, captcha, script check, interruption) and error pages of the sandbox's sites."""

from __future__ import annotations

import random

from aiohttp import web
from yarl import URL

from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX
from lens_rx.sandbox.responses import (
    NameObfuscator,
    filler_text,
    html_response,
    json_response,
    phrases,
    preferred_language,
)

CONSENT_HOST = f"consent{SANDBOX_SUFFIX}"
CONSENT_COOKIE = "SOCS"
CONSENT_PHRASES = phrases("consent")


def routes() -> list[web.RouteDef]:
    """Return the routes that every host has: the captcha page, and the script check's fallback page."""
    return [web.get("/sorry/index", _captcha), web.get("/httpservice/retry/enablejs", _enable_javascript)]


def consent_routes() -> list[web.RouteDef]:
    """Return the routes of the consent host."""
    return [web.get("/m", _consent), web.post("/save", _save_consent)]


def redirect_to_consent(request: web.Request) -> web.Response:
    """Return a redirect to the consent page, which leads back to this address."""
    consent_url = URL.build(scheme="http", host=CONSENT_HOST, path="/m", query={"continue": str(request.url)})
    return web.Response(status=302, headers={"Location": str(consent_url)})


async def _consent(request: web.Request) -> web.Response:
    language = preferred_language(request, tuple(CONSENT_PHRASES))
    return html_response(
        "consent.html",
        language=language,
        words=CONSENT_PHRASES[language],
        name=NameObfuscator(random.random()),
        onward=request.query.get("continue", ""),
    )


async def _save_consent(request: web.Request) -> web.Response:
    form = await request.post()
    onward = URL(str(form.get("continue", "")))
    if not (onward.host or "").endswith(SANDBOX_SUFFIX):
        raise web.HTTPBadRequest(text="continue: not an address of this web")
    response = web.Response(status=303, headers={"Location": str(onward)})
    response.set_cookie(CONSENT_COOKIE, "CAI", domain=SANDBOX_SUFFIX[1:], max_age=86_400)
    return response


def redirect_to_captcha(request: web.Request) -> web.Response:
    """Return a redirect to the captcha page."""
    captcha_url = request.url.with_path("/sorry/index").with_query(
        {"continue": str(request.url), "q": "EgTLAHEH"}
    )
    return web.Response(status=302, headers={"Location": str(captcha_url)})


async def _captcha(request: web.Request) -> web.Response:
    return html_response("captcha.html", status=429, wanted=request.query.get("continue", ""))


async def _enable_javascript(_: web.Request) -> web.Response:
    return html_response("enablejs.html")


def script_required_page(script: str = "") -> web.Response:
    """Return the page for a client that has not run the proof script: long, with hardly any text."""
    return html_response(
        "shell.html", script=script, filler=filler_text(85_000, "shell"), name=NameObfuscator(random.random())
    )


def interruption_page() -> web.Response:
    """Return the marketplaces' block page, "Pardon our interruption"."""
    return html_response("pardon.html", name=NameObfuscator(random.random()))


def error_page(status: int, *, as_json: bool) -> web.Response:
    """Return an error of that status as HTML or JSON."""
    if as_json:
        error = {"message": "The server had an error", "type": "server_error", "param": None, "code": None}
        return json_response({"error": error}, status=status)
    return html_response("broken.html", status=status, code=status)


def changed_layout_page(*, as_json: bool) -> web.Response:
    """Return a long page (or JSON) in a layout that no parser knows."""
    rows = [filler_text(180, row) for row in range(400)]
    if as_json:
        return json_response({"v": 9, "blocks": [{"k": row[:9], "t": row} for row in rows]})
    return html_response("drifted.html", rows=rows, name=NameObfuscator(random.random()))
