"""The stand-ins for Kleinanzeigen, Wallapop, Depop, OLX and Mercado Libre: search pages in the layout of each.

Their listings are generated beside those of the catalogue, which stay as they are. Between them stand the traps of
the real sites: open prices, adverts that seek or give away, sellers who trade, reduced prices, instalments, things
that are sold or reserved, advertisements between the cards.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aiohttp import web

from lens_rx.facts import Condition, Money
from lens_rx.pricing import convert
from lens_rx.sandbox.catalogue import Catalogue, Thing
from lens_rx.sandbox.responses import NameObfuscator, html_response
from lens_rx.sandbox.seller_phrases import SELLER_PHRASES
from lens_rx.sandbox.sellers import CONDITION_FACTORS
from lens_rx.sandbox.sites.index import tokenize
from lens_rx.sandbox.sites.listing_urls import country_of, slug
from lens_rx.sandbox.sites.resellers import RATES_DAY

#: Units of currencies that the European Central Bank quotes no rate for, for a euro.
FIXED_RATES: Final[Mapping[str, int]] = {"ARS": 1_100, "CLP": 1_020, "COP": 4_400, "UAH": 45, "PEN": 4}
SIGNS: Final[Mapping[str, str]] = {"EUR": "€", "PLN": "zł", "RON": "lei", "BGN": "лв.", "UAH": "грн."}
WANTED: Final[Mapping[str, str]] = {"de": "Suche", "es": "Busco", "en": "Wanted:", "pl": "Kupię"}
#: Asking prices by condition are this far above what things sell for.
ASKED: Final = (1.05, 1.3)


@dataclass(frozen=True, slots=True)
class ClassifiedsLayout:
    """One marketplace: its template, its language (ISO 639-1), and its currency by the country in the host."""

    name: str
    language: str
    currency: str
    by_country: Mapping[str, str]


LAYOUTS: Final = (
    ClassifiedsLayout("kleinanzeigen", "de", "EUR", {}),
    ClassifiedsLayout("wallapop", "es", "EUR", {}),
    ClassifiedsLayout("depop", "en", "USD", {}),
    ClassifiedsLayout("olx", "pl", "PLN", {"ro": "RON", "bg": "BGN", "pt": "EUR", "ua": "UAH"}),
    ClassifiedsLayout(
        "mercadolibre", "es", "ARS", {"mx": "MXN", "br": "BRL", "cl": "CLP", "co": "COP", "pe": "PEN"}
    ),
)


@dataclass(frozen=True, slots=True)
class Advert:
    """One advert; `price` None: it is open."""

    id: int
    title: str
    price: Money | None
    before: Money | None
    condition_text: str
    wanted: bool
    business: bool
    image: str
    sold: bool = False
    free: bool = False

    @property
    def slug(self) -> str:
        """The title as a part of an address."""
        return slug(self.title)


class ClassifiedsSite:
    """All pages of one marketplace; the host's name tells the country."""

    def __init__(self, catalogue: Catalogue, layout: ClassifiedsLayout) -> None:
        self._things = [
            (thing, frozenset(tokenize(f"{thing.producer} {thing.model}"))) for thing in catalogue
        ]
        self._layout = layout

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of every host of the marketplace."""
        return [web.get("/{path:.*}", self._search)]

    async def _search(self, request: web.Request) -> web.Response:
        """Serve a search, by a parameter or by the last part of the path that holds the words."""
        query = request.query.get("keywords") or request.query.get("q") or _words_of_path(request.path)
        currency = self._currency(request)
        adverts = [advert for thing in self._find(query) for advert in self._adverts(thing, currency)]
        return html_response(
            f"{self._layout.name}_search.html",
            result=True,
            query=query,
            adverts=adverts,
            written=_written,
            sign="R$" if currency == "BRL" else "$",
            name=NameObfuscator(random.random()),
        )

    def _currency(self, request: web.Request) -> str:
        labels = country_of(request.host, self._layout.name).split("-")
        return next(
            (self._layout.by_country[it] for it in labels if it in self._layout.by_country),
            self._layout.currency,
        )

    def _find(self, query: str) -> Iterator[Thing]:
        wanted = frozenset(tokenize(query))
        return (thing for thing, words in self._things if wanted and wanted <= words and thing.listings)

    def _adverts(self, thing: Thing, currency: str) -> Iterator[Advert]:
        """Yield the adverts of a thing: some that offer it, one that seeks it, one that gives it away."""
        rng, image = (
            random.Random(f"{self._layout.name}:{thing.id}"),
            f"http://{thing.host}/img/{thing.id}.jpg",
        )
        phrases = SELLER_PHRASES[self._layout.language]
        name = f"{thing.producer} {thing.model}"
        for number in range(rng.randint(3, 6)):
            condition = rng.choice((Condition.LIKE_NEW, Condition.VERY_GOOD, Condition.GOOD, thing.condition))
            level = CONDITION_FACTORS[condition] / CONDITION_FACTORS[thing.condition] * rng.uniform(*ASKED)
            price = _local(thing.used * Decimal(level) * Decimal(rng.lognormvariate(0, 0.1)), currency)
            reduced = number == 1
            yield Advert(
                id=rng.randrange(10**9, 10**10),
                title=f"{name} {rng.choice(phrases.additions)}".strip(),
                price=price,
                before=Money((price.amount * Decimal("1.2")).quantize(Decimal(1)), currency)
                if reduced
                else None,
                condition_text=phrases.conditions[condition],
                wanted=False,
                business=rng.random() < 0.2,
                image=image,
                sold=number == 2,
            )
        for title, wanted in ((f"{WANTED[self._layout.language]} {name}", True), (name, False)):
            yield Advert(
                rng.randrange(10**9, 10**10),
                title,
                None,
                None,
                "",
                wanted=wanted,
                business=False,
                image=image,
                free=not wanted,
            )


def _words_of_path(path: str) -> str:
    """Return the words in a path: `/s-norrvik-fjell/k0`, `/oferty/q-norrvik-fjell/`, `/norrvik-fjell_ITEM*…`."""
    parts = [part for part in path.split("/") if part not in ("k0", "")]
    return (
        parts[-1].partition("_")[0].removeprefix("s-").removeprefix("q-").replace("-", " ") if parts else ""
    )


def _local(euros: Decimal, currency: str) -> Money:
    """Return an amount in whole units of a currency."""
    if currency in FIXED_RATES:
        return Money((euros * FIXED_RATES[currency]).quantize(Decimal(1)), currency)
    local = convert(Money(euros, "EUR"), currency, RATES_DAY)
    assert local is not None, f"no rate for {currency}"
    return Money(local.amount.quantize(Decimal(1)), currency)


def _written(price: Money) -> str:
    """Return a price in the site's notation: thousands apart by a point, the currency behind."""
    return f"{price.amount:,}".replace(",", ".") + f" {SIGNS.get(price.currency, price.currency)}"


def routes(catalogue: Catalogue, name: str) -> list[web.RouteDef]:
    """Return the routes of every host of one of the marketplaces."""
    layout = next(it for it in LAYOUTS if it.name == name)
    return ClassifiedsSite(catalogue, layout).routes()
