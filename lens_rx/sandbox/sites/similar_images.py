"""Lens' results for a thing: pages about it, similar things, and unrelated pages."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lens_rx.sandbox.catalogue import Catalogue, Thing
from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX
from lens_rx.sandbox.sites.index import Document, PageKind, documents_of
from lens_rx.sandbox.sites.related import related_things

NEIGHBOURS = 3
#: Cards of the first screen; the others come when the page is scrolled.
FIRST_SCREEN = 12
NOISE = (
    "{colour} {kind} outfit ideas for autumn 🍂",
    "{kind} aesthetic wallpaper, {colour}",
    "How to choose: {kind} (Quick guide) ...",
    "r/whatisthisthing - {kind} from a flea market, any idea?",
)


@dataclass(frozen=True, slots=True)
class SimilarImage:
    """One card: its page, the thing in its picture, and whether it is an exact match."""

    document: Document
    pictured: Thing
    exact: bool = False


def similar_images(found: Sequence[Thing], catalogue: Catalogue) -> list[SimilarImage]:
    """Return the cards for the recognised things, exact matches first; [] for none."""
    if not found:
        return []
    thing, rng = found[0], random.Random(f"lens:{found[0].id}")
    cards = _about(thing, rng)
    others = [*_neighbours(found, catalogue, rng), *_noise(thing, rng)]
    for other in others:
        cards.insert(rng.randint(2, len(cards)), other)
    return sorted(cards, key=lambda card: not card.exact)


def _about(thing: Thing, rng: random.Random) -> list[SimilarImage]:
    """Return the pages about the thing itself, mostly ordered by kind."""
    weight = {PageKind.PRODUCT: 0.3, PageKind.RESELLER: 0.4, PageKind.OFFER: 0.7, PageKind.STORY: 0.9}
    ranked = sorted(documents_of(thing), key=lambda document: weight[document.kind] + rng.random() * 0.6)
    sure = (PageKind.PRODUCT, PageKind.RESELLER)
    return [
        SimilarImage(document, thing, document.kind in sure and rng.random() < 0.7) for document in ranked
    ]


def _neighbours(found: Sequence[Thing], catalogue: Catalogue, rng: random.Random) -> list[SimilarImage]:
    """Return one page each about similar and related things, and one about an unrelated thing."""
    thing = found[0]
    near = [*found[1:], *related_things(catalogue.things, thing, NEIGHBOURS - 1)]
    strangers = [other for other in catalogue if other.kind != thing.kind and other not in near]
    shown = [*near[: NEIGHBOURS - 1], rng.choice(strangers)]
    return [SimilarImage(rng.choice(documents_of(other)), other) for other in shown]


def _noise(thing: Thing, rng: random.Random) -> list[SimilarImage]:
    """Return unrelated pages."""
    blank = Document(PageKind.STORY, "", "", "Moodboard")
    return [
        SimilarImage(
            replace(
                blank,
                title=title.format(colour=thing.colour.capitalize(), kind=thing.kind),
                link=f"http://moodboard{SANDBOX_SUFFIX}/pin/{rng.randrange(10**9)}",
            ),
            thing,
        )
        for title in NOISE
    ]
