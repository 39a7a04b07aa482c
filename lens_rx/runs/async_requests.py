"""Requests that do not wait for their run (`Prefer: respond-async`), stored until they are done with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex

import orjson

from lens_rx.facts.errors import Busy, Unavailable
from lens_rx.storage.protocols import ResultCache

#: Its name among the stored results; all requests are one of them, since results cannot be listed.
NAME = "async-requests"
LIFETIME = timedelta(days=400)
#: How long what could not be delivered is listed.
DEAD_SECONDS = 30 * 86_400.0
LOCK_SECONDS, LOCK_WAIT_SECONDS, LOCK_PAUSE_SECONDS = 5.0, 10.0, 0.02
#: One client may have this part of all.
CLIENT_SHARE = 4
FULL_MESSAGE = "Too many requests wait for their runs. Please try again in a moment."
FULL_RETRY_SECONDS = 30


def new_id() -> str:
    """Return the id of a request, which is that of its webhook."""
    return f"msg_{token_hex(16)}"


def now_seconds() -> float:
    """Return the seconds since 1970."""
    return datetime.now(UTC).timestamp()


@dataclass(frozen=True, slots=True)
class AsyncRequest:
    """A run that is to go on though nobody listens, and the address that is told of its end, "" for none.

    `query` holds the parameters of the view in which it is told. After failed deliveries `attempts` and `reason` say
    how many and why, `due_at` when the next one is; times are seconds since 1970. `dead`: there is none any more.
    """

    key: str
    generation: int
    callback: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    client: str = ""
    id: str = field(default_factory=new_id)
    created_at: float = field(default_factory=now_seconds)
    attempts: int = 0
    due_at: float = 0.0
    reason: str = ""
    dead: bool = False

    def asks_the_same(self, other: AsyncRequest) -> bool:
        """Return whether both ask for the same webhook, or for none, of the same generation."""
        mine, its = (
            (it.key, it.generation, it.callback, dict(it.query) if it.callback else {})
            for it in (self, other)
        )
        return mine == its


class AsyncRequestStore:
    """The requests of all nodes, `limit` open ones at most, and as many that are dead. All calls may raise `Unavailable`."""

    def __init__(self, results: ResultCache, limit: int) -> None:
        self._results = results
        self._limit = limit
        self._owner = token_hex(8)
        self._lock = asyncio.Lock()

    async def list(self) -> Sequence[AsyncRequest]:
        """Return all requests, oldest first."""
        payload = await self._results.get_result(NAME, datetime.now(UTC))
        return [AsyncRequest(**row) for row in orjson.loads(payload)] if payload else []

    async def get(self, identity: str) -> AsyncRequest | None:
        """Return a request, None where it is done with."""
        return next((it for it in await self.list() if it.id == identity), None)

    async def check_room(self, client: str) -> None:
        """Raise `Busy` where there is no room for another request of a client."""
        self._check_room(await self.list(), client)

    async def add(self, request: AsyncRequest) -> AsyncRequest:
        """Store a request and return it, or the open one that asks the same; raise `Busy`."""
        async with self._exclusive():
            requests = await self.list()
            for other in requests:
                if not other.dead and other.asks_the_same(request):
                    return other
            self._check_room(requests, request.client)
            await self._write([*requests, request])
        return request

    async def put(self, request: AsyncRequest) -> None:
        """Store a request in place of what it was; one that was removed meanwhile stays so."""
        async with self._exclusive():
            await self._write([request if it.id == request.id else it for it in await self.list()])

    async def remove(self, identity: str) -> None:
        """Forget a request."""
        async with self._exclusive():
            await self._write([it for it in await self.list() if it.id != identity])

    def _check_room(self, requests: Sequence[AsyncRequest], client: str) -> None:
        clients = [it.client for it in requests if not it.dead]
        if len(clients) >= self._limit or clients.count(client) >= max(1, self._limit // CLIENT_SHARE):
            raise Busy(FULL_MESSAGE, FULL_RETRY_SECONDS)

    async def _write(self, requests: Sequence[AsyncRequest]) -> None:
        oldest = now_seconds() - DEAD_SECONDS
        dead = [it.id for it in requests if it.dead and it.due_at > oldest][-self._limit :]
        rows = [asdict(it) for it in requests if not it.dead or it.id in dead]
        await self._results.put_result(NAME, orjson.dumps(rows), datetime.now(UTC) + LIFETIME)

    @asynccontextmanager
    async def _exclusive(self) -> AsyncIterator[None]:
        """Let nobody else change the requests, in this process and on other nodes."""
        async with self._lock:
            try:
                async with asyncio.timeout(LOCK_WAIT_SECONDS):
                    while not await self._results.reserve(NAME, self._owner, LOCK_SECONDS):  # noqa: ASYNC110 - elsewhere
                        await asyncio.sleep(LOCK_PAUSE_SECONDS)
            except TimeoutError:
                raise Unavailable("The storage is busy.", FULL_RETRY_SECONDS) from None
            try:
                yield
            finally:
                await self._results.release(NAME, self._owner)


def revived(request: AsyncRequest) -> AsyncRequest:
    """Return a dead request as one that is tried again, from now on and as often as a new one."""
    return replace(request, attempts=0, due_at=0.0, dead=False)
