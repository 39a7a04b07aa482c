"""The marketplaces' search: full matches, then partial ones, in an order seeded by the query."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lens_rx.sandbox.catalogue import Catalogue, Thing
from lens_rx.sandbox.listings import Listing
from lens_rx.sandbox.sites.index import tokenize

#: Share of the query's words that a partial match contains.
MIN_PARTIAL_MATCH = 0.5


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing, the thing it belongs to, and the words it is found by."""

    listing: Listing
    thing: Thing
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hits:
    """A search's results: listings that contain every word, and those that contain fewer."""

    full: tuple[Entry, ...] = ()
    fewer: tuple[Entry, ...] = ()


class ListingIndex:
    """The searchable listings of one marketplace."""

    def __init__(self, catalogue: Catalogue, marketplace: str) -> None:
        self.entries = tuple(
            Entry(listing, thing, frozenset(tokenize(f"{listing.title} {thing.producer}")))
            for thing in catalogue
            for listing in thing.listings
            if listing.marketplace == marketplace
        )

    def get(self, listing_id: str) -> Entry | None:
        """Return the listing of that id, or None."""
        return next((entry for entry in self.entries if entry.listing.id == listing_id), None)

    def find(self, query: str, shown: Callable[[Listing], bool] = lambda _: True) -> Hits:
        """Search the listings that pass `shown`; words with a leading minus exclude; the order is deterministic."""
        banned = frozenset(word for part in re.findall(r"(?<!\S)-(\S+)", query) for word in tokenize(part))
        wanted = frozenset(tokenize(re.sub(r"(?<!\S)-\S+", " ", query)))
        if not wanted:
            return Hits()
        entries = [entry for entry in self.entries if shown(entry.listing) and not banned & entry.words]
        full = [entry for entry in entries if wanted <= entry.words]
        fewer = [
            entry
            for entry in entries
            if len(wanted & entry.words) / len(wanted) >= MIN_PARTIAL_MATCH and not wanted <= entry.words
        ]
        return Hits(_shuffle(_deduplicate(full), query), _shuffle(_deduplicate(fewer), query))


def _deduplicate(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries with each listing once."""
    return list({entry.listing.id: entry for entry in entries}.values())


def _shuffle(entries: Sequence[Entry], query: str) -> tuple[Entry, ...]:
    rng = random.Random(f"order:{query}")
    return tuple(rng.sample(entries, len(entries)))
