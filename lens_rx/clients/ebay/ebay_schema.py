"""The fields of the Browse API's responses that are used, and their items as offers.

https://developer.ebay.com/api-docs/buy/browse/types/gct:ItemSummary
"""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from lens_rx.facts import Offer
from lens_rx.parsing.html.urls import query_param
from lens_rx.parsing.marketplaces import ebay
from lens_rx.parsing.marketplaces.condition import grade


class _ApiModel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class EbayAmount(_ApiModel):
    """An amount as text, with its ISO 4217 currency."""

    value: Decimal = Field(allow_inf_nan=False)
    currency: str


class ShippingOption(_ApiModel):
    """One way of delivery; without a cost where it is calculated later."""

    shipping_cost: EbayAmount | None = None


class Picture(_ApiModel):
    """An item's picture."""

    image_url: str = ""


class ItemSummary(_ApiModel):
    """One item. An auction's `price` is what buys it at once; it may be absent."""

    item_id: str
    legacy_item_id: str = ""
    title: str = ""
    item_web_url: str = ""
    price: EbayAmount | None = None
    current_bid_price: EbayAmount | None = None
    bid_count: int | None = None
    buying_options: list[str] = Field(default_factory=list)
    condition: str = ""
    condition_id: str = ""
    image: Picture | None = None
    shipping_options: list[ShippingOption] = Field(default_factory=list)


class SearchResponse(_ApiModel):
    """One page of a search; without `itemSummaries` where nothing matches."""

    total: int
    item_summaries: list[ItemSummary] = Field(default_factory=list)


def offer_of(item: ItemSummary) -> Offer | None:
    """Return an item as an offer, None where it has no price or no address.

    The price of an auction is its highest bid, if it has bids or cannot be bought at once.
    """
    is_auction = "AUCTION" in item.buying_options
    bids = (item.bid_count or 0) if is_auction else None
    price = item.current_bid_price if bids or item.price is None else item.price
    if price is None or not item.item_web_url:
        return None
    costs = (option.shipping_cost for option in item.shipping_options)
    shipping = next((cost for cost in costs if cost and cost.currency == price.currency), None)
    fixed = "FIXED_PRICE" in item.buying_options and not bids
    return Offer(
        id=item.legacy_item_id or item.item_id.removeprefix("v1|").partition("|")[0],
        title=item.title,
        link=_clean_url(item.item_web_url),
        price=price.value,
        currency=price.currency,
        condition=grade(item.condition, int(item.condition_id) if item.condition_id.isdecimal() else None),
        condition_text=item.condition,
        shipping=shipping.value if shipping else None,
        image=item.image.image_url if item.image else "",
        marketplace=ebay.NAME,
        bids=None if fixed else bids,
        best_offer="BEST_OFFER" in item.buying_options,
    )


def _clean_url(url: str) -> str:
    """Return an item's address without tracking parameters; the variant of a group stays."""
    parts, variant = urlsplit(url), query_param(url, "var")
    chosen = f"var={variant}" if variant.isdecimal() and variant != "0" else ""
    return urlunsplit((parts.scheme, parts.netloc, parts.path, chosen, ""))
