"""The dependencies of the handlers, and the one way from photos to a run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from aiohttp import web

from lens_rx.clients.protocols import Supplier
from lens_rx.facts import Options, Stage
from lens_rx.facts.errors import NotFound
from lens_rx.metrics import Metrics
from lens_rx.runs.change_request import ChangeAuthor, ChangeRequest
from lens_rx.runs.keys import run_key, tenant_of
from lens_rx.runs.outcomes import OutcomeStore
from lens_rx.runs.registry import RunRegistry
from lens_rx.runs.run_changes import RunChanges
from lens_rx.runs.webhook_sender import WebhookSender
from lens_rx.settings import Settings
from lens_rx.storage.protocols import RunIndex
from lens_rx.storage.records import Job, RunInfo, Submission, SubmitOutcome
from lens_rx.web.photo_intake import PhotoIntake
from lens_rx.web.received_photos import ReceivedPhotos
from lens_rx.web.upload_budget import UploadBudget
from lens_rx.web.view import View

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks for a run: the client, for limits, its tenant, the request's id, for the log, and whose token it is."""

    client: str
    tenant: str
    request_id: str
    author: str = "user"

    @property
    def change_author(self) -> ChangeAuthor:
        """Under whose name a change is told, and on whose share of the queue it goes."""
        return ChangeAuthor(self.author, self.client)


@dataclass(frozen=True, slots=True)
class AppContext:
    """The parts of a node that handlers use.

    `cache_namespace` is part of every run's key: `world/pipeline version/model`. `ready` returns the state of each part
    that the node depends on, `suppliers` the outside services whose end may be known.
    """

    settings: Settings
    runs: RunRegistry
    index: RunIndex
    intake: PhotoIntake
    metrics: Metrics
    cache_namespace: str
    sandbox: bool
    upload_budget: UploadBudget
    ready: Callable[[], Awaitable[dict[str, bool]]]
    outcomes: OutcomeStore
    webhooks: WebhookSender
    changes: RunChanges
    suppliers: Callable[[], Sequence[Supplier]] = tuple

    async def submit(
        self,
        photos: ReceivedPhotos,
        options: Options,
        view: View,
        requester: Requester,
        refreshed: tuple[Stage, ...] = (),
    ) -> Submission:
        """Join or replay the run of equal photos and options, or decode these photos and start one.

        What was said of a run before stays in force. With `refreshed` stages one that is over runs these anew.
        Raises `TooLarge`, `UnsupportedMedia` or `Unprocessable` for a photo that cannot be decoded, `Busy` when the
        queue is full, `Unavailable` when the storage is away or the node is shutting down.
        """
        key = run_key(photos.digests, options, self.cache_namespace, requester.tenant)
        submission = None if refreshed else await self.runs.find(key, view)
        if submission is None:
            job = Job(key, await photos.decoded(), options, requester.client)
            self.runs.check_accepting()
            revised = await self.changes.resubmit(job, requester.change_author, refreshed)
            submission = self.runs.count(revised) if revised else await self.runs.submit(job)
        if submission.how is not SubmitOutcome.REPLAYED:  # those are many, and counted in the metrics
            how, number = str(submission.how), len(photos)
            _log.info("run asked for", run=key, request=requester.request_id, how=how, photos=number)
        return submission

    async def change(self, key: str, request: ChangeRequest, requester: Requester) -> Submission:
        """Change a run and return its new generation; raise what `RunChanges.apply` raises."""
        self.runs.check_accepting()
        submission = await self.changes.apply(key, request, requester.change_author)
        _log.info("run changed", run=key, request=requester.request_id, generation=submission.generation)
        return submission

    async def run_info(self, key: str, tenant: str) -> RunInfo:
        """Return a run of the tenant; raise `NotFound`, for another tenant's run as for one that is not there."""
        info = await self.index.run_info(key) if tenant_of(key) == tenant else None
        if info is None:
            raise NotFound("No such run. Send the photo again.")
        return info

    async def delete_run(self, key: str, tenant: str) -> None:
        """Delete a run of the tenant; raise `NotFound` as `run_info` does."""
        if tenant_of(key) != tenant or not await self.index.delete(key):
            raise NotFound("No such run.")
        await self.outcomes.delete(key)


APP_CONTEXT: web.AppKey[AppContext] = web.AppKey("context", AppContext)
