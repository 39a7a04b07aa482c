"""What the stages emit beside findings (estimate, progress, failures), and the state of an analysis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from lens_rx.facts.changes import RunHistory
from lens_rx.facts.enums import Condition, EstimateBasis, Outcome, Stage
from lens_rx.facts.findings import (
    Caption,
    Identity,
    IdentityCandidates,
    MarketplaceOffers,
    Matches,
    Offer,
    Offers,
    ProducerPage,
    Rejected,
    Retail,
)
from lens_rx.facts.item import Item


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """How an offer's price came into the estimate: from it and the others' the estimate can be computed again.

    `converted` is the price at `rate` (units of the estimate's currency for one of the offer's), `factor` brings it
    to the item's condition. `log_sd` is its own standard deviation as a logarithm, of which `own_log_sd` is not
    shared by offers of its condition; `is_asking` where it counts as asked, not paid; `outlier_odds` is a factor on
    the odds that it is another thing; `age_years` counts back from the newest sale. Offers of one `group` ("size L") deviate together, by
    a standard deviation of `group_log_sd`.
    """

    converted: Decimal
    rate: Decimal
    factor: float
    log_sd: float
    own_log_sd: float
    is_asking: bool
    outlier_odds: float
    age_years: float
    group: str = ""
    group_log_sd: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparable:
    """One offer with its weight in the estimate: `weight` 0 and a `reason` where it was left out.

    `amount` is the offer's price in the estimate's currency, brought to the item's condition; `terms` is None where
    the price was not looked at.
    """

    offer: Offer
    amount: Decimal
    weight: float
    reason: str = ""
    terms: PriceTerms | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the thing is worth: the price, its 80 % range, and how sure that is (0..1, never 1 for one).

    `low` to `high` is where the typical price lies, `sale_low` to `sale_high` where four of five single sales of
    this condition do. `certainty` falls with both `identity_certainty` (that the name is right) and
    `price_certainty` (that the price is, given the name); `doubts` say, for the user, what makes it less sure.
    It is for `condition`, or for several with their chances; `retail` is the price new where it rests on that;
    amounts are converted at the rates of `rates_on`.
    """

    price: Decimal
    low: Decimal
    high: Decimal
    certainty: float
    currency: str
    basis: EstimateBasis
    comparables: int
    evidence: tuple[Comparable, ...] = ()
    doubts: tuple[str, ...] = ()
    sale_low: Decimal | None = None
    sale_high: Decimal | None = None
    identity_certainty: float | None = None
    price_certainty: float | None = None
    condition: Condition | None = None
    condition_chances: tuple[tuple[Condition, float], ...] = ()
    retail: Decimal | None = None
    rates_on: date | None = None


@dataclass(frozen=True, slots=True)
class PriceEvidence:
    """Every offer that was weighed or left out, and why: what an estimate rests on.

    `observed_at` is when the offers were read, whose rates convert them. `has_ids`: its rows on the wire have the ids
    of comparables, which those of release 0.1.0 have not.
    """

    comparables: tuple[Comparable, ...]
    rejected: tuple[Rejected, ...] = ()
    observed_at: datetime | None = None
    has_ids: bool = False


@dataclass(frozen=True, slots=True)
class MarketListing:
    """One comparable as a decision uses it: its amount in the estimate's currency and condition, and its days.

    `listed_at` where its card says since when it was offered, `sold_at` where it was sold.
    """

    amount: Decimal
    sold: bool
    sold_at: datetime | None = None
    listed_at: datetime | None = None
    marketplace: str = ""


@dataclass(frozen=True, slots=True)
class DecisionBasis:
    """What every reader's decision is computed from; it holds nothing of a reader.

    `producer` and `category` of the identity, `country` of the run's options, "" where they are not known;
    `offers_read_at` is the moment from which ages are counted.
    """

    estimate: Estimate
    listings: tuple[MarketListing, ...]
    producer: str = ""
    category: str = ""
    country: str = ""
    offers_read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """The result of an extra stage: `kind` is its name on the wire, `rows` are flat."""

    kind: str
    rows: tuple[dict[str, str | float], ...]
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A stage, or a part of it (`offers.ebay`), that failed, with a message for the user."""

    stage: str
    outcome: Outcome
    message: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a stage: `state` is `started`, `skipped` or an outcome; `seconds` its duration."""

    stage: str
    state: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Complete:
    """The last fact of a generation; seconds, tokens and cost are those of the worker that ended it.

    `model` is the one that answered last, "" where none was asked.
    """

    outcome: Outcome
    seconds: float
    tokens: int = 0
    cost_usd: float = 0.0
    model: str = ""


Fact = (
    Matches
    | Caption
    | Identity
    | IdentityCandidates
    | ProducerPage
    | Retail
    | MarketplaceOffers
    | Offers
    | Estimate
    | PriceEvidence
    | DecisionBasis
    | Extra
    | Failed
    | Progress
    | RunHistory
    | Complete
)


@dataclass(frozen=True, slots=True)
class AnalysisState:
    """What a stage may use: the item, and the facts of the stages before it that have any.

    The seven stages see what the stages they wait for have made, an extra stage what those it names have.
    `no_lens_matches`: the photo search verified that nothing matches (rather than having failed). `failures` are
    those of the stages before it, and of their parts.
    """

    item: Item
    matches: Matches | None = None
    caption: Caption | None = None
    identity: Identity | None = None
    page: ProducerPage | None = None
    retail: Retail | None = None
    offers: Offers | None = None
    estimate: Estimate | None = None
    evidence: PriceEvidence | None = None
    no_lens_matches: bool = False
    candidates: IdentityCandidates | None = None
    failures: tuple[Failed, ...] = ()

    def with_fact(self, fact: Fact) -> AnalysisState:
        """Return the state with `fact` added; a fact on which no stage depends changes nothing."""
        if isinstance(fact, Progress) and (fact.stage, fact.state) == (Stage.LENS, Outcome.EMPTY):
            return replace(self, no_lens_matches=True)
        if isinstance(fact, Failed):
            return replace(self, failures=(*self.failures, fact))
        place = _FIELDS.get(type(fact))
        return replace(self, **{place: fact}) if place else self  # type: ignore[arg-type]  # its own place


_FIELDS: dict[type, str] = {
    Matches: "matches",
    Caption: "caption",
    Identity: "identity",
    IdentityCandidates: "candidates",
    ProducerPage: "page",
    Retail: "retail",
    Offers: "offers",
    Estimate: "estimate",
    PriceEvidence: "evidence",
}
