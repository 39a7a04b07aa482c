"""Reads the photos of a multipart upload, bounded in bytes, parts and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from lens_rx.facts import PhotoCopy
from lens_rx.facts.errors import BadRequest, TooLarge, TooSlow, UnsupportedMedia
from lens_rx.web.context import AppContext

#: Parts of other names are passed over, but not without end.
MOST_PARTS = 32
CHUNK_BYTES = 65_536
#: Room for the headers of the parts.
OVERHEAD_BYTES = 100_000
HOW = "Send the photo as multipart/form-data, in a part named file, such as curl -F file=@photo.jpg does."
#: What a body that is no multipart, or no chunks, leads its readers to.
UNREADABLE = (ValueError, AssertionError, RuntimeError, HttpProcessingError, web.RequestPayloadError)
AS_IT_IS = {"binary", "8bit", "7bit"}


async def uploaded(request: web.Request, service: AppContext) -> tuple[PhotoCopy, ...]:
    """Return the photos of the parts named `file`, in order.

    Raises `BadRequest`, `TooSlow`, `TooLarge`, `UnsupportedMedia` or `Unprocessable`.
    """
    _check_head(request, service)
    try:
        photos = await _photos(await request.multipart(), service)
    except TimeoutError:
        raise TooSlow("The upload took too long. Please try again.") from None
    except UNREADABLE as error:
        raise BadRequest(f"The multipart body cannot be read. {HOW}") from error
    if not photos:
        raise BadRequest(f"There is no photo in it. {HOW}")
    return photos


def _check_head(request: web.Request, service: AppContext) -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("A compressed body is not accepted. Send the photo as it is.")
    if not request.content_type.startswith("multipart/"):
        raise BadRequest(HOW)
    most = service.settings.max_photo_bytes * service.settings.max_photos + OVERHEAD_BYTES
    if (request.content_length or 0) > most:
        raise TooLarge(f"An upload may have {most:,} bytes at most.")


async def _photos(parts: MultipartReader, service: AppContext) -> tuple[PhotoCopy, ...]:
    photos: list[PhotoCopy] = []
    for _ in range(MOST_PARTS):
        async with asyncio.timeout(service.settings.upload_deadline_seconds):
            part = await parts.next()
        if part is None:
            return tuple(photos)
        if isinstance(part, BodyPartReader) and part.name == "file":
            if len(photos) == service.settings.max_photos:
                raise TooLarge(f"At most {service.settings.max_photos} photos show one thing.")
            photos.append(await service.intake.photo(_chunks(part)))
        else:
            async with asyncio.timeout(service.settings.upload_deadline_seconds):
                await _pass_over(part, service.settings.max_photo_bytes)
    raise BadRequest(f"At most {MOST_PARTS} parts are read.")


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    transfer = part.headers.get("Content-Transfer-Encoding", "binary")
    if part.headers.get("Content-Encoding") or transfer.lower() not in AS_IT_IS:
        raise UnsupportedMedia("An encoded part is not accepted. Send the photo as it is.")
    while chunk := await part.read_chunk(CHUNK_BYTES):
        yield chunk


async def _pass_over(part: BodyPartReader | MultipartReader, most: int) -> None:
    if isinstance(part, MultipartReader):
        raise BadRequest("A part of parts is not accepted.")
    size = 0
    while chunk := await part.read_chunk(CHUNK_BYTES):
        size += len(chunk)
        if size > most:
            raise TooLarge(f"A part may have {most:,} bytes at most.")
