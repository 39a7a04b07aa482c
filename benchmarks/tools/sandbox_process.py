"""The practice web in a process of its own, and the CPU time of this process and its children without it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tools.cpu import tree_cpu_seconds

from lens_rx.clients.endpoints import Endpoints
from lens_rx.sandbox.endpoints import endpoints_at


@dataclass(frozen=True, slots=True)
class SandboxProcess:
    """A running practice web: its addresses, and its process."""

    endpoints: Endpoints
    pid: int

    def own_cpu_seconds(self) -> float:
        """Return the CPU time of this process and its living descendants, without the practice web's."""
        return tree_cpu_seconds(os.getpid(), without=self.pid)


def chromium_arguments(endpoints: Endpoints) -> list[str]:
    """Return the arguments by which the practice web's names are found, and root may start Chromium."""
    assert endpoints.route
    route = endpoints.route
    return [f"--host-resolver-rules=MAP *{route.suffix} {route.address}:{route.port}", "--no-sandbox"]


@asynccontextmanager
async def running_sandbox() -> AsyncIterator[SandboxProcess]:
    """Run `lens-rx sandbox serve` until the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "lens_rx", "sandbox", "serve", "--port", "0",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout
    try:
        url = (await process.stdout.readline()).decode().split()[-1]
        yield SandboxProcess(await endpoints_at(url), process.pid)
    finally:
        process.terminate()
        await process.wait()
