"""What goes wrong in a soak: sites, Chromium, whole nodes and Redis, at random from a printed seed."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
import psutil

from soak.nodes import Fleet

SITE_FAULTS: list[dict[str, object]] = [
    {"status": 500},
    {"status": 429},
    {"close": True},
    {"hang": True},
    {"drift": True},
    {"huge": 20},
    {"delay": 3},
    {"drip": 20_000},
    {"block": "captcha"},
    {"block": "consent"},
    {"block": "shell"},
    {"block": "pardon"},
]
SITES = ("lens", "search", "shop", "marketplace", "model")
MODEL_FAULTS: list[dict[str, object]] = [
    {"status": 500},
    {"status": 429},
    {"close": True},
    {"hang": True},
    {"delay": 5},
]


@dataclass
class FaultSchedule:
    """Draws faults and lets each last some seconds; only nodes after the first are killed."""

    fleet: Fleet
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)

    async def run(self, seconds: float) -> None:
        """Cause faults until the time is over, and undo all of them."""
        kinds: list[Callable[[], Awaitable[str]]] = [
            self._site,
            self._site,
            self._site,
            self._chromium,
            self._stop,
        ]
        if self.fleet.redis:
            kinds += [self._redis, self._kill_node]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    await asyncio.sleep(self.chance.uniform(1, 5))
                    self.counts[await self.chance.choice(kinds)()] += 1
        await self.undo()

    async def undo(self) -> None:
        """Let everything work again."""
        await self._put({})
        if self.fleet.redis:
            self.fleet.redis.thaw()
        for node in self.fleet.nodes:
            node.signal(signal.SIGCONT)
            if not node.up:
                await node.start()

    async def _put(self, faults: dict[str, object]) -> None:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client,
            client.put(f"{self.fleet.sandbox.url}/_faults", json=faults) as answer,
        ):
            answer.raise_for_status()

    async def _site(self) -> str:
        site = self.chance.choice(SITES)
        fault = self.chance.choice(MODEL_FAULTS if site == "model" else SITE_FAULTS)
        await self._put({site: fault})
        await asyncio.sleep(self.chance.uniform(2, 8))
        await self._put({})
        return f"{site} {next(iter(fault))}"

    async def _chromium(self) -> str:
        """Kill or stop one of Chromium's processes, of whichever kind it is."""
        node = self.chance.choice(self.fleet.nodes)
        if not node.up or node.process is None:
            return "none"
        with suppress(psutil.Error):
            below = psutil.Process(node.process.pid).children(recursive=True)
            if not below:
                return "none"
            victim = self.chance.choice(below)
            if self.chance.random() < 0.5:
                victim.kill()
                return "Chromium killed"
            victim.suspend()
            await asyncio.sleep(self.chance.uniform(1, 6))
            victim.resume()
        return "Chromium stopped"

    async def _stop(self) -> str:
        """Stop a whole node for some seconds."""
        node = self.chance.choice(self.fleet.nodes)
        node.signal(signal.SIGSTOP)
        await asyncio.sleep(self.chance.uniform(0.5, 5))
        node.signal(signal.SIGCONT)
        return "node stopped"

    async def _kill_node(self) -> str:
        node = self.chance.choice(self.fleet.nodes[1:])
        await node.kill()
        await node.start()
        return "node killed"

    async def _redis(self) -> str:
        redis = self.fleet.redis
        assert redis
        if self.chance.random() < 0.5:
            redis.freeze()
            await asyncio.sleep(self.chance.uniform(0.5, 5))
            redis.thaw()
            return "Redis stopped"
        redis.kill()
        await asyncio.sleep(self.chance.uniform(0.1, 3))
        await asyncio.to_thread(redis.start)
        return "Redis killed"
