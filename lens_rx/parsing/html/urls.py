"""Addresses as pages write them, broken ones included."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

from lens_rx.clients.endpoints import SANDBOX_SUFFIX

_NOWHERE = SplitResult("", "", "", "", "")


def split(url: str) -> SplitResult:
    """Return the parts of an address, all empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return _NOWHERE


def host_of(url: str) -> str:
    """Return the host that an address stands for, in lower case, empty where it has none."""
    return (split(url).hostname or "").removesuffix(SANDBOX_SUFFIX)


def query(url: str, name: str) -> str:
    """Return the first value of a query parameter, empty where it is not given."""
    return next(iter(parse_qs(split(url).query[:4000]).get(name, ())), "")


def joined(base: str, href: str) -> str:
    """Return where a link leads, itself where that cannot be told."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href
