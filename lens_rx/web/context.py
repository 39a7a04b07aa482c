"""What the handlers work with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from aiohttp import web

from lens_rx.facts import Options, PhotoCopy
from lens_rx.metrics import Metrics
from lens_rx.runs.keys import run_key
from lens_rx.runs.registry import RunRegistry
from lens_rx.settings import Settings
from lens_rx.storage.protocols import Job, Submission
from lens_rx.web.photo_intake import PhotoIntake
from lens_rx.web.upload_budget import UploadBudget

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AppContext:
    """One node's parts, as far as handlers may see them; `recipe` names the world and the way of working."""

    settings: Settings
    runs: RunRegistry
    intake: PhotoIntake
    metrics: Metrics
    recipe: str
    sandbox: bool
    room: UploadBudget
    ready: Callable[[], Awaitable[dict[str, bool]]]

    async def submit(
        self, photos: tuple[PhotoCopy, ...], options: Options, client: str, request_id: str
    ) -> Submission:
        """Ask for a run of these photos; equal photos and options are one run."""
        key = run_key((photo.sha256 for photo in photos), options, self.recipe)
        ticket = await self.runs.submit(Job(key, photos, options, client))
        _log.info("run asked for", run=key, request=request_id, how=str(ticket.how), photos=len(photos))
        return ticket


SERVICE: web.AppKey[AppContext] = web.AppKey("service", AppContext)
