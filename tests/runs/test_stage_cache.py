"""Stage results: made once by whoever comes first, told to everybody, kept though the storage was away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

import pytest

from lens_rx.facts import Identity
from lens_rx.facts.errors import Blocked, Unavailable
from lens_rx.reactive.interop import create_task
from lens_rx.runs.freshness import Lifetime
from lens_rx.runs.stage_cache import StageCache
from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryStorage
from lens_rx.storage.protocols import Storage

Named = Callable[[str], Coroutine[Any, Any, Identity]]


class Naming:
    """A look-up that counts, and waits until it may answer."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.calls = 0
        self.failure: Exception | None = None

    async def __call__(self, thing: str) -> Identity:
        """Return the thing's name."""
        self.calls += 1
        await self.gate.wait()
        if self.failure:
            raise self.failure
        return Identity("Acme", thing)


@pytest.fixture
def naming() -> Naming:
    return Naming()


def kept(storage: Storage, naming: Naming, owner: str, *, failures: bool = True) -> Named:
    """Return the look-up as one node shares it."""
    return StageCache(storage, owner, 1.0).cached(naming, str, Lifetime(60.0), failures=failures)


async def test_result_is_made_once_on_all_nodes(storage: Storage, naming: Naming):
    """Ten who ask on two nodes at the same moment get one look-up's result."""
    nodes = [kept(storage, naming, owner) for owner in ("here", "there")]
    asking = [create_task(nodes[number % 2]("boot")) for number in range(10)]
    await asyncio.sleep(0.1)
    naming.gate.set()
    assert {found.model for found in await asyncio.gather(*asking)} == {"boot"}
    assert (await nodes[1]("boot")).model == "boot"
    assert naming.calls == 1


async def test_maker_that_left_is_replaced(storage: Storage, naming: Naming):
    """When the node that makes a result gives up, another makes it."""
    first = create_task(kept(storage, naming, "here")("boot"))
    await asyncio.sleep(0.05)
    second = create_task(kept(storage, naming, "there")("boot"))
    await asyncio.sleep(0.05)
    first.cancel()
    naming.gate.set()
    assert (await asyncio.wait_for(second, 5)).model == "boot"
    assert naming.calls == 2


async def test_failure_is_believed_for_a_while(storage: Storage, naming: Naming):
    """What failed a moment ago fails again without a look-up, unless it is asked for anew."""
    naming.gate.set()
    naming.failure = Blocked("a captcha")
    for _ in range(2):
        with pytest.raises(Blocked, match="a captcha"):
            await kept(storage, naming, "here")("boot")
    assert naming.calls == 1
    naming.failure = None
    assert (await kept(storage, naming, "here", failures=False)("boot")).model == "boot"
    assert (await kept(storage, naming, "there")("boot")).model == "boot"
    assert naming.calls == 2


async def test_old_failure_is_no_answer_while_it_is_made_anew(storage: Storage, naming: Naming):
    """Who asks anew waits for the one who is at it, and is not told the failure of before."""
    naming.gate.set()
    naming.failure = Blocked("a captcha")
    with pytest.raises(Blocked):
        await kept(storage, naming, "here")("boot")
    naming.failure = None
    naming.gate.clear()
    asking = [
        create_task(kept(storage, naming, owner, failures=False)("boot")) for owner in ("here", "there")
    ]
    await asyncio.sleep(0.3)
    naming.gate.set()
    assert {found.model for found in await asyncio.gather(*asking)} == {"boot"}
    assert naming.calls == 2


class Away(MemoryStorage):
    """A storage that is away for the first calls that get, put or reserve a result."""

    def __init__(self) -> None:
        super().__init__(Settings())
        self.away = 0

    def _look(self) -> None:
        self.away -= 1
        if self.away >= 0:
            raise Unavailable("away", 1)

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        """Recall, once it is there."""
        self._look()
        return await super().get_result(key, now)

    async def reserve(self, key: str, owner: str, seconds: float) -> bool:
        """Reserve, once it is there."""
        self._look()
        return await super().reserve(key, owner, seconds)

    async def put_result(self, key: str, payload: bytes, until: datetime) -> None:
        """Keep, once it is there."""
        self._look()
        await super().put_result(key, payload, until)


async def test_result_is_not_lost_while_the_log_is_away(naming: Naming):
    """A look-up that is under way when the storage goes is kept when it comes back, and was made once."""
    storage = Away()
    asking: Awaitable[Identity] = create_task(kept(storage, naming, "here")("boot"))
    await asyncio.sleep(0.05)
    storage.away = 1
    naming.gate.set()
    assert (await asking).model == "boot"
    assert (await kept(storage, naming, "there")("boot")).model == "boot"
    assert naming.calls == 1
