"""`POST /classify`: read photos from a multipart body, answer with their run's facts."""

from __future__ import annotations

from aiohttp import web

from lens_rx.web.access_control import requester_of
from lens_rx.web.async_answer import check_async
from lens_rx.web.change_bodies import parse_refreshed
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.query_params import parse_options, parse_view
from lens_rx.web.run_answer import answer_run
from lens_rx.web.upload import read_upload


async def classify(request: web.Request) -> web.StreamResponse:
    """Read the photos, start, join or replay their run, and answer with its facts."""
    context = request.app[APP_CONTEXT]
    view, options = (
        parse_view(request.query, context.settings),
        parse_options(request.query, context.settings),
    )
    await check_async(request)  # before the photos arrive
    requester, refreshed = requester_of(request), parse_refreshed(request.query)
    async with context.intake.open_upload(requester.client) as photos:
        await read_upload(request, context, photos)
        submission = await context.submit(photos, options, view, requester, refreshed)
    return await answer_run(request, submission, view)
