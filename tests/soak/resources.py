"""What the processes of a node take over time, and whether it grows."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from soak.nodes import Service

SAMPLE_SECONDS = 1.0
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Sample:
    """One look at a node's process and at those below it."""

    second: float
    memory_mb: float
    chromium_mb: float
    descriptors: float
    threads: float
    processes: float
    zombies: float
    temporary: float


#: How much the last quarter may lie above the second one: a factor, and what is added to it. Caches that are bounded
#: may still fill: 64 MB of encoded runs, and as much again for the allocator and the database's pages.
ALLOWED = {
    "memory_mb": (1.15, 128.0),
    "chromium_mb": (1.5, 300.0),
    "descriptors": (1.25, 40.0),
    "threads": (1.25, 10.0),
    "processes": (1.5, 10.0),
    "zombies": (1.0, 1.0),
    "temporary": (1.25, 4.0),
}


@dataclass
class Watch:
    """Samples of one node, taken until it is stopped; those of a process that was replaced are dropped."""

    node: Service
    samples: list[Sample] = field(default_factory=list)
    _starts: int = 0

    async def run(self) -> None:
        """Sample for ever."""
        began = time.monotonic()
        while True:
            if self.node.up and self.node.process:
                if self._starts != self.node.starts:
                    self._starts, self.samples = self.node.starts, []
                with suppress(psutil.Error, OSError):
                    self.samples.append(await asyncio.to_thread(self._sample, time.monotonic() - began))
            await asyncio.sleep(SAMPLE_SECONDS)

    def _sample(self, second: float) -> Sample:
        assert self.node.process
        process = psutil.Process(self.node.process.pid)
        below = process.children(recursive=True)
        states = [_status(it) for it in below]
        return Sample(
            second,
            process.memory_info().rss / MEGABYTE,
            sum(_own_memory(it) for it in below) / MEGABYTE,
            process.num_fds(),
            process.num_threads(),
            len(below),
            states.count(psutil.STATUS_ZOMBIE),
            sum(1 for _ in self.node.temporary.iterdir()),
        )

    def growth(self) -> list[str]:
        """Return a sentence for everything that grew from the second quarter to the last."""
        quarter = len(self.samples) // 4
        if quarter < 5:
            return []
        early, late = self.samples[quarter : 2 * quarter], self.samples[-quarter:]
        return [
            f"{self.node.name}: {name} grew from {before:.0f} to {after:.0f}"
            for name, (factor, more) in ALLOWED.items()
            if (after := _median(late, name)) > factor * (before := _median(early, name)) + more
        ]


def _median(samples: Sequence[Sample], name: str) -> float:
    return statistics.median(getattr(sample, name) for sample in samples)


def _status(process: psutil.Process) -> str:
    try:
        return str(process.status())
    except psutil.Error:
        return ""


def _own_memory(process: psutil.Process) -> float:
    """Return the bytes that a process does not share."""
    try:
        return float(process.memory_info().rss - process.memory_info().shared)
    except psutil.Error:
        return 0.0
