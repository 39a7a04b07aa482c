"""Offers from the search page of a marketplace."""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.clients.blocked_error import blocked_error
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.protocols import Reader
from lens_rx.facts import Identity, Offer, Outcome, Page
from lens_rx.facts.errors import NoResults, ParseError
from lens_rx.parsing.blocking import classify_page
from lens_rx.parsing.marketplaces import Marketplace
from lens_rx.reactive.computing import run_in_cpu_thread


class MarketplacePages:
    """Implements `protocols.OfferSource` for one marketplace, by reading and parsing its search page."""

    def __init__(self, marketplace: Marketplace, reader: Reader, endpoints: Endpoints) -> None:
        self._marketplace = marketplace
        self._reader = reader
        self._endpoints = endpoints

    @property
    def name(self) -> str:
        """The marketplace's name."""
        return self._marketplace.name

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        """Return the offers on the first page of the search, best match first.

        Raises `NoResults` where the page says that nothing matches, or where the marketplace does not sell
        in the country; `Blocked` for a block page, `ParseError` for a page that cannot be read, and what the reader raises.
        """
        if not self._marketplace.serves(country):
            raise NoResults(f"{self.name} does not sell in this country.")
        url = self._endpoints.resolve(self._marketplace.search_url(identity, country))
        page = await self._reader.read(url)
        return await run_in_cpu_thread(self._parse, page)

    def _parse(self, page: Page) -> Sequence[Offer]:
        offers = self._marketplace.offers_from_html(page.html, page.url)
        if offers:
            return offers
        found = classify_page(page.html, page.url, page.status)
        if found.outcome is Outcome.BLOCKED:
            raise blocked_error(page.url, found.wall or "")
        if found.outcome is Outcome.EMPTY or self._marketplace.says_none(page.html):
            raise NoResults(f"{self.name} says that nothing matches.")
        raise ParseError(f"{self.name} answered with a page that could not be read.")
