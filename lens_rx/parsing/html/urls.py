"""Addresses as pages write them, broken ones included."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

_NOWHERE = SplitResult("", "", "", "", "")


def split(url: str) -> SplitResult:
    """Return the parts of an address, all empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return _NOWHERE


def host_of(url: str) -> str:
    """Return the host that an address stands for, in lower case, empty where it has none."""
    return public_host(split(url).hostname or "")


def public_host(host: str) -> str:
    """Return the host that a name under `.test` stands for, any other host as it is.

    Such names are never public (RFC 6761): `www.ebay.de.sandbox.test` stands for `www.ebay.de`.
    """
    return host.rsplit(".", 2)[0] if host.endswith(".test") and host.count(".") > 1 else host


def query(url: str, name: str) -> str:
    """Return the first value of a query parameter, empty where it is not given."""
    return next(iter(parse_qs(split(url).query[:4000]).get(name, ())), "")


def joined(base: str, href: str) -> str:
    """Return where a link leads, itself where that cannot be told."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href
