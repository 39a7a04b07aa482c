"""`POST /thumbnail`: a small picture of one photo for browsers that cannot draw it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from served import Served, photo, serve

from lens_rx.settings import Settings
from lens_rx.web.auth import Authenticator
from lens_rx.web.token_file import TokenFile


@pytest.mark.parametrize("form", ["HEIF", "AVIF", "JPEG"])
async def test_a_photo_becomes_a_small_jpeg(served: Served, form: str):
    """A photo of any kind that is read comes back as a JPEG of 320 pixels at most; it is counted, and no run begins."""
    upload = served.form(photo(900, form))
    async with served.client.post("/thumbnail", data=upload) as answer:
        body = await answer.read()
        assert (answer.status, answer.content_type) == (200, "image/jpeg"), body
        assert answer.headers["Cache-Control"] == "no-store"
    with Image.open(BytesIO(body)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (320, 320), {})
    assert len(body) < 20_000 and await served.live() == 0
    assert b"lens_rx_thumbnails_total 1.0" in served.metrics.render()


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"Dear Sir, I am no photo.", 415, "not a PNG"),
        (b"", 422, "empty"),
        (photo(900, "HEIF")[:900], 422, "damaged"),
        (b"\xff" * 300_001, 413, "300,000 bytes"),
    ],
    ids=["text", "empty", "cut off", "too large"],
)
async def test_what_is_no_photo_is_refused(served: Served, content: bytes, status: int, words: str):
    """Each gets its status and a sentence, as it does where it is sent to be priced."""
    async with served.client.post("/thumbnail", data=served.form(content)) as answer:
        assert (answer.status, words in (await answer.json())["error"]) == (status, True)


async def test_one_photo_at_a_time(served: Served):
    """Two photos are refused, a body of another kind as well, and a page of another origin gets nothing."""
    two = served.form()
    two.add_field("file", photo(), filename="b.png")
    async with served.client.post("/thumbnail", data=two) as answer:
        assert (answer.status, "one at a time" in (await answer.json())["error"]) == (413, True)
    async with served.client.post("/thumbnail", data=photo()) as answer:
        assert answer.status == 400
    async with served.client.post("/thumbnail?size=9", data=served.form()) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "unknown_parameter")
    foreign = {"Origin": "http://evil.test"}
    async with served.client.post("/thumbnail", data=served.form(), headers=foreign) as answer:
        assert answer.status == 403


async def test_it_asks_for_the_token(settings: Settings, tmp_path: Path):
    """Where the service asks for tokens, nobody without one gets a thumbnail."""
    file = TokenFile(tmp_path / "tokens.json")
    token = file.add("anna")
    async with serve(settings, Authenticator(file)) as guarded:
        async with guarded.client.post("/thumbnail", data=guarded.form()) as answer:
            assert answer.status == 401
        headers = {"Authorization": f"Bearer {token}"}
        async with guarded.client.post("/thumbnail", data=guarded.form(), headers=headers) as answer:
            assert answer.status == 200
