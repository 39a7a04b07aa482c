"""Read the photos of a multipart upload, bounded in bytes, parts and time."""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest, TooLarge, TooSlow, UnsupportedMedia
from lens_rx.web.context import AppContext
from lens_rx.web.multipart_stream import MultipartStream, PartHeaders
from lens_rx.web.received_photos import ReceivedPhotos

#: Parts of other names are skipped, up to this number of parts in all.
MAX_PARTS = 32
#: Allowance for the parts' headers.
MULTIPART_OVERHEAD_BYTES = 100_000
USAGE_HINT = (
    "Send the photo as multipart/form-data, in a part named file, such as curl -F file=@photo.jpg does."
)
#: What reading raises on a body that is no valid multipart or chunked encoding.
MULTIPART_ERRORS = (ValueError, RuntimeError, HttpProcessingError, web.RequestPayloadError)
IDENTITY_ENCODINGS = {"binary", "8bit", "7bit"}


async def read_upload(request: web.Request, context: AppContext, photos: ReceivedPhotos) -> None:
    """Receive the photos of the parts named `file`, in order.

    Raises `BadRequest`, `TooSlow`, `TooLarge`, `UnsupportedMedia` or `Unprocessable`.
    """
    _check_headers(request, context)
    try:
        head_seconds = context.settings.upload_deadline_seconds
        parts = MultipartStream(request.content, request.headers["Content-Type"], head_seconds)
        await _read_parts(parts, context, photos)
    except TimeoutError:
        raise TooSlow("The upload took too long. Please try again.") from None
    except MULTIPART_ERRORS as error:
        message = f"The multipart body cannot be read. {USAGE_HINT}"
        raise BadRequest(message, code=ErrorCode.INVALID_BODY) from error
    if not photos:
        raise BadRequest(f"There is no photo in it. {USAGE_HINT}", code=ErrorCode.NO_PHOTO)


def _check_headers(request: web.Request, context: AppContext) -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("A compressed body is not accepted. Send the photo as it is.")
    if not request.content_type.startswith("multipart/"):
        raise BadRequest(USAGE_HINT, code=ErrorCode.NO_PHOTO)
    limit = context.settings.max_photo_bytes * context.settings.max_photos + MULTIPART_OVERHEAD_BYTES
    if (request.content_length or 0) > limit:
        raise TooLarge(f"An upload may have {limit:,} bytes at most.")


async def _read_parts(parts: MultipartStream, context: AppContext, photos: ReceivedPhotos) -> None:
    for _ in range(MAX_PARTS):
        part = await parts.next_part()
        if part is None:
            return
        if part.name == "file" and not part.is_multipart:
            photos.check_count(len(photos) + 1)
            _check_encoding(part)
            await photos.receive(parts.chunks())
        else:
            async with asyncio.timeout(context.settings.upload_deadline_seconds):
                await _skip_part(part, parts, context.settings.max_photo_bytes)
    raise BadRequest(f"At most {MAX_PARTS} parts are read.")


def _check_encoding(part: PartHeaders) -> None:
    transfer = part.headers.get("Content-Transfer-Encoding", "binary")
    if part.headers.get("Content-Encoding") or transfer.lower() not in IDENTITY_ENCODINGS:
        raise UnsupportedMedia("An encoded part is not accepted. Send the photo as it is.")


async def _skip_part(part: PartHeaders, parts: MultipartStream, limit: int) -> None:
    if part.is_multipart:
        raise BadRequest("A part of parts is not accepted.")
    size = 0
    async for chunk in parts.chunks():
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"A part may have {limit:,} bytes at most.")
