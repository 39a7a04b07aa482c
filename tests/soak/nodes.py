"""The processes of a soak: one sandbox, one or several nodes on it, and a Redis where there are several."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from redis_server import RedisServer

#: Short times, so that a soak of some minutes sees many of each.
SETTINGS = {
    "LENS_RX_RUN_DEADLINE": "40",
    "LENS_RX_STAGE_DEADLINE": "20",
    "LENS_RX_REST_SECONDS": "3",
    "LENS_RX_FAILURE_SECONDS": "2",
    "LENS_RX_GRACE": "3",
    "LENS_RX_LEASE": "4",
    "LENS_RX_HEARTBEAT": "2",
    "LENS_RX_CONCURRENCY": "3",
    "LENS_RX_TABS": "3",
    "LENS_RX_LOG_LEVEL": "error",
}
START_SECONDS = 90.0
END_SECONDS = 45.0


@dataclass
class Service:
    """One process of `lens-rx`, which can be killed and started again."""

    name: str
    arguments: Sequence[str]
    directory: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: Process | None = None
    url: str = ""
    starts: int = 0

    @property
    def temporary(self) -> Path:
        """The directory of its temporary files, and of nobody else's."""
        return self.directory / f"tmp-{self.name}"

    @property
    def up(self) -> bool:
        """Whether it runs and has said where it listens."""
        return self.process is not None and self.process.returncode is None and bool(self.url)

    async def start(self) -> None:
        """Start it, and wait until it says where it listens."""
        self.temporary.mkdir(exist_ok=True)
        self.starts += 1
        log = (self.directory / f"{self.name}.log").open("ab")
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "lens_rx", *self.arguments),
            stdout=PIPE,
            stderr=log,
            env=os.environ | SETTINGS | self.environment | {"TMPDIR": str(self.temporary)},
        )
        log.close()
        assert self.process.stdout
        async with asyncio.timeout(START_SECONDS):
            while line := (await self.process.stdout.readline()).decode():
                if found := re.search(r" is at (http://\S+)", line):
                    self.url = found[1].rstrip("/")
                    return
        raise AssertionError(f"{self.name} did not start; see {self.directory / self.name}.log")

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it, where it runs."""
        if self.process and self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    async def kill(self) -> None:
        """End it with SIGKILL, as a crash would."""
        self.url = ""
        self.signal(signal.SIGKILL)
        if self.process:
            await self.process.communicate()

    async def stop(self) -> int | None:
        """Ask it to end; return its exit status, None where it did not end in time and was killed."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        self.url = ""
        if self.process is None:
            return None
        try:
            async with asyncio.timeout(END_SECONDS):
                await self.process.communicate()
        except TimeoutError:
            await self.kill()
            return None
        return self.process.returncode


@dataclass
class Fleet:
    """Everything that runs."""

    sandbox: Service
    nodes: list[Service]
    redis: RedisServer | None


@asynccontextmanager
async def run_fleet(count: int, directory: Path) -> AsyncIterator[Fleet]:
    """Start a sandbox and `count` nodes: one with a SQLite file, several with a Redis."""
    sandbox = Service("sandbox", ["sandbox", "serve", "--port", "0"], directory)
    redis: RedisServer | None = None
    nodes: list[Service] = []
    try:
        await sandbox.start()
        common = ["serve", "--sandbox-at", sandbox.url, "--port", "0"]
        if count == 1:
            nodes = [Service("node-1", [*common, "--store", str(directory / "runs.db")], directory)]
        else:
            (directory / "redis").mkdir()
            redis = RedisServer(directory / "redis")
            redis.start()
            settings = {"LENS_RX_REDIS": redis.url}
            nodes = [Service(f"node-{number + 1}", common, directory, settings) for number in range(count)]
        await asyncio.gather(*(node.start() for node in nodes))
        yield Fleet(sandbox, nodes, redis)
    finally:
        for service in (*nodes, sandbox):
            service.signal(signal.SIGCONT)
            await service.kill()
        if redis:
            redis.thaw()
            redis.kill()


@asynccontextmanager
async def scratch_directory() -> AsyncIterator[Path]:
    """Make a directory for stores, logs and temporary files, and remove it at the end."""
    directory = Path(tempfile.mkdtemp(prefix="lens-rx-soak-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
