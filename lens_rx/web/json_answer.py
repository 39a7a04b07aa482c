"""A run as one JSON object: what `GET /runs/{key}` answers, and `POST /classify` where JSON alone is accepted."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import replace

import orjson
from aiohttp import web

from lens_rx.facts.errors import Unavailable
from lens_rx.runs.keys import tenant_of
from lens_rx.storage.records import Position, RunInfo, RunState, Submission
from lens_rx.web.context import APP_CONTEXT, AppContext
from lens_rx.web.middleware import refusal_response
from lens_rx.web.outcome_endpoint import outcome_fields
from lens_rx.web.view import View

#: Seconds after which a client that lost its run midway may ask for it.
RETRY_SECONDS = 5


async def run_body(context: AppContext, info: RunInfo, facts: Iterable[bytes]) -> bytes:
    """Return a run and its encoded facts as one JSON object, with the sale that was reported for it."""
    body = {
        "key": info.key,
        "generation": info.generation,
        "state": str(info.state),
        "facts": [orjson.Fragment(fact) for fact in facts],
    }
    if outcome := await context.outcomes.get(info.key):
        body["outcome"] = outcome_fields(outcome)
    return orjson.dumps(body)


async def answer_complete(
    request: web.Request, headers: dict[str, str], submission: Submission, view: View
) -> web.Response:
    """Answer with the whole run once it has ended; nothing is sent before, so that an error has its own status.

    The client counts as a subscriber until it leaves. A run whose storage is lost midway is answered with 503, under
    the key by which it can be asked for again.
    """
    context = request.app[APP_CONTEXT]
    try:
        body = await _complete_body(context, submission, view)
    except Unavailable as error:
        context.metrics.count_error("http", error)
        lost = refusal_response(Unavailable(str(error), error.retry_after or RETRY_SECONDS))
        lost.headers.update({name: headers[name] for name in ("X-Run-Key", "X-Replayed")})
        return lost
    return web.Response(body=body, headers=headers)


async def _complete_body(context: AppContext, submission: Submission, view: View) -> bytes:
    after = Position(submission.generation)
    async with aclosing(context.runs.subscribe(submission.key, after, view)) as chunks:
        facts = [fact async for _, fact in chunks]
    info = await context.run_info(submission.key, tenant_of(submission.key))
    if info.generation != submission.generation:  # a newer one has replaced it since
        info = replace(info, generation=submission.generation, state=RunState.COMPLETE)
    return await run_body(context, info, facts)
