"""Google Lens over plain HTTP, with the session of a browser: upload, redirect, results, judged by their content."""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from lens_rx.clients.blocked_error import blocked_error
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.google.lens_session import LensSession, LensSessions, is_changed, values_of
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.clients.http.fetcher import NEEDS_BROWSER
from lens_rx.clients.http.page_client import PageClient, PageRequest
from lens_rx.facts import Match, Outcome, Page, Photo
from lens_rx.facts.errors import NoResults, PolicyError, StageTimeout, UpstreamError
from lens_rx.parsing.blocking import classify_page
from lens_rx.parsing.google.lens import matches_from_html
from lens_rx.reactive.computing import run_in_cpu_thread
from lens_rx.settings import Settings

#: The upload that answers plain clients with results as markup.
UPLOAD_PATH = "/searchbyimage/upload"
#: A look-up takes some 2 s; one that takes longer leaves the browser its time.
HTTP_SECONDS = 8.0
#: A page with fewer matches is a degraded one: a real one has some 60.
FEW_MATCHES = 10


class DegradedAnswer(Exception):
    """An answer that says nothing of the photo; `reason` is one of few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class HttpLens:
    """Looks photos up with the session of `sessions`. Owns its connections: close it with `aclose()`."""

    def __init__(
        self,
        sessions: LensSessions,
        endpoints: Endpoints,
        settings: Settings,
        cooldown: HostCooldown,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.sessions = sessions
        self._upload_url = str(URL(endpoints.lens_url).with_path(UPLOAD_PATH))
        self._seconds = min(HTTP_SECONDS, settings.page_deadline_seconds)
        self._cooldown = cooldown
        rate = endpoints.lens_requests_per_second
        self._pages = PageClient(settings, endpoints, cooldown, rate, resolver, keeps_cookies=False)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pages.aclose()

    async def search_image(self, photo: Photo, session: LensSession) -> list[Match]:
        """Return the matches of a page that is whole beyond doubt, else raise `DegradedAnswer`.

        Raises `NoResults` where Lens says that nothing matches, and `Blocked` for a wall that no browser passes
        either, after which the site is left alone, as everywhere.
        """
        jar = await self.sessions.cookies(session)
        sent = values_of(jar)
        if not sent:
            raise DegradedAnswer("no session")
        page = await self._read(photo, session, jar)
        matches = await run_in_cpu_thread(_matches, page)
        if not matches:
            await self._raise_for(page)
        if is_changed(jar, sent):
            raise DegradedAnswer("changed session")
        if len(matches) < FEW_MATCHES:
            raise DegradedAnswer("few matches")
        self.sessions.confirm(session)
        return matches

    async def _read(self, photo: Photo, session: LensSession, jar: aiohttp.CookieJar) -> Page:
        form = aiohttp.FormData()
        content = await asyncio.to_thread(photo.path.read_bytes)
        form.add_field("encoded_image", content, filename="photo.jpg", content_type="image/jpeg")
        form.add_field("image_url", "")
        form.add_field("sbisrc", "")
        request = PageRequest(self._upload_url, lambda _: session.headers, form, jar)
        try:
            return await self._pages.read(request, self._seconds)
        except StageTimeout:
            raise DegradedAnswer("timeout") from None
        except (UpstreamError, PolicyError):
            raise DegradedAnswer("error") from None

    async def _raise_for(self, page: Page) -> None:
        """Raise the reason why a page has no matches."""
        found = await run_in_cpu_thread(classify_page, page.html, page.url, page.status)
        if found.outcome is Outcome.EMPTY:
            raise NoResults("Google Lens found nothing.")
        if page.status >= 500 or found.wall is None:
            raise DegradedAnswer("error" if page.status >= 500 else "unverified")
        if found.wall in NEEDS_BROWSER:
            raise DegradedAnswer(found.wall)
        for url in (self._upload_url, page.url):
            self._cooldown.begin(url, found.wall)
        raise blocked_error(page.url, found.wall)


def _matches(page: Page) -> list[Match]:
    return matches_from_html(page.html, page.url)
