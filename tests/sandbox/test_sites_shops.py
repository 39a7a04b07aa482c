"""The shops of the sandbox tell a price in every form that shops use, with traps around it."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from sandbox_web import Visitor

from lens_rx.sandbox.catalogue import ShopForm, Thing, catalogue
from lens_rx.sandbox.sites.products import ProductListing
from lens_rx.sandbox.sites.resellers import RESELLERS, resellers_for
from lens_rx.sandbox.sites.shops import brand_listing


def sold_new(form: ShopForm) -> list[Thing]:
    return [thing for thing in catalogue() if thing.shop is form and thing.retail]


def sale_with(*, state: bool) -> ProductListing:
    sales = map(brand_listing, sold_new(ShopForm.JSON_LD))
    return next(sale for sale in sales if sale.state_not_schema is state)


async def test_json_ld_holds_the_price(visitor: Visitor):
    """A shop with JSON-LD tells price, currency, brand and GTIN there, in one of several forms."""
    sale = sale_with(state=False)
    answer = await visitor.get(sale.url)
    told = answer.tree.css_first('script[type="application/ld+json"]').text()
    assert sale.price is not None
    assert f'"{sale.price.amount}"' in json.dumps(json.loads(told))
    assert sale.price.currency in told
    assert sale.gtin in told


async def test_some_shops_embed_a_state_instead(visitor: Visitor):
    """A shop built on a script framework has no JSON-LD, but the same data in its embedded state."""
    sale = sale_with(state=True)
    answer = await visitor.get(sale.url)
    assert "application/ld+json" not in answer.text
    assert sale.price is not None
    assert f'"current": "{sale.price.amount}"' in answer.text


async def test_microdata_holds_the_price(visitor: Visitor):
    """A shop with microdata marks name, price, currency and availability up."""
    thing = sold_new(ShopForm.MICRODATA)[0]
    answer = await visitor.get(thing.url)
    assert thing.retail is not None
    assert answer.tree.css_first('meta[itemprop="price"]').attributes["content"] == str(thing.retail.amount)
    assert answer.tree.css_first("h1[itemprop=name]").text() == thing.original_name


async def test_a_bare_shop_says_it_in_words_alone(visitor: Visitor):
    """A shop without structured data shows its price, the largest amount beside the button, and no more."""
    thing = sold_new(ShopForm.BARE)[0]
    answer = await visitor.get(thing.url)
    assert not answer.tree.css('[itemprop], script[type="application/ld+json"], meta[property^="og:"]')
    assert thing.retail is not None
    amount = answer.tree.css_first('.buy-box p[style*="28px"]').text()
    assert f"{thing.retail.amount:.0f}" in amount


async def test_traps_stand_around_the_price(visitor: Visitor):
    """Instalment, shipping, cover, related products, a banner and hidden instructions stand on the page."""
    thing = sold_new(ShopForm.JSON_LD)[0]
    answer = await visitor.get(thing.url)
    box = answer.tree.css_first(".buy-box").text()
    assert thing.retail is not None
    assert sum(character.isdigit() for character in box) > 20
    assert "Ignore previous instructions" in answer.tree.css_first('[style="display:none"]').text()
    assert answer.tree.css_first('[role=dialog][aria-label="Cookies"]')
    assert len(answer.tree.css("section li a[href] .price")) >= 2


async def test_what_is_no_longer_made_has_no_price(visitor: Visitor):
    """A producer's page of a thing that it gave up shows no price of it, and says so."""
    thing = next(thing for thing in catalogue() if thing.shop and thing.retail is None)
    answer = await visitor.get(thing.url)
    assert answer.status == 200
    box = answer.tree.css_first(".buy-box").text()
    assert not any(character.isdigit() for character in box)
    assert not answer.tree.css('[itemprop="price"]')


@pytest.mark.parametrize("form", [ShopForm.FAMILY, ShopForm.RESULTS])
async def test_a_page_of_models_leads_to_the_thing(visitor: Visitor, form: ShopForm):
    """A search finds a page of several priced models; one of its links is the thing's own page."""
    (thing,) = sold_new(form)
    answer = await visitor.get(thing.url)
    links = {str(link.attributes["href"]) for link in answer.tree.css("main a")}
    assert answer.status == 200
    assert thing.product_url in links - {thing.url}
    assert len(links) >= 3
    assert (await visitor.get(thing.url.replace(thing.id, "never-made"))).status in (200, 404)


