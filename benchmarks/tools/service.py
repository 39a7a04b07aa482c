"""The service on its sandbox, in a process of its own, for benchmarks to ask; and what it was measured on."""

from __future__ import annotations

import asyncio
import os
import platform
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import aiohttp
import orjson

#: With these a run's longest chain is about 13.5 s, so that what the service adds can be told.
DELAYS = {
    "lens": {"delay": 3},
    "model": {"delay": 1},
    "search": {"delay": 1.5},
    "shop": {"delay": 2.5},
    "marketplace": {"delay": 2.5},
}


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as the client got it: `at` is the client's clock (seconds since 1970) when its line was there."""

    fact: dict[str, Any]
    at: float


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: `client` asks it, `faults` is where its sandbox is broken."""

    client: aiohttp.ClientSession
    faults: str

    async def break_sites(self, faults: dict[str, Any]) -> None:
        """Put faults on the sandbox's sites; `{}` mends them all."""
        async with self.client.put(self.faults, json=faults) as answer:
            answer.raise_for_status()

    async def classify(self, photo: bytes, **query: str) -> list[Told]:
        """Upload a photo and return every fact with the time at which it came."""
        form = aiohttp.FormData()
        form.add_field("file", photo, filename="photo.jpg")
        lines = {"Accept": "application/x-ndjson"}
        wanted = {"events": "all"} | query
        async with self.client.post("/classify", data=form, params=wanted, headers=lines) as answer:
            answer.raise_for_status()
            return [Told(orjson.loads(line), time.time()) async for line in answer.content if line.strip()]

    async def looked(self) -> int:
        """Return how many look-ups at Lens there were."""
        async with self.client.get("/metrics") as answer:
            counts = re.findall(
                r'^lens_rx_stage_seconds_count\{.*stage="lens"\} (\S+)$', await answer.text(), re.MULTILINE
            )
        return round(sum(map(float, counts)))


@asynccontextmanager
async def service(*arguments: str, **environment: str) -> AsyncIterator[Service]:
    """Run `lens-rx serve --sandbox`, ready to take photos."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "lens_rx", "serve", "--sandbox", "--port", "0", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=os.environ | environment,
    )  # fmt: skip
    try:
        url = await _said(process, r"lens_rx is at (\S+)")
        faults = await _said(process, r"Faults of the sandbox: (\S+)")
        limits = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(url, connector=limits, timeout=aiohttp.ClientTimeout(300)) as client:
            await _until_ready(client)
            yield Service(client, faults)
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def _said(process: asyncio.subprocess.Process, pattern: str) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := re.search(pattern, line.decode()):
            return found[1]
    raise RuntimeError(f"the service did not say {pattern}")


async def _until_ready(client: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(60):
        while True:
            async with client.get("/readyz") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.2)


def machine() -> str:
    """Return the set-up in a line: cores, load, versions."""
    parts = [f"{name} {version(name)}" for name in ("lens-rx", "reactivex", "aiohttp", "pyppeteer")]
    load = f"load {os.getloadavg()[0]:.1f}"
    return ", ".join([f"{os.cpu_count()} cores", load, f"CPython {platform.python_version()}", *parts])
