"""Addresses as pages write them, broken ones included."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

_NOWHERE = SplitResult("", "", "", "", "")
#: Longer than those of Google and of the marketplaces.
_LONGEST_QUERY = 16_000


def split_url(url: str) -> SplitResult:
    """Return the parts of an address, all empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return _NOWHERE


def host_of(url: str) -> str:
    """Return the host of an address in lower case, without a dot at its end; "" where it has none."""
    return (split_url(url).hostname or "").rstrip(".")


def public_host_of(url: str) -> str:
    """Return the public host that an address stands for; see `public_host`."""
    return public_host(host_of(url))


def public_host(host: str) -> str:
    """Return the host that a name under `.test` stands for, any other host as it is.

    Such names are never public (RFC 6761): `www.ebay.de.sandbox.test` stands for `www.ebay.de`.
    """
    return host.rsplit(".", 2)[0] if host.endswith(".test") and host.count(".") > 1 else host


def site_name(url: str) -> str:
    """Return the name of a site as it stands in its host: "depop" for `www.depop.com`."""
    labels = [label for label in public_host_of(url).split(".") if label not in ("www", "m")]
    return max(labels[:-1], key=len, default="")


def query_params(url: str) -> dict[str, list[str]]:
    """Return the values of each query parameter."""
    return parse_qs(split_url(url).query[:_LONGEST_QUERY])


def query_param(url: str, name: str) -> str:
    """Return the first value of a query parameter, empty where it is not given."""
    return next(iter(query_params(url).get(name, ())), "")


def join_url(base: str, href: str) -> str:
    """Return the address that `href` on the page `base` leads to, `href` itself where it cannot be resolved."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href
