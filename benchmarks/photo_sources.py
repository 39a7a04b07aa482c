"""How often a practice photo is named right by way of Cloud Vision and eBay alone, without a browser.

Each photo of the sandbox is looked up by the official APIs' stand-ins, and named from what they find: by the
consensus of the titles, and by the sandbox's model. Prints the share of right names for each source.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from tools.figures import report

from lens_rx.clients.llm.configured_model import model_of
from lens_rx.clients.protocols import ImageSearch, Model
from lens_rx.clients.search_sources import image_search, open_api_clients
from lens_rx.facts import AnalysisState, Identity, Item, Photo
from lens_rx.facts.errors import StageError
from lens_rx.matching.title_words import alnum_key
from lens_rx.operators.identify import identify
from lens_rx.operators.lens import search_photo
from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.photos import ENCODINGS, take_photo
from lens_rx.sandbox.server import Sandbox
from lens_rx.settings import Settings

#: The sources in each row, as `LENS_RX_LENS` names them.
ROWS = (("vision",), ("ebay",), ("vision", "ebay"), ("vision", "ebay", "all"))
#: The row that the README has.
MAIN = ("vision", "ebay")


async def name_photo(photo: Photo, source: ImageSearch, model: Model | None) -> Identity | None:
    """Return the name of what a photo shows, None where it has none."""
    try:
        matches = await search_photo(source)(photo)
        return await identify(model)(AnalysisState(Item((photo,)), matches=matches))
    except StageError:
        return None


def is_right(identity: Identity | None, thing: Thing) -> bool:
    """Return whether producer and model are those of the thing."""
    if identity is None:
        return False
    named, true = ((it.producer, it.model) for it in (identity, thing))
    return all(alnum_key(one) == alnum_key(other) for one, other in zip(named, true, strict=True))


def write_photos(folder: Path, things: Sequence[Thing]) -> list[Photo]:
    """Write a photo of each thing as JPEG, as the service stores it."""
    photos = []
    for thing in things:
        path = folder / f"{thing.id}.jpg"
        path.write_bytes(take_photo(thing, ENCODINGS[0]))
        photos.append(Photo(thing.id, path, 0, 0))
    return photos


async def share_right(
    order: tuple[str, ...], sandbox: Sandbox, photos: Sequence[Photo], *, by_model: bool
) -> float:
    """Return the share of photos whose name is right by the sources of `order`."""
    settings = Settings().model_copy(update={"lens": order})
    async with AsyncExitStack() as stack:
        source = image_search(settings, open_api_clients(stack, settings, sandbox.endpoints), None)
        model = model_of(settings, sandbox.endpoints, None) if by_model else None
        if model:
            stack.push_async_callback(model.aclose)
        named = [await name_photo(photo, source, model) for photo in photos]
    things = catalogue()
    return sum(is_right(it, things[photo.sha256]) for it, photo in zip(named, photos, strict=True)) / len(
        photos
    )


async def main() -> None:
    """Print a row for each order of sources."""
    sandbox = Sandbox()
    await sandbox.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            photos = await asyncio.to_thread(write_photos, Path(folder), list(catalogue()))
            print(f"{len(photos)} photos of the sandbox; right: producer and model as the catalogue has them")
            for order in ROWS:
                shares = [await share_right(order, sandbox, photos, by_model=it) for it in (False, True)]
                sources = ", ".join(order)
                title = f"photos of the sandbox named right without a browser, by {sources}"
                report(
                    f"{title} and titles alone", 100 * shares[0], f"% of {len(photos)}", main=order == MAIN
                )
                report(f"{title} and the model", 100 * shares[1], f"% of {len(photos)}", main=order == MAIN)
    finally:
        await sandbox.aclose()


if __name__ == "__main__":
    asyncio.run(main())
