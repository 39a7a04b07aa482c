"""How sites are treated: as an ordinary browser would, at a bounded rate, and not at all for a while after a block."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from time import monotonic
from urllib.parse import urlsplit

from aiolimiter import AsyncLimiter
from babel.languages import get_official_languages

from lens_rx.clients.blocked_error import cooldown_error

#: Hosts whose rate, or whose cooldown, is remembered at most.
MAX_HOSTS = 1_000
#: Top-level domains that are not the ISO code of their country.
_COUNTRY_OF_DOMAIN = {"uk": "GB"}
#: Country codes that are sold to sites of any country: `shop.io` says nothing about where it is.
_GENERIC_DOMAINS = frozenset(
    {"io", "co", "me", "tv", "ai", "ly", "gg", "fm", "to", "cc", "ws", "sh", "ac", "la", "vc"}
)
_BROWSER_HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
    "Sec-Fetch-User": "?1",
}


def headers_for(host: str, country: str) -> dict[str, str]:
    """Return the headers for a page of `host`, whose own country's language comes before that of `country`."""
    return {**_BROWSER_HEADERS, "Accept-Language": accept_language(_country_of(host) or country)}


@lru_cache(maxsize=300)
def accept_language(country: str) -> str:
    """Return the header's value for a country (ISO 3166 alpha-2; "": English)."""
    languages = [it.split("_")[0] for it in get_official_languages(country, de_facto=True)] or ["en"]
    tags = [f"{languages[0]}-{country}" if country else "en-US", *languages, "en"]
    unique = list(dict.fromkeys(tags))[:6]
    return ",".join(f"{tag};q={1 - rank / 10:.1f}" if rank else tag for rank, tag in enumerate(unique))


def _country_of(host: str) -> str:
    domain = host.rstrip(".").rsplit(".", 1)[-1]
    if len(domain) != 2 or domain in _GENERIC_DOMAINS:
        return ""
    country = _COUNTRY_OF_DOMAIN.get(domain, domain.upper())
    return country if get_official_languages(country) else ""


class RateLimiter:
    """At most `requests` in `seconds` to each host; the hosts asked longest ago are forgotten."""

    def __init__(self, requests: float, seconds: float = 1.0) -> None:
        self._rate = (requests, seconds)
        self._limiters: OrderedDict[str, AsyncLimiter] = OrderedDict()

    async def acquire(self, host: str) -> None:
        """Wait until `host` may be asked again."""
        limiter = self._limiters.setdefault(host, AsyncLimiter(*self._rate))
        self._limiters.move_to_end(host)
        if len(self._limiters) > MAX_HOSTS:
            self._limiters.popitem(last=False)
        await limiter.acquire()


class HostCooldown:
    """Which hosts are left alone after a block, and until when. Shared by all clients of the same sites.

    `now` returns seconds of a clock that nobody sets.
    """

    def __init__(self, seconds: float, now: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._blocked_until: dict[str, tuple[float, str]] = {}

    def check(self, url: str) -> None:
        """Return where the host of `url` may be asked; raise `Blocked`, which says how long it is left alone."""
        host = urlsplit(url).hostname or ""
        until, wall = self._blocked_until.get(host, (0.0, ""))
        if wall and until > self._now():
            raise cooldown_error(host, wall, until - self._now())
        self._blocked_until.pop(host, None)

    def begin(self, url: str, wall: str) -> None:
        """Leave the host of `url` alone from now on, because it showed `wall`."""
        now = self._now()
        self._blocked_until = {host: it for host, it in self._blocked_until.items() if it[0] > now}
        if len(self._blocked_until) < MAX_HOSTS:
            self._blocked_until[urlsplit(url).hostname or ""] = (now + self._seconds, wall)
