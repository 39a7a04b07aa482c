"""The client of a request: the peer of its connection, or whom trusted proxies name."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

from lens_rx.web.context import APP_CONTEXT

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network
#: The prefix of an IPv6 address that one customer of a provider has at least.
IPV6_CLIENT_PREFIX = 64


def client_name(request: web.BaseRequest, proxies: tuple[IPNetwork, ...]) -> str:
    """Return what identifies the client for limits: its IPv4 address, or the network of its IPv6 address."""
    if not proxies:
        return limit_key(request.remote or "")
    return limit_key(str(client_ip(request, proxies) or ""))


def client_of(request: web.Request) -> str:
    """Return what identifies the client of a request for limits, with the trusted proxies of the settings."""
    return client_name(request, request.app[APP_CONTEXT].settings.trusted_proxies)


def client_ip(request: web.BaseRequest, proxies: tuple[IPNetwork, ...]) -> IPAddress | None:
    """Return the client's address, None where it is not known.

    Of the addresses in `X-Forwarded-For` the rightmost one counts that is no trusted proxy: what is left of it was
    written by somebody who is not trusted.
    """
    address = parse_address(request.remote or "")
    if not (address and is_in(address, proxies)):
        return address
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    while is_in(address, proxies) and forwarded:
        further = parse_address(forwarded.pop().strip())
        if further is None:
            break
        address = further
    return address


def is_https(request: web.Request) -> bool:
    """Return whether the client speaks HTTPS, to the service or to a trusted proxy."""
    proxies = request.app[APP_CONTEXT].settings.trusted_proxies
    peer = parse_address(request.remote or "")
    if peer and is_in(peer, proxies):
        return request.headers.get("X-Forwarded-Proto", "").split(",")[-1].strip().lower() == "https"
    return request.secure


def is_local(request: web.Request) -> bool:
    """Return whether the client is a program on this machine, and not a proxy that speaks for another."""
    proxies = request.app[APP_CONTEXT].settings.trusted_proxies
    peer, client = parse_address(request.remote or ""), client_ip(request, proxies)
    passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    if client is None or peer is None or (passed_on and not is_in(peer, proxies)):
        return False
    return client.is_loopback


def is_in(address: IPAddress, networks: tuple[IPNetwork, ...]) -> bool:
    """Return whether an address is in one of the networks."""
    return any(address in network for network in networks)


@lru_cache(maxsize=4096)
def parse_address(text: str) -> IPAddress | None:
    """Return an address, with or without a port; an IPv4 address that is written as IPv6 is one of IPv4."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=4096)
def limit_key(text: str) -> str:
    """Return the name under which the limits of an address are counted."""
    address = parse_address(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, IPV6_CLIENT_PREFIX), strict=False))
    return str(address) if address else text
