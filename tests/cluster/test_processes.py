"""`lens-rx serve --processes`: one port, several processes, one end."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import psutil
import pytest
from eventually import eventually
from redis_server import RedisServer, free_port

#: Connections that are opened, each of which some process takes.
CONNECTIONS = 40


@asynccontextmanager
async def served(*arguments: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `lens-rx serve` with two processes and no worker."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lens_rx", "serve", "--processes", "2", "--no-worker", "--port", "0"),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def address(process: asyncio.subprocess.Process) -> str:
    """Return the address that is printed once all serve."""
    assert process.stdout
    line = (await process.stdout.readline()).decode()
    found = re.match(r"lens_rx is at (\S+) \(2 processes\)", line)
    assert found, line
    return found[1]


def children(process: asyncio.subprocess.Process) -> list[psutil.Process]:
    """Return the processes that serve."""
    return psutil.Process(process.pid).children()


async def processes_reached(url: str) -> set[str]:
    """Return the processes that take connections, by the part of a request's id that is theirs."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as client:
        answers = await asyncio.gather(*(client.get(f"{url}/healthz") for _ in range(CONNECTIONS)))
    return {answer.headers["X-Request-Id"][:16] for answer in answers}


async def test_two_processes_share_a_port_and_end_together(tmp_path: Path):
    """Both take connections; told to end, both end, and the command with status 0."""
    with RedisServer(tmp_path) as redis:
        async with served(LENS_RX_REDIS=redis.url) as process:
            url = await address(process)
            serving = children(process)
            assert len(await processes_reached(url)) == 2
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
            assert not any(it.is_running() for it in serving)


async def test_a_process_that_ends_by_itself_ends_the_others(tmp_path: Path):
    """Nobody serves with less than was asked for: the command ends with status 1, and says why."""
    with RedisServer(tmp_path) as redis:
        async with served(LENS_RX_REDIS=redis.url) as process:
            await address(process)
            first, second = children(process)
            first.kill()
            assert process.stderr
            assert b"A process has ended by itself" in await process.stderr.read()
            assert await process.wait() == 1
            assert not second.is_running()


async def test_no_process_outlives_the_command(tmp_path: Path):
    """Where the command itself is killed, its processes end, and the port is free."""
    with RedisServer(tmp_path) as redis:
        async with served(LENS_RX_REDIS=redis.url) as process:
            await address(process)
            serving = children(process)
            process.kill()
            await eventually(lambda: not any(it.is_running() for it in serving), 20)


async def test_a_signal_while_they_start_leaves_none_behind(tmp_path: Path):
    """Told to end before all serve, the command ends those that have started."""
    async with served(LENS_RX_REDIS=f"redis://127.0.0.1:{free_port()}/0") as process:
        await eventually(lambda: len(children(process)) == 2, 20)
        starting = children(process)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert not any(it.is_running() for it in starting)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((), b"say --redis, or LENS_RX_REDIS"), (("--host", "0.0.0.0"), b"lens-rx tokens add")],
    ids=["SQLite", "a token each"],
)
async def test_processes_that_could_share_nothing_are_refused(
    arguments: tuple[str, ...], words: bytes, tmp_path: Path
):
    """Storage in a file, and tokens that each process would make for itself, are refused in words."""
    shared = {"LENS_RX_REDIS": "redis://127.0.0.1:1/0"} if arguments else {}
    async with served(*arguments, LENS_RX_TOKENS_FILE=str(tmp_path / "tokens.json"), **shared) as process:
        assert process.stderr
        assert words in await process.stderr.read()
        assert await process.wait() == 2
