"""A node of a fleet in a process of its own: all of it real, but for the outside world.

    python cluster_node.py REDIS_URL [web|worker|both]

It prints its address when it listens. Each look outside takes a moment and is counted in Redis, as
`outside:NAME`; it is held there for as long as there is a `hold:NAME`.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

from redis.asyncio import Redis

from lens_rx.cli.log_config import configure
from lens_rx.cli.service import listen
from lens_rx.cli.shutdown import wait_for_signal
from lens_rx.clients.configured_suppliers import ConfiguredSuppliers
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.protocols import ImageMatches, SearchAnswer
from lens_rx.facts import Identity, Offer, Page, Photo, SearchResult
from lens_rx.parsing.google.lens import matches_from_html
from lens_rx.runs.stages import StageClients
from lens_rx.settings import Settings
from lens_rx.storage.redis.redis_storage import RedisStorage
from lens_rx.wiring.node import Clients, node

SHOP = "https://acme.example/hike-2"
CARDS = "".join(
    f'<div><img src="data:,"><a href="https://{shop}.example/{n}"><span role="heading">Acme Hike 2 boot {n}</span>'
    f"<span>{shop}</span></a></div>"
    for n, shop in enumerate(
        ("acme", "bergzeit", "trek", "alpin", "outlet", "trail", "gear", "peak", "rock", "walk")
    )
)
LENS = f"<html><body>{CARDS}</body></html>"
PRODUCT = """<html><head><title>Hike 2 | Acme</title><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Product", "name": "Acme Hike 2", "brand": "Acme",
 "offers": {"@type": "Offer", "price": "200.00", "priceCurrency": "EUR",
            "availability": "https://schema.org/InStock"}}</script></head>
<body><h1>Acme Hike 2</h1><p>A boot of leather for every trail.</p></body></html>"""


class Outside:
    """Lens, search, pages and one marketplace, all of which know one boot."""

    name = "market"

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(redis_url)

    async def _looked(self, what: str) -> None:
        await self._redis.incr(f"outside:{what}")
        await asyncio.sleep(random.uniform(0.1, 0.4))
        while await self._redis.exists(f"hold:{what}"):
            await asyncio.sleep(0.05)

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Return look-alikes."""
        await self._looked(f"lens:{photo.sha256}")
        return ImageMatches(matches_from_html(LENS, "https://www.google.com/search?vsrid=1"))

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Return the shop's page."""
        await self._looked("search")
        return SearchAnswer([SearchResult("Hike 2 | Acme", SHOP, f"{query} {country}")])

    async def read(self, url: str) -> Page:
        """Return the product's page."""
        await self._looked("page")
        return Page(url, PRODUCT)

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        """Return five offers."""
        await self._looked("offers")
        title = f"{identity.producer} {identity.model} {country}"
        return [
            Offer(str(n), f"{title} worn {n}", f"https://market.example/{n}", Decimal(80 + n), "EUR")
            for n in range(5)
        ]


async def main(redis_url: str, role: str = "both") -> None:
    """Serve until told to end."""
    settings = Settings(queue_per_client=64)
    configure(settings)
    world = Outside(redis_url)
    browser = SimpleNamespace(tabs=dict, ready=True, wait_started=partial(asyncio.sleep, 0))
    outside = Clients(StageClients(world, world, world, None, [world]), browser, ConfiguredSuppliers())
    worker = None if role == "web" else outside
    async with (
        node(settings, Endpoints(), RedisStorage(redis_url, settings), "", worker) as served,
        listen(served, "127.0.0.1", 0, None) as port,
    ):
        sys.stdout.write(f"http://127.0.0.1:{port}\n")
        sys.stdout.flush()
        await wait_for_signal()
        await served.drain()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
