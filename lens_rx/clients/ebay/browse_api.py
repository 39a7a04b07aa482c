"""eBay's official search, the Browse API.

https://developer.ebay.com/api-docs/buy/browse/resources/item_summary/methods/search
"""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.clients.ebay.ebay_client import ADDRESS, EbayClient
from lens_rx.clients.ebay.ebay_schema import SearchResponse, offer_of
from lens_rx.facts import Identity, Offer
from lens_rx.facts.errors import NoResults, ParseError
from lens_rx.parsing.marketplaces import ebay
from lens_rx.parsing.marketplaces.marketplace import search_words
from lens_rx.settings import Settings

PATH = "/buy/browse/v1/item_summary/search"
#: Limits of the API: characters of `q`, and items that one call may return (at most 200).
MAX_QUERY_LENGTH = 100
MAX_OFFERS = 60
_FILTER = f"conditionIds:{{{ebay.SECOND_HAND}}},buyingOptions:{{FIXED_PRICE|AUCTION|BEST_OFFER}}"


class BrowseApi:
    """Implements `protocols.OfferSource` without a browser. Owns its connections: close it with `aclose()`."""

    def __init__(self, settings: Settings, address: str = ADDRESS, client: EbayClient | None = None) -> None:
        self._client = client or EbayClient(settings, address)

    @property
    def name(self) -> str:
        """The marketplace's name, the same as that of its pages."""
        return ebay.NAME

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        """Return second-hand offers for the thing on the country's site, best match first.

        Raises `NoResults`, `Blocked` where the calls of the day are used up, `StageTimeout`, `ParseError`, `UpstreamError`.
        """
        parameters = {"q": _query(identity), "filter": _FILTER, "limit": str(MAX_OFFERS)}
        body = await self._client.send("GET", PATH, country, params=parameters)
        answer = self._client.api.parse(SearchResponse, body)
        if not answer.item_summaries and answer.total == 0:
            raise NoResults("ebay says that nothing matches.")
        offers = [offer for item in answer.item_summaries if (offer := offer_of(item))]
        if not offers:
            raise ParseError("eBay's API answered in another form than documented.")
        return offers


def _query(identity: Identity) -> str:
    """Return the query, cut between words where it is longer than the API accepts."""
    words = search_words(identity)
    return words if len(words) <= MAX_QUERY_LENGTH else words[: MAX_QUERY_LENGTH + 1].rpartition(" ")[0]
