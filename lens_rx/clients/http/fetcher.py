"""Reads pages by plain HTTP: public addresses only, bounded in time and bytes, under the crawl policy."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from aiohttp.abc import AbstractResolver

from lens_rx.clients.blocked_error import blocked_error
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.http.crawl_policy import HostCooldown, headers_for
from lens_rx.clients.http.page_client import PageClient, PageRequest
from lens_rx.facts import Outcome, Page
from lens_rx.facts.errors import UpstreamError
from lens_rx.parsing.blocking import classify_page
from lens_rx.parsing.html.urls import host_of
from lens_rx.reactive.computing import run_in_cpu_thread
from lens_rx.settings import Settings

REQUESTS_PER_SECOND = 4
#: Block pages that a browser may pass: a page of scripts, a check or a refusal of plain clients, a consent
#: dialog. They begin no cooldown yet.
NEEDS_BROWSER = frozenset({"shell", "challenge", "forbidden", "consent"})


class HttpFetcher:
    """Implements `protocols.Reader` without a browser. Owns its connections: close it with `aclose()`."""

    def __init__(
        self,
        settings: Settings,
        endpoints: Endpoints,
        cooldown: HostCooldown | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._endpoints = endpoints
        self._cooldown = cooldown or HostCooldown(settings.cooldown_seconds)
        self._pages = PageClient(settings, endpoints, self._cooldown, REQUESTS_PER_SECOND, resolver)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections; what is being read fails."""
        await self._pages.aclose()

    async def read(self, url: str) -> Page:
        """Return the page at `url`, or at the address that it redirects to.

        Content that is no text (a PDF, a picture) gives a page with empty `html`; a missing page has its
        status. Raises `PolicyError` for an address that is not public and a page that is too large, `Blocked`
        for a block page, `StageTimeout`, and `UpstreamError` for a fault of the site or of the network.
        """
        request = PageRequest(url, lambda host: headers_for(host, self._settings.country))
        return await self._check(url, await self._pages.read(request, self._settings.page_deadline_seconds))

    async def _check(self, asked: str, page: Page) -> Page:
        """Return the page; raise `Blocked` for a block page, which begins the cooldown, and `UpstreamError`."""
        found = (
            await run_in_cpu_thread(classify_page, page.html, page.url, page.status) if page.html else None
        )
        if found is not None and found.outcome is Outcome.BLOCKED:
            wall = found.wall or ""
            if wall not in NEEDS_BROWSER:
                for url in (self._endpoints.resolve(asked), page.url):
                    self._cooldown.begin(url, wall)
            raise blocked_error(page.url, wall)
        if page.status >= 500:
            raise UpstreamError(
                f"{host_of(page.url)} has trouble (status {page.status}). Please try again later.",
                transient=True,
            )
        return page
