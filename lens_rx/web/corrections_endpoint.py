"""`POST /runs/{key}/corrections`: say what a thing is, or its condition, size or variant."""

from __future__ import annotations

from aiohttp import web

from lens_rx.facts.changes import CORRECTABLE
from lens_rx.runs.change_request import ChangeRequest
from lens_rx.web.change_bodies import parse_correction, read_object
from lens_rx.web.run_change import change_run


async def correct_run(request: web.Request) -> web.StreamResponse:
    """Apply a correction, and answer with the new generation of the run."""
    return await change_run(request, _read_change)


async def _read_change(request: web.Request) -> ChangeRequest:
    example = '{"producer": "Norrvik", "model": "Fjell Parka"}'
    return parse_correction(await read_object(request, "correction", CORRECTABLE, example))
