"""The screening of offers: of this thing, of one of it, and at a plausible price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lens_rx.facts import Identity, Offer, Rejected
from lens_rx.matching import exclusion_rules
from lens_rx.matching.categories import categories_in, common_categories, same_category
from lens_rx.matching.stopwords import STOPWORDS
from lens_rx.matching.title_match import mismatch
from lens_rx.matching.title_words import fold, words
from lens_rx.parsing.html.urls import split_url

DUPLICATE_REASON = "The same listing was already counted."
#: Ratio of the highest to the lowest price of a listing's variants from which it has no usable price.
MAX_RANGE_RATIO = 3
#: Characters of a title that are read; marketplaces allow 40 to 255.
MAX_TITLE_LENGTH = 300
_PLACEHOLDER = re.compile(r"^\W*(?:shop on ebay)?\W*$|\{\{|\$\{|\blorem ipsum\b", re.IGNORECASE)
#: The part of a title that says what comes with the thing.
_COMES_WITH = re.compile(
    r"\b(?:with|w/|incl|inkl|including|mit|avec|con|met|z|inclus|samt)\b.*|[(\[].*", re.IGNORECASE
)
#: Parts that belong to things of a category, so that naming them is no reason to exclude.
_CATEGORY_PARTS = MappingProxyType(
    {"watch": "strap band bracelet case box", "bag": "strap", "glasses": "case", "guitar": "case strap"}
)
_CONJUNCTION = r"(?:\b(?:and|und|et|y|e|en|i|plus)\b|[+&])\s*(?:\w+\s+){0,2}"


def screen_offers(
    offers: Sequence[Offer], identity: Identity
) -> tuple[tuple[Offer, ...], tuple[Rejected, ...]]:
    """Return the accepted offers, and the rejected ones with their reasons, both in the order given."""
    context = ScreeningContext.of(identity)
    reasons = [
        (offer, DUPLICATE_REASON if again else context.reason(offer))
        for offer, again in _with_duplicate_flag(offers)
    ]
    return _split_by_reason(reasons)


def without_duplicates(offers: Sequence[Offer]) -> tuple[tuple[Offer, ...], tuple[Rejected, ...]]:
    """Return the offers without duplicate listings, and the duplicates, both in the order given."""
    return _split_by_reason(
        [(offer, DUPLICATE_REASON if again else "") for offer, again in _with_duplicate_flag(offers)]
    )


def _split_by_reason(reasons: Sequence[tuple[Offer, str]]) -> tuple[tuple[Offer, ...], tuple[Rejected, ...]]:
    kept = tuple(offer for offer, reason in reasons if not reason)
    return kept, tuple(Rejected(offer, reason) for offer, reason in reasons if reason)


def _with_duplicate_flag(offers: Sequence[Offer]) -> Iterator[tuple[Offer, bool]]:
    """Yield each offer and whether its listing was there before."""
    seen: set[tuple[str, ...]] = set()
    for offer in offers:
        keys = _listing_keys(offer)
        yield offer, bool(seen & keys)
        seen |= keys


@dataclass(frozen=True, slots=True)
class ScreeningContext:
    """The identity that offers are screened against, with its words and categories.

    `names` are the folded names by which a title says what an accessory is for: producer and model.
    """

    identity: Identity
    own_words: str
    names: tuple[str, str]
    categories: frozenset[str]

    @classmethod
    def of(cls, identity: Identity) -> ScreeningContext:
        """Return the context of the offers for `identity`."""
        categories = categories_in(f"{identity.model} {identity.category}") or common_categories(
            identity.titles
        )
        parts = " ".join(_CATEGORY_PARTS.get(category, "") for category in categories)
        own = fold(f"{identity.producer} {identity.model} {identity.category} {parts}")
        producer = next((w for w in words(identity.producer) if len(w) > 2 and fold(w) not in STOPWORDS), "")
        names = fold(producer), fold(" ".join(words(identity.model)[:2]))
        return cls(identity, own, names, frozenset(categories))

    def reason(self, offer: Offer) -> str:
        """Return why an offer is rejected, "" where it is accepted."""
        return next(filter(None, self._reasons(offer)), "")

    def _reasons(self, offer: Offer) -> Iterator[str]:
        written = offer.title[:MAX_TITLE_LENGTH]
        title = fold(written)
        yield _implausible(offer)
        if offer.wanted:
            yield "Somebody looks for one."
        if word := exclusion_rules.service(title, self.own_words):
            yield f"Somebody looks for one, lends or mends it: “{word}”."
        if word := exclusion_rules.replica(title, self.own_words, self.names):
            yield f"It is no original: “{word}”."
        if word := exclusion_rules.accessory(title, self.own_words, self.names):
            yield f"It is an accessory or a part: “{word}”."
        if word := exclusion_rules.merchandise(title, self.own_words):
            yield f"It is only about the thing: “{word}”."
        if word := exclusion_rules.bundle(title, self.own_words) or self._joined_category(written):
            yield f"It is more than one thing: “{word}”."
        if word := self._other_category(written):
            yield f"It is another kind of thing: “{word}”."
        if word := exclusion_rules.edition(title, self.own_words):
            yield f"It is another edition: “{word}”."
        yield mismatch(written, self.identity)
        if offer.bids == 0 and not offer.sold:
            yield "Nobody has bid on it yet, so its price is only where bidding starts."

    def _other_category(self, title: str) -> str:
        """Return the word of another category in a title, outside of the thing's own name."""
        named = categories_in(self._without_name(title))
        if not self.categories or not named or any(self._is_own_category(category) for category in named):
            return ""
        return next(iter(named.values()))

    def _without_name(self, title: str) -> str:
        rest = _COMES_WITH.sub("", title).lower()
        for name in (self.identity.model, self.identity.producer):
            rest = rest.replace(name.lower(), " ") if name else rest
        return rest

    def _joined_category(self, title: str) -> str:
        """Return the word of another category that a title adds to this one ("camera and lens")."""
        rest = _COMES_WITH.sub("", title).casefold()
        others = [
            word for category, word in categories_in(rest).items() if not self._is_own_category(category)
        ]
        return next(
            (word for word in others if self.categories and re.search(_CONJUNCTION + re.escape(word), rest)),
            "",
        )

    def _is_own_category(self, category: str) -> bool:
        return any(same_category(category, own) for own in self.categories)


def _implausible(offer: Offer) -> str:
    if _PLACEHOLDER.search(offer.title[:MAX_TITLE_LENGTH]):
        return "It is a placeholder of the page, not a listing."
    if offer.price <= 0:
        return "It has no price."
    if offer.price_high is not None and offer.price_high >= MAX_RANGE_RATIO * offer.price:
        return "It lists several variants at very different prices."
    return ""


def _listing_keys(offer: Offer) -> set[tuple[str, ...]]:
    """Return the keys by which a listing is recognised: id, address, or picture with title and price."""
    parts = split_url(offer.link)
    site = next(iter((parts.hostname or "").removeprefix("www.").split(".")), "")
    numbers = re.findall(r"\d{6,}", parts.path)
    place = numbers[-1] if numbers else parts.path
    keys: set[tuple[str, ...]] = {(offer.marketplace, offer.id), (site, place)}
    if offer.image:
        keys.add((offer.image, fold(offer.title), str(offer.price), offer.currency))
    return keys
