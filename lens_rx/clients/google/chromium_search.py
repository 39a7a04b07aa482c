"""Google's web search in Chromium."""

from __future__ import annotations

from urllib.parse import urlencode

from lens_rx.clients.browser.page_waiter import PageWaiter
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.session_retry import with_session_retry
from lens_rx.clients.browser.tab import Tab
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.clients.protocols import SearchAnswer
from lens_rx.facts import Page, SearchResult
from lens_rx.parsing.google.search import results_from_html
from lens_rx.reactive.computing import run_in_cpu_thread
from lens_rx.settings import Settings


class ChromiumSearch:
    """Implements `protocols.WebSearch`. After a block page, Google is not asked until its cooldown is over."""

    def __init__(
        self,
        browser: BrowserPool,
        endpoints: Endpoints,
        settings: Settings,
        cooldown: HostCooldown | None = None,
    ) -> None:
        self._browser = browser
        self._endpoints = endpoints
        self._seconds = settings.page_deadline_seconds
        self._cooldown = cooldown or HostCooldown(settings.cooldown_seconds)

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Return the organic results, best first; raise `NoResults` where the engine says none."""
        parameters = {"q": query, "hl": "en", **({"gl": country.lower()} if country else {})}
        url = f"{self._endpoints.search_url}?{urlencode(parameters)}"

        async def visit(tab: Tab) -> Page:
            await tab.goto(url)
            return await PageWaiter(tab, _results, self._seconds, scrolls=False).page()

        page = await with_session_retry(self._browser, self._cooldown, url, visit)
        return SearchAnswer(await run_in_cpu_thread(_results, page))


def _results(page: Page) -> list[SearchResult]:
    return results_from_html(page.html, page.url)
