"""The photos of a call: bytes as base64, or web addresses, received as an upload is."""

from __future__ import annotations

import asyncio
import binascii
from base64 import b64decode
from collections.abc import AsyncIterator, Sequence

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest, PolicyError, StageError, Unprocessable
from lens_rx.mcp.tool import ToolCall
from lens_rx.web.received_photos import ReceivedPhotos

DATA_URL = "data:"


async def receive_photos(
    call: ToolCall, photos: ReceivedPhotos, encoded: Sequence[str], urls: Sequence[str]
) -> None:
    """Receive the photos in their order, those with bytes first.

    Raises `BadRequest`, `TooLarge`, what an upload raises, and `Unprocessable` for an address that gives none.
    """
    photos.check_count(len(encoded) + len(urls))
    for number, text in enumerate(encoded, 1):
        await photos.receive(_in_one_piece(await asyncio.to_thread(_decode, text, number)))
    for url in urls:
        await photos.receive(_in_one_piece(await _fetch(call, url)))


def _decode(text: str, number: int) -> bytes:
    """Return the bytes of base64, or of a data URL."""
    if text.startswith(DATA_URL):
        text = text.partition(",")[2]
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        message = (
            f"photos: number {number} is no base64. Send the bytes of the file, or its address in photo_urls."
        )
        raise BadRequest(message, code=ErrorCode.INVALID_PARAMETER) from None


async def _fetch(call: ToolCall, url: str) -> bytes:
    try:
        return await call.photo_reader.read_photo(url)
    except PolicyError as error:
        message = (
            f"photo_urls: {error} Name a public http or https address, or send the photo's bytes in photos."
        )
        raise BadRequest(message, code=ErrorCode.INVALID_PARAMETER) from None
    except StageError as error:
        raise Unprocessable(f"photo_urls: {error} Send the photo's bytes in photos instead.") from None


async def _in_one_piece(content: bytes) -> AsyncIterator[bytes]:
    yield content
