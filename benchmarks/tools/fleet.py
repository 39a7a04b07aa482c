"""Two nodes on one Redis over one sandbox, as processes of their own, and what a run costs them."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import psutil
import redis
from tools.service import BenchmarkService, read_output, stage_seconds, wait_until_ready

from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.photos import ENCODINGS, take_photo

sys.path.append(str(Path(__file__).parents[2] / "tests"))
from redis_server import RedisServer  # the tests' own

REPLAYS = 200
#: What nodes send to Redis; other commands are called by scripts within these.
REQUESTS = ("evalsha", "xread", "xreadgroup", "ping", "zcard")
#: Fewer than the cores would do, so that the queue says something.
ARRIVALS_A_SECOND = 0.5


@dataclass(frozen=True, slots=True)
class Costs:
    """What a run of a distinct photo costs: seconds of CPU and of each stage; requests and bytes of Redis.

    `replay_cpu` is for a duplicate, `outside_cpu` that of the sandbox; the memory (MiB) is that of a node's Python and of its Chromium under load.
    """

    python_cpu: float
    chromium_cpu: float
    replay_cpu: float
    outside_cpu: float
    redis_cpu: float
    redis_requests: float
    redis_bytes_in: float
    redis_bytes_out: float
    redis_bytes_stored: float
    tokens: float
    python_mib: float
    chromium_mib: float
    stages: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Observed:
    """When photos arrived, counted from the first, and how long each took."""

    arrivals: Sequence[float]
    seconds: Sequence[float]


@dataclass(slots=True)
class Fleet:
    """The nodes' processes, a client of the first, and Redis."""

    nodes: Sequence[psutil.Process]
    sandbox: psutil.Process
    service: BenchmarkService
    store: redis.Redis

    def cpu(self, *, chromium: bool) -> float:
        """Return the seconds of CPU of all nodes, or of their Chromiums."""
        return sum(
            self._sum(lambda it: sum(it.cpu_times()[:4]), node, chromium=chromium) for node in self.nodes
        )

    def memory(self, *, chromium: bool) -> float:
        """Return the MiB of a node, or of its Chromium."""
        total = sum(
            self._sum(lambda it: it.memory_full_info().pss, node, chromium=chromium) for node in self.nodes
        )
        return total / len(self.nodes) / 2**20

    def _sum(self, what: Callable[[psutil.Process], float], node: psutil.Process, *, chromium: bool) -> float:
        total = 0.0
        for process in [*node.children(recursive=True)] if chromium else [node]:
            try:
                total += what(process)
            except psutil.Error:  # it has ended
                continue
        return total

    def info(self) -> dict[str, float]:
        """Return Redis's counters."""
        it: dict[str, Any] = self.store.info("all")
        names = ("total_net_input_bytes", "total_net_output_bytes", "used_memory")
        calls = sum(it.get(f"cmdstat_{name}", {}).get("calls", 0) for name in REQUESTS)
        cpu = it["used_cpu_user"] + it["used_cpu_sys"]
        return {name: float(it[name]) for name in names} | {"cpu": cpu, "requests": calls}


@asynccontextmanager
async def fleet() -> AsyncIterator[Fleet]:
    """Run Redis, the sandbox, a node that serves and works, and one that works alone."""
    async with AsyncExitStack() as stack:
        directory = stack.enter_context(TemporaryDirectory())
        server = stack.enter_context(RedisServer(Path(directory)))
        sandbox = await stack.enter_async_context(_command("sandbox", "serve"))
        common = ("--redis", server.url, "--sandbox-at", await read_output(sandbox, r"(http://[\d.]+:\d+)"))
        serving = await stack.enter_async_context(_command("serve", "--port", "0", *common))
        working = await stack.enter_async_context(_command("worker", *common))
        url = await read_output(serving, r"lens_rx is at (\S+)")
        client = await stack.enter_async_context(
            aiohttp.ClientSession(url, timeout=aiohttp.ClientTimeout(300))
        )
        await wait_until_ready(client)
        await asyncio.sleep(3)
        nodes = [psutil.Process(it.pid) for it in (serving, working)]
        yield Fleet(
            nodes, psutil.Process(sandbox.pid), BenchmarkService(client, ""), redis.Redis.from_url(server.url)
        )


@asynccontextmanager
async def _command(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "lens_rx", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"LENS_RX_LOG_LEVEL": "error", "LENS_RX_QUEUE_PER_CLIENT": "64"},
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()


async def measure_costs(running: Fleet, runs: int) -> tuple[Costs, Observed]:
    """Analyse photos one by one, then as they arrive at random, then replay them; return costs and what was seen."""
    photos = [take_photo(it, ENCODINGS[0], 7) for it in list(catalogue())[: runs + 6]]
    await asyncio.gather(*(running.service.classify(it) for it in photos[:3]))  # starts tabs, fills caches
    alone = [stage_seconds(await running.service.classify(it)) for it in photos[3:6]]
    stages = {name: sum(it.get(name, 0.0) for it in alone) / len(alone) for name in alone[0]}
    cpu = [running.cpu(chromium=it) for it in (False, True)]
    outside, before = sum(running.sandbox.cpu_times()[:2]), running.info()
    observed, ends = await _arrive(running, photos[6:])
    spent = [running.cpu(chromium=it) - used for it, used in zip((False, True), cpu, strict=True)]
    outside, after = sum(running.sandbox.cpu_times()[:2]) - outside, running.info()
    memory = [running.memory(chromium=it) for it in (False, True)]
    began = running.cpu(chromium=False)
    for number in range(REPLAYS):
        await running.service.classify(photos[number % len(photos)], events="default")
    replay = (running.cpu(chromium=False) - began) / REPLAYS
    number = len(observed.seconds)
    each = {name: (after[name] - before[name]) / number for name in before}
    return Costs(
        python_cpu=spent[0] / number,
        chromium_cpu=spent[1] / number,
        replay_cpu=replay,
        outside_cpu=outside / number,
        redis_cpu=each["cpu"],
        redis_requests=each["requests"],
        redis_bytes_in=each["total_net_input_bytes"],
        redis_bytes_out=each["total_net_output_bytes"],
        redis_bytes_stored=each["used_memory"],
        tokens=sum(it["tokens"] for it in ends) / number,
        python_mib=memory[0],
        chromium_mib=memory[1],
        stages=stages,
    ), observed


async def _arrive(running: Fleet, photos: Sequence[bytes]) -> tuple[Observed, list[dict[str, Any]]]:
    """Upload photos at random times; return what was seen, and the last fact of each run."""
    rng, at = random.Random(5), 0.0
    arrivals = [at := at + rng.expovariate(ARRIVALS_A_SECOND) for _ in photos]
    began = time.perf_counter()

    async def one(photo: bytes, arrival: float) -> tuple[float, dict[str, Any]]:
        await asyncio.sleep(began + arrival - time.perf_counter())
        sent = time.perf_counter()
        facts = await running.service.classify(photo)
        return time.perf_counter() - sent, facts[-1].fact["data"]

    ended = await asyncio.gather(*(one(*it) for it in zip(photos, arrivals, strict=True)))
    return Observed(arrivals, [it[0] for it in ended]), [it[1] for it in ended]
