"""`POST /runs/{key}/comparables`: leave offers out of the estimate, or bring rejected ones back."""

from __future__ import annotations

from aiohttp import web

from lens_rx.runs.change_request import ChangeRequest
from lens_rx.web.change_bodies import parse_comparables, read_object
from lens_rx.web.run_change import change_run


async def change_comparables(request: web.Request) -> web.StreamResponse:
    """Dismiss and restore comparables, and answer with the new generation of the run."""
    return await change_run(request, _read_change)


async def _read_change(request: web.Request) -> ChangeRequest:
    example = '{"dismiss": ["0a1b2c3d4e5f"]}'
    return parse_comparables(await read_object(request, "change", ("dismiss", "restore"), example))
