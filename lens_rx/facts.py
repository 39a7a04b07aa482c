"""The vocabulary: what goes into a run, what its stages find, and what they tell.

Everything here is a frozen value. Amounts are kept as they were read (`Money`: a `Decimal` and an
ISO 4217 code); nothing is converted before it leaves the house. `observed_at` (UTC) is when a thing
was read outside, which is before it was told where a kept result is told again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path


class Stage(StrEnum):
    """The seven stages, in the order of the design; the same words in code, wire and metrics."""

    LENS = "lens"
    DESCRIBE = "describe"
    IDENTIFY = "identify"
    PRODUCER = "producer"
    RETAIL = "retail"
    OFFERS = "offers"
    ESTIMATE = "estimate"


class Outcome(StrEnum):
    """How a scrape or a model call ended. Only `ok` and `empty` are kept for their full lifetime."""

    OK = "ok"
    EMPTY = "empty"
    BLOCKED = "blocked"
    DRIFT = "drift"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    ERROR = "error"

    @property
    def settled(self) -> bool:
        """True where asking again soon would bring nothing new."""
        return self in (Outcome.OK, Outcome.EMPTY)


class Condition(StrEnum):
    """One grade for what sellers call wear, normalised from any language, best first."""

    NEW = "new"
    LIKE_NEW = "like_new"
    REFURBISHED = "refurbished"
    VERY_GOOD = "very_good"
    GOOD = "good"
    USED = "used"  # pre-owned, and the seller says no more
    ACCEPTABLE = "acceptable"
    FOR_PARTS = "for_parts"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """What a price is: asked by a seller, or paid by a buyer."""

    ASKING = "asking"
    SOLD = "sold"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its ISO 4217 currency, as read."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was received: the only thing that parsers see.

    `snapshot` is what rendering knows (boxes, visibility, font sizes by node), where Chromium gave it.
    """

    url: str
    html: str
    status: int = 200
    snapshot: PageSnapshot | None = None


@dataclass(frozen=True, slots=True)
class TextBox:
    """One rendered run of text: its words, place in CSS pixels, and how it looks."""

    text: str
    left: float
    top: float
    width: float
    height: float
    font_px: float
    weight: int = 400
    struck: bool = False


@dataclass(frozen=True, slots=True)
class PageSnapshot:
    """The visible text runs of a rendered page, in document order."""

    boxes: tuple[TextBox, ...] = ()
    viewport_width: int = 1280


@dataclass(frozen=True, slots=True)
class Photo:
    """An accepted photo: upright, stripped of metadata, bounded. `sha256` names the uploaded bytes."""

    sha256: str
    path: Path
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PhotoCopy:
    """The working copy of a photo, JPEG, as intake made it; `sha256` is of the uploaded bytes."""

    sha256: str
    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Options:
    """What the user may say beside the photos; an empty text means: not said.

    `country` is ISO 3166 alpha-2 in capitals. A given `producer` and `model` stand instead of
    `identify`; a given `condition` overrules what the photo shows.
    """

    country: str = ""
    hint: str = ""
    producer: str = ""
    model: str = ""
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: one to eight photos of it, in order, and the options."""

    photos: tuple[Photo, ...]
    options: Options = Options()


@dataclass(frozen=True, slots=True)
class Match:
    """One look-alike that Google Lens shows. `price` where the card carries one."""

    title: str
    link: str
    source: str = ""
    thumbnail: str = ""
    price: Money | None = None
    in_stock: bool | None = None
    exact: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One organic result of a web search."""

    title: str
    link: str
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Matches:
    """The look-alikes of all photos of an item, merged, best first."""

    matches: tuple[Match, ...]
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """What the photos show, in words. Empty text: not seen."""

    category: str = ""
    colour: str = ""
    material: str = ""
    visible_text: str = ""
    condition: Condition = Condition.UNKNOWN
    sentence: str = ""
    observed_at: datetime | None = None


class Decider(StrEnum):
    """Who named the thing."""

    MODEL = "model"
    CONSENSUS = "consensus"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Identity:
    """Producer and model, without sizes and noise; `titles` support it, best first.

    `category` helps to tell wrong kinds of thing among offers ("jacket"), empty where unknown.
    """

    producer: str
    model: str
    titles: tuple[str, ...] = ()
    category: str = ""
    decider: Decider = Decider.MODEL
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProducerPage:
    """The producer's own page of the thing, chosen from the links that were found."""

    link: str
    title: str
    observed_at: datetime | None = None


class PageKind(StrEnum):
    """What a shop's page turned out to be. Only a `product` has a price to be read."""

    PRODUCT = "product"
    FAMILY = "family"
    LISTING = "listing"
    SOLD_OUT = "sold_out"
    NOT_FOUND = "not_found"
    NOT_HTML = "not_html"


