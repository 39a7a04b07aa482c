"""Which pages may use the service: by the Host, Origin and Sec-Fetch-Site of their requests."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from lens_rx.settings import Settings

#: Ends of names that nobody can register and point at a service.
PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa")


def is_cors_origin(origin: str, settings: Settings) -> bool:
    """Return whether pages of `origin` may read responses."""
    return not {origin, "*"}.isdisjoint(settings.cors_origins)


def origin_allowed(request: web.Request, settings: Settings, *, by_cookie: bool = False) -> bool:
    """Return whether the request's origin may cause changes or costs; CORS alone only keeps it from reading.

    `by_cookie`: the request has its access from a cookie, which browsers send along by themselves, so that it has to
    say where it comes from.
    """
    origin, site = request.headers.get("Origin", ""), request.headers.get("Sec-Fetch-Site", "")
    if not origin:
        if by_cookie:
            return site == "same-origin"
        return site != "cross-site" or is_cors_origin("", settings)
    # a proxy may rewrite Host; Sec-Fetch-Site comes from the browser itself
    same_origin = urlsplit(origin).netloc == request.host or site == "same-origin"
    return same_origin or is_cors_origin(origin, settings)


@lru_cache(maxsize=1024)
def is_own_host(host: str, hosts: Sequence[str]) -> bool:
    """Return whether a Host header names this service: an address, a local name, or one of the settings'."""
    name = (
        (host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]).lower().rstrip(".")
    )
    local = "." not in name or name.endswith(PRIVATE_SUFFIXES)
    return local or _is_address(name) or not {name, "*"}.isdisjoint(hosts)


def _is_address(name: str) -> bool:
    with suppress(ValueError):
        return bool(ip_address(name))
    return False
