"""eBay's official search, the Browse API.

https://developer.ebay.com/api-docs/buy/browse/resources/item_summary/methods/search
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiohttp

from lens_rx.clients.ebay.application_token import ApplicationToken
from lens_rx.clients.ebay.ebay_schema import SearchResponse, offer_of
from lens_rx.clients.http.api_client import ApiClient, retry_after_seconds
from lens_rx.facts import Identity, Offer
from lens_rx.facts.errors import Blocked, NoResults, ParseError, UpstreamError
from lens_rx.parsing.marketplaces import ebay
from lens_rx.parsing.marketplaces.ebay_sites import site
from lens_rx.parsing.marketplaces.marketplace import search_words
from lens_rx.settings import Settings

ADDRESS = "https://api.ebay.com"
#: Limits of the API: characters of `q`, and items that one call may return (at most 200).
MAX_QUERY_LENGTH = 100
MAX_OFFERS = 60
#: The longest pause, asked for by a rate limit, that is waited for.
MAX_WAIT_SECONDS = 3.0
_MAX_BYTES = 8_000_000
_FILTER = f"conditionIds:{{{ebay.SECOND_HAND}}},buyingOptions:{{FIXED_PRICE|AUCTION|BEST_OFFER}}"


class BrowseApi:
    """Implements `protocols.OfferSource` without a browser. Owns its connections: close it with `aclose()`."""

    def __init__(self, settings: Settings, address: str = ADDRESS) -> None:
        assert settings.ebay_client_id is not None
        assert settings.ebay_client_secret is not None
        self._address = address
        self._api = ApiClient("eBay's API", settings.page_deadline_seconds, _MAX_BYTES)
        self._token = ApplicationToken(
            settings.ebay_client_id, settings.ebay_client_secret, address, self._api
        )

    @property
    def name(self) -> str:
        """The marketplace's name, the same as that of its pages."""
        return ebay.NAME

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        """Return second-hand offers for the thing on the country's site, best match first.

        Raises `NoResults`, `Blocked` where the calls of the day are used up, `StageTimeout`, `ParseError`, `UpstreamError`.
        """
        answer = await self._search(identity, country)
        if not answer.item_summaries and answer.total == 0:
            raise NoResults("ebay says that nothing matches.")
        offers = [offer for item in answer.item_summaries if (offer := offer_of(item))]
        if not offers:
            raise ParseError("eBay's API answered in another form than documented.")
        return offers

    async def _search(self, identity: Identity, country: str) -> SearchResponse:
        """Return the response, asked for once more where the token was revoked or after a short rate limit."""
        async with self._api.session() as session:
            status, body, wait = await self._request(session, identity, country)
            is_short_limit = status == 429 and wait <= MAX_WAIT_SECONDS
            if is_short_limit:
                await asyncio.sleep(wait)
            if is_short_limit or status == 401:
                status, body, _ = await self._request(session, identity, country)
        _check_status(status)
        return self._api.parse(SearchResponse, body)

    async def _request(
        self, session: aiohttp.ClientSession, identity: Identity, country: str
    ) -> tuple[int, bytes, float]:
        """Return the response's status, its body, and the seconds after which to try again."""
        token = await self._token.get(session)
        headers = {
            "Authorization": f"Bearer {token}",
            "X-EBAY-C-MARKETPLACE-ID": site(country).marketplace_id,
            "Accept": "application/json",
        }
        parameters = {"q": _query(identity), "filter": _FILTER, "limit": str(MAX_OFFERS)}
        url = f"{self._address}/buy/browse/v1/item_summary/search"
        async with session.get(url, params=parameters, headers=headers, allow_redirects=False) as response:
            if response.status == 401:
                self._token.discard(token)
            body = await self._api.read_body(response) if response.status == 200 else b""
            return response.status, body, retry_after_seconds(response)


def _query(identity: Identity) -> str:
    """Return the query, cut between words where it is longer than the API accepts."""
    words = search_words(identity)
    return words if len(words) <= MAX_QUERY_LENGTH else words[: MAX_QUERY_LENGTH + 1].rpartition(" ")[0]


def _check_status(status: int) -> None:
    """Raise the error for a response of `status`; its own message is not used, as it may repeat a key."""
    if status == 200:
        return
    if status == 429:
        raise Blocked("The calls of eBay's API are used up for now.", "rate_limit")
    if status in (400, 401, 403, 404):
        raise UpstreamError("eBay's API refused the keys or the search.")
    raise UpstreamError(f"eBay's API answered with status {status}.", transient=status >= 500)
