"""`Prefer: respond-async`: answer 202 at once, let the run go on, and call back when it has ended."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from aiohttp import web

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest, PolicyError
from lens_rx.runs.async_requests import AsyncRequest
from lens_rx.runs.keys import tenant_of
from lens_rx.storage.records import Position, Submission
from lens_rx.web.accept_header import prefers
from lens_rx.web.access_control import requester_of
from lens_rx.web.context import APP_CONTEXT, AppContext
from lens_rx.web.json_answer import run_body
from lens_rx.web.query_params import parse_view

PREFERENCE = "respond-async"
CALLBACK = "callback"
#: A webhook longer than that is sent without its facts.
MAX_WEBHOOK_BYTES = 1_000_000
MAX_CALLBACK_LENGTH, MAX_QUERY_LENGTH = 1000, 2000
#: Seconds after which a client may look whether its run has ended.
RETRY_SECONDS = 3

DISABLED_MESSAGE = (
    "callback is not possible here: the service has no LENS_RX_WEBHOOK_SECRET to sign webhooks with."
)
ALONE_MESSAGE = (
    "callback goes with the header Prefer: respond-async; without it the answer itself has the facts."
)
TOO_LONG_MESSAGE = "The parameters beside callback are too long to be stored."


def is_async(request: web.Request) -> bool:
    """Return whether the request wants an answer before its run has ended."""
    return prefers(request, PREFERENCE)


async def check_async(request: web.Request) -> None:
    """Check a request that may not want to wait for its run, before anything is done for it.

    Raises `BadRequest` for a callback that cannot be, `Busy` where there is no room for another such request.
    """
    context, callback = request.app[APP_CONTEXT], request.query.get(CALLBACK, "")
    if callback:
        if not is_async(request):
            raise BadRequest(ALONE_MESSAGE, code=ErrorCode.INVALID_CALLBACK)
        _check_callback(context, callback)
        if len(orjson.dumps(_view_query(request))) > MAX_QUERY_LENGTH:
            raise BadRequest(TOO_LONG_MESSAGE, code=ErrorCode.INVALID_PARAMETER)
    if is_async(request):
        await context.webhooks.requests.check_room(requester_of(request).client)


async def answer_accepted(request: web.Request, submission: Submission) -> web.Response:
    """Answer with 202 and the address of the run, which goes on though nobody listens; see that it is told of."""
    context, callback = request.app[APP_CONTEXT], request.query.get(CALLBACK, "")
    info = await context.run_info(submission.key, tenant_of(submission.key))
    body = {
        "key": info.key,
        "generation": info.generation,
        "state": str(info.state),
        "location": f"/runs/{info.key}",
        "events": f"/runs/{info.key}/events",
    }
    if callback or info.is_live:
        client, query = requester_of(request).client, _view_query(request) if callback else {}
        stored = await context.webhooks.add(
            AsyncRequest(info.key, submission.generation, callback, query, client)
        )
        body |= {"webhook": stored.id} if callback else {}
    headers = {
        "Location": f"/runs/{info.key}",
        "Preference-Applied": PREFERENCE,
        "Retry-After": str(RETRY_SECONDS if info.is_live else 0),
        "Cache-Control": "no-store",
    }
    return web.json_response(body=orjson.dumps(body), status=HTTPStatus.ACCEPTED, headers=headers)


async def webhook_body(context: AppContext, asked: AsyncRequest) -> bytes:
    """Return what a webhook tells: the run in the view that was asked for, as `GET /runs/{key}` does.

    Raises `NotFound` for a run that is gone, `BadRequest` for a view that is not possible any more.
    """
    view = parse_view(asked.query, context.settings)
    info = await context.run_info(asked.key, tenant_of(asked.key))
    chunks = await context.runs.current_chunks(info, Position(info.generation), view)
    body = await run_body(context, info, (fact for _, fact in chunks))
    return body if len(body) <= MAX_WEBHOOK_BYTES else await run_body(context, info, ())


def _check_callback(context: AppContext, callback: str) -> None:
    if not context.webhooks.secrets:
        raise BadRequest(DISABLED_MESSAGE, code=ErrorCode.WEBHOOKS_DISABLED)
    if len(callback) > MAX_CALLBACK_LENGTH:
        message = f"callback may have {MAX_CALLBACK_LENGTH} characters at most."
        raise BadRequest(message, code=ErrorCode.INVALID_CALLBACK)
    try:
        context.webhooks.client.check(callback)
    except PolicyError as error:
        raise BadRequest(f"callback cannot be used: {error}", code=ErrorCode.INVALID_CALLBACK) from None


def _view_query(request: web.Request) -> dict[str, str]:
    return {name: value for name, value in request.query.items() if name != CALLBACK}
