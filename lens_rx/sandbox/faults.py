"""Faults of the sandbox's sites, switched on for each kind of site by a file at start or by `PUT /_faults`."""

from __future__ import annotations

import asyncio
from datetime import date
from enum import StrEnum

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

from lens_rx.sandbox import block_pages
from lens_rx.sandbox.endpoints import STAND_INS
from lens_rx.sandbox.responses import carries_result

FAULTS_PATH = "/_faults"
MEGABYTE = 1_000_000
#: The path below which the server of a local model answers.
LOCAL_PREFIX = "/local"
#: Slices a second in which a `drip` response is sent.
SLICES_A_SECOND = 10


class Site(StrEnum):
    """The kinds of site that can fail: the keys of the faults' JSON."""

    LENS = "lens"
    SEARCH = "search"
    SHOP = "shop"
    MARKETPLACE = "marketplace"
    MODEL = "model"


class Block(StrEnum):
    """The block pages that a site can show."""

    CONSENT = "consent"
    CAPTCHA = "captcha"
    SHELL = "shell"
    PARDON = "pardon"


class Fault(BaseModel):
    """The faults of one kind of site; they apply to responses that carry a result, and to no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delay: float = Field(default=0.0, ge=0, le=3600, description="seconds before the answer")
    hang: StrictBool = Field(default=False, description="no answer, and the line stays open")
    drip: StrictInt | None = Field(default=None, gt=0, description="bytes a second")
    block: Block | None = Field(default=None, description="a wall instead of the answer")
    drift: StrictBool = Field(default=False, description="a long page of another layout")
    status: StrictInt | None = Field(default=None, ge=400, le=599, description="this HTTP status, no content")
    close: StrictBool = Field(default=False, description="the line is cut before the answer")
    huge: float = Field(default=0.0, ge=0, le=2000, description="megabytes of padding before the content")

    @property
    def changes_responses(self) -> bool:
        """Whether a fault is set that the middleware applies to responses."""
        return any(getattr(self, name) != field.default for name, field in Fault.model_fields.items())


class ModelFault(Fault):
    """The faults of the model's server: those of every site, and the end of models."""

    retired: tuple[str, ...] = Field(default=(), description="models that are no longer accessible")
    shutdown_dates: dict[str, date] = Field(default={}, description="announced last days, by model")


class Faults(BaseModel):
    """The faults of all sites; a site that is not named has none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lens: Fault = Fault()
    search: Fault = Fault()
    shop: Fault = Fault()
    marketplace: Fault = Fault()
    model: ModelFault = ModelFault()

    @classmethod
    def parse(cls, text: str | bytes) -> Faults:
        """Parse JSON; raise `ValueError` with a message that names each wrong field and the known ones."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ValueError("; ".join(_describe_error(part) for part in error.errors())) from None

    def for_site(self, site: Site) -> Fault:
        """Return the faults of `site`."""
        fault: Fault = getattr(self, site.value)
        return fault

    def active(self) -> dict[str, object]:
        """Return the non-default fields as JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True)


def _describe_error(error: object) -> str:
    """Return one of pydantic's errors as text: `lens.delai: is not known here; known are …`."""
    assert isinstance(error, dict)
    place = ".".join(str(step) for step in error["loc"]) or "faults"
    if error["type"] != "extra_forbidden":
        return f"{place}: {error['msg']}"
    known = Faults.model_fields
    if "." in place:
        known = ModelFault.model_fields if place.startswith(f"{Site.MODEL}.") else Fault.model_fields
    return f"{place}: is not known here; known are {', '.join(known)}"


def site_of(request: web.Request) -> Site:
    """Return the kind of site that a request goes to, by its path and host name."""
    labels = request.host.partition(":")[0].split(".")
    if request.path.removeprefix(LOCAL_PREFIX).startswith("/v1/"):
        return Site.MODEL
    if set(STAND_INS) & set(labels):
        return Site.MARKETPLACE
    return Site(labels[0]) if labels[0] in (Site.LENS, Site.SEARCH) else Site.SHOP


