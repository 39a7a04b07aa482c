"""Which offers are believed: of this very thing, one of it, and at a price that somebody means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lens_rx.facts import Identity, Offer, Rejected
from lens_rx.matching import exclusion_rules as traps
from lens_rx.matching.categories import categories_in, same_category
from lens_rx.matching.stopwords import STOPWORDS
from lens_rx.matching.title_match import mismatch
from lens_rx.matching.title_words import fold, words
from lens_rx.parsing.html.urls import split

DUPLICATE_REASON = "The same listing was already counted."
#: A listing whose dearest variant costs so many times the cheapest one has no price.
MAX_RANGE_RATIO = 3
#: Characters of a title that are read; marketplaces allow 40 to 255.
MAX_TITLE_LENGTH = 300
_PLACEHOLDER = re.compile(r"^\W*(?:shop on ebay)?\W*$|\{\{|\$\{|\blorem ipsum\b", re.IGNORECASE)
#: Words after which a title tells what comes with the thing.
_COMES_WITH = re.compile(
    r"\b(?:with|w/|incl|inkl|including|mit|avec|con|met|z|inclus|samt)\b.*|[(\[].*", re.IGNORECASE
)
#: What things of a kind have of their own, so that naming it gives nothing away.
_CATEGORY_PARTS = MappingProxyType(
    {"watch": "strap band bracelet case box", "bag": "strap", "glasses": "case", "guitar": "case strap"}
)
_CONJUNCTION = r"(?:\b(?:and|und|et|y|e|en|i|plus)\b|[+&])\s*(?:\w+\s+){0,2}"


def screen_offers(
    offers: Sequence[Offer], identity: Identity
) -> tuple[tuple[Offer, ...], tuple[Rejected, ...]]:
    """Return the offers that are believed and those that are not, each with its reason, both in order."""
    bench = ScreeningContext.of(identity)
    told = [
        (offer, DUPLICATE_REASON if again else bench.reason(offer))
        for offer, again in _with_duplicate_flag(offers)
    ]
    return _split_by_reason(told)


def without_duplicates(offers: Sequence[Offer]) -> tuple[tuple[Offer, ...], tuple[Rejected, ...]]:
    """Return the offers without those whose listing stood there before, and those, both in order."""
    return _split_by_reason(
        [(offer, DUPLICATE_REASON if again else "") for offer, again in _with_duplicate_flag(offers)]
    )


def _split_by_reason(told: Sequence[tuple[Offer, str]]) -> tuple[tuple[Offer, ...], tuple[Rejected, ...]]:
    kept = tuple(offer for offer, reason in told if not reason)
    return kept, tuple(Rejected(offer, reason) for offer, reason in told if reason)


def _with_duplicate_flag(offers: Sequence[Offer]) -> Iterator[tuple[Offer, bool]]:
    """Yield each offer and whether its listing stood there before."""
    seen: set[tuple[str, ...]] = set()
    for offer in offers:
        marks = _listing_keys(offer)
        yield offer, bool(seen & marks)
        seen |= marks


@dataclass(frozen=True, slots=True)
class ScreeningContext:
    """What offers of one thing are measured against."""

    identity: Identity
    own_words: str
    categories: frozenset[str]

    @classmethod
    def of(cls, identity: Identity) -> ScreeningContext:
        """Return the context of the offers for `identity`."""
        kinds = categories_in(f"{identity.model} {identity.category}") or _common_categories(identity.titles)
        parts = " ".join(_CATEGORY_PARTS.get(kind, "") for kind in kinds)
        own = fold(f"{identity.producer} {identity.model} {identity.category} {parts}")
        return cls(identity, own, frozenset(kinds))

    def reason(self, offer: Offer) -> str:
        """Return why an offer is not believed, empty where it is."""
        return next(filter(None, self._reasons(offer)), "")

    def _reasons(self, offer: Offer) -> Iterator[str]:
        written = offer.title[:MAX_TITLE_LENGTH]
        title = fold(written)
        yield _implausible(offer)
        if word := traps.service(title, self.own_words):
            yield f"Somebody looks for one, lends or mends it: “{word}”."
        if word := traps.replica(title, self.own_words, self._names()):
            yield f"It is no original: “{word}”."
        if word := traps.accessory(title, self.own_words, self._names()):
            yield f"It is an accessory or a part: “{word}”."
        if word := traps.merchandise(title, self.own_words):
            yield f"It is only about the thing: “{word}”."
        if word := traps.bundle(title, self.own_words) or self._joined_category(written):
            yield f"It is more than one thing: “{word}”."
        if word := self._other_category(written):
            yield f"It is another kind of thing: “{word}”."
        if word := traps.edition(title, self.own_words):
            yield f"It is another edition: “{word}”."
        yield mismatch(written, self.identity)
        if offer.bids == 0 and not offer.sold:
            yield "Nobody has bid on it yet, so its price is only where bidding starts."

    def _names(self) -> tuple[str, ...]:
        """Return how a title calls the thing that an accessory is for: by its producer or its model."""
        producer = next(
            (w for w in words(self.identity.producer) if len(w) > 2 and fold(w) not in STOPWORDS), ""
        )
        return fold(producer), fold(" ".join(words(self.identity.model)[:2]))

    def _other_category(self, title: str) -> str:
        """Return the word of another kind that a title calls the thing, its own name left out."""
        named = categories_in(self._without_name(title))
        if not self.categories or not named or any(self._is_own_category(kind) for kind in named):
            return ""
        return next(iter(named.values()))

    def _without_name(self, title: str) -> str:
        rest = _COMES_WITH.sub("", title)
        for name in (self.identity.model, self.identity.producer):
            rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE) if name else rest
        return rest

    def _joined_category(self, title: str) -> str:
        """Return the word of another kind of thing that a title adds to this one ("camera and lens")."""
        told = _COMES_WITH.sub("", title).casefold()
        others = [word for kind, word in categories_in(told).items() if not self._is_own_category(kind)]
        return next(
            (word for word in others if self.categories and re.search(_CONJUNCTION + re.escape(word), told)),
            "",
        )

    def _is_own_category(self, kind: str) -> bool:
        return any(same_category(kind, own) for own in self.categories)


def _common_categories(titles: Sequence[str]) -> frozenset[str]:
    """Return the kinds of thing that at least half of the titles name."""
    named = [categories_in(title) for title in titles]
    return frozenset(
        kind for kind in {k for it in named for k in it} if 2 * sum(kind in it for it in named) >= len(named)
    )


def _implausible(offer: Offer) -> str:
    if _PLACEHOLDER.search(offer.title[:MAX_TITLE_LENGTH]):
        return "It is a placeholder of the page, not a listing."
    if offer.price <= 0:
        return "It has no price."
    if offer.price_high is not None and offer.price_high >= MAX_RANGE_RATIO * offer.price:
        return "It lists several variants at very different prices."
    return ""


def _listing_keys(offer: Offer) -> set[tuple[str, ...]]:
    """Return what tells a listing again: its id, its address, or the same picture and words at one price."""
    parts = split(offer.link)
    site = next(iter((parts.hostname or "").removeprefix("www.").split(".")), "")
    numbers = re.findall(r"\d{6,}", parts.path)
    place = numbers[-1] if numbers else parts.path
    marks: set[tuple[str, ...]] = {(offer.marketplace, offer.id), (site, place)}
    if offer.image:
        marks.add((offer.image, fold(offer.title), str(offer.price), offer.currency))
    return marks
