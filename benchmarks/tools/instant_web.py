"""The outside services in the process itself: they answer at once, or after a delay, with something new for each photo."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from decimal import Decimal
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

from PIL import Image

from lens_rx.clients.configured_suppliers import ConfiguredSuppliers
from lens_rx.clients.protocols import Answer, ImageMatches, Question, SearchAnswer, Usage
from lens_rx.facts import Condition, Identity, Match, Offer, Page, Photo, PhotoCopy, SearchResult
from lens_rx.runs.early_calls import EarlyOffers, EarlySearch
from lens_rx.runs.early_lookups import EarlyClients
from lens_rx.runs.stages import StageClients
from lens_rx.wiring.node import Clients

MATCHES, OFFERS = 20, 12
MARKETPLACES = ("ebay", "vinted")
SITES = ("alpine-shop.example", "outdoor-house.example", "gear-for-all.example", "second-mountain.example")
KINDS = ("", "homme", "size M", "used, good", "second hand")
CONDITIONS = (Condition.LIKE_NEW, Condition.GOOD, Condition.USED, Condition.USED)
PRODUCT = """<!doctype html><html><head><title>{0} | Norrvik</title><script type="application/ld+json">
{{"@context": "https://schema.org", "@type": "Product", "name": "{0}", "brand": "Norrvik", "description":
"A warm parka with a hood, four pockets and a zip that goes both ways.", "material": "cotton and polyester",
"offers": {{"@type": "Offer", "price": "240.00", "priceCurrency": "EUR", "availability": "https://schema.org/InStock"}}}}
</script></head><body><h1>{0}</h1><p>€ 240.00</p><p>A warm parka with a hood.</p></body></html>"""


def distinct_photos(first: int, number: int) -> list[PhotoCopy]:
    """Return working copies of photos that no one has seen."""
    names = [sha256(f"photo {n}".encode()).hexdigest() for n in range(first, first + number)]
    return [PhotoCopy(name, small_picture(), 64, 64) for name in names]


@cache
def small_picture() -> bytes:
    """Return a JPEG of 64 by 64 pixels: photos are told apart by their names."""
    out = BytesIO()
    Image.effect_noise((64, 64), 60).save(out, "JPEG")
    return out.getvalue()


def model_of(photo: Photo) -> str:
    """Return the name of the thing on a photo: no two have the same."""
    return f"Fjell {photo.sha256[:6]}"


class InstantWeb:
    """All outside services; `seconds` are the delays by kind of site: lens, model, search, shop, marketplace."""

    def __init__(self, seconds: Mapping[str, float] | None = None, model_calls: int | None = None) -> None:
        self._seconds = seconds or {}
        self._model_calls = asyncio.Semaphore(model_calls) if model_calls else nullcontext()

    async def _wait(self, site: str) -> None:
        if seconds := self._seconds.get(site):
            await asyncio.sleep(seconds)

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Return look-alikes."""
        await self._wait("lens")
        name = f"Norrvik {model_of(photo)}"
        return ImageMatches(
            [
                Match(f"{name} {KINDS[n % 5]}", f"https://www.{SITES[n % 4]}/{n}", SITES[n % 4])
                for n in range(MATCHES)
            ]
        )

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Return the producer's page and others."""
        await self._wait("search")
        link = query.lower().replace(" ", "-") + country
        sites = ("www.norrvik.com", *SITES)
        return SearchAnswer([SearchResult(f"{query} Parka", f"https://{it}/{link}") for it in sites])

    async def read(self, url: str) -> Page:
        """Return the product's page."""
        await self._wait("shop")
        return Page(url, PRODUCT.format(url.rpartition("/")[2].replace("-", " ").title()))

    async def complete(self, question: Question[Any]) -> Answer[Any]:
        """Answer with what the evidence says."""
        async with self._model_calls:
            await self._wait("model")
        words = question.evidence.partition("Norrvik ")[2].split()
        said = {
            "producer": "Norrvik",
            "model": " ".join(words[:2]),
            "category": "parka",
            "supporting_titles": [1, 2, 3],
        }
        said |= {"colour": "green", "material": "cotton", "visible_text": "Norrvik", "condition": "good"}
        return Answer(
            question.answer.model_validate(said | {"sentence": "A green parka."}), Usage(900, 60), "model"
        )


class InstantMarketplace:
    """A marketplace of the same web."""

    def __init__(self, name: str, seconds: float = 0.0) -> None:
        self.name = name
        self._seconds = seconds

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        """Return offers of the thing."""
        if self._seconds:
            await asyncio.sleep(self._seconds)
        title = f"{identity.producer} {identity.model} parka"
        return [
            Offer(
                id=f"{n}",
                title=f"{title} size {46 + n} {country}",
                link=f"https://{self.name}.example/{n}",
                price=Decimal(80 + 3 * n),
                currency="EUR",
                condition=CONDITIONS[n % 4],
                sold=n % 2 == 0,
                marketplace=self.name,
            )
            for n in range(OFFERS)
        ]


def instant_clients(
    seconds: Mapping[str, float] | None = None, model_calls: int | None = None, *, early_calls: int = 0
) -> Clients:
    """Return the clients of a node; with `early_calls` so many look-ups of likely names may wait, as in a service."""
    web = InstantWeb(seconds, model_calls)
    delay = (seconds or {}).get("marketplace", 0.0)
    sources = [EarlyOffers(InstantMarketplace(name, delay), _ignore, early_calls) for name in MARKETPLACES]
    search = EarlySearch(web, _ignore, early_calls)
    early = EarlyClients(search, sources) if early_calls else None
    return Clients(StageClients(web, search, web, web, sources, early), None, ConfiguredSuppliers())


def _ignore(_: str) -> None:
    """Count nothing."""
