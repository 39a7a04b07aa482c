"""Reads any public page in Chromium, after its scripts have run."""

from __future__ import annotations

from dataclasses import replace

from lens_rx.clients.browser.page_waiter import PageWaiter
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.session_retry import with_session_retry
from lens_rx.clients.browser.snapshot import snapshot
from lens_rx.clients.browser.tab import Tab
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.facts import Outcome, Page
from lens_rx.facts.errors import UpstreamError
from lens_rx.parsing.blocking import classify_page
from lens_rx.parsing.html.urls import host_of
from lens_rx.settings import Settings

#: How long after its load a page may go on changing; then it is read as it is.
SETTLE_SECONDS = 6.0


class ChromiumReader:
    """Implements `protocols.Reader`; the page carries a snapshot of its visible text."""

    def __init__(
        self,
        browser: BrowserPool,
        endpoints: Endpoints,
        settings: Settings,
        cooldown: HostCooldown | None = None,
    ) -> None:
        self._browser = browser
        self._endpoints = endpoints
        self._cooldown = cooldown or HostCooldown(settings.cooldown_seconds)

    async def read(self, url: str) -> Page:
        """Return the rendered page; raise `PolicyError` for an address that is not public, `Blocked` for a block page."""
        address = self._endpoints.resolve(url)

        async def visit(tab: Tab) -> Page:
            await tab.goto(address)
            page = await PageWaiter(tab, _content, SETTLE_SECONDS, scrolls=False).page()
            return replace(page, snapshot=await snapshot(tab))

        page = await with_session_retry(self._browser, self._cooldown, address, visit)
        if page.status >= 500:
            raise UpstreamError(f"{host_of(page.url)} answered with status {page.status}.", transient=True)
        return page


def _content(page: Page) -> tuple[Page, ...]:
    """Return the page, or nothing where it is a block page."""
    blocked = classify_page(page.html, page.url, page.status).outcome is Outcome.BLOCKED
    return () if blocked else (page,)
