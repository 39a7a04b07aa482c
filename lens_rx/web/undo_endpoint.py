"""`POST /runs/{key}/undo`: take the last change back."""

from __future__ import annotations

from aiohttp import web

from lens_rx.runs.change_request import ChangeRequest, undo
from lens_rx.web.change_bodies import read_object
from lens_rx.web.run_change import change_run


async def undo_change(request: web.Request) -> web.StreamResponse:
    """Take back the last change that was not taken back yet, and answer with the new generation of the run."""
    return await change_run(request, _read_change)


async def _read_change(request: web.Request) -> ChangeRequest:
    await read_object(request, "undo", (), "nothing, or {}")
    return undo()
