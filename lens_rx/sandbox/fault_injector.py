"""Applies the current faults to the responses of the sandbox's sites; `PUT /_faults` changes them."""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from lens_rx.sandbox import block_pages
from lens_rx.sandbox.endpoints import API_PREFIX, STAND_INS
from lens_rx.sandbox.faults import (
    FAULTS_PATH,
    LOCAL_PREFIX,
    Block,
    Fault,
    Faults,
    KeyedFault,
    MarketplaceFault,
    Site,
)
from lens_rx.sandbox.responses import carries_result

MEGABYTE = 1_000_000
#: Slices a second in which a `drip` response is sent.
SLICES_A_SECOND = 10


def site_of(request: web.Request) -> Site:
    """Return the kind of site that a request goes to, by its path and host name."""
    labels = _labels(request)
    if request.path.startswith(f"{API_PREFIX}/"):
        return Site(request.path.split("/")[2])
    if request.path.removeprefix(LOCAL_PREFIX).startswith("/v1/"):
        return Site.MODEL
    if set(STAND_INS) & set(labels):
        return Site.MARKETPLACE
    return Site(labels[0]) if labels[0] in (Site.LENS, Site.SEARCH) else Site.SHOP


def _labels(request: web.Request) -> list[str]:
    return request.host.partition(":")[0].split(".")


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
            if not fault.changes_responses or not _applies(request, response, fault):
                return response
            return await _apply(request, response, fault)

        return apply_faults


def _applies(request: web.Request, response: web.StreamResponse, fault: Fault) -> bool:
    """Return whether faults apply: to results, and to every answer of the model to a POST."""
    if isinstance(fault, MarketplaceFault) and not fault.strikes(_labels(request)):
        return False
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
    is_api = site_of(request) is Site.MODEL or isinstance(fault, KeyedFault)
    if fault.status:
        return block_pages.error_page(fault.status, as_json=is_api)
    if isinstance(fault, KeyedFault) and fault.html:
        return block_pages.interruption_page()
    if isinstance(fault, KeyedFault) and fault.truncated:
        return web.json_response(
            text=_body_bytes(response)[: len(_body_bytes(response)) // 2].decode("utf-8", "ignore")
        )
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
    if site_of(request) is Site.MODEL or request.path.startswith(API_PREFIX):
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
