"""Watches the runs of requests that do not wait for them, and tells their callbacks when the runs have ended.

Any node may: it takes a request's lock, watches the run as a subscriber does, and delivers once. A node that dies
loses the lock, and another one, or the same after its restart, goes on. A delivery may so come twice, under one id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from random import uniform
from secrets import token_hex

import structlog

from lens_rx.clients.protocols import WebhookClient
from lens_rx.facts.errors import LensRxError, Unavailable
from lens_rx.metrics import Metrics
from lens_rx.reactive.background_tasks import BackgroundTasks
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.runs.async_requests import AsyncRequest, AsyncRequestStore, now_seconds, revived
from lens_rx.runs.held_lock import hold_lock
from lens_rx.runs.keys import tenant_of
from lens_rx.runs.registry import RunRegistry
from lens_rx.runs.webhook_signature import signature_headers, tenant_secret
from lens_rx.settings import Settings
from lens_rx.storage.protocols import ResultCache
from lens_rx.webhook_settings import webhook_secrets

#: Seconds between a failed delivery and the next: ten deliveries in three days, as the specification proposes.
RETRY_DELAYS = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
#: Delays vary by this part, so that what failed together does not come again together.
JITTER = 0.1
#: A receiver may ask for a longer pause than that, up to a day.
MAX_DELAY = 86_400.0
GONE_STATUS = 410
LOCK_SECONDS = 30.0
#: Between two looks for requests of other nodes, and for those that are due.
SCAN_SECONDS = 5.0

#: Where the storage is away.
AWAY_SECONDS = 1.0

BodyOf = Callable[[AsyncRequest], Awaitable[bytes]]
_log = structlog.get_logger()


class WebhookSender:
    """The part of a node that goes on where the client did not wait."""

    def __init__(
        self,
        results: ResultCache,
        runs: RunRegistry,
        client: WebhookClient,
        settings: Settings,
        metrics: Metrics,
        *,
        delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self.requests = AsyncRequestStore(results, settings.async_requests)
        self.client = client
        self.secrets = webhook_secrets(settings)
        self._locks = results
        self._runs = runs
        self._metrics = metrics
        self._delays = delays
        self._owner = token_hex(8)
        self._handled: set[str] = set()
        self._tasks = BackgroundTasks()
        self._wake = asyncio.Event()
        self._scanning: asyncio.Task[None] | None = None

    def start(self, body_of: BodyOf) -> None:
        """Begin to look for requests; `body_of` returns what a webhook tells of its run."""
        self._scanning = create_task(self._scan(body_of), "webhooks")

    async def aclose(self) -> None:
        """Stop; what is open goes on at another node, or after a restart."""
        if self._scanning:
            await cancel_and_wait(self._scanning)
        await self._tasks.cancel_all()
        await self.client.aclose()

    async def add(self, request: AsyncRequest) -> AsyncRequest:
        """Take a request, or return the open one that asks the same; raise `Busy` or `Unavailable`."""
        stored = await self.requests.add(request)
        self._wake.set()
        return stored

    async def retry(self, request: AsyncRequest) -> None:
        """Try a dead request again, as often as a new one."""
        await self.requests.put(revived(request))
        self._wake.set()

    async def _scan(self, body_of: BodyOf) -> None:
        while True:
            self._wake.clear()
            due_in = SCAN_SECONDS
            with suppress(Unavailable):
                due_in = min(due_in, await self._start_due(body_of))
            with suppress(TimeoutError):
                async with asyncio.timeout(due_in):
                    await self._wake.wait()

    async def _start_due(self, body_of: BodyOf) -> float:
        """Start what is due and in nobody's hands; return the seconds until the next one is due."""
        now = now_seconds()
        mine = [it for it in await self.requests.list() if self._is_mine(it)]
        for request in mine:
            if request.due_at <= now and await self._reserve(request):
                self._handled.add(request.id)
                self._tasks.start(self._handle(request, body_of))
        return min((it.due_at - now for it in mine if it.due_at > now), default=SCAN_SECONDS)

    def _is_mine(self, request: AsyncRequest) -> bool:
        """Return whether this node may handle a request: it is open, not begun here, and can be signed."""
        can_sign = bool(self.secrets) or not request.callback
        return can_sign and not request.dead and request.id not in self._handled

    async def _handle(self, request: AsyncRequest, body_of: BodyOf) -> None:
        try:
            async with hold_lock(
                partial(self._reserve, request), partial(self._release, request), LOCK_SECONDS
            ):
                current = await self.requests.get(request.id)  # another node may be done with it
                if current and not current.dead and current.due_at <= now_seconds():
                    await self._runs.wait_ended(current.key, current.generation)
                    await self._finish(current, body_of)
        except Unavailable:  # it is looked for again
            await asyncio.sleep(AWAY_SECONDS)
        except Exception:  # noqa: BLE001  # one request must not end the others, nor come again at once
            _log.exception("webhook broke", webhook=request.id)
            await asyncio.sleep(SCAN_SECONDS)
        finally:
            self._handled.discard(request.id)
            self._wake.set()

    async def _reserve(self, request: AsyncRequest) -> bool:
        return await self._locks.reserve(_lock(request), self._owner, LOCK_SECONDS)

    async def _release(self, request: AsyncRequest) -> None:
        await self._locks.release(_lock(request), self._owner)

    async def _finish(self, request: AsyncRequest, body_of: BodyOf) -> None:
        """Deliver the webhook of a run that has ended, and note what became of it."""
        if not request.callback:
            await self.requests.remove(request.id)
            return
        failure, pause = await self._deliver(request, body_of)
        if not failure:
            self._metrics.webhooks.labels("delivered").inc()
            await self.requests.remove(request.id)
            return
        attempts, is_last = request.attempts + 1, pause is None or request.attempts >= len(self._delays)
        self._metrics.webhooks.labels("dead" if is_last else "failed").inc()
        _log.warning("webhook failed", webhook=request.id, run=request.key, attempt=attempts, why=failure)
        due_at = now_seconds() + (0.0 if is_last else self._delay(attempts, pause or 0.0))
        client = "" if is_last else request.client  # its address is of no use any more
        tried = replace(request, attempts=attempts, reason=failure, due_at=due_at)
        await self.requests.put(replace(tried, dead=is_last, client=client))

    def _delay(self, attempts: int, asked_for: float) -> float:
        """Return the seconds until the next attempt: at least those that the receiver asked for."""
        delay = self._delays[attempts - 1] * uniform(1 - JITTER, 1 + JITTER)
        return max(delay, min(asked_for, MAX_DELAY))

    async def _deliver(self, request: AsyncRequest, body_of: BodyOf) -> tuple[str, float | None]:
        """Post a webhook; return why it failed, "" where it did not, and the pause asked for, None: no more tries."""
        try:
            body = await body_of(request)
        except Unavailable:
            raise
        except LensRxError as error:  # the run is gone
            return str(error), None
        secrets = [tenant_secret(it, tenant_of(request.key)) for it in self.secrets]
        headers = signature_headers(secrets, request.id, round(now_seconds()), body)
        try:
            answer = await self.client.post(request.callback, headers, body)
        except LensRxError as error:
            return str(error), 0.0
        if 200 <= answer.status < 300:
            return "", 0.0
        gone = answer.status == GONE_STATUS
        return f"The receiver answered {answer.status}.", None if gone else answer.retry_after


def _lock(request: AsyncRequest) -> str:
    return f"async-request/{request.id}"
