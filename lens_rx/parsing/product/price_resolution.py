"""The price and its currency, from all sources: agreement counts, a contradiction must be clear to be settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from lens_rx.parsing.product.claims import MARKUP_SOURCES, OfferClaim, ProductClaim
from lens_rx.parsing.product.page_evidence import PageEvidence, is_selected
from lens_rx.parsing.product.price_words import NOT_PRICES, Meaning
from lens_rx.parsing.product.visible_prices import CLEAR, VisiblePrice

#: What a plain statement of each source is worth.
TRUST = {"json-ld": 3.0, "microdata": 3.0, "rdfa": 2.5, "meta": 2.4, "state": 1.2}
#: What a source's second claim is worth: often another seller's, or another variant's.
_AGAIN = 0.4
#: What a visible amount is worth at most, and what the best of them is worth beside that.
VISIBLE_MOST = 3.6
_FIRST = 0.8
#: How much better supported the first amount must be than the second, and where no reader sees it.
_MARGIN = 1.05
_UNSEEN_MARGIN = 1.5
#: The same where the visible page is the only source of both.
_VISIBLE_MARGIN = 1.1
#: The score from which an amount of the page may be what markup states without tax, and what that costs the latter.
_FAIR = 1.2
_UNSEEN = 2.0
_TAXED = (Decimal("1.03"), Decimal("1.30"))
#: The support that is enough for an amount, the least where it is as many times that of the next.
_ENOUGH = 1.0
_LITTLE = 0.5
_FAR_AHEAD = 3.0
_SEEN = "visible text"
#: What an amount loses that is another product's.
_OTHERS = 3.0


@dataclass(frozen=True, slots=True)
class PriceClaim:
    """One amount that may be the price, with its source and the weight of the evidence."""

    amount: Decimal
    currency: str
    source: str
    weight: float
    high: Decimal | None = None


@dataclass(slots=True)
class AmountSupport:
    """The evidence for one amount, by source."""

    amount: Decimal
    by_source: dict[str, float] = field(default_factory=dict)
    currencies: dict[str, float] = field(default_factory=dict)
    penalty: float = 0.0

    def add(self, claim: PriceClaim) -> None:
        """Add a claim; of one source the strongest counts."""
        self.by_source[claim.source] = max(self.by_source.get(claim.source, 0.0), claim.weight)
        if claim.currency:
            self.currencies[claim.currency] = self.currencies.get(claim.currency, 0.0) + claim.weight

    @property
    def total(self) -> float:
        """The support of all sources."""
        return sum(self.by_source.values()) - self.penalty

    @property
    def source(self) -> str:
        """The source that supports the amount most."""
        return max(self.by_source, key=lambda name: self.by_source[name])


@dataclass(frozen=True, slots=True)
class Price:
    """The price that was settled on, and which sources it was read in."""

    amount: Decimal
    currency: str | None
    source: str
    currency_source: str


def resolve(evidence: PageEvidence) -> Price | None:
    """Return the price that the sources support, None where none is clear."""
    ranked = rank_amounts(evidence)
    if not ranked or not _is_enough(ranked):
        return None
    first = ranked[0]
    shown = any(one.amount == first.amount and not one.struck for one in evidence.visible_prices)
    if len(ranked) > 1 and not _is_clearly_first(first, ranked[1], shown=shown):
        return None
    return _price(first, evidence)


def rank_amounts(evidence: PageEvidence) -> list[AmountSupport]:
    """Return every amount that may be the price with what supports it, the best supported first."""
    found: dict[Decimal, AmountSupport] = {}
    for claim in (*_structured_price_claims(evidence), *_visible_price_claims(evidence)):
        found.setdefault(claim.amount, AmountSupport(claim.amount)).add(claim)
    _penalise_struck(found, evidence.visible_prices)
    _penalise_unseen(found, evidence)
    _penalise_contradicted(found, evidence)
    _penalise_others(found, evidence)
    return sorted(found.values(), key=lambda one: -one.total)


def _structured_price_claims(evidence: PageEvidence) -> Iterator[PriceClaim]:
    sources: set[str] = set()
    for claim in evidence.claims:
        trust = TRUST[claim.source] * (_AGAIN if claim.source in sources else 1)
        for offer, share in _offer_weights(claim, evidence):
            if offer.price is not None:
                sources.add(claim.source)
                amount = _in_whole_units(offer.price, evidence) if claim.source == "state" else offer.price
                yield PriceClaim(amount, offer.currency, claim.source, trust * share, offer.high)


def _in_whole_units(amount: Decimal, evidence: PageEvidence) -> Decimal:
    """Return an amount of a script in whole units: a hundredth where only that stands on the page."""
    known = {one.amount for one in evidence.visible_prices}
    known |= {
        offer.price
        for claim in evidence.claims
        for offer in claim.offers
        if offer.price and claim.source != "state"
    }
    whole = amount / 100
    return (
        whole if amount not in known and whole in known and amount == amount.to_integral_value() else amount
    )


def _offer_weights(claim: ProductClaim, evidence: PageEvidence) -> Iterator[tuple[OfferClaim, float]]:
    """Yield a claim's offers with their share of its trust: the selected one all, others little."""
    offers = [offer for offer in claim.offers if offer.price is not None]
    if not offers:
        offers = [offer for variant in claim.variants for offer in variant.offers if offer.price is not None]
    if len({offer.price for offer in offers}) <= 1:
        yield from ((offer, 1.0) for offer in offers[:1])
        return
    chosen = [offer for offer in offers if is_selected(evidence.document.url, offer.sku, offer.url)]
    lowest = min(offers, key=lambda offer: offer.price or Decimal(0))
    for offer in offers:
        if chosen:
            yield offer, 1.0 if offer is chosen[0] else 0.1
        else:
            yield offer, 0.55 if offer is lowest else 0.45


