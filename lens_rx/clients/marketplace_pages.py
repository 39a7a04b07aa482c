"""A marketplace as its visitors see it: its search page, read and parsed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lens_rx.clients.blocked_error import walled
from lens_rx.clients.endpoints import World
from lens_rx.clients.protocols import Reader
from lens_rx.facts import Identity, Offer, Outcome, Page
from lens_rx.facts.errors import Drift, Nothing
from lens_rx.parsing.blocking.page_outcome import verdict
from lens_rx.parsing.marketplaces import Marketplace


class MarketplacePages:
    """Implements `seams.OfferSource` for one marketplace through a reader of pages."""

    def __init__(self, marketplace: Marketplace, reader: Reader, world: World) -> None:
        self._marketplace = marketplace
        self._reader = reader
        self._world = world

    @property
    def name(self) -> str:
        """The marketplace's name."""
        return self._marketplace.name

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        """Return what the first page of the search offers, best match first.

        Raises `Nothing` where the page says that nothing matches, or where the marketplace does not sell
        in the country; `Blocked` for a wall, `Drift` for a page that cannot be read, and what the reader raises.
        """
        if not self._marketplace.serves(country):
            raise Nothing(f"{self.name} does not sell in this country.")
        url = self._world.address(self._marketplace.search_url(identity, country))
        page = await self._reader.read(url)
        return await asyncio.to_thread(self._offers, page)

    def _offers(self, page: Page) -> Sequence[Offer]:
        offers = self._marketplace.offers_from_html(page.html, page.url)
        if offers:
            return offers
        found = verdict(page.html, page.url, page.status)
        if found.outcome is Outcome.BLOCKED:
            raise walled(page.url, found.wall or "")
        if found.outcome is Outcome.EMPTY or self._marketplace.says_none(page.html):
            raise Nothing(f"{self.name} says that nothing matches.")
        raise Drift(f"{self.name} answered with a page that could not be read.")
