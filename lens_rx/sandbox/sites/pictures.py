"""The pictures that pages show of things: small, drawn once, kept."""

from __future__ import annotations

import asyncio
import base64
from functools import lru_cache

from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.drawing import jpeg

THUMBNAIL_SIDE = 96
#: What stands in a card until its picture has come: one transparent point.
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAP///////yH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


@lru_cache(maxsize=256)
def _jpeg(thing_id: str, side: int) -> bytes:
    return jpeg(catalogue()[thing_id], side, 80)


async def picture(thing: Thing, side: int) -> bytes:
    """Return the thing's picture as JPEG, `side` pixels wide and high."""
    return await asyncio.to_thread(_jpeg, thing.id, side)


async def thumbnail(thing: Thing) -> str:
    """Return the thing's thumbnail as a data address."""
    encoded = base64.b64encode(await picture(thing, THUMBNAIL_SIDE)).decode()
    return f"data:image/jpeg;base64,{encoded}"
