"""What can go wrong outside, switched on per site: from a file at start, or by `PUT /_faults`."""

from __future__ import annotations

import asyncio
from enum import StrEnum

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

from lens_rx.sandbox import block_pages as walls
from lens_rx.sandbox.endpoints import STAND_INS
from lens_rx.sandbox.responses import carries_result

PATH = "/_faults"
MEGABYTE = 1_000_000
#: Slices a second in which a dripping answer is sent.
DROPS = 10


class Site(StrEnum):
    """The kinds of site that can fail, as `FILE` and `/_faults` name them."""

    LENS = "lens"
    SEARCH = "search"
    SHOP = "shop"
    MARKETPLACE = "marketplace"
    MODEL = "model"


class Block(StrEnum):
    """The walls that a site can put up."""

    CONSENT = "consent"
    CAPTCHA = "captcha"
    SHELL = "shell"
    PARDON = "pardon"


class Fault(BaseModel):
    """What is wrong with one site. Every fault strikes the answers that carry a result, no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delay: float = Field(default=0.0, ge=0, le=3600, description="seconds before the answer")
    hang: StrictBool = Field(default=False, description="no answer, and the line stays open")
    drip: StrictInt | None = Field(default=None, gt=0, description="bytes a second")
    block: Block | None = Field(default=None, description="a wall instead of the answer")
    drift: StrictBool = Field(default=False, description="a long page of another layout")
    status: StrictInt | None = Field(default=None, ge=400, le=599, description="this HTTP status, no content")
    close: StrictBool = Field(default=False, description="the line is cut before the answer")
    huge: float = Field(default=0.0, ge=0, le=2000, description="megabytes of padding before the content")


class Faults(BaseModel):
    """The faults of all sites; a site that is not named is well."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lens: Fault = Fault()
    search: Fault = Fault()
    shop: Fault = Fault()
    marketplace: Fault = Fault()
    model: Fault = Fault()

    @classmethod
    def read(cls, text: str | bytes) -> Faults:
        """Return the faults that `text` (JSON) names; raise `ValueError` with words that help."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ValueError("; ".join(_words(part) for part in error.errors())) from None

    def of(self, site: Site) -> Fault:
        """Return what is wrong with `site`."""
        fault: Fault = getattr(self, site.value)
        return fault

    def named(self) -> dict[str, object]:
        """Return only what is wrong, as JSON would say it."""
        return self.model_dump(mode="json", exclude_defaults=True)


def _words(error: object) -> str:
    """Return one of pydantic's findings as a sentence part: `lens.delai: is not known …`."""
    assert isinstance(error, dict)
    place = ".".join(str(step) for step in error["loc"]) or "faults"
    if error["type"] != "extra_forbidden":
        return f"{place}: {error['msg']}"
    known = Fault.model_fields if "." in place else Faults.model_fields
    return f"{place}: is not known here; known are {', '.join(known)}"


def site_of(request: web.Request) -> Site:
    """Return the kind of site that a request goes to, by its path and its host name."""
    labels = request.host.partition(":")[0].split(".")
    if request.path.startswith("/v1/"):
        return Site.MODEL
    if set(STAND_INS) & set(labels):
        return Site.MARKETPLACE
    return Site(labels[0]) if labels[0] in (Site.LENS, Site.SEARCH) else Site.SHOP


class FaultBox:
    """Holds the current faults: routes to read and change them, a middleware that lets them strike."""

    def __init__(self, faults: Faults | None = None) -> None:
        self.current = faults or Faults()

    def routes(self) -> list[web.RouteDef]:
        """Return `GET /_faults` and `PUT /_faults`."""
        return [web.get(PATH, self._show), web.put(PATH, self._change)]

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response(self.current.named())

    async def _change(self, request: web.Request) -> web.Response:
        try:
            self.current = Faults.read(await request.read())
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return await self._show(request)

    def middleware(self) -> Middleware:
        """Return the middleware of the app that all sites are part of."""

        @web.middleware
        async def strike(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            fault = self.current.of(site_of(request))
            if fault == Fault() or not _strikes(request, answer):
                return answer
            return await _struck(request, answer, fault)

        return strike


def _strikes(request: web.Request, answer: web.StreamResponse) -> bool:
    """Tell whether faults touch this answer: a result, or anything the model says to a question."""
    return carries_result(answer) or (site_of(request) is Site.MODEL and request.method == "POST")


async def _struck(request: web.Request, answer: web.StreamResponse, fault: Fault) -> web.StreamResponse:
    """Return the answer as the fault leaves it, or never."""
    await asyncio.sleep(fault.delay)
    if fault.hang:
        await asyncio.Event().wait()
    if fault.close:
        _cut(request)
    if fault.block:
        return _wall(request, fault.block)
    if fault.status:
        return walls.broken(fault.status, as_json=site_of(request) is Site.MODEL)
    if fault.drift:
        answer = walls.drifted(as_json=answer.content_type == "application/json")
    if fault.huge:
        return await _padded(request, answer, round(fault.huge * MEGABYTE))
    return await _dripped(request, answer, fault.drip) if fault.drip else answer


def _cut(request: web.Request) -> None:
    """Cut the line, so that whatever is answered goes nowhere."""
    if request.transport is not None:
        request.transport.abort()


def _wall(request: web.Request, block: Block) -> web.StreamResponse:
    """Return the wall that the site puts up."""
    if site_of(request) is Site.MODEL:
        return walls.broken(403, as_json=True)
    if block is Block.CONSENT:
        return walls.to_consent(request)
    if block is Block.CAPTCHA:
        return walls.to_captcha(request)
    return walls.shell() if block is Block.SHELL else walls.pardon()


def _body(answer: web.StreamResponse) -> bytes:
    """Return the bytes of an answer that was built in one piece."""
    body = answer.body if isinstance(answer, web.Response) else b""
    return body if isinstance(body, bytes) else b""


def _reopened(answer: web.StreamResponse, size: int) -> web.StreamResponse:
    """Return an unsent answer with the same head, for a body of `size` bytes sent bit by bit."""
    copy = web.StreamResponse(status=answer.status, headers=answer.headers)
    copy.content_length = size
    return copy


async def _padded(request: web.Request, answer: web.StreamResponse, size: int) -> web.StreamResponse:
    """Send `size` bytes of nothing (blanks, which HTML and JSON skip) and then the answer."""
    body, blank = _body(answer), b" " * 65_535 + b"\n"
    huge = _reopened(answer, size + len(body))
    await huge.prepare(request)
    for start in range(0, size, len(blank)):
        await huge.write(blank[: size - start])
    await huge.write(body)
    return huge


async def _dripped(request: web.Request, answer: web.StreamResponse, pace: int) -> web.StreamResponse:
    """Send the answer at `pace` bytes a second."""
    body, drop = _body(answer), max(1, pace // DROPS)
    slow = _reopened(answer, len(body))
    await slow.prepare(request)
    for start in range(0, len(body), drop):
        await slow.write(body[start : start + drop])
        await asyncio.sleep(drop / pace)
    return slow
