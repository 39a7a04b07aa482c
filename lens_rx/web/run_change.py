"""The way from an endpoint that changes a run to the answer, which is that of `POST /classify`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from lens_rx.runs.change_request import ChangeRequest
from lens_rx.web.access_control import requester_of
from lens_rx.web.async_answer import CALLBACK, check_async
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.query_params import VIEW_PARAMETERS, check_parameters, parse_view
from lens_rx.web.run_answer import answer_run


async def change_run(
    request: web.Request, read_change: Callable[[web.Request], Awaitable[ChangeRequest]]
) -> web.StreamResponse:
    """Apply the change that `read_change` returns to the run of the address, and answer with the new generation.

    Raises `NotFound`, for another tenant's run as well, and what `RunChanges.apply` raises.
    """
    context, requester = request.app[APP_CONTEXT], requester_of(request)
    check_parameters(request.query, VIEW_PARAMETERS | {CALLBACK})
    view = parse_view(request.query, context.settings)
    await check_async(request)
    info = await context.run_info(request.match_info["key"], requester.tenant)
    submission = await context.change(info.key, await read_change(request), requester)
    return await answer_run(request, submission, view)
