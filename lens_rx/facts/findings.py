"""What the stages find outside: look-alikes, a name, a product, offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lens_rx.facts.enums import Basis, Condition, Decider, Money, PageKind


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
