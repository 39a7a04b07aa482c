"""`/webhooks/dead`: webhooks that could not be delivered are listed, and tried again."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import NotFound
from lens_rx.runs.async_requests import AsyncRequest
from lens_rx.runs.keys import tenant_of
from lens_rx.web.access_control import tenant_of_request
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.query_params import check_parameters


async def list_dead_webhooks(request: web.Request) -> web.Response:
    """Answer with the tenant's webhooks that are not tried any more, the latest first."""
    check_parameters(request.query)
    rows = [_row(it) for it in await _dead(request)]
    return web.json_response({"webhooks": rows[::-1]})


async def retry_webhook(request: web.Request) -> web.Response:
    """Try a dead webhook again, as often as a new one; raise `NotFound` for one that is not dead."""
    check_parameters(request.query)
    identity = request.match_info["id"]
    found = next((it for it in await _dead(request) if it.id == identity), None)
    if found is None:
        raise NotFound("No such undelivered webhook.", code=ErrorCode.WEBHOOK_NOT_FOUND)
    await request.app[APP_CONTEXT].webhooks.retry(found)
    return web.json_response({"id": found.id, "key": found.key}, status=HTTPStatus.ACCEPTED)


async def _dead(request: web.Request) -> list[AsyncRequest]:
    tenant = tenant_of_request(request)
    requests = await request.app[APP_CONTEXT].webhooks.requests.list()
    return [it for it in requests if it.dead and tenant_of(it.key) == tenant]


def _row(dead: AsyncRequest) -> dict[str, str | int]:
    return {
        "id": dead.id,
        "key": dead.key,
        "callback": dead.callback,
        "attempts": dead.attempts,
        "asked_at": _time(dead.created_at),
        "failed_at": _time(dead.due_at),
        "reason": dead.reason,
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