@dataclass(frozen=True, slots=True)
class Product:
    """What a shop's page says. `sources` tells where each field was read ("price": "json-ld")."""

    name: str = ""
    price: Decimal | None = None
    currency: str | None = None
    availability: str | None = None  # "InStock" | "OutOfStock" | None: the page does not tell
    sku: str | None = None
    brand: str | None = None
    gtin: str | None = None
    description: str = ""
    material: str = ""
    specs: dict[str, str] = field(default_factory=dict)
    images: tuple[str, ...] = ()
    canonical_url: str = ""
    sources: dict[str, str] = field(default_factory=dict)
    kind: PageKind = PageKind.PRODUCT


@dataclass(frozen=True, slots=True)
class Retail:
    """The product as its producer sells it, with the page's address."""

    producer_url: str
    product: Product
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer on a marketplace, as its card reads.

    `price` is what is asked (or was paid) for one lot without `shipping`; `price_high` where the
    card gives a range. `sold_at` is the day of the sale, `bids` is set for auctions alone.
    """

    id: str
    title: str
    link: str
    price: Decimal
    currency: str
    price_high: Decimal | None = None
    condition: Condition = Condition.UNKNOWN
    condition_text: str = ""
    sold: bool = False
    shipping: Decimal | None = None
    image: str = ""
    marketplace: str = ""
    sold_at: datetime | None = None
    bids: int | None = None
    best_offer: bool = False

    @property
    def basis(self) -> Basis:
        """Asked or sold; the two are never mixed silently."""
        return Basis.SOLD if self.sold else Basis.ASKING


@dataclass(frozen=True, slots=True)
class Rejected:
    """An offer that was not believed, and why, in words for the user."""

    offer: Offer
    reason: str


@dataclass(frozen=True, slots=True)
class MarketplaceOffers:
    """One marketplace's answer: what it offers, and what of it was not believed."""

    marketplace: str
    offers: tuple[Offer, ...]
    rejected: tuple[Rejected, ...] = ()
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """All marketplaces' offers, once every one has ended."""

    offers: tuple[Offer, ...]
    rejected: tuple[Rejected, ...] = ()
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comparable:
    """One offer as the estimate weighed it: `weight` 0 and a `reason` where it was left out.

    `amount` is the offer's price in the estimate's currency, brought to the item's condition.
    """

    offer: Offer
    amount: Decimal
    weight: float
    reason: str = ""


class EstimateBasis(StrEnum):
    """What an estimate rests on."""

    SOLD = "sold"
    ASKING = "asking"
    MIXED = "mixed"
    RETAIL = "retail"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the thing is worth: the price, its 80 % range, and how sure that is (0..1, never 1 for one)."""

    price: Decimal
    low: Decimal
    high: Decimal
    certainty: float
    currency: str
    basis: EstimateBasis
    comparables: int
    evidence: tuple[Comparable, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceEvidence:
    """Every offer that was weighed or left out, and why: what an estimate rests on."""

    comparables: tuple[Comparable, ...]
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Extra:
    """What a stage of your own has found: `kind` is its name on the wire, `rows` are flat."""

    kind: str
    rows: tuple[dict[str, str | float], ...]
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A stage, or a part of it (`offers.ebay`), that did not end well, in words that help."""

    stage: str
    outcome: Outcome
    message: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a stage is: `state` is `started`, an outcome's word or `skipped`; `seconds` its duration."""

    stage: str
    state: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Complete:
    """The last fact of a generation. `cost_usd` is what the model calls of this generation cost."""

    outcome: Outcome
    seconds: float
    tokens: int = 0
    cost_usd: float = 0.0


Fact = (
    Matches
    | Caption
    | Identity
    | ProducerPage
    | Retail
    | MarketplaceOffers
    | Offers
    | Estimate
    | PriceEvidence
    | Extra
    | Failed
    | Progress
    | Complete
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a stage may use: the item, and the facts of the stages before it, as far as they came.

    `nothing_alike`: Google Lens verified that it knows no look-alike, which is more than not knowing.
    """

    item: Item
    matches: Matches | None = None
    caption: Caption | None = None
    identity: Identity | None = None
    page: ProducerPage | None = None
    retail: Retail | None = None
    offers: Offers | None = None
    nothing_alike: bool = False

    def learn(self, fact: Fact) -> Known:
        """Return this with `fact` in its place; a fact that no stage builds on changes nothing."""
        if isinstance(fact, Progress) and (fact.stage, fact.state) == (Stage.LENS, Outcome.EMPTY):
            return replace(self, nothing_alike=True)
        place = _PLACES.get(type(fact))
        return replace(self, **{place: fact}) if place else self  # type: ignore[arg-type]  # its own place


_PLACES: dict[type, str] = {
    Matches: "matches",
    Caption: "caption",
    Identity: "identity",
    ProducerPage: "page",
    Retail: "retail",
    Offers: "offers",
}
