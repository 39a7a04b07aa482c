"""Webhooks over every storage: each is delivered by one node, whichever lives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from eventually import eventually, eventually_async

from lens_rx.clients.protocols import WebhookAnswer
from lens_rx.facts.errors import Busy, Unavailable, UpstreamError
from lens_rx.metrics import Metrics
from lens_rx.runs.async_requests import AsyncRequest
from lens_rx.runs.registry import RunRegistry
from lens_rx.runs.webhook_sender import RETRY_DELAYS, WebhookSender
from lens_rx.settings import Settings
from lens_rx.storage.protocols import Storage
from lens_rx.storage.sqlite.sqlite_storage import SqliteStorage

HOOK = "https://hooks.example.com/"
SETTINGS = Settings(webhook_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", async_requests=40)


@dataclass
class Receiver:
    """A receiver that notes what comes, and answers what it has to, or not at all."""

    came: list[str] = field(default_factory=list)
    answer: WebhookAnswer | None = field(default_factory=lambda: WebhookAnswer(200))

    def check(self, url: str) -> None:
        """Take any address."""

    async def post(self, _: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """Take a webhook."""
        assert body == b"{}"
        await asyncio.sleep(0.01)
        self.came.append(headers["Webhook-Id"])
        if self.answer is None:
            raise UpstreamError("hooks.example.com cannot be reached.")
        return self.answer

    async def aclose(self) -> None:
        """Hold nothing."""


async def body_of(_: AsyncRequest) -> bytes:
    return b"{}"


@asynccontextmanager
async def sending(storage: Storage, receiver: Receiver) -> AsyncIterator[WebhookSender]:
    """Run the sender of one node."""
    metrics = Metrics()
    sender = WebhookSender(storage, RunRegistry(storage, SETTINGS, metrics), receiver, SETTINGS, metrics)
    sender.start(body_of)
    try:
        yield sender
    finally:
        await sender.aclose()


async def wait_empty(sender: WebhookSender) -> None:
    """Wait until no request is open or dead."""

    async def is_empty() -> bool:
        return not await sender.requests.list()

    await eventually_async(is_empty, 10)


async def wait_failed(sender: WebhookSender, id_: str) -> AsyncRequest:
    """Return a request as soon as a delivery of it has failed."""
    async with asyncio.timeout(10):
        while not (request := await sender.requests.get(id_)) or not request.attempts:
            await asyncio.sleep(0.02)
    return request


async def test_one_of_many_nodes_delivers(storage: Storage):
    """Two nodes on one storage send each webhook once together, under the id that the client was given."""
    receiver = Receiver()
    async with sending(storage, receiver) as one, sending(storage, receiver) as other:
        asked = [AsyncRequest(f"run{it}", 1, HOOK, client=f"{it}") for it in range(6)]
        await asyncio.gather(*(sender.add(it) for it, sender in zip(asked, [one, other] * 3, strict=True)))
        await wait_empty(one)
        await asyncio.sleep(0.05)
    assert sorted(receiver.came) == sorted(it.id for it in asked)


async def test_a_restart_loses_no_webhook(tmp_path: Path):
    """What a process took and could not deliver is delivered by the next one, when it is due."""
    deaf, receiver = Receiver(answer=None), Receiver()
    storage = SqliteStorage(tmp_path / "store.db", SETTINGS)
    await storage.start()
    async with sending(storage, deaf) as sender:
        asked = await sender.add(AsyncRequest("run", 1, HOOK))
        await eventually(lambda: bool(deaf.came))
        failed = await wait_failed(sender, asked.id)
        assert failed.reason == "hooks.example.com cannot be reached."
    await storage.aclose()
    storage = SqliteStorage(tmp_path / "store.db", SETTINGS)
    await storage.start()
    async with sending(storage, receiver) as sender:
        await sender.retry(failed)
        await wait_empty(sender)
    await storage.aclose()
    assert receiver.came == [asked.id]


async def test_delays_grow_and_the_receivers_wish_counts(storage: Storage):
    """The first retry comes after 5 s, or later where `Retry-After` says so; the schedule spans three days."""
    waits = []
    for pause in (0.0, 700.0):
        receiver = Receiver(answer=WebhookAnswer(503, pause))
        async with sending(storage, receiver) as sender:
            asked = await sender.add(AsyncRequest(f"run{pause}", 1, HOOK))
            failed = await wait_failed(sender, asked.id)
            waits.append(failed.due_at - failed.created_at)
    assert 4.4 < waits[0] < 7
    assert 699 < waits[1] < 703
    assert list(RETRY_DELAYS) == sorted(RETRY_DELAYS)
    assert 3 < sum(RETRY_DELAYS) / 86_400 < 4


async def test_requests_are_one_where_they_ask_the_same(storage: Storage):
    """A request that is sent twice has one webhook; other views and other runs have theirs; a client has a quarter."""
    requests = WebhookSender(
        storage, RunRegistry(storage, SETTINGS, Metrics()), Receiver(), SETTINGS, Metrics()
    ).requests
    first = await requests.add(AsyncRequest("run", 1, HOOK))
    assert (await requests.add(AsyncRequest("run", 1, HOOK))).id == first.id
    for number in range(9):
        await requests.add(AsyncRequest("run", 1, HOOK, {"currency": f"{number}"}))
    with pytest.raises(Busy):
        await requests.add(AsyncRequest("other", 1))
    await requests.add(AsyncRequest("other", 1, client="else"))


async def test_a_storage_that_is_away_is_waited_for(storage: Storage, monkeypatch: pytest.MonkeyPatch):
    """The sender looks again; nothing is lost."""
    receiver = Receiver()
    async with sending(storage, receiver) as sender:
        original, failures = storage.reserve, [Unavailable("The storage is away.")]

        async def reserve(key: str, owner: str, seconds: float) -> bool:
            if failures and key.startswith("async-request/"):
                raise failures.pop()
            return await original(key, owner, seconds)

        monkeypatch.setattr(storage, "reserve", reserve)
        asked = await sender.add(AsyncRequest("run", 1, HOOK))
        await eventually(lambda: not failures)
        sender._wake.set()
        await wait_empty(sender)
    assert receiver.came == [asked.id]
