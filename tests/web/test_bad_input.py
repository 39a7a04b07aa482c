"""What is not a photo is refused in words, starts no run and leaves no file."""

from __future__ import annotations

import asyncio
import gzip
import os
import struct
import tempfile
import zlib
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import aiohttp
import orjson
import pytest
from PIL import Image
from served import Served, photo

from lens_rx.runs.worker import DIRECTORY_PREFIX


def bomb(side: int = 20_000) -> bytes:
    """Return a small PNG whose header promises more pixels than may be."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))


def blank() -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 300), "white").save(out, "PNG")
    return out.getvalue()


BAD = {
    "empty": (b"", 422),
    "text named .png": (b"hello, I am a text", 415),
    "HTML": (b"<!doctype html><p>hi", 415),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 415),
    "PDF": (b"%PDF-1.7\n", 415),
    "ZIP": (b"PK\x03\x04" + b"\0" * 100, 415),
    "truncated PNG": (photo()[: len(photo()) // 2], 422),
    "truncated JPEG": (photo(form="JPEG")[:900], 422),
    "pixel bomb": (bomb(), 413),
    "too large": (b"\x89PNG" + b"\0" * 400_000, 413),
    "eight pixels": (photo(side=8), 422),
    "blank": (blank(), 422),
}


def left_files() -> list[Path]:
    """Return the run directories of this very process."""
    return list(Path(tempfile.gettempdir()).glob(f"{DIRECTORY_PREFIX}{os.getpid()}-*"))


async def refused(served: Served, answer: aiohttp.ClientResponse, status: int) -> str:
    """Assert that an answer is a refusal in JSON, and that nothing is left of the request."""
    words = orjson.loads(await answer.read())["error"]
    assert (answer.status, answer.content_type) == (status, "application/json")
    assert len(words) > 10
    assert answer.headers["X-Request-Id"]
    assert await served.live() == 0
    assert left_files() == []
    return words


@pytest.mark.parametrize("case", BAD)
async def test_what_is_no_photo_is_refused(served: Served, case: str):
    """Each bad file gets its status and words that say what is wrong with it."""
    content, status = BAD[case]
    async with served.client.post("/classify", data=served.form(content)) as answer:
        await refused(served, answer, status)


async def test_a_form_without_a_photo_is_refused(served: Served):
    """A part of another name, or no part at all, is told what to send."""
    async with served.client.post("/classify", data=served.form(name="picture")) as answer:
        assert "named file" in await refused(served, answer, 400)
    async with served.client.post("/classify", data=b"raw", headers={"Content-Type": "image/png"}) as answer:
        assert "named file" in await refused(served, answer, 400)
    async with served.client.post("/classify") as answer:
        await refused(served, answer, 400)


async def test_a_broken_multipart_body_is_refused(served: Served):
    """A body that does not keep to its boundary is refused, not waited for."""
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--y\r\n\r\n", b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nabc"):
        async with served.client.post("/classify", data=body, headers=kind) as answer:
            assert answer.status in (400, 415)
            assert "error" in await answer.json()


async def test_a_body_that_is_too_large_is_refused_while_it_streams(served: Served):
    """Without a length the upload is cut off as soon as it is too large."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        while True:
            sent += 65_536
            yield b"\x89" * 65_536
            await asyncio.sleep(0)

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    try:
        async with served.client.post("/classify", data=endless(), headers=kind) as answer:
            await refused(served, answer, 413)
    except aiohttp.ClientOSError:
        # the server answered and closed while we were still sending
        assert await served.live() == 0
    assert sent < 50_000_000


async def test_an_encoded_body_is_refused(served: Served):
    """A gzip-encoded body is not unpacked."""
    head = {"Content-Type": "multipart/form-data; boundary=x", "Content-Encoding": "gzip"}
    async with served.client.post("/classify", data=gzip.compress(b"--x--"), headers=head) as answer:
        await refused(served, answer, 415)


async def test_a_stalled_upload_is_cut_off(served: Served):
    """An upload that stops arriving is refused after its deadline, and its slot is free."""

    async def stalled() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n\x89PNG'
        await asyncio.sleep(30)
        yield b"never"

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    async with asyncio.timeout(10):
        try:
            async with served.client.post("/classify", data=stalled(), headers=kind) as answer:
                await refused(served, answer, 408)
        except aiohttp.ClientOSError:
            assert await served.live() == 0
    async with served.client.post("/classify", data=served.form()) as answer:
        assert answer.status == 200


async def test_ten_thousand_parts_are_not_read(served: Served):
    """A form of ten thousand fields is refused early."""
    form = aiohttp.FormData()
    for number in range(10_000):
        form.add_field(f"f{number}", "x", content_type="text/plain")
    async with served.client.post("/classify", data=form) as answer:
        await refused(served, answer, 400)


async def test_a_hostile_name_is_ignored(served: Served):
    """The name of a file is never looked at: what counts is its content."""
    for name in ("../../etc/passwd", 'a";b.png', "x" * 5000, "photo.exe"):
        form = aiohttp.FormData(quote_fields=True)
        form.add_field("file", photo(), filename=name)
        async with served.client.post("/classify", data=form) as answer:
            assert answer.status == 200
            await answer.read()
    assert all(it.item.photos[0].path.name == f"{it.item.photos[0].sha256}.jpg" for it in served.world.seen)


@pytest.mark.parametrize(
    "query",
    [
        "currency=EURO",
        "currency=XXX",
        "country=Germany",
        "condition=lovely",
        "events=nonsense",
        f"hint={'x' * 300}",
        f"size={'x' * 300}",
    ],
)
async def test_a_query_that_cannot_be_meant_is_refused(served: Served, query: str):
    """A wrong value in the query is named, before the photo is read."""
    async with served.client.post(f"/classify?{query}", data=served.form()) as answer:
        assert query.split("=", maxsplit=1)[0] in await refused(served, answer, 400)


async def test_unknown_paths_and_wrong_methods_are_told_so(served: Served):
    """404 and 405 are JSON as well, and 405 says what is allowed."""
    async with served.client.get("/nowhere") as answer:
        await refused(served, answer, 404)
    async with served.client.get("/classify") as answer:
        await refused(served, answer, 405)
        assert "POST" in answer.headers["Allow"]
    async with served.client.get(f"/runs/{'0' * 64}") as answer:
        await refused(served, answer, 404)


@pytest.mark.parametrize(
    ("form", "options"), [("JPEG", {}), ("WEBP", {}), ("GIF", {}), ("HEIF", {}), ("AVIF", {})]
)
async def test_photos_of_every_kind_are_taken(served: Served, form: str, options: dict):
    """PNG, JPEG, WebP, HEIC, AVIF and GIF are read by their content, whatever the name says."""
    async with served.client.post("/classify", data=served.form(photo(form=form, **options))) as answer:
        assert answer.status == 200
        await answer.read()