async def test_a_group_marks_the_variant_of_its_address(visitor: Visitor):
    """A group of variants has a price each in its data; the thing's address and the checked option name its own."""
    (thing,) = sold_new(ShopForm.VARIANTS)
    answer = await visitor.get(thing.url)
    data = json.loads(answer.tree.css_first('script[type="application/ld+json"]').text())
    assert thing.retail is not None
    by_link = {it["url"]: it["offers"]["price"] for it in data["hasVariant"]}
    assert len(set(by_link.values())) == 3
    assert by_link[thing.url] == str(thing.retail.amount)
    assert answer.tree.css_first("input[checked]").attributes["value"] == thing.model.split()[-1]


async def test_what_is_sold_out_keeps_its_price(visitor: Visitor):
    """A page that is sold out shows its price beside a dead button."""
    (thing,) = sold_new(ShopForm.SOLD_OUT)
    box = (await visitor.get(thing.url)).tree.css_first(".buy-box")
    assert "139" in box.text()
    assert "disabled" in box.css_first("button").attributes


async def test_a_price_stands_with_and_without_tax(visitor: Visitor):
    """Both prices are there, each with its label."""
    (thing,) = sold_new(ShopForm.NET_AND_GROSS)
    box = (await visitor.get(thing.url)).tree.css_first(".buy-box").text()
    assert "356.00 incl. VAT" in box
    assert "294.21 excl. VAT" in box


async def test_an_unknown_address_is_not_found_in_the_shops_clothes(visitor: Visitor):
    """A wrong address is answered with header, footer and products; some shops call that a success."""
    hosts = {thing.host for thing in catalogue() if thing.shop}
    answers = [await visitor.get(f"http://{host}/products/never-made") for host in sorted(hosts)]
    assert {answer.status for answer in answers} == {200, 404}
    assert all(answer.tree.css_first("main p").text() == "404" for answer in answers)
    assert (await visitor.get("http://nobody.sandbox.test/")).status == 404


async def test_a_family_page_lists_many_prices(visitor: Visitor):
    """A brand's collection holds one link a thing, each with the price it starts at."""
    thing = sold_new(ShopForm.JSON_LD)[0]
    family = [
        other for other in catalogue() if (other.host, other.kind) == (thing.host, thing.kind) and other.shop
    ]
    answer = await visitor.get(f"http://{thing.host}/collections/{thing.kind}")
    assert {str(link.attributes["href"]) for link in answer.tree.css("main li a")} == {
        each.url for each in family
    }
    assert (await visitor.get(f"http://www.{thing.host}/collections/{thing.kind}")).status == 200


async def test_www_leads_to_the_brands_host(visitor: Visitor):
    """The address with `www.` is the same page under its one name."""
    thing = sold_new(ShopForm.JSON_LD)[0]
    assert (await visitor.get(thing.url.replace("http://", "http://www."))).url == thing.url


def test_no_reseller_asks_the_producers_price():
    """A reseller's price is near the producer's and never the same, so that a mix-up shows."""
    for thing in catalogue():
        for shop in resellers_for(thing):
            asked = shop.price(thing)
            assert asked.amount > 0
            assert thing.retail is None or asked != thing.retail


async def test_a_resellers_page_is_a_product_page(visitor: Visitor):
    """A reseller's page names the producer as brand and itself as seller."""
    thing = catalogue().things[0]
    shop = resellers_for(thing)[0]
    answer = await visitor.get(shop.link(thing))
    assert answer.status == 200
    assert shop.name in answer.tree.css_first("title").text()
    assert thing.producer in answer.text
    assert (await visitor.get(f"http://{RESELLERS[0].host}/item/never-made")).status == 404


def test_gtins_have_right_check_digits():
    """Every GTIN-13 of the sandbox passes the check that parsers make."""
    for thing in catalogue():
        digits = [int(digit) for digit in brand_listing(thing).gtin]
        assert len(digits) == 13
        assert sum(digits[::2]) % 10 == -3 * sum(digits[1::2]) % 10


@pytest.mark.parametrize("path", ["img/{id}.jpg", "products/{id}"])
async def test_pictures_and_pages_belong_together(visitor: Visitor, path: str):
    """What a page links to is there."""
    thing = catalogue().things[0]
    async with visitor.client.get(f"http://{thing.host}/{path.format(id=thing.id)}") as answer:
        assert answer.status == 200
        assert len(await answer.read()) > Decimal(1000)
