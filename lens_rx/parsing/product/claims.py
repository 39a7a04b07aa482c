"""What one source claims of a product, before the sources are weighed against each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

#: The sources of claims in the terms of schema.org, as `ProductClaim.source` names them.
MARKUP_SOURCES = ("json-ld", "microdata", "rdfa")


@dataclass(frozen=True, slots=True)
class OfferClaim:
    """One offer as a source states it. `high` is set for a range, `availability` as in `Product`."""

    price: Decimal | None = None
    high: Decimal | None = None
    currency: str = ""
    availability: str | None = None
    sku: str = ""
    url: str = ""
    name: str = ""
    gtin: str = ""


@dataclass(frozen=True, slots=True)
class ProductClaim:
    """One product as a source states it; an empty text means that the source states none.

    `listed` marks one of several in a list, `variants` what the source states of its variants.
    """

    source: str
    name: str = ""
    url: str = ""
    sku: str = ""
    product_id: str = ""
    mpn: str = ""
    gtin: str = ""
    brand: str = ""
    description: str = ""
    material: str = ""
    images: tuple[str, ...] = ()
    specs: dict[str, str] = field(default_factory=dict)
    offers: tuple[OfferClaim, ...] = ()
    variants: tuple[ProductClaim, ...] = ()
    listed: bool = False
    group: bool = False
