"""The answer to a request that started, joined or replayed a run: a stream of its facts, or all of it as JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, suppress

from aiohttp import web

from lens_rx.facts.errors import Unavailable
from lens_rx.runs.views import EncodedRun
from lens_rx.storage.records import Position, Submission, SubmitOutcome
from lens_rx.web.accept_header import accepted_types
from lens_rx.web.context import APP_CONTEXT, AppContext
from lens_rx.web.heartbeat import with_heartbeat, write_timeout
from lens_rx.web.json_answer import answer_complete
from lens_rx.web.replay_response import send_replay
from lens_rx.web.stream_formats import JSON_TYPE, StreamFormat, format_for, is_json_alone
from lens_rx.web.view import View, transport_error


async def answer_run(request: web.Request, submission: Submission, view: View) -> web.StreamResponse:
    """Answer with the facts of a run in the form that the client accepts, until the run completes."""
    accepted = accepted_types(request)
    if is_json_alone(accepted):
        return await answer_complete(request, _response_headers(submission, JSON_TYPE), submission, view)
    stream_format = format_for(accepted)
    headers = _response_headers(submission, stream_format.content_type)
    if submission.how is SubmitOutcome.REPLAYED:
        run = await request.app[APP_CONTEXT].runs.replay(submission, view)
        if run is not None:
            return await _replay(request, headers, stream_format, run)
    response = web.StreamResponse(headers=headers)
    with suppress(ConnectionError):
        await response.prepare(request)
        await _stream(request, response, stream_format, submission, view)
    return response


async def _replay(
    request: web.Request, headers: dict[str, str], stream_format: StreamFormat, run: EncodedRun
) -> web.StreamResponse:
    def frames() -> Iterator[bytes]:
        return (stream_format.frame(fact) for _, fact in run.chunks)

    return await send_replay(request, headers, run, stream_format.content_type, frames)


def _response_headers(submission: Submission, content_type: str) -> dict[str, str]:
    return {
        "Content-Type": content_type,
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
        "X-Run-Key": submission.key,
        "X-Replayed": str(submission.how is SubmitOutcome.REPLAYED).lower(),
    }


async def _stream(
    request: web.Request,
    response: web.StreamResponse,
    stream_format: StreamFormat,
    submission: Submission,
    view: View,
) -> None:
    context = request.app[APP_CONTEXT]
    try:
        async with aclosing(_encode_frames(stream_format, context, submission, view)) as frames:  # type: ignore[type-var]
            async for frame in frames:
                async with write_timeout(context.settings.write_deadline_seconds, request):
                    await response.write(frame)
    except Unavailable as error:
        await response.write(stream_format.frame(transport_error(error)))
    await response.write_eof()


async def _encode_frames(
    stream_format: StreamFormat, context: AppContext, submission: Submission, view: View
) -> AsyncIterator[bytes]:
    chunks = context.runs.subscribe(submission.key, Position(submission.generation), view)
    async with aclosing(with_heartbeat(chunks, context.settings.heartbeat_seconds)) as beats:  # type: ignore[type-var]
        async for chunk in beats:
            yield stream_format.heartbeat() if chunk is None else stream_format.frame(chunk[1])