class FaultInjector:
    """Holds the current faults, with routes to read and change them and a middleware that applies them."""

    def __init__(self, faults: Faults | None = None) -> None:
        self.current = faults or Faults()

    def routes(self) -> list[web.RouteDef]:
        """Return `GET /_faults` and `PUT /_faults`."""
        return [web.get(FAULTS_PATH, self._show), web.put(FAULTS_PATH, self._change)]

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response(self.current.active())

    async def _change(self, request: web.Request) -> web.Response:
        try:
            self.current = Faults.parse(await request.read())
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return await self._show(request)

    def middleware(self) -> Middleware:
        """Return the middleware that applies the current faults to every site's responses."""

        @web.middleware
        async def apply_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await handler(request)
            fault = self.current.for_site(site_of(request))
            if not fault.changes_responses or not _applies(request, response):
                return response
            return await _apply(request, response, fault)

        return apply_faults


def _applies(request: web.Request, response: web.StreamResponse) -> bool:
    """Return whether faults apply: to results, and to every answer of the model to a POST."""
    return carries_result(response) or (site_of(request) is Site.MODEL and request.method == "POST")


async def _apply(request: web.Request, response: web.StreamResponse, fault: Fault) -> web.StreamResponse:
    """Return the response as changed by the fault; never return where it hangs."""
    await asyncio.sleep(fault.delay)
    if fault.hang:
        await asyncio.Event().wait()
    if fault.close:
        _abort_connection(request)
    if fault.block:
        return _block_response(request, fault.block)
    if fault.status:
        return block_pages.error_page(fault.status, as_json=site_of(request) is Site.MODEL)
    if fault.drift:
        response = block_pages.changed_layout_page(as_json=response.content_type == "application/json")
    if fault.huge:
        return await _send_padded(request, response, round(fault.huge * MEGABYTE))
    return await _send_slowly(request, response, fault.drip) if fault.drip else response


def _abort_connection(request: web.Request) -> None:
    """Close the connection without a response."""
    if request.transport is not None:
        request.transport.abort()


def _block_response(request: web.Request, block: Block) -> web.StreamResponse:
    """Return the block page of the site."""
    if site_of(request) is Site.MODEL:
        return block_pages.error_page(403, as_json=True)
    if block is Block.CONSENT:
        return block_pages.redirect_to_consent(request)
    if block is Block.CAPTCHA:
        return block_pages.redirect_to_captcha(request)
    return block_pages.script_required_page() if block is Block.SHELL else block_pages.interruption_page()


def _body_bytes(response: web.StreamResponse) -> bytes:
    """Return the body of an unsent response."""
    body = response.body if isinstance(response, web.Response) else b""
    return body if isinstance(body, bytes) else b""


def _streaming_copy(response: web.StreamResponse, size: int) -> web.StreamResponse:
    """Return a streaming response with the same status and headers and a body of `size` bytes."""
    copy = web.StreamResponse(status=response.status, headers=response.headers)
    copy.content_length = size
    return copy


async def _send_padded(request: web.Request, response: web.StreamResponse, size: int) -> web.StreamResponse:
    """Send `size` blanks, which HTML and JSON parsers skip, before the body."""
    body, blank = _body_bytes(response), b" " * 65_535 + b"\n"
    huge = _streaming_copy(response, size + len(body))
    await huge.prepare(request)
    for start in range(0, size, len(blank)):
        await huge.write(blank[: size - start])
    await huge.write(body)
    return huge


async def _send_slowly(request: web.Request, response: web.StreamResponse, pace: int) -> web.StreamResponse:
    """Send the body at `pace` bytes a second."""
    body, drop = _body_bytes(response), max(1, pace // SLICES_A_SECOND)
    slow = _streaming_copy(response, len(body))
    await slow.prepare(request)
    for start in range(0, len(body), drop):
        await slow.write(body[start : start + drop])
        await asyncio.sleep(drop / pace)
    return slow
