"""A service that stood still for a while (SIGSTOP, a sleeping laptop, a frozen machine) ends every stream as it should."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import orjson
import pytest
from eventually import eventually
from sandbox_service import SandboxService

#: Far longer than a lease, who listens is remembered, and a run goes on unwatched, as these settings have it.
STOPPED_SECONDS = 4.0
SETTINGS = {"LENS_RX_GRACE": "1", "LENS_RX_LEASE": "1", "LENS_RX_CONCURRENCY": "2"}
STREAMS = 3


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[SandboxService]:
    with SandboxService(environment=SETTINGS, store=tmp_path / "store.db") as service:
        yield service


def first(photos: Path) -> list[bytes]:
    return [photo.read_bytes() for photo in sorted(photos.glob("*.jpg"))[:STREAMS]]


async def classify(client: aiohttp.ClientSession, photo: bytes, arrived: list[str]) -> list[str]:
    """Return the kinds of fact of a photo; `arrived` gets each as it comes."""
    form = aiohttp.FormData()
    form.add_field("file", photo, filename="img.png")
    kinds = []
    lines = {"Accept": "application/x-ndjson"}
    async with client.post("/classify?events=all", data=form, headers=lines) as answer:
        async for line in answer.content:
            if line.strip():
                kinds.append(orjson.loads(line)["data_description"])
                arrived.append(kinds[-1])
    return kinds


async def test_every_stream_ends_with_complete(own_service: SandboxService, photos: Path):
    """Photos are on their way, and one waits for its turn, when the service stands still; afterwards each stream ends as complete."""
    own_service.put_faults({"lens": {"delay": 1.0}, "shop": {"delay": 1.0}})
    arrived: list[str] = []
    timeout = aiohttp.ClientTimeout(90)
    async with aiohttp.ClientSession(own_service.url, timeout=timeout) as client:
        streams = [asyncio.create_task(classify(client, image, arrived)) for image in first(photos)]
        await eventually(lambda: len(arrived) >= STREAMS)
        os.kill(own_service.process.pid, signal.SIGSTOP)
        await asyncio.sleep(STOPPED_SECONDS)
        os.kill(own_service.process.pid, signal.SIGCONT)
        ends = await asyncio.gather(*streams)
    assert [kinds[-1] for kinds in ends] == ["complete"] * STREAMS
    assert all(kinds.count("complete") == 1 for kinds in ends)
