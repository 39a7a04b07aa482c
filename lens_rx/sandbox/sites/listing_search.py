"""How marketplaces search their listings: every word first, then fewer words, in a seeded order."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lens_rx.sandbox.catalogue import Catalogue, Thing
from lens_rx.sandbox.listings import Listing
from lens_rx.sandbox.sites.index import words

#: Share of the query's words that a listing holds to be shown among those with fewer.
FEWER = 0.5


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing with the thing that its seller filed it under, and every word it is found by."""

    listing: Listing
    thing: Thing
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search shows: listings that hold every word, and those that hold fewer."""

    full: tuple[Entry, ...] = ()
    fewer: tuple[Entry, ...] = ()


class Listings:
    """All listings of one marketplace."""

    def __init__(self, catalogue: Catalogue, marketplace: str) -> None:
        self.entries = tuple(
            Entry(listing, thing, frozenset(words(f"{listing.title} {thing.producer}")))
            for thing in catalogue
            for listing in thing.listings
            if listing.marketplace == marketplace
        )

    def at(self, listing_id: str) -> Entry | None:
        """Return the listing of that id, None where there is none."""
        return next((entry for entry in self.entries if entry.listing.id == listing_id), None)

    def find(self, query: str, shown: Callable[[Listing], bool] = lambda _: True) -> Hits:
        """Return the listings for the query among those that are `shown`, the same order each time."""
        banned = frozenset(word for part in re.findall(r"(?<!\S)-(\S+)", query) for word in words(part))
        wanted = frozenset(words(re.sub(r"(?<!\S)-\S+", " ", query)))
        if not wanted:
            return Hits()
        entries = [entry for entry in self.entries if shown(entry.listing) and not banned & entry.words]
        full = [entry for entry in entries if wanted <= entry.words]
        fewer = [
            entry
            for entry in entries
            if len(wanted & entry.words) / len(wanted) >= FEWER and not wanted <= entry.words
        ]
        return Hits(_shuffled(_distinct(full), query), _shuffled(_distinct(fewer), query))


def _distinct(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries with each listing once, however many things it is filed under."""
    return list({entry.listing.id: entry for entry in entries}.values())


def _shuffled(entries: Sequence[Entry], query: str) -> tuple[Entry, ...]:
    dice = random.Random(f"order:{query}")
    return tuple(dice.sample(entries, len(entries)))
