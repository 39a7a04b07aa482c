"""`/runs/{key}`: get a run as JSON, follow it with an `EventSource`, delete it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import chain, starmap

from aiohttp import web

from lens_rx.runs.views import EncodedRun, chunks_after
from lens_rx.storage.records import Position, RunInfo
from lens_rx.web.access_control import tenant_of_request
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.json_answer import run_body
from lens_rx.web.live_response import LiveFormat, Subscription, send_live
from lens_rx.web.query_params import parse_after, parse_view
from lens_rx.web.replay_response import send_replay
from lens_rx.web.stream_formats import SSE_TYPE, run_headers

#: Milliseconds after which an `EventSource` connects again.
RETRY_FIELD = b"retry: 2000\n\n"
HEARTBEAT_COMMENT = b":\n\n"
_EVENT_ID = re.compile(r"(\d{1,9})-(\d{1,9})")


async def get_run(request: web.Request) -> web.Response:
    """Return the stored facts of a run as one JSON object."""
    context = request.app[APP_CONTEXT]
    view = parse_view(request.query, context.settings)
    info = await context.run_info(request.match_info["key"], tenant_of_request(request))
    after = _start_position(request, info)
    chunks = await context.runs.current_chunks(info, after, view)
    body = await run_body(context, info, (fact for _, fact in chunks))
    return web.json_response(body=body)


async def delete_run(request: web.Request) -> web.Response:
    """Delete a run and its stored facts."""
    await request.app[APP_CONTEXT].delete_run(request.match_info["key"], tenant_of_request(request))
    return web.Response(status=204)


async def run_events(request: web.Request) -> web.StreamResponse:
    """Stream a run to an `EventSource`; answer 204, which ends its retries, when it has every fact."""
    context = request.app[APP_CONTEXT]
    view = parse_view(request.query, context.settings)
    info = await context.run_info(request.match_info["key"], tenant_of_request(request))
    after = _start_position(request, info)
    run = await context.runs.encoded_run(info, view)
    if run is not None:
        return await _replay(request, info.key, run, after)
    headers, subscription = run_headers(info.key, SSE_TYPE), Subscription(info.key, after, view)
    return await send_live(request, headers, subscription, LIVE_EVENTS)


async def _replay(request: web.Request, key: str, run: EncodedRun, after: Position) -> web.StreamResponse:
    missing = chunks_after(run.chunks, after)
    if after.seq and not missing:
        return web.Response(status=204)

    def frames() -> Iterator[bytes]:
        return chain((RETRY_FIELD,), starmap(_encode_event, missing))

    # what one client missed is stored for no other
    sent = EncodedRun(missing) if after.seq else run
    return await send_replay(request, sent, "events", partial(run_headers, key, SSE_TYPE), frames)


def _start_position(request: web.Request, info: RunInfo) -> Position:
    """Return the position to resume after: of `Last-Event-ID`, else of `after`; the start for another generation."""
    if not request.query_string and "Last-Event-ID" not in request.headers:
        return Position(info.generation)
    from_query = parse_after(request.query)
    event_id = _EVENT_ID.fullmatch(request.headers.get("Last-Event-ID", ""))
    generation, seq = (int(event_id[1]), int(event_id[2])) if event_id else from_query
    return Position(info.generation, seq if generation in (0, info.generation) else 0)


def _encode_event(position: Position | None, fact: bytes) -> bytes:
    """Return an event; without a position where it is no stored fact."""
    if position is None:
        return b"data: %b\n\n" % fact
    return b"id: %d-%d\ndata: %b\n\n" % (position.generation, position.seq, fact)


LIVE_EVENTS = LiveFormat("events", _encode_event, HEARTBEAT_COMMENT, RETRY_FIELD)
