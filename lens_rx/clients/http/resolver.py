"""Resolves names for aiohttp to public addresses only."""

from __future__ import annotations

import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from lens_rx.clients.endpoints import Route
from lens_rx.clients.http.url_policy import is_public, is_routed
from lens_rx.facts.errors import PolicyError


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses, and the names of `route` to its address.

    aiohttp connects to the very addresses that were checked here, which defeats DNS rebinding. A name with one
    private address among its public ones is refused.
    """

    def __init__(self, route: Route | None = None, resolver: AbstractResolver | None = None) -> None:
        self._route = route
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of `host`; raise `PolicyError` where one is not public, `OSError` where there is none."""
        if self._route is not None and is_routed(host, self._route):
            return [_route_result(self._route, host)]
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(result["host"]) for result in found):
            raise PolicyError("The address is not public.")
        return found

    async def close(self) -> None:
        """Close the underlying resolver."""
        await self._resolver.close()


def _route_result(route: Route, host: str) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=route.address,
        port=route.port,
        family=socket.AF_INET6 if ":" in route.address else socket.AF_INET,
        proto=0,
        flags=socket.AI_NUMERICHOST,
    )
