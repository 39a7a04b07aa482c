"""Which web addresses may be read: public ones only, however they are written. Pure.

Links come from untrusted pages, so that each may point at this machine or its network. A link is checked as it
is written, the IP addresses of its host are checked when they are resolved, and the connection is made to the
very addresses that were checked.
"""

from __future__ import annotations

import ipaddress
import re

from yarl import URL

from lens_rx.clients.endpoints import Endpoints, Route
from lens_rx.facts.errors import PolicyError

_MAX_URL_LENGTH = 4_096
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_USERINFO = re.compile(r"[^/?#]*//[^/?#]*@")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
#: Names that are never public: RFC 6761, RFC 6762, RFC 8375, and those of home routers.
_PRIVATE_NAMES = (
    ".localhost",
    ".local",
    ".internal",
    ".intranet",
    ".lan",
    ".home",
    ".corp",
    ".home.arpa",
    ".onion",
)
#: Public by the registry, but leading to any IPv4 address (6to4, Teredo, NAT64), or not in use.
_INDIRECT_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.88.99.0/24",
        "192.0.0.0/24",
        "2002::/16",
        "2001::/32",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
    )
)
#: Public by the registry, but served inside a cloud alone, to its machines: the wire server of Azure, which hands out
#: certificates and settings, and the metadata and services of Equinix Metal and of IBM Cloud. Those of the others
#: (169.254.0.0/16, 100.100.100.200, 192.0.0.192, fd00:ec2::254, fd20:ce::254) are in networks that are never public.
_CLOUD_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in ("168.63.129.16/32", "192.80.8.124/32", "161.26.0.0/16", "166.8.0.0/14")
)
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")


def check_url(url: str, route: Route | None = None) -> URL:
    """Return the parsed address if it may be read; raise `PolicyError` for any other.

    The names of `route` are the only ones that may lead to this machine.
    """
    if len(url) > _MAX_URL_LENGTH or _FORBIDDEN.search(url):
        raise PolicyError("The address is malformed.")
    try:
        parsed = URL(url)
        host = (parsed.raw_host or "").rstrip(".").lower()
        port = parsed.explicit_port
    except ValueError:
        raise PolicyError("The address is malformed.") from None
    if parsed.scheme not in _DEFAULT_PORTS:
        raise PolicyError("Only http and https addresses are read.")
    if _USERINFO.match(url):
        raise PolicyError("An address with a user name is not read.")
    if port not in (None, *_DEFAULT_PORTS.values()):
        raise PolicyError("Only the ports 80 and 443 are read.")
    _check_host(host, route)
    return parsed.with_fragment(None)


def check_resolved(url: str, endpoints: Endpoints) -> URL:
    """Return the address that stands for `url` at these endpoints; raise `PolicyError` where either may not be read."""
    checked = check_url(url, endpoints.route)
    return check_url(endpoints.resolve(str(checked)), endpoints.route)


def join_redirect(base: URL, location: str) -> str:
    """Return where a redirect leads, which is not checked yet; raise `PolicyError` for no address."""
    try:
        return str(base.join(URL(location)))
    except ValueError:
        raise PolicyError("The site redirects to a malformed address.") from None


def is_routed(host: str, route: Route | None) -> bool:
    """Tell whether `host` is one of the names of `route`."""
    return route is not None and host.rstrip(".").lower().endswith(route.suffix)


def is_public(address: str) -> bool:
    """Tell whether an IP address, as a resolver gives it, is a public one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if parsed.is_multicast or not parsed.is_global:
        return False
    if parsed.version == 6 and parsed not in _GLOBAL_V6:
        return False
    refused = (*_INDIRECT_NETWORKS, *_CLOUD_NETWORKS)
    return not any(parsed in network for network in refused if network.version == parsed.version)


def _check_host(host: str, route: Route | None) -> None:
    if is_routed(host, route):
        return
    if ":" in host or _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        if not is_public(host):
            raise PolicyError("The address is not public.")
    elif not _is_name(host) or host.endswith(_PRIVATE_NAMES):
        raise PolicyError("The address is not that of a public site.")


def _is_name(host: str) -> bool:
    labels = host.split(".")
    return len(labels) > 1 and len(host) <= 253 and all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    return re.fullmatch(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", label) is not None
