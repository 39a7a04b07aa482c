"""Where a link of a result page really leads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qs, urljoin, urlsplit

from lens_rx.parsing.html.tree import normalize_space

#: The parameters in which Google's hop addresses carry the address they lead to, by path.
_HOPS = {
    "/url": ("q", "url"),
    "/imgres": ("imgrefurl",),
    "/translate": ("u",),
}
_OPAQUE_HOP = "/goto"
_NO_ENDS: Mapping[str, str] = MappingProxyType({})
_GOOGLE = re.compile(r"(^|\.)google(\.[a-z]{2,3}){1,2}$")
_AD_HOSTS = re.compile(r"(^|\.)(googleadservices|doubleclick|googlesyndication)\.[a-z.]+$")


def host_of(url: str) -> str:
    """Return the host of `url` in lower case; "" where there is none or the address is broken."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def query_of(url: str) -> dict[str, list[str]]:
    """Return the parameters of `url`; none where the address is broken."""
    try:
        return parse_qs(urlsplit(url).query)
    except ValueError:
        return {}


def is_google(host: str) -> bool:
    """Tell whether a host is Google's own, in any country and with any label before."""
    return _GOOGLE.search(host) is not None


def resolve_link(href: str, page_url: str, ends: Mapping[str, str] = _NO_ENDS) -> str:
    """Return the http(s) address that `href` on `page_url` leads to, unwrapped; "" where it leads nowhere.

    `ends` says where opaque hops lead; one that it does not name stays what it is.
    """
    try:
        url = urljoin(page_url, href.strip())
        for _ in range(3):
            inner = _wrapped(url, page_url, ends)
            if not inner:
                break
            url = urljoin(url, inner)
        return _plain(url)
    except ValueError:
        return ""


def is_ad(url: str) -> bool:
    """Tell whether an address counts a click on an advertisement."""
    host = host_of(url)
    return bool(_AD_HOSTS.search(host)) or (is_google(host) and urlsplit(url).path.startswith("/aclk"))


def is_opaque(url: str) -> bool:
    """Tell whether an address is a hop of Google's that hides where it leads."""
    return is_google(host_of(url)) and urlsplit(url).path == _OPAQUE_HOP


def _wrapped(url: str, page_url: str, ends: Mapping[str, str]) -> str:
    """Return the address inside a hop of Google's or of the page's own host; "" for any other."""
    parts = urlsplit(url)
    if is_opaque(url):
        return ends.get(next(iter(query_of(url).get("url", ())), "").rstrip("="), "")
    names = _HOPS.get(parts.path)
    host = parts.hostname or ""
    if not names or not (is_google(host) or host == host_of(page_url)):
        return ""
    query = parse_qs(parts.query)
    found = (query[name][0] for name in names if name in query)
    return next((value for value in found if value.startswith(("http://", "https://", "/"))), "")


def _plain(url: str) -> str:
    """Return `url` without a scroll-to-text fragment; "" unless it is an http(s) address with a host."""
    url = normalize_space(url.split("#:~:", 1)[0])
    parts = urlsplit(url)
    return url if parts.scheme in ("http", "https") and parts.hostname else ""
