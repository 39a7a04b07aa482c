"""`POST /thumbnail`: a small JPEG of one photo, for browsers that cannot draw it themselves; nothing is stored."""

from __future__ import annotations

import asyncio
from io import BytesIO

from aiohttp import web
from PIL import Image

from lens_rx.facts.errors import TooLarge
from lens_rx.web.access_control import requester_of
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.query_params import check_parameters
from lens_rx.web.upload import read_upload

#: The longer side: enough for a square of 160 pixels, and for screens of twice the density.
SIDE_PIXELS = 320
JPEG_QUALITY = 80


async def make_thumbnail(request: web.Request) -> web.Response:
    """Read one photo within the limits of an upload, and answer with its thumbnail.

    Raises what reading and decoding an upload raise, and `TooLarge` for a second photo.
    """
    check_parameters(request.query)
    context = request.app[APP_CONTEXT]
    async with context.intake.open_upload(requester_of(request).client) as photos:
        await read_upload(request, context, photos)
        if len(photos) > 1:
            raise TooLarge("A thumbnail shows one photo. Send one at a time.")
        [copy] = await photos.decoded()
    body = await asyncio.to_thread(_shrink, copy.content)
    context.metrics.thumbnails.inc()
    return web.Response(body=body, headers={"Content-Type": "image/jpeg", "Cache-Control": "no-store"})


def _shrink(jpeg: bytes) -> bytes:
    out = BytesIO()
    with Image.open(BytesIO(jpeg), formats=("JPEG",)) as image:
        image.thumbnail((SIDE_PIXELS, SIDE_PIXELS))
        image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
