"""The walls that sites put up before a visitor, and what they answer when they are ill."""

from __future__ import annotations

import random

from aiohttp import web
from yarl import URL

from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX
from lens_rx.sandbox.responses import Mangler, data, filler, language_of, page, words

CONSENT_HOST = f"consent{SANDBOX_SUFFIX}"
CONSENT_COOKIE = "SOCS"
CONSENT_WORDS = words("consent")


def routes() -> list[web.RouteDef]:
    """Return what every host answers beside its own pages: the captcha, the shell's way out."""
    return [web.get("/sorry/index", _captcha), web.get("/httpservice/retry/enablejs", _enable_script)]


def consent_routes() -> list[web.RouteDef]:
    """Return the pages of the consent host."""
    return [web.get("/m", _consent), web.post("/save", _save_consent)]


def to_consent(request: web.Request) -> web.Response:
    """Send the visitor to the consent wall, and back to this address afterwards."""
    wall = URL.build(scheme="http", host=CONSENT_HOST, path="/m", query={"continue": str(request.url)})
    return web.Response(status=302, headers={"Location": str(wall)})


async def _consent(request: web.Request) -> web.Response:
    language = language_of(request, tuple(CONSENT_WORDS))
    return page(
        "consent.html",
        language=language,
        words=CONSENT_WORDS[language],
        name=Mangler(random.random()),
        onward=request.query.get("continue", ""),
    )


async def _save_consent(request: web.Request) -> web.Response:
    form = await request.post()
    onward = URL(str(form.get("continue", "")))
    if not (onward.host or "").endswith(SANDBOX_SUFFIX):
        raise web.HTTPBadRequest(text="continue: not an address of this web")
    answer = web.Response(status=303, headers={"Location": str(onward)})
    answer.set_cookie(CONSENT_COOKIE, "CAI", domain=SANDBOX_SUFFIX[1:], max_age=86_400)
    return answer


def to_captcha(request: web.Request) -> web.Response:
    """Send the visitor to the page that asks whether it is a robot."""
    wall = request.url.with_path("/sorry/index").with_query({"continue": str(request.url), "q": "EgTLAHEH"})
    return web.Response(status=302, headers={"Location": str(wall)})


async def _captcha(request: web.Request) -> web.Response:
    return page("captcha.html", status=429, wanted=request.query.get("continue", ""))


async def _enable_script(_: web.Request) -> web.Response:
    return page("enablejs.html")


def shell(script: str = "") -> web.Response:
    """Return the page for a client that has not run our script: long, and all but empty."""
    return page("shell.html", script=script, filler=filler(85_000, "shell"), name=Mangler(random.random()))


def pardon() -> web.Response:
    """Return the marketplace's wall, "Pardon our interruption"."""
    return page("pardon.html", name=Mangler(random.random()))


def broken(status: int, *, as_json: bool) -> web.Response:
    """Return an answer of that status without content, in the site's form."""
    if as_json:
        error = {"message": "The server had an error", "type": "server_error", "param": None, "code": None}
        return data({"error": error}, status=status)
    return page("broken.html", status=status, code=status)


def drifted(*, as_json: bool) -> web.Response:
    """Return a long answer in a form that nobody knows yet."""
    rows = [filler(180, row) for row in range(400)]
    if as_json:
        return data({"v": 9, "blocks": [{"k": row[:9], "t": row} for row in rows]})
    return page("drifted.html", rows=rows, name=Mangler(random.random()))
