"""Where a link of a result page leads: Google's redirects unwrapped, advertisements told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qs, urljoin, urlsplit

from lens_rx.parsing.html.tree import normalize_space
from lens_rx.parsing.html.urls import host_of, query_param

#: The parameters in which Google's redirects carry their target, by path.
_REDIRECTS = {
    "/url": ("q", "url"),
    "/imgres": ("imgrefurl",),
    "/translate": ("u",),
    "/ml": ("continue",),
    "/interstitial": ("url",),
}
#: `/amp/s/shop.example/x` is Google's copy of `https://shop.example/x`.
_AMP = re.compile(r"/amp/(?P<secure>s/)?(?P<rest>[^/]+\.[^/]+/?.*)")
#: Redirects are unwrapped so often at most.
_MAX_REDIRECTS = 5
_OPAQUE_REDIRECT = "/goto"
_NO_TARGETS: Mapping[str, str] = MappingProxyType({})
_GOOGLE = re.compile(r"(^|\.)google(\.[a-z]{2,3}){1,2}$")
_AD_HOSTS = re.compile(r"(^|\.)(googleadservices|doubleclick|googlesyndication)\.[a-z.]+$")


def is_google(host: str) -> bool:
    """Tell whether a host is Google's own, in any country and with any label before."""
    return _GOOGLE.search(host) is not None


def resolve_link(href: str, page_url: str, targets: Mapping[str, str] = _NO_TARGETS) -> str:
    """Return the http(s) address that `href` on `page_url` leads to, unwrapped; "" where it leads nowhere.

    `targets` says where opaque redirects lead; one that it does not name is returned as it is.
    """
    try:
        url = urljoin(page_url, href.strip())
        for _ in range(_MAX_REDIRECTS):
            inner = _wrapped(url, page_url, targets)
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
    """Tell whether an address is a redirect of Google's that hides its target."""
    return is_google(host_of(url)) and urlsplit(url).path == _OPAQUE_REDIRECT


def _wrapped(url: str, page_url: str, targets: Mapping[str, str]) -> str:
    """Return the address inside a redirect of Google's or of the page's own host; "" for any other."""
    parts = urlsplit(url)
    if is_opaque(url):
        return _opaque_target(query_param(url, "url"), targets)
    host = parts.hostname or ""
    if not (is_google(host) or host == host_of(page_url)):
        return ""
    if is_google(host) and (amp := _AMP.fullmatch(parts.path)):
        return f"{'https' if amp['secure'] else 'http'}://{amp['rest']}{f'?{parts.query}' if parts.query else ''}"
    names = _REDIRECTS.get(parts.path)
    if not names:
        return ""
    query = parse_qs(parts.query)
    found = (query[name][0] for name in names if name in query)
    return next((value for value in found if value.startswith(("http://", "https://", "/"))), "")


def _opaque_target(token: str, targets: Mapping[str, str]) -> str:
    """Return where an opaque redirect leads: its token may be the address itself, else `targets` may name it."""
    if token.startswith(("http://", "https://")):
        return token
    return targets.get(token.rstrip("="), "")


def _plain(url: str) -> str:
    """Return `url` without a scroll-to-text fragment; "" unless it is an http(s) address with a host."""
    url = normalize_space(url.split("#:~:", 1)[0])
    parts = urlsplit(url)
    return url if parts.scheme in ("http", "https") and parts.hostname else ""
