"""Connections that send nothing, or slowly, and too many of them."""

from __future__ import annotations

import asyncio
import errno
import re
import resource
from collections.abc import Iterator

import orjson
import pytest
from PIL import Image
from served import Served

from lens_rx.settings import Settings
from lens_rx.web import descriptors, http_server

HEAD_SECONDS = 0.3
HEAD = b"GET /healthz HTTP/1.1\r\nHost: lens\r\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return settings with little time for a head."""
    return settings.model_copy(update={"head_deadline_seconds": HEAD_SECONDS})


async def connect(served: Served) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = re.findall(r"//(.+):(\d+)", served.url)[0]
    return await asyncio.open_connection(host, int(port))


async def read_response(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
        first, *rest = head.decode().strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in rest)
        return int(first.split()[1]), headers, await reader.readexactly(int(headers["Content-Length"]))


async def is_closed(reader: asyncio.StreamReader) -> bool:
    async with asyncio.timeout(10):
        return await reader.read() == b""


@pytest.mark.parametrize("sent", [b"", b"GET", HEAD], ids=["nothing", "a word", "half a head"])
async def test_a_head_that_does_not_come_ends_the_connection(served: Served, sent: bytes):
    """After the deadline the connection gets 408 in JSON and is closed, and that is counted."""
    reader, writer = await connect(served)
    writer.write(sent)
    status, headers, body = await read_response(reader)
    assert (status, headers["Content-Type"]) == (408, "application/json; charset=utf-8")
    assert len(headers["X-Request-Id"]) == 32
    assert "too long" in orjson.loads(body)["error"]
    assert await is_closed(reader)
    assert 'kind="RequestHeadTimeout"' in served.metrics.render().decode()
    writer.close()


async def test_a_head_that_drips_gets_no_more_time(served: Served):
    """A byte now and then does not extend the deadline."""
    reader, writer = await connect(served)

    async def drip() -> None:
        for byte in HEAD:
            writer.write(bytes([byte]))
            await asyncio.sleep(HEAD_SECONDS / 4)

    dripping = asyncio.create_task(drip())
    assert (await read_response(reader))[0] == 408
    dripping.cancel()
    writer.close()


async def test_a_stream_outlives_the_deadline_of_its_head(served: Served):
    """A run that takes longer than a head may is streamed to its end."""
    served.world.gate.clear()
    async with served.client.post("/classify", data=served.form()) as response:
        await asyncio.sleep(3 * HEAD_SECONDS)
        served.world.gate.set()
        assert (await response.read()).count(b"data: ") == 5


async def test_a_second_request_has_a_deadline_of_its_own(served: Served):
    """On a connection that was used before, half a head is cut off as well."""
    reader, writer = await connect(served)
    writer.write(HEAD + b"\r\n")
    assert (await read_response(reader))[0] == 200
    writer.write(HEAD)
    assert (await read_response(reader))[0] == 408
    writer.close()


async def test_a_connection_too_many_is_asked_to_come_again(served: Served, monkeypatch: pytest.MonkeyPatch):
    """Beyond the limit a connection gets 503 with `Retry-After`; the others go on, and then there is room again."""
    reader, writer = await connect(served)
    writer.write(HEAD + b"\r\n")
    assert (await read_response(reader))[0] == 200
    monkeypatch.setattr(http_server, "max_connections", lambda: 1)
    other, other_writer = await connect(served)
    status, headers, body = await read_response(other)
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "open connections" in orjson.loads(body)["error"]
    assert await is_closed(other)
    other_writer.close()
    writer.write(HEAD + b"\r\n")
    assert (await read_response(reader))[0] == 200
    writer.close()


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
async def test_a_photo_is_not_called_damaged_for_want_of_descriptors(
    served: Served, monkeypatch: pytest.MonkeyPatch, number: int
):
    """A good photo that cannot be decoded because nothing can be opened is 503, to be tried again."""

    def fail(*_: object, **__: object) -> Image.Image:
        raise OSError(number, "Too many open files")

    monkeypatch.setattr(Image, "open", fail)
    async with served.client.post("/classify", data=served.form()) as response:
        assert (response.status, response.headers["Retry-After"]) == (503, "5")


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    """Restore the process' limit of descriptors after the test."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_limit_leaves_descriptors_for_the_rest(limits: tuple[int, int]):
    """Connections get what the process may open, less a reserve, and never none."""
    for soft in (1024, 300):
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, limits[1]))
        assert descriptors.max_connections() == max(soft - 256, 64)
