"""Several nodes as processes, and subscribers that lose them one by one."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Self

import aiohttp
import orjson
from PIL import Image

SETTINGS = {"LENS_RX_GRACE": "5", "LENS_RX_DRAIN": "5"}
#: Seconds; short, so that what a dead node did not end is soon claimed by another.
SHORT_LEASE = 1.0
#: Longer than a busy machine stops a process, so that no living node loses what it has.
LONG_LEASE = 10.0
_EVENT = re.compile(rb"id: ([\d-]+)\ndata: (\{[^\n]*\})\n\n")


def photo(number: int, seed: int = 0) -> bytes:
    """Return a photo unlike those of other numbers, and of the seeds of fleets that run at the same time."""
    out = BytesIO()
    gradient = Image.linear_gradient("L").resize((64 + seed % 64, 64)).rotate(number * 7)
    gradient.convert("RGB").save(out, "PNG")
    return out.getvalue()


@dataclass
class Node:
    """One process, and its address while it listens."""

    process: Process
    url: str


@dataclass
class Fleet:
    """Nodes that share a Redis; closing it kills what is left of them."""

    redis_url: str
    roles: Sequence[str]
    chance: random.Random
    lease: float = SHORT_LEASE
    nodes: list[Node | None] = field(default_factory=list)
    kills: int = 0

    async def __aenter__(self) -> Self:
        self.nodes = list(await asyncio.gather(*(self._node(role) for role in self.roles)))
        self.client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(sock_connect=2, sock_read=20))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()
        for number in range(len(self.nodes)):
            await self.end(number, signal.SIGKILL)

    async def _node(self, role: str) -> Node:
        script = str(Path(__file__).with_name("cluster_node.py"))
        settings = SETTINGS | {"LENS_RX_LEASE": str(self.lease)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, script, self.redis_url, role, stdout=PIPE, env=os.environ | settings
        )
        assert process.stdout
        while line := await process.stdout.readline():
            if line.startswith(b"http://"):
                return Node(process, line.decode().strip())
        raise AssertionError("a node does not start")

    async def end(self, number: int, how: signal.Signals) -> None:
        """End a node and wait until it is gone."""
        node, self.nodes[number] = self.nodes[number], None
        if node:
            with suppress(ProcessLookupError):
                node.process.send_signal(how)
            await node.process.communicate()

    async def kill(self, number: int) -> None:
        """Kill a node with SIGKILL and start another in its place."""
        await self.end(number, signal.SIGKILL)
        self.kills += 1
        self.nodes[number] = await self._node(self.roles[number])

    def url(self, number: int | None = None) -> str:
        """Return the address of a node, or of any that is up."""
        node = self.nodes[number] if number is not None else None
        up = [it for it in self.nodes if it]
        return (node or self.chance.choice(up)).url

    async def upload(self, content: bytes, number: int | None = None) -> str:
        """Send a photo to a node, or to another where that is gone, and return the run's key."""
        while True:
            form = aiohttp.FormData()
            form.add_field("file", content, filename="img.png")
            with suppress(aiohttp.ClientError, TimeoutError):
                async with self.client.post(f"{self.url(number)}/classify", data=form) as answer:
                    if answer.status == 200:
                        return answer.headers["X-Run-Key"]
            number = None
            await asyncio.sleep(0.1)

    async def followed(self, key: str, number: int | None = None) -> list[tuple[bytes, bytes]]:
        """Return ids and facts of a run, resumed at another node whenever a stream breaks."""
        told: list[tuple[bytes, bytes]] = []
        while not told or b'"complete"' not in told[-1][1]:
            with suppress(aiohttp.ClientError, TimeoutError):
                await self._pour(self.url(number), key, told)
            number = None
            await asyncio.sleep(0.05)
        return told

    async def _pour(self, url: str, key: str, told: list[tuple[bytes, bytes]]) -> None:
        last = {"Last-Event-ID": told[-1][0].decode()} if told else {}
        async with self.client.get(f"{url}/runs/{key}/events?events=all", headers=last) as answer:
            answer.raise_for_status()
            while event := await answer.content.readuntil(b"\n\n"):
                if found := _EVENT.fullmatch(event):
                    told.append((found[1], found[2]))


def assert_whole(stream: Sequence[tuple[bytes, bytes]]) -> None:
    """Check that a stream is one generation from its first to its last fact, none missing, none twice."""
    ids = [name.decode() for name, _ in stream]
    assert ids == [f"1-{seq}" for seq in range(1, len(stream) + 1)]
    facts = [orjson.loads(fact) for _, fact in stream]
    assert facts[-1]["data_description"] == "complete"
    assert sum(fact["data_description"] == "complete" for fact in facts) == 1
