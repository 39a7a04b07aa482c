"""All other hosts: brand shops, resellers and blogs; an unknown name gives a missing page."""

from __future__ import annotations

import random
from typing import Any

from aiohttp import web

from lens_rx.facts import Money
from lens_rx.sandbox.catalogue import Catalogue, ShopForm, Thing
from lens_rx.sandbox.responses import html_response
from lens_rx.sandbox.sites.products import ProductListing, page_values
from lens_rx.sandbox.sites.related import related_things
from lens_rx.sandbox.sites.resellers import Reseller, reseller_for_host
from lens_rx.sandbox.sites.shop_forms import TEMPLATES, form_values
from lens_rx.sandbox.sites.shop_phrases import format_money, shop_locale
from lens_rx.sandbox.sites.thumbnails import picture

PICTURE_SIDE = 400
RELATED = 3
RESELLER_LOCALES = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "it": "it_IT"}


class ShopSite:
    """The pages of all shops and blogs, distinguished by host name."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._things = catalogue.things

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of all hosts that belong to no other site."""
        return [
            web.get("/products/{thing}", self._product),
            web.get("/item/{thing}", self._item),
            web.get("/families/{thing}", self._models_page),
            web.get("/search/{thing}", self._models_page),
            web.get("/collections/{kind}", self._collection),
            web.get("/archive/{kind}", self._archive),
            web.get("/img/{thing}.jpg", self._picture),
            web.get("/{number:[0-9]+}/{thing}", self._story),
            web.get("/", self._home),
            web.get("/{tail:.*}", self._missing),
        ]

    def _brand_things(self, request: web.Request) -> list[Thing]:
        """Return the things of the host's brand, [] for a host of no brand."""
        return [thing for thing in self._things if thing.host == _host(request)]

    def _requested_thing(self, request: web.Request) -> Thing | None:
        """Return the thing that the path names."""
        wanted = request.match_info["thing"]
        return next((thing for thing in self._things if thing.id == wanted), None)

    def _related(self, thing: Thing) -> list[ProductListing]:
        """Return the related products of a page."""
        return [brand_listing(other) for other in related_things(self._things, thing, RELATED)]

    async def _product(self, request: web.Request) -> web.Response:
        """Serve a brand's product page."""
        if request.host.startswith("www."):
            raise web.HTTPMovedPermanently(f"http://{_host(request)}{request.path_qs}")
        thing = self._requested_thing(request)
        if thing is None or thing.shop is None or thing.host != _host(request):
            return await self._missing(request)
        template = TEMPLATES.get(thing.shop, "shop_product.html")
        return html_response(template, result=True, **self._values(thing))

    def _values(self, thing: Thing) -> dict[str, Any]:
        """Return what the templates of a brand's pages about a thing need."""
        return page_values(brand_listing(thing), self._related(thing)) | form_values(thing)

    async def _models_page(self, request: web.Request) -> web.Response:
        """Serve a brand's page of several models, at which searches find the thing: a family or a list of results."""
        thing = self._requested_thing(request)
        if thing is None or thing.shop is None or not thing.url.endswith(request.path):
            return await self._missing(request)
        template = "shop_family.html" if thing.shop is ShopForm.FAMILY else "shop_results.html"
        line = thing.model.rpartition(" ")[0]
        return html_response(template, result=True, line=line, **self._values(thing))

    async def _item(self, request: web.Request) -> web.Response:
        """Serve a reseller's product page."""
        thing, shop = self._requested_thing(request), reseller_for_host(_host(request))
        if thing is None or shop is None:
            return await self._missing(request)
        values = page_values(_reseller_listing(thing, shop), self._related(thing))
        return html_response("shop_product.html", result=True, **values)

    async def _collection(self, request: web.Request) -> web.Response:
        """Serve a brand's category page: several products with prices."""
        kind = request.match_info["kind"]
        things = [thing for thing in self._brand_things(request) if thing.kind == kind and thing.shop]
        return await self._list_page(request, things, f"{kind.capitalize()} collection", gone=False)

    async def _archive(self, request: web.Request) -> web.Response:
        """Serve a brand's page of discontinued products."""
        kind = request.match_info["kind"]
        things = [thing for thing in self._brand_things(request) if thing.kind == kind]
        return await self._list_page(request, things, f"Archive: {kind}", gone=True)

    async def _home(self, request: web.Request) -> web.Response:
        """Serve a brand's home page."""
        things = [thing for thing in self._brand_things(request) if thing.shop]
        return await self._list_page(request, things, "", gone=False)

    async def _list_page(
        self, request: web.Request, things: list[Thing], title: str, *, gone: bool
    ) -> web.Response:
        """Serve a page of several products, or the missing page where there are none."""
        if not things:
            return await self._missing(request)
        sales = [brand_listing(thing) for thing in things]
        listed = [(sale, format_money(sale.price, sale.locale) if sale.price else "") for sale in sales]
        name = f"{things[0].producer} {title}".strip()
        values = page_values(sales[0], [])
        return html_response("shop_list.html", result=True, name=name, gone=gone, listed=listed, **values)

    async def _story(self, request: web.Request) -> web.Response:
        """Serve a blog post about a thing."""
        thing = self._requested_thing(request)
        if thing is None or self._brand_things(request):
            return await self._missing(request)
        return html_response("story.html", result=True, thing=thing, site=_host(request).split(".")[0])

    async def _picture(self, request: web.Request) -> web.Response:
        """Serve a thing's picture."""
        thing = self._requested_thing(request)
        if thing is None:
            raise web.HTTPNotFound
        return web.Response(body=await picture(thing, PICTURE_SIDE), content_type="image/jpeg")

    async def _missing(self, request: web.Request) -> web.Response:
        """Serve the shop's "not found" page, which some shops send with status 200."""
        things = self._brand_things(request) or list(self._things[:RELATED])
        sale = brand_listing(things[0])
        soft = bool(self._brand_things(request)) and random.Random(_host(request)).random() < 0.4
        values = page_values(sale, [brand_listing(thing) for thing in things])
        return html_response("shop_missing.html", status=200 if soft else 404, result=True, **values)


def _host(request: web.Request) -> str:
    """Return the host name without port and `www.`."""
    return (request.url.host or "").removeprefix("www.")


def brand_listing(thing: Thing) -> ProductListing:
    """Return the producer's listing of the thing."""
    return ProductListing(
        thing=thing,
        seller=thing.producer,
        url=thing.product_url,
        name=thing.original_name,
        price=thing.retail,
        locale=shop_locale(thing),
        form=thing.shop or ShopForm.BARE,
    )


def _reseller_listing(thing: Thing, shop: Reseller) -> ProductListing:
    """Return a reseller's listing of the thing."""
    asked: Money = shop.price(thing)
    locale = "en_US" if asked.currency == "USD" else RESELLER_LOCALES[shop.language]
    name = f"{thing.producer} {thing.model}"
    return ProductListing(thing, shop.name, shop.link(thing), name, asked, locale, ShopForm.JSON_LD)


def routes(catalogue: Catalogue) -> list[web.RouteDef]:
    """Return the routes of all shops."""
    return ShopSite(catalogue).routes()
