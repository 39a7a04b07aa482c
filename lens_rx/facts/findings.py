"""What the stages find: matches, an identity, a product, offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from lens_rx.facts.enums import Basis, Condition, Decider, MatchKind, Money, PageKind


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer on a marketplace, as read from its card.

    `price` is asked (or was paid) for one lot without `shipping`; `price_high` is set where the card gives a
    range, `sold_at` is the day of the sale, `bids` is set for auctions only. A price of 0: the card gives none.

    `price_is_upper_bound`: the thing was sold for less than `price`, at an offer that the seller accepted.
    `wanted`: the advert seeks the thing. `business_seller`: the seller trades. `location` and `listed_at` are
    those that the card gives, `size` is the one on a label of it.
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
    price_is_upper_bound: bool = False
    wanted: bool = False
    business_seller: bool = False
    location: str = ""
    listed_at: datetime | None = None
    size: str = ""

    @property
    def basis(self) -> Basis:
        """Whether the price is asked or was paid."""
        return Basis.SOLD if self.sold else Basis.ASKING


def comparable_id(offer: Offer) -> str:
    """Return the id of an offer among the comparables of a thing: 12 hex digits, the same each time it is read.

    They are of its link, or where it has none of marketplace, title, price and currency.
    """
    described = "\n".join((offer.marketplace, offer.title, str(offer.price), offer.currency))
    return sha256((offer.link or described).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Match:
    """One result of a photo search. `price` where the result has one.

    `found_by` names the sources that found it, separated by commas; `kind` is how its picture resembles the photo,
    where the source says so; `offer` is set where the result is a listing that can be bought. `photos` are the
    numbers of the photos that found it, from 1, where there are several.
    """

    title: str
    link: str
    source: str = ""
    thumbnail: str = ""
    price: Money | None = None
    in_stock: bool | None = None
    exact: bool = False
    id: str = ""
    found_by: str = ""
    kind: MatchKind | None = None
    offer: Offer | None = None
    photos: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One organic result of a web search."""

    title: str
    link: str
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Matches:
    """The matches of all photos of an item, merged, best first.

    `labels` are names that a source gives to what the photos show, best first.
    """

    matches: tuple[Match, ...]
    observed_at: datetime | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caption:
    """What the photos show, in words. An empty text means: not visible."""

    category: str = ""
    colour: str = ""
    material: str = ""
    visible_text: str = ""
    condition: Condition = Condition.UNKNOWN
    sentence: str = ""
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Producer and model, without sizes and stopwords; `titles` support it, best first.

    `category` ("jacket") helps to reject offers of other categories, "" where unknown. `answered_by` is the
    language model that decided, "" where none did. `sources` are how many independent sources those titles are of.
    """

    producer: str
    model: str
    titles: tuple[str, ...] = ()
    category: str = ""
    decider: Decider = Decider.MODEL
    observed_at: datetime | None = None
    answered_by: str = ""
    sources: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that the thing may have: how many independent sources say so, and the first of their titles."""

    producer: str
    model: str
    sources: int
    decided: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class IdentityCandidates:
    """What the thing may be, the decided name first; `certainty` (0..1) is that of this one, `doubts` are for the user."""

    candidates: tuple[Candidate, ...]
    certainty: float
    doubts: tuple[str, ...] = ()
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProducerPage:
    """The producer's own page of the thing.

    `doubt` says, for the user, why it is not sure that the site is the producer's, "" where it is; `alternatives`
    are the links of other sites' pages that could be it.
    """

    link: str
    title: str
    observed_at: datetime | None = None
    doubt: str = ""
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """The product on a shop's page. `sources` says where each field was read ("price": "json-ld")."""

    name: str = ""
    price: Decimal | None = None
    currency: str | None = None
    availability: str | None = None  # "InStock" | "OutOfStock" | None: not stated
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
    """The product on its producer's page, with the page's address."""

    producer_url: str
    product: Product
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A rejected offer, and the reason as a message for the user."""

    offer: Offer
    reason: str


@dataclass(frozen=True, slots=True)
class MarketplaceOffers:
    """The result of one marketplace: accepted and rejected offers.

    `has_ids`: its rows on the wire have the ids of comparables, which those of release 0.1.0 have not.
    """

    marketplace: str
    offers: tuple[Offer, ...]
    rejected: tuple[Rejected, ...] = ()
    observed_at: datetime | None = None
    has_ids: bool = False


@dataclass(frozen=True, slots=True)
class Offers:
    """The offers of all marketplaces, after all searches have ended.

    `restored` are rejected ones that count as well, as the user brought them back or gave their variant; they stay in
    `rejected`, with the reason.
    `exclusions` say why each of `offers`, then of `restored`, is no price of the thing, "" where it is one; empty where
    that was not checked.
    """

    offers: tuple[Offer, ...]
    rejected: tuple[Rejected, ...] = ()
    observed_at: datetime | None = None
    exclusions: tuple[str, ...] = ()
    restored: tuple[Offer, ...] = ()
