"""The answer to a request that started, joined or replayed a run: a stream of its facts, all of it as JSON, or 202."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from aiohttp import web

from lens_rx.runs.views import EncodedRun
from lens_rx.storage.records import Position, Submission, SubmitOutcome
from lens_rx.web.accept_header import accepted_types
from lens_rx.web.async_answer import answer_accepted, is_async
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.json_answer import answer_complete
from lens_rx.web.live_response import LiveFormat, Subscription, send_live
from lens_rx.web.replay_response import send_replay
from lens_rx.web.stream_formats import (
    FORMATS,
    JSON_TYPE,
    StreamFormat,
    format_for,
    is_json_alone,
    run_headers,
)
from lens_rx.web.view import View


async def answer_run(request: web.Request, submission: Submission, view: View) -> web.StreamResponse:
    """Answer a request that `check_async` let pass with the facts of a run, in the form that the client accepts."""
    if is_async(request):
        return await answer_accepted(request, submission)
    accepted = accepted_types(request)
    if is_json_alone(accepted):
        return await answer_complete(request, _response_headers(submission, JSON_TYPE), submission, view)
    stream_format = format_for(accepted)
    headers = partial(_response_headers, submission, stream_format.content_type)
    if submission.how is SubmitOutcome.REPLAYED:
        run = await request.app[APP_CONTEXT].runs.replay(submission, view)
        if run is not None:
            return await _replay(request, headers, stream_format, run)
    subscription = Subscription(submission.key, Position(submission.generation), view)
    return await send_live(request, headers(), subscription, LIVE_FORMATS[stream_format.content_type])


def _live_format(stream_format: StreamFormat) -> LiveFormat:
    def frame(_: Position | None, fact: bytes) -> bytes:
        return stream_format.frame(fact)

    return LiveFormat(stream_format.content_type, frame, stream_format.heartbeat())


LIVE_FORMATS = {name: _live_format(it) for name, it in FORMATS.items()}


async def _replay(
    request: web.Request, headers: Callable[[], dict[str, str]], stream_format: StreamFormat, run: EncodedRun
) -> web.StreamResponse:
    def frames() -> Iterator[bytes]:
        return (stream_format.frame(fact) for _, fact in run.chunks)

    return await send_replay(request, run, stream_format.content_type, headers, frames)


def _response_headers(submission: Submission, content_type: str) -> dict[str, str]:
    replayed = str(submission.how is SubmitOutcome.REPLAYED).lower()
    return run_headers(submission.key, content_type) | {"X-Replayed": replayed}