def _visible_price_claims(evidence: PageEvidence) -> Iterator[PriceClaim]:
    for place, one in enumerate(evidence.visible_prices):
        weight = min(one.score * 0.7, VISIBLE_MOST) + (_FIRST if place == 0 and one.score >= CLEAR else 0)
        if weight >= _ENOUGH or (weight > 0 and not one.meanings & NOT_PRICES):
            yield PriceClaim(one.amount, one.currency, _SEEN, weight, one.high)


def _penalise_struck(found: dict[Decimal, AmountSupport], visible: list[VisiblePrice]) -> None:
    """Take trust from amounts that the page shows struck out, where it shows another that is not."""
    clear = {one.amount for one in visible if one.score >= CLEAR}
    for amount in {one.amount for one in visible if one.struck} - clear:
        if amount in found and clear:
            found[amount].penalty += 4
    current = {one.amount for one in visible if one.score >= CLEAR and Meaning.OLD not in one.meanings}
    old = {one.amount for one in visible if Meaning.OLD in one.meanings and not one.struck} - current
    for amount in old & found.keys():
        if any(other < amount for other in clear):
            found[amount].penalty += _UNSEEN


def _penalise_unseen(found: dict[Decimal, AmountSupport], evidence: PageEvidence) -> None:
    """Take trust from amounts of markup that the page never shows, where it shows them with tax added."""
    shown = {one.amount for one in evidence.visible_prices}
    clear = [one.amount for one in evidence.visible_prices if one.score >= _FAIR]
    low, high = _TAXED
    for amount in found.keys() - shown:
        if any(low * amount <= taxed <= high * amount for taxed in clear):
            found[amount].penalty += _UNSEEN


def _penalise_contradicted(found: dict[Decimal, AmountSupport], evidence: PageEvidence) -> None:
    """Take trust from amounts of markup that the page shows only converted, or only in another currency."""
    for amount, support in found.items():
        seen = [one for one in evidence.visible_prices if one.amount == amount]
        others = support.currencies.keys() - {one.currency for one in seen}
        if seen and (others or all(Meaning.CONVERTED in one.meanings for one in seen)):
            support.penalty += _UNSEEN


def _penalise_others(found: dict[Decimal, AmountSupport], evidence: PageEvidence) -> None:
    """Take trust from amounts that markup gives to other products, where it says nothing of the page's own."""
    if any(claim.source in MARKUP_SOURCES for claim in evidence.claims):
        return
    others = {offer.price for claim in evidence.structured_claims if claim.name for offer in claim.offers}
    for amount, support in found.items():
        if amount in others and support.by_source.keys() <= {_SEEN}:
            support.penalty += _OTHERS


def _is_enough(ranked: list[AmountSupport]) -> bool:
    """Return whether the first amount has support enough to be told: little will do far ahead of the next."""
    first = ranked[0].total
    second = max(ranked[1].total, 0.0) if len(ranked) > 1 else 0.0
    return first >= _ENOUGH or (first >= _LITTLE and first >= _FAR_AHEAD * second)


def _is_clearly_first(first: AmountSupport, second: AmountSupport, *, shown: bool) -> bool:
    """Return whether the first of two amounts has clearly more support than the second."""
    if first.by_source.keys() == second.by_source.keys() == {_SEEN}:
        return first.total >= _VISIBLE_MARGIN * second.total
    if len(first.by_source) > len(second.by_source) or (
        shown and set(first.by_source) == set(second.by_source)
    ):
        return True
    margin = _MARGIN if shown else _UNSEEN_MARGIN
    return first.total >= margin * second.total


def _price(support: AmountSupport, evidence: PageEvidence) -> Price:
    source = support.source
    if support.currencies:
        currency = max(support.currencies, key=lambda code: support.currencies[code])
        return Price(support.amount, currency, source, source)
    for claim in evidence.claims:
        for offer in claim.offers:
            if offer.currency:
                return Price(support.amount, offer.currency, source, claim.source)
    host = evidence.document.hint.currency
    return Price(support.amount, host or None, source, "address" if host else "")
