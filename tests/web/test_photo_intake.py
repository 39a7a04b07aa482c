"""Uploaded bytes become an upright, stripped, bounded photo, or a refusal; their name is never looked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from lens_rx.facts import PhotoCopy
from lens_rx.facts.errors import RequestError, TooLarge, TooSlow, Unprocessable, UnsupportedMedia
from lens_rx.settings import Settings
from lens_rx.web.photo_intake import MAX_CONCURRENT_UPLOADS, PhotoIntake
from lens_rx.web.received_photos import SLOT_FREE_BYTES

ORIENTATION, GPS = 0x0112, 0x8825


def picture(mode: str = "RGB", size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Return a picture whose left half is dark and whose right half is light."""
    image = Image.new("RGB", size, "white")
    image.paste((20, 30, 60), (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **how: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


async def make_copy(intake: PhotoIntake, chunks: AsyncIterator[bytes]) -> PhotoCopy:
    """Upload one photo and return its working copy."""
    async with intake.open_upload() as photos:
        await photos.receive(chunks)
        (copy,) = await photos.decoded()
        return copy


async def chunks(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def taken(content: bytes, **knobs: float) -> PhotoCopy:
    return await make_copy(PhotoIntake(Settings(**knobs)), chunks(content))


def opened(copy: PhotoCopy) -> Image.Image:
    return Image.open(BytesIO(copy.content))


ACCEPTED = {
    "PNG": encoded(picture(), "PNG"),
    "JPEG": encoded(picture(), "JPEG"),
    "WebP": encoded(picture(), "WEBP"),
    "HEIC": encoded(picture(), "HEIF"),
    "AVIF": encoded(picture(), "AVIF"),
    "GIF": encoded(picture(), "GIF"),
    "animated": encoded(picture(), "GIF", save_all=True, append_images=[Image.new("RGB", (120, 80), "red")]),
    "CMYK": encoded(picture("CMYK"), "JPEG"),
    "grey": encoded(picture("L"), "PNG"),
    "palette": encoded(picture("P"), "PNG"),
    "one bit": encoded(picture("1"), "PNG"),
    "16 bit": encoded(picture("L").convert("I").point(lambda level: level * 257).convert("I;16"), "PNG"),
    "transparent": encoded(picture("RGBA"), "PNG"),
}


@pytest.mark.parametrize("content", ACCEPTED.values(), ids=ACCEPTED)
async def test_photos_of_every_kind_are_taken(content: bytes):
    """Every format and depth becomes an RGB JPEG of the same size and picture, named by the upload's hash."""
    copy = await taken(content)
    image = opened(copy)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (120, 80))
    assert (copy.width, copy.height) == (120, 80)
    assert copy.sha256 == sha256(content).hexdigest()
    dark, light = image.convert("L").getpixel((10, 40)), image.convert("L").getpixel((110, 40))
    assert dark + 100 < light


async def test_what_is_transparent_is_white():
    """A cut-out thing stands on white."""
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (20, 20, 40, 40))
    assert min(opened(await taken(encoded(image, "PNG"))).getpixel((3, 3))) > 240


async def test_a_turned_photo_is_set_upright_and_stripped():
    """The camera's orientation is applied, and place, time and comment do not leave the house."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "N", 2: (52.0, 30.0, 0.0)}
    exif[0x010F] = "Maker of the camera"
    copy = await taken(encoded(picture(), "JPEG", exif=exif, comment=b"my home"))
    image = opened(copy)
    assert image.size == (80, 120)
    assert not dict(image.getexif())
    assert b"Maker" not in copy.content and b"my home" not in copy.content


async def test_a_large_photo_is_made_smaller():
    """No side is longer than the setting, and the shape stays."""
    copy = await taken(encoded(picture(size=(1200, 600)), "PNG"), photo_side=300)
    assert (copy.width, copy.height) == (300, 150)


REFUSED = {
    "nothing": (b"", Unprocessable),
    "text": (b"This is no picture, it only says so." * 10, UnsupportedMedia),
    "markup": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", UnsupportedMedia),
    "PDF": (b"%PDF-1.7\n%....", UnsupportedMedia),
    "ZIP": (b"PK\x03\x04" + bytes(100), UnsupportedMedia),
    "BMP": (encoded(picture(), "BMP"), UnsupportedMedia),
    "cut PNG": (ACCEPTED["PNG"][:120], Unprocessable),
    "cut JPEG": (ACCEPTED["JPEG"][:400], Unprocessable),
    "8 pixels": (encoded(picture(size=(8, 8)), "PNG"), Unprocessable),
    "one colour": (encoded(Image.new("RGB", (100, 100), "teal"), "PNG"), Unprocessable),
}


@pytest.mark.parametrize(("content", "error"), REFUSED.values(), ids=REFUSED)
async def test_what_is_no_photo_is_refused(content: bytes, error: type[RequestError]):
    """What is no photo, is damaged or shows nothing is refused with the right status."""
    with pytest.raises(error):
        await taken(content)


async def test_too_many_bytes_are_not_read_to_their_end():
    """Reading stops as soon as the limit is passed."""
    read: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            read.append(1)
            yield bytes(1000)

    with pytest.raises(TooLarge):
        await make_copy(PhotoIntake(Settings(max_photo_bytes=5000)), endless())
    assert len(read) == 6


async def test_a_pixel_bomb_is_refused_by_its_header():
    """More pixels than allowed are refused before one is decoded."""
    bomb = encoded(Image.new("1", (9000, 9000)), "PNG")
    assert len(bomb) < 20_000
    with pytest.raises(TooLarge):
        await taken(bomb)


async def test_a_stalled_upload_ends():
    """An upload that stalls is given up after its deadline."""

    async def stalled() -> AsyncIterator[bytes]:
        yield b"\x89PNG"
        await asyncio.sleep(60)

    with pytest.raises(TooSlow):
        await make_copy(PhotoIntake(Settings(upload_deadline_seconds=0.1)), stalled())


async def test_equal_photos_at_once_are_decoded_once(monkeypatch: pytest.MonkeyPatch):
    """Twenty equal uploads at the same time are decoded once and get the same copy."""
    intake, decoded = PhotoIntake(Settings()), []
    copy_of = intake._decode

    def counted(name: str, content: bytes) -> PhotoCopy:
        decoded.append(name)
        return copy_of(name, content)

    monkeypatch.setattr(intake, "_decode", counted)
    copies = await asyncio.gather(*(make_copy(intake, chunks(ACCEPTED["PNG"])) for _ in range(20)))
    assert len(set(map(id, copies))) == 1
    assert len(decoded) == 1


async def test_few_copies_are_remembered():
    """The memory of working copies does not grow."""
    intake = PhotoIntake(Settings())
    for side in range(40, 60):
        await make_copy(intake, chunks(encoded(picture(size=(side, side)), "PNG")))
    assert len(intake._recent) <= 8


async def stalled(number: int) -> AsyncIterator[bytes]:
    """Send so many bytes, and then nothing."""
    yield b"\x89" * number
    await asyncio.Event().wait()


async def test_uploads_that_stall_early_keep_nobody_out():
    """More stalled uploads than may be large at once, and a photo beside them is read."""
    intake = PhotoIntake(Settings(upload_deadline_seconds=60))
    waiting = [asyncio.create_task(make_copy(intake, stalled(9))) for _ in range(MAX_CONCURRENT_UPLOADS + 4)]
    await asyncio.sleep(0)
    assert (await make_copy(intake, chunks(ACCEPTED["PNG"]))).width == 120
    assert not any(it.done() for it in waiting)
    await given_up(waiting)


async def test_large_uploads_wait_for_each_other():
    """What is held in memory is bounded: so many large ones arrive at once, and the next when one has ended."""
    intake = PhotoIntake(Settings(upload_deadline_seconds=60))
    waiting = [
        asyncio.create_task(make_copy(intake, stalled(SLOT_FREE_BYTES)))
        for _ in range(MAX_CONCURRENT_UPLOADS)
    ]
    await asyncio.sleep(0)
    large = ACCEPTED["PNG"] + b"\0" * SLOT_FREE_BYTES
    last = asyncio.create_task(make_copy(intake, chunks(large, SLOT_FREE_BYTES)))
    await asyncio.sleep(0.1)
    assert not last.done()
    await given_up(waiting[:1])
    assert (await last).width == 120
    await given_up(waiting[1:])


async def given_up(tasks: list[asyncio.Task[PhotoCopy]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_a_phone_photo_is_decoded_at_a_part_of_its_size():
    """A large JPEG is never held at its full size; its copy is upright and shows the same."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera's left is the bottom
    sizes: list[tuple[int, int]] = []
    thumbnail = Image.Image.thumbnail

    def spy(image: Image.Image, *args: Any, **how: Any) -> None:
        sizes.append(image.size)
        thumbnail(image, *args, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Image.Image, "thumbnail", spy)
        copy = await taken(encoded(picture(size=(1008, 756)), "JPEG", exif=exif), photo_side=250)
    image = opened(copy)
    assert sizes == [(252, 189)]
    assert (copy.width, copy.height) == image.size == (188, 250)
    top, bottom = (image.convert("L").crop((20, y, 160, y + 20)).getextrema() for y in (10, 220))
    assert max(top) < 60
    assert min(bottom) > 200


@pytest.mark.parametrize(("level", "is_taken"), [(1, False), (12, True)])
async def test_fine_texture_is_not_one_colour(level: int, is_taken: bool):
    """Whether a photo shows something is decided on all pixels where blocks of them are alike."""
    texture = Image.effect_noise((160, 160), 0)
    texture.putdata([128 + level * ((x + y) % 2) for y in range(160) for x in range(160)])
    if is_taken:
        assert (await taken(encoded(texture, "PNG"))).width == 160
    else:
        with pytest.raises(Unprocessable, match="one colour"):
            await taken(encoded(texture, "PNG"))
