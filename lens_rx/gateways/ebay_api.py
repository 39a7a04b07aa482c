"""eBay's official search: the Browse API, where its keys are configured.

https://developer.ebay.com/api-docs/buy/browse/resources/item_summary/methods/search
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiohttp
from pydantic import ValidationError

from lens_rx.errors import Blocked, Broken, DeadlineMissed, Drift, Nothing
from lens_rx.facts import Identity, Offer
from lens_rx.gateways.ebay_answers import SearchAnswer, offer_of
from lens_rx.gateways.ebay_token import EbayToken
from lens_rx.marketplaces import ebay
from lens_rx.marketplaces.ebay_sites import site
from lens_rx.marketplaces.query import words_of
from lens_rx.settings import Settings

ADDRESS = "https://api.ebay.com"
#: The API's own limits: characters of `q`, and what one call may return (at most 200).
LONGEST_QUERY = 100
MOST_OFFERS = 60
#: Seconds that a limit of calls is waited for; a longer one ends the search.
LONGEST_WAIT = 3.0
_MOST_BYTES = 8_000_000
_FILTER = f"conditionIds:{{{ebay.SECOND_HAND}}},buyingOptions:{{FIXED_PRICE|AUCTION|BEST_OFFER}}"


class EbayApi:
    """Implements `seams.OfferSource` without a browser. Owns its connections: close it with `aclose()`."""

    def __init__(self, settings: Settings, address: str = ADDRESS) -> None:
        assert settings.ebay_client_id is not None
        assert settings.ebay_client_secret is not None
        self._seconds = settings.page_deadline
        self._address = address
        self._token = EbayToken(settings.ebay_client_id, settings.ebay_client_secret, address)
        self._opened: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        """The marketplace's name: the same as for its pages, which it stands for."""
        return ebay.NAME

    async def aclose(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        """Return second-hand offers for the thing on the country's site, best match first.

        Raises `Nothing`, `Blocked` where the calls of the day are used up, `DeadlineMissed`, `Drift`, `Broken`.
        """
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._asked(identity, country)
        except TimeoutError:
            raise DeadlineMissed(f"eBay's API did not answer within {self._seconds:g} s.") from None
        except (aiohttp.ClientError, OSError):
            raise Broken("eBay's API cannot be reached.", transient=True) from None
        if not answer.item_summaries and answer.total == 0:
            raise Nothing("ebay says that nothing matches.")
        offers = [offer for item in answer.item_summaries if (offer := offer_of(item))]
        if not offers:
            raise Drift("eBay's API answered in another form than documented.")
        return offers

    async def _asked(self, identity: Identity, country: str) -> SearchAnswer:
        """Ask, and once more where the token was revoked or the pace is limited for a moment."""
        if self._opened is None:
            self._opened = aiohttp.ClientSession()
        status, body, wait = await self._once(self._opened, identity, country)
        if status == 401:
            self._token.forget()
            status, body, wait = await self._once(self._opened, identity, country)
        elif status == 429 and wait <= LONGEST_WAIT:
            await asyncio.sleep(wait)
            status, body, wait = await self._once(self._opened, identity, country)
        _check(status)
        try:
            return SearchAnswer.model_validate_json(body)
        except ValidationError:
            raise Drift("eBay's API answered in another form than documented.") from None

    async def _once(
        self, session: aiohttp.ClientSession, identity: Identity, country: str
    ) -> tuple[int, bytes, float]:
        """Return the answer's status, its body, and the seconds after which to ask again."""
        headers = {
            "Authorization": f"Bearer {await self._token.get(session)}",
            "X-EBAY-C-MARKETPLACE-ID": site(country).marketplace_id,
            "Accept": "application/json",
        }
        parameters = {"q": _query(identity), "filter": _FILTER, "limit": str(MOST_OFFERS)}
        url = f"{self._address}/buy/browse/v1/item_summary/search"
        async with session.get(url, params=parameters, headers=headers, allow_redirects=False) as response:
            body = await _bounded(response) if response.status == 200 else b""
            return response.status, body, _seconds_to_wait(response)


def _query(identity: Identity) -> str:
    """Return the search, cut between words where it is longer than the API takes."""
    words = words_of(identity)
    return words if len(words) <= LONGEST_QUERY else words[: LONGEST_QUERY + 1].rpartition(" ")[0]


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > _MOST_BYTES:
            raise Drift("eBay's API answered with more than it documents.")
    return bytes(body)


def _seconds_to_wait(response: aiohttp.ClientResponse) -> float:
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isdecimal() else float("inf")


def _check(status: int) -> None:
    """Raise what an answer of `status` means. The answer's own words may repeat a key, so ours are given."""
    if status == 200:
        return
    if status == 429:
        raise Blocked("The calls of eBay's API are used up for now.", "rate_limit")
    if status in (400, 401, 403, 404):
        raise Broken("eBay's API refused the keys or the search.")
    raise Broken(f"eBay's API answered with status {status}.", transient=status >= 500)
