"""A photo that is known is neither decoded nor analysed again: it costs a hash."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import orjson
import pytest
from served import Served, connection, photo

from lens_rx.facts import PhotoCopy
from lens_rx.settings import Settings
from lens_rx.web.photo_intake import PhotoIntake
from lens_rx.web.received_photos import ReceivedPhoto


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the digests of the photos that are decoded."""
    digests: list[str] = []
    decode = PhotoIntake.decode

    async def counted(self: PhotoIntake, photo: ReceivedPhoto) -> PhotoCopy:
        digests.append(photo.sha256)
        return await decode(self, photo)

    monkeypatch.setattr(PhotoIntake, "decode", counted)
    return digests


FORM = b"Content-Type: multipart/form-data; boundary=x\r\n"
PART = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n'


async def upload(served: Served) -> tuple[list[bytes], str]:
    """Upload the photo; return the HTTP chunks of the answer without heartbeats, and whether it was replayed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rpartition(":")[2]))
    body = PART + photo() + b"\r\n--x--\r\n"
    writer.write(
        b"POST /classify HTTP/1.1\r\nHost: x\r\n" + FORM + b"Content-Length: %d\r\n\r\n" % len(body) + body
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    chunks = []
    while size := int(await reader.readline(), 16):
        chunks.append(await reader.readexactly(size))
        await reader.readline()
    writer.close()
    return [chunk for chunk in chunks if chunk != b"\n\n"], head.partition("X-Replayed: ")[2].split()[0]


async def test_a_known_photo_is_not_decoded(served: Served, decoded: list[str]):
    """The second upload is answered without decoding, one chunk a fact, as the first was."""
    first, fresh = await upload(served)
    again, replayed = await upload(served)
    assert (fresh, replayed) == ("false", "true")
    assert again == first
    assert [chunk.count(b"data: {") for chunk in again] == [1] * 5
    assert len(decoded) == 1


def without_varying(answer: bytes) -> bytes:
    """Return an answer without its date and its request's id, and without the headers for its origin."""
    answer = re.sub(rb"\r\nAccess-Control-[^\r]*", b"", answer)
    return re.sub(rb"(\r\n(?:Date|X-Request-Id): )[^\r]*", rb"\1", answer)


async def test_a_head_that_is_encoded_once_is_the_same(served: Served):
    """On one connection a replay by key and one of an upload are, to the byte, what aiohttp writes to other origins."""
    await upload(served)
    answers: list[bytes] = []
    async with connection(served) as (reader, writer):

        async def exchange(line: bytes, body: bytes, origin: bytes) -> bytes:
            writer.write(
                line
                + b" HTTP/1.1\r\nHost: x\r\n"
                + origin
                + FORM
                + b"Content-Length: %d\r\n\r\n" % len(body)
                + body
            )
            return await reader.readuntil(b"\r\n0\r\n\r\n")

        for origin in (b"", b"Origin: http://localhost:3001\r\n", b""):
            answers.append(await exchange(b"POST /classify", PART + photo() + b"\r\n--x--\r\n", origin))
            key = answers[-1].partition(b"X-Run-Key: ")[2].split(b"\r\n")[0]
            answers.append(await exchange(b"GET /runs/" + key + b"/events", b"", origin))
    assert b"Access-Control-Allow-Origin" in answers[2]
    assert b"Access-Control-Allow-Origin" in answers[3]
    whole = [without_varying(answer) for answer in answers]
    assert whole[0] == whole[2] == whole[4]
    assert whole[1] == whole[3] == whole[5]
    ids = {answer.partition(b"X-Request-Id: ")[2].split(b"\r\n")[0] for answer in answers}
    assert len(ids) == len(answers)


async def test_a_known_photo_is_not_decoded_on_a_socket(served: Served, decoded: list[str]):
    """The same photo over a WebSocket is replayed as well."""
    await upload(served)
    async with served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(photo())
        assert orjson.loads((await ws.receive()).data)["replayed"] is True
        assert len([message async for message in ws]) == 5
    assert len(decoded) == 1


async def test_who_joins_a_live_run_decodes_nothing(served: Served, decoded: list[str]):
    """An upload of a photo that is being analysed follows that run."""
    served.world.gate.clear()
    first = asyncio.create_task(upload(served))
    while not served.world.seen:
        await asyncio.sleep(0.01)
    second = asyncio.create_task(upload(served))
    while 'how="joined"} 1.0' not in served.metrics.render().decode():
        await asyncio.sleep(0.01)
    served.world.gate.set()
    assert await first == await second
    assert len(decoded) == 1


async def whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_photos_that_wait_for_their_key_are_bounded(decoded: list[str]):
    """Of many photos in one upload those that came first are decoded once the rest needs their memory."""
    contents = [photo(side=side) for side in (100, 101, 102, 103)]
    settings = Settings(max_photo_bytes=max(map(len, contents)) * 2)
    async with PhotoIntake(settings).open_upload() as photos:
        for number, content in enumerate(contents, 1):
            await photos.receive(whole(content))
            assert len(photos) == number
        assert 0 < len(decoded) < 4
        copies = await photos.decoded()
    assert [copy.width for copy in copies] == [100, 101, 102, 103]
    assert len(photos.digests) == len(set(photos.digests)) == 4
