"""The addresses of a sandbox, as production's clients take them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import aiohttp
from pydantic import SecretStr
from yarl import URL

from lens_rx.clients.endpoints import Endpoints, Route
from lens_rx.facts.errors import UpstreamError

#: Every site of the sandbox has a name that ends so; `.test` is reserved for tests (RFC 6761).
SANDBOX_SUFFIX = ".sandbox.test"
#: Labels of hosts that stand for a site of many countries: `www.ebay.de.sandbox.test`.
STAND_INS = (
    "ebay",
    "mercari",
    "carousell",
    "vinted",
    "kleinanzeigen",
    "wallapop",
    "depop",
    "olx",
    "mercadolibre",
    "mercadolivre",
)
#: The sandbox's own models, best first.
SANDBOX_MODELS = ("gpt-4o", "gpt-6-luna")
#: What its Lens stands of one client; it is nobody's site.
LENS_REQUESTS_PER_SECOND = 60.0
ABOUT_PATH = "/_sandbox"
#: The path below which the stand-ins of official APIs answer, each below its name.
API_PREFIX = "/_api"
#: The keys that they take, as settings, by the names of the sources.
API_KEYS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "brave": {"brave_api_key": SecretStr("BSAsandboxkey000000000000000000")},
        "google": {
            "google_api_key": SecretStr("AIzaSandboxCustomSearchKey0000000000000"),
            "google_cse_id": "0123456789abcdef0",
        },
        "vision": {"google_vision_api_key": SecretStr("AIzaSandboxCloudVisionKey00000000000000")},
        "ebay": {
            "ebay_client_id": "LensRx-sandbox-PRD-1",
            "ebay_client_secret": SecretStr("PRD-sandbox-secret-2"),
        },
    }
)


def sandbox_endpoints(port: int, catalogue_version: str, address: str = "127.0.0.1") -> Endpoints:
    """Return the endpoints of a sandbox that listens on `address`:`port`."""
    apis = f"http://{address}:{port}{API_PREFIX}"
    return Endpoints(
        name=f"sandbox-{catalogue_version}",
        lens_url=f"http://lens{SANDBOX_SUFFIX}/",
        lens_requests_per_second=LENS_REQUESTS_PER_SECOND,
        search_url=f"http://search{SANDBOX_SUFFIX}/search",
        model_url=f"http://{address}:{port}/v1",
        models=SANDBOX_MODELS,
        brave_url=f"{apis}/brave",
        custom_search_url=f"{apis}/google/customsearch/v1",
        vision_url=f"{apis}/vision",
        ebay_api_url=f"{apis}/ebay",
        api_keys=API_KEYS,
        route=Route(SANDBOX_SUFFIX, address, port),
        stand_ins=frozenset(STAND_INS),
    )


async def endpoints_at(url: str) -> Endpoints:
    """Return the endpoints of the sandbox that runs at `url`; raise `UpstreamError` where none answers in 5 s."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as client,
            client.get(url.rstrip("/") + ABOUT_PATH) as response,
        ):
            version = str((await response.json())["version"])
            address = await _numeric_address(response.url)
    except (aiohttp.ClientError, OSError, ValueError, LookupError, TypeError) as error:
        raise UpstreamError(f"There is no sandbox at {url}.", transient=True) from error
    return sandbox_endpoints(response.url.port or 80, version, address)


async def _numeric_address(url: URL) -> str:
    """Return the numeric address of a URL's host, the IPv4 one where it has both."""
    found = await asyncio.get_running_loop().getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
    *_, place = min(found, key=lambda each: each[0] is not socket.AF_INET)
    return str(place[0])
