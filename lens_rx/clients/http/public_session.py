"""Requests to public sites alone: their sessions, and their deadlines and faults in words for a user."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.abc import AbstractCookieJar

from lens_rx.clients.http.resolver import PublicResolver
from lens_rx.facts.errors import StageTimeout, UpstreamError
from lens_rx.parsing.html.urls import host_of


def open_session(
    resolver: PublicResolver,
    headers: Mapping[str, str],
    jar: AbstractCookieJar,
    *,
    reuses_connections: bool,
    **limits: Any,
) -> aiohttp.ClientSession:
    """Open a session whose every connection is to addresses that were checked just now; `limits` are aiohttp's."""
    # the connector's own cache of names would be of addresses checked earlier
    connector = aiohttp.TCPConnector(
        resolver=resolver,
        use_dns_cache=False,
        limit=32,
        limit_per_host=6,
        force_close=not reuses_connections,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=jar,
        headers=headers,
        auto_decompress=False,
        requote_redirect_url=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
        **limits,
    )


@asynccontextmanager
async def request_deadline(url: str, seconds: float) -> AsyncIterator[None]:
    """Allow `seconds` for what is asked of `url`; raise `StageTimeout`, and `UpstreamError` for a fault of the network."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise StageTimeout(f"{host_of(url)} did not answer within {seconds:g} s.") from None
    except (aiohttp.ClientError, OSError) as error:
        raise UpstreamError(f"{host_of(url)} {_explain(error)}", transient=True) from None


def _explain(error: Exception) -> str:
    """Return what went wrong with a site, in words without internal addresses."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "is not a name that is known."
    if isinstance(error, aiohttp.ClientSSLError):
        return "shows a certificate that is not accepted."
    if isinstance(error, (aiohttp.ClientConnectorError, OSError)):
        return "cannot be reached."
    return "broke off its answer."
