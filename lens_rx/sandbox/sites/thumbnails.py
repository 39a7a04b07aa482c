"""Pictures of things on pages, drawn once and cached in memory."""

from __future__ import annotations

import asyncio
import base64

from lens_rx.sandbox.catalogue import Thing
from lens_rx.sandbox.drawings.renderer import jpeg

THUMBNAIL_SIDE = 96
QUALITY = 80
#: A card's image until its script has loaded the picture: one transparent pixel.
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAP///////yH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

#: Pictures by thing and side; bounded by the catalogue's size and two sizes.
_drawn: dict[tuple[str, int], bytes] = {}


async def picture(thing: Thing, side: int) -> bytes:
    """Return the thing's picture as a JPEG of `side` x `side` pixels."""
    key = (thing.id, side)
    if key not in _drawn:
        _drawn[key] = await asyncio.to_thread(jpeg, thing, side, QUALITY)
    return _drawn[key]


async def thumbnail(thing: Thing) -> str:
    """Return the thing's thumbnail as a data URL."""
    encoded = base64.b64encode(await picture(thing, THUMBNAIL_SIDE)).decode()
    return f"data:image/jpeg;base64,{encoded}"
