"""A small discrete-event simulation: processes that wait, and that queue for resources."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field
from itertools import count
from typing import Union

#: A process yields seconds to wait, a resource to take, or what joins its branches.
Process = Generator[Union[float, "Resource", "Join"], None, None]


@dataclass(eq=False)
class Resource:
    """So many places, taken in the order of asking."""

    simulation: Simulation
    places: int
    taken: int = 0
    waiting: deque[Process] = field(default_factory=deque)

    def take(self, process: Process) -> None:
        """Let a process go on when a place is free."""
        if self.taken < self.places:
            self.taken += 1
            self.simulation.schedule(0.0, process)
        else:
            self.waiting.append(process)

    def give_back(self) -> None:
        """Give back a place."""
        if self.waiting:
            self.simulation.schedule(0.0, self.waiting.popleft())
        else:
            self.taken -= 1

    def hold(self, seconds: float) -> Process:
        """Take a place for some seconds."""
        yield self
        yield seconds
        self.give_back()


@dataclass(eq=False)
class Join:
    """Branches that run at the same time; who yields it goes on when all have ended."""

    simulation: Simulation
    branches: tuple[Process, ...]
    waiting: Process | None = None
    open: int = 0

    def start(self, process: Process) -> None:
        """Start all branches."""
        self.waiting, self.open = process, len(self.branches)
        for branch in self.branches:
            self.simulation.schedule(0.0, self._followed(branch))

    def _followed(self, branch: Process) -> Process:
        yield from branch
        self.open -= 1
        if not self.open and self.waiting:
            self.simulation.schedule(0.0, self.waiting)


class Simulation:
    """The clock, and what is due."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Process]] = []
        self._number = count()

    def schedule(self, seconds: float, process: Process) -> None:
        """Let a process go on after some seconds."""
        heapq.heappush(self._due, (self.now + seconds, next(self._number), process))

    def run(self) -> None:
        """Run until nothing is due."""
        while self._due:
            self.now, _, process = heapq.heappop(self._due)
            for asked in process:
                if isinstance(asked, Resource):
                    asked.take(process)
                elif isinstance(asked, Join):
                    asked.start(process)
                else:
                    self.schedule(asked, process)
                break
