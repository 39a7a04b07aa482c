"""What Lens shows for a thing: pages about it, neighbours that only look like it, and noise."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lens_rx.sandbox.catalogue import Catalogue, Thing
from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX
from lens_rx.sandbox.sites.index import Document, Kind, documents_of
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
    """One card: the page behind it, the thing that its picture shows, whether Lens calls it exact."""

    document: Document
    pictured: Thing
    exact: bool = False


def similar_images(found: Sequence[Thing], catalogue: Catalogue) -> list[SimilarImage]:
    """Return the cards for the things that a photo resembles, exact ones first; none for none."""
    if not found:
        return []
    thing, dice = found[0], random.Random(f"lens:{found[0].id}")
    cards = _about(thing, dice)
    others = [*_neighbours(found, catalogue, dice), *_noise(thing, dice)]
    for other in others:
        cards.insert(dice.randint(2, len(cards)), other)
    return sorted(cards, key=lambda card: not card.exact)


def _about(thing: Thing, dice: random.Random) -> list[SimilarImage]:
    """Return the pages about the thing itself, the weightier kinds mostly first."""
    weight = {Kind.PRODUCT: 0.3, Kind.RESELLER: 0.4, Kind.OFFER: 0.7, Kind.STORY: 0.9}
    ranked = sorted(documents_of(thing), key=lambda document: weight[document.kind] + dice.random() * 0.6)
    sure = (Kind.PRODUCT, Kind.RESELLER)
    return [
        SimilarImage(document, thing, document.kind in sure and dice.random() < 0.7) for document in ranked
    ]


def _neighbours(found: Sequence[Thing], catalogue: Catalogue, dice: random.Random) -> list[SimilarImage]:
    """Return one page each of things that look alike or are akin, and of a stranger."""
    thing = found[0]
    near = [*found[1:], *related_things(catalogue.things, thing, NEIGHBOURS - 1)]
    strangers = [other for other in catalogue if other.kind != thing.kind and other not in near]
    shown = [*near[: NEIGHBOURS - 1], dice.choice(strangers)]
    return [SimilarImage(dice.choice(documents_of(other)), other) for other in shown]


def _noise(thing: Thing, dice: random.Random) -> list[SimilarImage]:
    """Return pages about nothing in particular."""
    blank = Document(Kind.STORY, "", "", "Moodboard")
    return [
        SimilarImage(
            replace(
                blank,
                title=title.format(colour=thing.colour.capitalize(), kind=thing.kind),
                link=f"http://moodboard{SANDBOX_SUFFIX}/pin/{dice.randrange(10**9)}",
            ),
            thing,
        )
        for title in NOISE
    ]
