"""The standing session for look-ups by plain HTTP: that of the tab in which Lens answered last, while it is good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import Morsel
from time import monotonic
from typing import Any

import aiohttp
import structlog
from yarl import URL

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.tab import Tab

#: A session that no look-up in the browser has renewed for so long is not used.
MAX_AGE_SECONDS = 900.0
#: How long no session is used after a degraded answer: the first time, and at most, each time twice as long.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 60.0, 3600.0
#: What Chrome sends with the request for a document, beside what its page sets.
_DOCUMENT_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7",
    "Upgrade-Insecure-Requests": "1",
}
#: And over TLS alone.
_FETCH_HEADERS = {
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-User": "?1",
}
_PASSED_ON = ("user-agent", "sec-ch-ua")
_LANGUAGES = "() => navigator.languages"

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LensSession:
    """A browser's session with Lens: its tab, whose profile holds the cookies, and its headers."""

    tab: Tab
    headers: Mapping[str, str]
    renewed_at: float


class LensSessions:
    """Holds the current session for `url`; none during the pause that follows a degraded answer.

    Cookies are read from the browser for each look-up, and neither kept here nor logged. `clock` returns seconds.
    """

    def __init__(self, browser: BrowserPool, url: str, clock: Callable[[], float] = monotonic) -> None:
        self._browser = browser
        self._url = URL(url)
        self._clock = clock
        self._current: LensSession | None = None
        self._paused_until = 0.0
        self._pause_seconds = FIRST_PAUSE_SECONDS

    async def renew(self, tab: Tab) -> None:
        """Take over the session of a tab in which Lens has just answered."""
        languages = await tab.evaluate(_LANGUAGES)
        headers = {**_DOCUMENT_HEADERS, "Accept-Language": _accept_language(languages)}
        headers |= {
            name: value for name, value in tab.request_headers.items() if name.lower().startswith(_PASSED_ON)
        }
        if self._url.scheme == "https":
            headers |= _FETCH_HEADERS
        self._current = LensSession(tab, headers, self._clock())

    def current(self) -> LensSession | None:
        """Return the session to use now, None where there is none, or it is too old, or during a pause."""
        session, now = self._current, self._clock()
        if session is None or session.tab.tainted or now - session.renewed_at > MAX_AGE_SECONDS:
            self._current = None
            return None
        return None if now < self._paused_until else session

    async def cookies(self, session: LensSession) -> aiohttp.CookieJar:
        """Return a jar with the session's cookies for the host of Lens; empty where its tab is gone."""
        jar, host = aiohttp.CookieJar(), self._url.host or ""
        for cookie in await self._browser.cookies(session.tab):
            if _is_sent_to(host, str(cookie["domain"])):
                jar.update_cookies({str(cookie["name"]): _morsel(cookie)}, self._url.with_path("/"))
        return jar

    def confirm(self, session: LensSession) -> None:
        """Note a good answer: the next pause is short again."""
        if session is self._current:
            self._pause_seconds = FIRST_PAUSE_SECONDS

    def end(self, session: LensSession, reason: str) -> None:
        """End a session because of a degraded answer, and pause; look-ups of an earlier session change nothing."""
        if session is not self._current:
            return
        self._current = None
        self._paused_until = self._clock() + self._pause_seconds
        _log.info("lens is not asked over plain http for a while", why=reason, seconds=self._pause_seconds)
        self._pause_seconds = min(2 * self._pause_seconds, LONGEST_PAUSE_SECONDS)


def is_changed(jar: aiohttp.CookieJar, sent: Mapping[str, str]) -> bool:
    """Tell whether the site has replaced or deleted a cookie that was sent to it."""
    values = values_of(jar)
    return any(values.get(name) != value for name, value in sent.items())


def values_of(jar: aiohttp.CookieJar) -> dict[str, str]:
    """Return the cookies of a jar by their names."""
    return {cookie.key: cookie.value for cookie in jar}


def _is_sent_to(host: str, domain: str) -> bool:
    """Tell whether a cookie of a domain, which begins with a dot where it holds for hosts below, is sent to a host."""
    return f".{host}".endswith(domain) if domain.startswith(".") else host == domain


def _morsel(cookie: Mapping[str, Any]) -> Morsel[str]:
    morsel: Morsel[str] = Morsel()
    morsel.set(str(cookie["name"]), str(cookie["value"]), str(cookie["value"]))
    morsel["path"] = str(cookie.get("path") or "/")
    morsel["secure"] = bool(cookie.get("secure"))
    if str(cookie["domain"]).startswith("."):
        morsel["domain"] = str(cookie["domain"]).lstrip(".")
    return morsel


def _accept_language(languages: list[str]) -> str:
    """Return the header's value as Chrome derives it from the languages of its user."""
    weighted = (f"{it};q={max(1 - rank / 10, 0.1):.1f}" if rank else it for rank, it in enumerate(languages))
    return ",".join(weighted)
