"""`/runs/{key}`: a run as JSON, as an `EventSource` stream that resumes, and forgotten."""

from __future__ import annotations

import re
from contextlib import aclosing, suppress

import orjson
from aiohttp import web

from lens_rx.facts.errors import NotFound, Unavailable
from lens_rx.storage.protocols import Position, RunInfo, RunState
from lens_rx.web.context import SERVICE, AppContext
from lens_rx.web.heartbeat import with_heartbeat, write_timeout
from lens_rx.web.query_params import after_asked, view_asked
from lens_rx.web.view import View, transport_error

RETRY_MILLISECONDS = 2000
_EVENT_ID = re.compile(r"(\d{1,9})-(\d{1,9})")


async def get_run(request: web.Request) -> web.Response:
    """Return what is known of a run now, as one JSON object."""
    service = request.app[SERVICE]
    view = view_asked(request.query, service.settings)
    head = await _head(request, service)
    after = _after(request, head)
    entries = [entry for entry in await service.runs.stored_entries(head) if entry.position > after]
    facts = [orjson.loads(fact) for entry in entries if (fact := view.encode(entry))]
    body = {"key": head.key, "generation": head.generation, "state": str(head.state), "facts": facts}
    return web.json_response(body=orjson.dumps(body))


async def delete_run(request: web.Request) -> web.Response:
    """Remove a run and all that is kept of it."""
    if not await request.app[SERVICE].runs.delete(request.match_info["key"]):
        raise NotFound("No such run.")
    return web.Response(status=204)


async def run_events(request: web.Request) -> web.StreamResponse:
    """Stream a run to an `EventSource`; 204, which ends its retries, where it has everything."""
    service = request.app[SERVICE]
    view = view_asked(request.query, service.settings)
    head = await _head(request, service)
    after = _after(request, head)
    if await _has_everything(service, head, after, view):
        return web.Response(status=204)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Run-Key": head.key}
    )
    await response.prepare(request)
    with suppress(ConnectionError):
        await _stream(request, response, head, after, view)
    return response


async def _head(request: web.Request, service: AppContext) -> RunInfo:
    head = await service.runs.head(request.match_info["key"])
    if head is None:
        raise NotFound("No such run. Send the photo again.")
    return head


def _after(request: web.Request, head: RunInfo) -> Position:
    """Return the place to go on from; one of another generation, or none at all, is the beginning.

    An `EventSource` names it as `Last-Event-ID`, others as `after`, which may be a `seq` alone.
    """
    asked = after_asked(request.query)
    found = _EVENT_ID.fullmatch(request.headers.get("Last-Event-ID", ""))
    generation, seq = (int(found[1]), int(found[2])) if found else asked
    return Position(head.generation, seq if generation in (0, head.generation) else 0)


async def _has_everything(service: AppContext, head: RunInfo, after: Position, view: View) -> bool:
    if head.state is not RunState.COMPLETE or not after.seq:
        return False
    entries = await service.runs.stored_entries(head)
    return not any(entry.position > after and view.encode(entry) for entry in entries)


async def _stream(
    request: web.Request,
    response: web.StreamResponse,
    head: RunInfo,
    after: Position,
    view: View,
) -> None:
    service = request.app[SERVICE]
    await response.write(b"retry: %d\n\n" % RETRY_MILLISECONDS)
    chunks = service.runs.subscribe(head.key, after, view.name, view.encode)
    try:
        async with aclosing(with_heartbeat(chunks, service.settings.heartbeat_seconds)) as told:  # type: ignore[type-var]
            async for chunk in told:
                async with write_timeout(service.settings.write_deadline_seconds, request):
                    await response.write(b":\n\n" if chunk is None else _event(*chunk))
    except Unavailable as error:
        await response.write(b"data: " + transport_error(error) + b"\n\n")
    await response.write_eof()


def _event(position: Position, fact: bytes) -> bytes:
    return b"id: %d-%d\ndata: %b\n\n" % (position.generation, position.seq, fact)
