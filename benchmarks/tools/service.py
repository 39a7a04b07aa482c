"""The service with its sandbox in a process of its own, for benchmarks; and a description of the machine."""

from __future__ import annotations

import asyncio
import os
import platform
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import aiohttp
import orjson

#: With these delays the critical path is long enough for the service's own time to be visible.
DELAYS = {
    "lens": {"delay": 3},
    "model": {"delay": 1},
    "search": {"delay": 1.5},
    "shop": {"delay": 2.5},
    "marketplace": {"delay": 2.5},
}


@dataclass(frozen=True, slots=True)
class ReceivedFact:
    """A fact and the time (seconds since 1970) at which the client received it."""

    fact: dict[str, Any]
    received_at: float


@dataclass(frozen=True, slots=True)
class BenchmarkService:
    """A running service: a client of it, and the address of the sandbox's faults."""

    client: aiohttp.ClientSession
    faults_url: str

    async def set_faults(self, faults: dict[str, Any]) -> None:
        """Set the faults of the sandbox's sites; `{}` clears them."""
        async with self.client.put(self.faults_url, json=faults) as response:
            response.raise_for_status()

    async def classify(self, *photos: bytes, **query: str) -> list[ReceivedFact]:
        """Upload the photos of one thing and return every fact with the time of its arrival."""
        form = aiohttp.FormData()
        for photo in photos:
            form.add_field("file", photo, filename="photo.jpg")
        headers = {"Accept": "application/x-ndjson"}
        params = {"events": "all"} | query
        async with self.client.post("/classify", data=form, params=params, headers=headers) as response:
            response.raise_for_status()
            return [
                ReceivedFact(orjson.loads(line), time.time())
                async for line in response.content
                if line.strip()
            ]

    async def lens_searches(self) -> int:
        """Return the number of searches at Lens."""
        async with self.client.get("/metrics") as response:
            counts = re.findall(
                r'^lens_rx_stage_seconds_count\{.*stage="lens"\} (\S+)$', await response.text(), re.MULTILINE
            )
        return round(sum(map(float, counts)))


def stage_seconds(facts: Sequence[ReceivedFact]) -> dict[str, float]:
    """Return the seconds of each stage, from its last `progress` fact; 0 for one that was skipped."""
    steps = [fact.fact["data"] for fact in facts if fact.fact["data_description"] == "progress"]
    return {fact["stage"]: fact["seconds"] for fact in steps if fact["state"] != "started"}


@asynccontextmanager
async def running_service(*arguments: str, **environment: str) -> AsyncIterator[BenchmarkService]:
    """Run `lens-rx serve --sandbox` until the end of the block, once it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "lens_rx", "serve", "--sandbox", "--port", "0", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=os.environ | environment,
    )  # fmt: skip
    try:
        url = await read_output(process, r"lens_rx is at (\S+)")
        faults = await read_output(process, r"Faults of the sandbox: (\S+)")
        limits = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(url, connector=limits, timeout=aiohttp.ClientTimeout(300)) as client:
            await wait_until_ready(client)
            yield BenchmarkService(client, faults)
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def read_output(process: asyncio.subprocess.Process, pattern: str) -> str:
    """Return what the pattern's group finds in a line that the process prints."""
    assert process.stdout is not None
    async for line in process.stdout:
        if found := re.search(pattern, line.decode()):
            return found[1]
    raise RuntimeError(f"the service did not say {pattern}")


async def wait_until_ready(client: aiohttp.ClientSession) -> None:
    """Wait until the service says that it is ready."""
    async with asyncio.timeout(60):
        while True:
            async with client.get("/readyz") as response:
                if response.status == 200:
                    return
            await asyncio.sleep(0.2)


def describe_machine() -> str:
    """Return cores, load and versions in one line."""
    parts = [f"{name} {version(name)}" for name in ("lens-rx", "reactivex", "aiohttp", "pyppeteer")]
    load = f"load {os.getloadavg()[0]:.1f}"
    return ", ".join([f"{os.cpu_count()} cores", load, f"CPython {platform.python_version()}", *parts])
