"""Listings as eBay's Browse API writes them.

https://developer.ebay.com/api-docs/buy/browse/types/gct:ItemSummary
"""

from __future__ import annotations

from typing import Any

from lens_rx.facts import Condition
from lens_rx.sandbox.listings import Listing
from lens_rx.sandbox.sites.listing_urls import offer_link

#: A condition's id and the name that eBay gives it.
CONDITIONS = {
    Condition.NEW: ("1000", "New"),
    Condition.LIKE_NEW: ("1500", "New other (see details)"),
    Condition.REFURBISHED: ("2500", "Seller refurbished"),
    Condition.VERY_GOOD: ("4000", "Very Good"),
    Condition.GOOD: ("5000", "Good"),
    Condition.USED: ("3000", "Used"),
    Condition.ACCEPTABLE: ("6000", "Acceptable"),
    Condition.FOR_PARTS: ("7000", "For parts or not working"),
}


def item_summary(listing: Listing) -> dict[str, Any]:
    """Return an item as the API writes it."""
    number, name = CONDITIONS[listing.condition]
    amount = {"value": str(listing.price.amount), "currency": listing.price.currency}
    is_auction = listing.bids is not None
    summary: dict[str, Any] = {
        "itemId": f"v1|{listing.id}|0",
        "legacyItemId": listing.id,
        "title": listing.title,
        "image": {"imageUrl": f"https://i.ebayimg.com/images/g/{listing.id}/s-l225.jpg"},
        "condition": name,
        "conditionId": number,
        "buyingOptions": ["AUCTION" if is_auction else "FIXED_PRICE", *(["BEST_OFFER"] * listing.best_offer)],
        "itemWebUrl": f"{offer_link(listing)}?hash=item1&amdata=enc",
        "itemLocation": {"postalCode": "10***", "country": "DE"},
        "adultOnly": False,
    }
    if is_auction:
        summary |= {"currentBidPrice": amount, "bidCount": listing.bids}
    else:
        summary |= {"price": amount}
    if listing.shipping is not None:
        cost = {"value": str(listing.shipping), "currency": listing.price.currency}
        summary["shippingOptions"] = [{"shippingCostType": "FIXED", "shippingCost": cost}]
    return summary
