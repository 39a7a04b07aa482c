"""Read the photos of a multipart upload, bounded in bytes, parts and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from lens_rx.facts import PhotoCopy
from lens_rx.facts.errors import BadRequest, TooLarge, TooSlow, UnsupportedMedia
from lens_rx.web.context import AppContext

#: Parts of other names are skipped, up to this number of parts in all.
MAX_PARTS = 32
CHUNK_BYTES = 65_536
#: Allowance for the parts' headers.
MULTIPART_OVERHEAD_BYTES = 100_000
USAGE_HINT = (
    "Send the photo as multipart/form-data, in a part named file, such as curl -F file=@photo.jpg does."
)
#: What aiohttp's readers raise on a body that is no valid multipart or chunked encoding.
MULTIPART_ERRORS = (ValueError, AssertionError, RuntimeError, HttpProcessingError, web.RequestPayloadError)
IDENTITY_ENCODINGS = {"binary", "8bit", "7bit"}


async def read_upload(request: web.Request, context: AppContext) -> tuple[PhotoCopy, ...]:
    """Return the photos of the parts named `file`, in order.

    Raises `BadRequest`, `TooSlow`, `TooLarge`, `UnsupportedMedia` or `Unprocessable`.
    """
    _check_headers(request, context)
    try:
        photos = await _read_parts(await request.multipart(), context)
    except TimeoutError:
        raise TooSlow("The upload took too long. Please try again.") from None
    except MULTIPART_ERRORS as error:
        raise BadRequest(f"The multipart body cannot be read. {USAGE_HINT}") from error
    if not photos:
        raise BadRequest(f"There is no photo in it. {USAGE_HINT}")
    return photos


def _check_headers(request: web.Request, context: AppContext) -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("A compressed body is not accepted. Send the photo as it is.")
    if not request.content_type.startswith("multipart/"):
        raise BadRequest(USAGE_HINT)
    limit = context.settings.max_photo_bytes * context.settings.max_photos + MULTIPART_OVERHEAD_BYTES
    if (request.content_length or 0) > limit:
        raise TooLarge(f"An upload may have {limit:,} bytes at most.")


async def _read_parts(parts: MultipartReader, context: AppContext) -> tuple[PhotoCopy, ...]:
    photos: list[PhotoCopy] = []
    for _ in range(MAX_PARTS):
        async with asyncio.timeout(context.settings.upload_deadline_seconds):
            part = await parts.next()
        if part is None:
            return tuple(photos)
        if isinstance(part, BodyPartReader) and part.name == "file":
            if len(photos) == context.settings.max_photos:
                raise TooLarge(f"At most {context.settings.max_photos} photos show one thing.")
            photos.append(await context.intake.make_copy(_part_chunks(part)))
        else:
            async with asyncio.timeout(context.settings.upload_deadline_seconds):
                await _skip_part(part, context.settings.max_photo_bytes)
    raise BadRequest(f"At most {MAX_PARTS} parts are read.")


async def _part_chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    transfer = part.headers.get("Content-Transfer-Encoding", "binary")
    if part.headers.get("Content-Encoding") or transfer.lower() not in IDENTITY_ENCODINGS:
        raise UnsupportedMedia("An encoded part is not accepted. Send the photo as it is.")
    while chunk := await part.read_chunk(CHUNK_BYTES):
        yield chunk


async def _skip_part(part: BodyPartReader | MultipartReader, limit: int) -> None:
    if isinstance(part, MultipartReader):
        raise BadRequest("A part of parts is not accepted.")
    size = 0
    while chunk := await part.read_chunk(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"A part may have {limit:,} bytes at most.")
