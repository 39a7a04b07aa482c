"""eBay's search by image: listings whose picture looks like a photo, which are matches and offers at once.

https://developer.ebay.com/api-docs/buy/browse/resources/item_summary/methods/searchByImage
"""

from __future__ import annotations

import asyncio
import base64

from lens_rx.clients.ebay.ebay_client import EbayClient
from lens_rx.clients.ebay.ebay_schema import ItemSummary, SearchResponse, offer_of
from lens_rx.clients.protocols import ImageMatches
from lens_rx.facts import Match, MatchKind, Money, Photo
from lens_rx.facts.errors import NoResults, ParseError

PATH = "/buy/browse/v1/item_summary/search_by_image"
#: The name under which matches say that eBay found them.
NAME = "ebay"
#: Items that one call returns here; the API takes up to 200.
MAX_ITEMS = 50


class EbayImageSearch:
    """Implements `protocols.ImageSearch`. `country` chooses the site; `client` is closed by its owner."""

    def __init__(self, client: EbayClient, country: str = "") -> None:
        self._client = client
        self._country = country

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Return the listings, most similar first; those with a price are offers as well.

        Raises `NoResults`, `Blocked`, `KeyRefused`, `Discontinued`, `StageTimeout`, `ParseError`, `UpstreamError`.
        """
        content = await asyncio.to_thread(photo.path.read_bytes)
        body = await self._client.send(
            "POST",
            PATH,
            self._country,
            params={"limit": str(MAX_ITEMS)},
            json={"image": base64.b64encode(content).decode()},
        )
        answer = self._client.api.parse(SearchResponse, body)
        if not answer.item_summaries and answer.total == 0:
            raise NoResults("eBay has no listing that looks like this.")
        matches = [match for item in answer.item_summaries if (match := _match(item))]
        if not matches:
            raise ParseError("eBay's API answered in another form than documented.")
        return ImageMatches(matches)


def _match(item: ItemSummary) -> Match | None:
    """Return a listing as a match, None where it has no title or no price to tell an offer by."""
    offer = offer_of(item)
    if offer is None or not offer.title:
        return None
    return Match(
        title=offer.title,
        link=offer.link,
        source="eBay",
        thumbnail=offer.image,
        price=Money(offer.price, offer.currency),
        in_stock=True,
        id=offer.id,
        found_by=NAME,
        kind=MatchKind.SIMILAR,
        offer=offer,
    )
