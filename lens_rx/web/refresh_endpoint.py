"""`POST /runs/{key}/refresh`: look again, whatever is stored."""

from __future__ import annotations

from aiohttp import web

from lens_rx.runs.change_request import ChangeRequest
from lens_rx.web.change_bodies import parse_refresh, read_object
from lens_rx.web.run_change import change_run


async def refresh_run(request: web.Request) -> web.StreamResponse:
    """Look again at the offers, or at all that needs no photo, and answer with the new generation of the run."""
    return await change_run(request, _read_change)


async def _read_change(request: web.Request) -> ChangeRequest:
    values = await read_object(request, "refresh", ("what",), '{"what": "offers"}')
    return parse_refresh(values.get("what", "offers"))
