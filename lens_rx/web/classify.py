"""`POST /classify`: photos in, a chunked stream of facts out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, suppress

from aiohttp import web

from lens_rx.facts.errors import Unavailable
from lens_rx.storage.protocols import Position, Submission, SubmitOutcome
from lens_rx.web.context import SERVICE, AppContext
from lens_rx.web.heartbeat import with_heartbeat, write_timeout
from lens_rx.web.middleware import REQUEST_ID
from lens_rx.web.query_params import options_of, view_asked
from lens_rx.web.stream_formats import Format, format_for
from lens_rx.web.upload import uploaded
from lens_rx.web.view import View, transport_error


async def classify(request: web.Request) -> web.StreamResponse:
    """Take the photos, start, join or replay their run, and stream its facts."""
    service = request.app[SERVICE]
    view, options = view_asked(request.query, service.settings), options_of(request.query, service.settings)
    photos = await uploaded(request, service)
    ticket = await service.submit(photos, options, request.remote or "", request[REQUEST_ID])
    form = format_for(request.headers.get("Accept", ""))
    response = web.StreamResponse(headers=_head(ticket, form))
    await response.prepare(request)
    with suppress(ConnectionError):
        await _stream(request, response, form, ticket, view)
    return response


def _head(ticket: Submission, form: Format) -> dict[str, str]:
    return {
        "Content-Type": form.content_type,
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
        "X-Run-Key": ticket.key,
        "X-Replayed": str(ticket.how is SubmitOutcome.REPLAYED).lower(),
    }


async def _stream(
    request: web.Request,
    response: web.StreamResponse,
    form: Format,
    ticket: Submission,
    view: View,
) -> None:
    service = request.app[SERVICE]
    try:
        async with aclosing(_frames(form, service, ticket, view)) as frames:  # type: ignore[type-var]
            async for frame in frames:
                async with write_timeout(service.settings.write_deadline_seconds, request):
                    await response.write(frame)
    except Unavailable as error:
        await response.write(form.frame(transport_error(error)))
    await response.write_eof()


async def _frames(form: Format, service: AppContext, ticket: Submission, view: View) -> AsyncIterator[bytes]:
    chunks = service.runs.subscribe(ticket.key, Position(ticket.generation), view.name, view.encode)
    async with aclosing(with_heartbeat(chunks, service.settings.heartbeat_seconds)) as beats:  # type: ignore[type-var]
        async for chunk in beats:
            yield form.heartbeat() if chunk is None else form.frame(chunk[1])
