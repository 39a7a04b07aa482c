"""The clients of a soak: they upload, join, replay, resume, leave, err and delete, and remember every fact they saw."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import aiohttp

from soak.nodes import Fleet

#: Seconds in which a stream ends, or a resumed run is whole, however much goes wrong: a run's deadline, its wait for a
#: free place, and a node's start.
PATIENCE = 120.0
#: Codes with which a node that stops, or takes no more, closes a WebSocket.
STOPPING = (
    aiohttp.WSCloseCode.GOING_AWAY,
    aiohttp.WSCloseCode.SERVICE_RESTART,
    aiohttp.WSCloseCode.TRY_AGAIN_LATER,
)
_EVENT = re.compile(rb"id: (\d+)-(\d+)\ndata: (\{[^\n]*\})\n\n")


@dataclass
class Seen:
    """The facts of a run, by generation and position, as any client saw them."""

    facts: dict[tuple[int, int], bytes] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)
    busy: int = 0


@dataclass
class Load:
    """Clients that act at random on any node, and the failures that they noticed."""

    fleet: Fleet
    photos: Sequence[bytes]
    chance: random.Random
    failures: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    runs: dict[str, Seen] = field(default_factory=lambda: defaultdict(Seen))
    longest: float = 0.0

    async def __aenter__(self) -> Self:
        self.client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE, sock_connect=5))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()

    async def run(self, clients: int, seconds: float) -> None:
        """Let so many clients act until the time is over, then let each finish what it began."""
        ends = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                group.create_task(self._act_until(ends))

    async def _act_until(self, ends: float) -> None:
        actions = {
            self._new: 30,
            self._again: 20,
            self._replay: 15,
            self._socket: 10,
            self._leave: 10,
            self._resume: 8,
            self._wrong: 5,
            self._look: 5,
            self._delete: 2,
        }
        while time.monotonic() < ends:
            action = self.chance.choices([*actions], [*actions.values()])[0]
            started = time.monotonic()
            try:
                await action()
                self.counts[action.__name__.strip("_")] += 1
            except (aiohttp.ClientError, TimeoutError, ConnectionError):  # a node was killed or stopped
                self.counts["broken off"] += 1
                await asyncio.sleep(0.3)
            took = time.monotonic() - started
            self.longest = max(self.longest, took)
            if took > PATIENCE + 10:
                self.failures.append(f"{action.__name__} took {took:.0f} s")

    def _url(self) -> str:
        up = [node.url for node in self.fleet.nodes if node.up]
        if not up:
            raise ConnectionError("no node is up")
        return self.chance.choice(up)

    def _known(self) -> str | None:
        return self.chance.choice([*self.runs]) if self.runs else None

    def _query(self) -> str:
        return f"hint={self.chance.randrange(10**9)}"

    async def _upload(self, query: str, photo: bytes, *, leave: bool = False) -> str | None:
        form = aiohttp.FormData()
        form.add_field("file", photo, filename="photo.jpg")
        address = f"{self._url()}/classify?{query}"
        async with self.client.post(address, data=form, headers={"Accept": "application/x-ndjson"}) as answer:
            if answer.status in {429, 503}:
                self.counts[f"status {answer.status}"] += 1
                await asyncio.sleep(0.5)
                return None
            if answer.status != 200:
                self.failures.append(f"a good photo got {answer.status}: {(await answer.text())[:200]}")
                return None
            key = answer.headers["X-Run-Key"]
            async for line in answer.content:
                if not line.strip():  # a sign of life
                    continue
                json.loads(line)
                if leave:
                    break
            return key

    async def _new(self) -> None:
        """Upload a photo as a new run, and follow it to its end."""
        photo = self.chance.choice(self.photos)
        if key := await self._upload(self._query(), photo):
            await self.check(key)

    async def _again(self) -> None:
        """Upload a photo with one of few hints, so that others have it, or had it, too."""
        photo = self.chance.choice(self.photos[:4])
        if key := await self._upload(f"hint=twin{self.chance.randrange(4)}", photo):
            await self.check(key)

    async def _leave(self) -> None:
        """Upload a photo and leave after the first fact."""
        await self._upload(self._query(), self.chance.choice(self.photos), leave=True)

    async def _replay(self) -> None:
        if key := self._known():
            await self.check(key)

    async def _resume(self) -> None:
        """Resume behind a fact that was seen: what follows is what others saw."""
        key = self._known()
        if key and self.runs[key].facts:
            generation, seq = self.chance.choice([*self.runs[key].facts])
            await self._follow(key, f"{generation}-{seq}")

    async def _socket(self) -> None:
        """Upload by a WebSocket and read until it closes."""
        url = self._url().replace("http", "ws", 1)
        async with self.client.ws_connect(f"{url}/ws?photos=1&{self._query()}") as socket:
            await socket.send_bytes(self.chance.choice(self.photos))
            first = await socket.receive()
            if first.type is not aiohttp.WSMsgType.TEXT:
                self._note_closed(first)
                return
            head = json.loads(first.data)
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    json.loads(message.data)
        if "key" in head:
            await self.check(head["key"])

    def _note_closed(self, message: aiohttp.WSMessage) -> None:
        """Raise `ConnectionError` where a node was killed, or closes because it stops; any other end is a failure."""
        if message.type is aiohttp.WSMsgType.CLOSED or message.data in STOPPING:
            raise ConnectionError(f"closed: {message.data}")
        self.failures.append(f"a WebSocket began with {message.type!r}: {message.data} {message.extra}")

    async def _wrong(self) -> None:
        """Send what is no photo, or no request: it is refused in words, and never with a 500."""
        body, kind = self.chance.choice(
            [
                (b"", "multipart/form-data; boundary=x"),
                (b"--x\r\ncontent-disposition: form-data; name=file; filename=a\r\n\r\nno photo\r\n--x--\r\n", "multipart/form-data; boundary=x"),
                (b"x" * 300_000, "multipart/form-data; boundary=x"),
                (b"{}", "application/json"),
            ]
        )  # fmt: skip
        async with self.client.post(
            f"{self._url()}/classify", data=body, headers={"Content-Type": kind}
        ) as answer:
            words = await answer.text()
            if answer.status == 500 or answer.status < 400 or "error" not in words:
                self.failures.append(f"a wrong upload got {answer.status}: {words[:200]}")

    async def _look(self) -> None:
        path = self.chance.choice(["/", "/healthz", "/readyz", "/metrics", "/suppliers", "/openapi.json"])
        async with self.client.get(f"{self._url()}{path}") as answer:
            await answer.read()
            if answer.status >= 500 and path != "/readyz":
                self.failures.append(f"{path} got {answer.status}")

    async def _delete(self) -> None:
        key = self._known()
        if key and not self.runs[key].busy and key not in self._twins():
            del self.runs[key]
            async with self.client.delete(f"{self._url()}/runs/{key}") as answer:
                await answer.read()

    def _twins(self) -> set[str]:
        return {key for key, seen in self.runs.items() if len(seen.whole) > 1}

    async def price(self, url: str) -> None:
        """Upload a photo to the node at `url`, which has to price it."""
        form = aiohttp.FormData()
        form.add_field("file", self.photos[0], filename="photo.jpg")
        async with self.client.post(f"{url}/classify?{self._query()}", data=form) as answer:
            text = await answer.text()
        if "estimated-price" not in text:
            self.failures.append(f"{url} does not price a photo after the faults: {text[:600]}")

    async def check(self, key: str) -> None:
        """Follow a run to its end, resumed wherever a stream breaks; it has to end within the patience."""
        seen = self.runs[key]
        seen.busy += 1
        ends = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < ends:
                with suppress(aiohttp.ClientError, TimeoutError, ConnectionError):
                    if await self._follow(key):
                        return
                await asyncio.sleep(0.3)
            self.failures.append(f"run {key[:12]} did not end within {PATIENCE:.0f} s")
        finally:
            seen.busy -= 1

    async def _follow(self, key: str, after: str = "") -> bool:
        """Read a run's events; return whether its end was among them, or it is there no more because it was deleted."""
        headers = {"Last-Event-ID": after} if after else {}
        async with self.client.get(f"{self._url()}/runs/{key}/events?events=all", headers=headers) as answer:
            if answer.status == 204 or (answer.status == 404 and key not in self.runs):
                return True
            if answer.status == 404:
                self.failures.append(f"run {key[:12]} is lost")
                return True
            if answer.status != 200:
                return False
            return await self._read(answer, key, after)

    async def _read(self, answer: aiohttp.ClientResponse, key: str, after: str) -> bool:
        seqs: list[tuple[int, int]] = []
        with suppress(asyncio.IncompleteReadError):
            while event := await answer.content.readuntil(b"\n\n"):
                if found := _EVENT.fullmatch(event):
                    place = int(found[1]), int(found[2])
                    self._remember(key, place, found[3])
                    seqs.append(place)
                    if b'"data_description":"complete"' in found[3]:
                        self._check_whole(key, seqs, after)
                        return True
        return False

    def _remember(self, key: str, place: tuple[int, int], fact: bytes) -> None:
        """Keep a fact; one that another client saw otherwise is a failure."""
        before = self.runs[key].facts.setdefault(place, fact)
        if before != fact:
            self.failures.append(
                f"run {key[:12]}: fact {place} changed from {before[:150]!r} to {fact[:150]!r}"
            )

    def _check_whole(self, key: str, seqs: list[tuple[int, int]], after: str) -> None:
        """Check that a stream that ended is one generation without a gap, with all that others saw of it."""
        generation, last = seqs[-1]
        first = 1
        if after and int(after.partition("-")[0]) == generation:
            first = int(after.partition("-")[2]) + 1
        if seqs != [(generation, seq) for seq in range(first, last + 1)]:
            self.failures.append(f"run {key[:12]} has gaps or doubles: {seqs} after {after or 'nothing'}")
        seen = {seq for number, seq in self.runs[key].facts if number == generation}
        if max(seen) > last:
            self.failures.append(f"run {key[:12]} lost facts: {max(seen)} were seen, {last} are there")
        self.runs[key].whole.add(generation)
