"""Every other host: brand shops, resellers, blogs; a name that nobody took is a shop that is not there."""

from __future__ import annotations

import random

from aiohttp import web

from lens_rx.facts import Money
from lens_rx.sandbox.catalogue import Catalogue, ShopForm, Thing
from lens_rx.sandbox.responses import page
from lens_rx.sandbox.sites.products import Sale, page_values
from lens_rx.sandbox.sites.related import related_things
from lens_rx.sandbox.sites.resellers import Reseller, reseller_at
from lens_rx.sandbox.sites.shop_phrases import locale_of, money
from lens_rx.sandbox.sites.thumbnails import picture

PICTURE_SIDE = 400
RELATED = 3
RESELLER_LOCALES = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "it": "it_IT"}


class Shops:
    """The pages of all shops and blogs, told apart by the host that is asked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._things = catalogue.things

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of every host that no other site took."""
        return [
            web.get("/products/{thing}", self._product),
            web.get("/item/{thing}", self._item),
            web.get("/collections/{kind}", self._collection),
            web.get("/archive/{kind}", self._archive),
            web.get("/img/{thing}.jpg", self._picture),
            web.get("/{number:[0-9]+}/{thing}", self._story),
            web.get("/", self._home),
            web.get("/{tail:.*}", self._missing),
        ]

    def _of_brand(self, request: web.Request) -> list[Thing]:
        """Return what the asked host's brand makes, empty for a host of no brand."""
        return [thing for thing in self._things if thing.host == _host(request)]

    def _named(self, request: web.Request) -> Thing | None:
        """Return the thing that the path names."""
        wanted = request.match_info["thing"]
        return next((thing for thing in self._things if thing.id == wanted), None)

    def _related(self, thing: Thing) -> list[Sale]:
        """Return what a shop shows beside a thing, each with a price of its own."""
        return [brand_sale(other) for other in related_things(self._things, thing, RELATED)]

    async def _product(self, request: web.Request) -> web.Response:
        """Answer a brand's page of a thing."""
        if request.host.startswith("www."):
            raise web.HTTPMovedPermanently(f"http://{_host(request)}{request.path_qs}")
        thing = self._named(request)
        if thing is None or thing.shop is None or thing.host != _host(request):
            return await self._missing(request)
        values = page_values(brand_sale(thing), self._related(thing))
        return page("shop_product.html", result=True, **values)

    async def _item(self, request: web.Request) -> web.Response:
        """Answer a reseller's page of a thing."""
        thing, shop = self._named(request), reseller_at(_host(request))
        if thing is None or shop is None:
            return await self._missing(request)
        values = page_values(_reseller_sale(thing, shop), self._related(thing))
        return page("shop_product.html", result=True, **values)

    async def _collection(self, request: web.Request) -> web.Response:
        """Answer a brand's family page: many things, a price each."""
        kind = request.match_info["kind"]
        things = [thing for thing in self._of_brand(request) if thing.kind == kind and thing.shop]
        return await self._listed(request, things, f"{kind.capitalize()} collection", gone=False)

    async def _archive(self, request: web.Request) -> web.Response:
        """Answer a brand's page of what it no longer sells."""
        kind = request.match_info["kind"]
        things = [thing for thing in self._of_brand(request) if thing.kind == kind]
        return await self._listed(request, things, f"Archive: {kind}", gone=True)

    async def _home(self, request: web.Request) -> web.Response:
        """Answer a brand's front page."""
        things = [thing for thing in self._of_brand(request) if thing.shop]
        return await self._listed(request, things, "", gone=False)

    async def _listed(
        self, request: web.Request, things: list[Thing], title: str, *, gone: bool
    ) -> web.Response:
        """Answer a page of many things, or the missing page where there are none."""
        if not things:
            return await self._missing(request)
        sales = [brand_sale(thing) for thing in things]
        listed = [(sale, money(sale.price, sale.locale) if sale.price else "") for sale in sales]
        name = f"{things[0].producer} {title}".strip()
        values = page_values(sales[0], [])
        return page("shop_list.html", result=True, name=name, gone=gone, listed=listed, **values)

    async def _story(self, request: web.Request) -> web.Response:
        """Answer a blog's page about a thing."""
        thing = self._named(request)
        if thing is None or self._of_brand(request):
            return await self._missing(request)
        return page("story.html", result=True, thing=thing, site=_host(request).split(".")[0])

    async def _picture(self, request: web.Request) -> web.Response:
        """Answer a thing's picture."""
        thing = self._named(request)
        if thing is None:
            raise web.HTTPNotFound
        return web.Response(body=await picture(thing, PICTURE_SIDE), content_type="image/jpeg")

    async def _missing(self, request: web.Request) -> web.Response:
        """Answer "not there" in the shop's clothes; some shops say 200 to it."""
        things = self._of_brand(request) or list(self._things[:RELATED])
        sale = brand_sale(things[0])
        soft = bool(self._of_brand(request)) and random.Random(_host(request)).random() < 0.4
        values = page_values(sale, [brand_sale(thing) for thing in things])
        return page("shop_missing.html", status=200 if soft else 404, result=True, **values)


def _host(request: web.Request) -> str:
    """Return the asked host's name without port and `www.`."""
    return (request.url.host or "").removeprefix("www.")


def brand_sale(thing: Thing) -> Sale:
    """Return the thing as its producer sells it."""
    return Sale(
        thing=thing,
        seller=thing.producer,
        url=thing.url,
        name=thing.original_name,
        price=thing.retail,
        locale=locale_of(thing),
        form=thing.shop or ShopForm.BARE,
    )


def _reseller_sale(thing: Thing, shop: Reseller) -> Sale:
    """Return the thing as a reseller sells it."""
    asked: Money = shop.price(thing)
    locale = "en_US" if asked.currency == "USD" else RESELLER_LOCALES[shop.language]
    name = f"{thing.producer} {thing.model}"
    return Sale(thing, shop.name, shop.link(thing), name, asked, locale, ShopForm.JSON_LD)


def routes(catalogue: Catalogue) -> list[web.RouteDef]:
    """Return the routes of all shops."""
    return Shops(catalogue).routes()
