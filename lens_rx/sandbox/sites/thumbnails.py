"""The pictures that pages show of things: small, drawn once, kept."""

from __future__ import annotations

import asyncio
import base64

from lens_rx.sandbox.catalogue import Thing
from lens_rx.sandbox.drawings.renderer import jpeg

THUMBNAIL_SIDE = 96
QUALITY = 80
#: What stands in a card until its picture has come: one transparent point.
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAP///////yH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

#: Drawn pictures by thing and side: as many as the catalogue has things, in the two sizes that pages use.
_drawn: dict[tuple[str, int], bytes] = {}


async def picture(thing: Thing, side: int) -> bytes:
    """Return the thing's picture as JPEG, `side` pixels wide and high."""
    key = (thing.id, side)
    if key not in _drawn:
        _drawn[key] = await asyncio.to_thread(jpeg, thing, side, QUALITY)
    return _drawn[key]


async def thumbnail(thing: Thing) -> str:
    """Return the thing's thumbnail as a data address."""
    encoded = base64.b64encode(await picture(thing, THUMBNAIL_SIDE)).decode()
    return f"data:image/jpeg;base64,{encoded}"
