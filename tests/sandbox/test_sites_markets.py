"""The marketplaces of the sandbox: what is listed is shown, with the real ones' traps around it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sandbox_web import Answer, Visitor

from lens_rx.facts import Condition
from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.listings import Listing

CARDS = "li.s-item, li.s-card"


def on(marketplace: str, thing: Thing, *, sold: bool) -> list[Listing]:
    """Return what the catalogue says should be shown."""
    return [
        listing
        for listing in thing.listings
        if listing.marketplace == marketplace and (listing.sold_days_ago is not None) == sold
    ]


def named(thing: Thing) -> str:
    return f"{thing.producer} {thing.model}"


def first_with(marketplace: str) -> Thing:
    return next(thing for thing in catalogue() if on(marketplace, thing, sold=False))


def shown(answer: Answer) -> str:
    """Return the part of an eBay page that answers the search: before "fewer words", without hidden rows."""
    results = answer.tree.css_first("ul.srp-results")
    return str(results.html).partition("srp-river-answer--REWRITE_START")[0]


@pytest.fixture
def thing() -> Thing:
    return catalogue().things[0]


@pytest.mark.parametrize(
    "host", ["www.ebay.de", "www.ebay.com", "www.ebay.co.uk", "www.ebay.pl", "www.ebay.com.au"]
)
@pytest.mark.parametrize("sold", [False, True])
async def test_ebay_shows_what_is_listed(visitor: Visitor, thing: Thing, host: str, sold: bool):
    """Each country's eBay shows every listing of the thing, asked and sold apart."""
    url = visitor.sandbox.endpoints.resolve(f"https://{host}/sch/i.html")
    answer = await visitor.get(url, _nkw=named(thing), LH_Sold=str(int(sold)))
    page = shown(answer)
    assert all(f"/itm/{listing.id}" in page for listing in on("ebay", thing, sold=sold))
    assert not any(f"/itm/{listing.id}" in page for listing in on("ebay", thing, sold=not sold))


async def test_ebay_has_two_layouts_and_mixes_them(visitor: Visitor):
    """Some searches are answered in the old layout, some in the new, some in both on one page."""
    seen = set()
    for thing in catalogue().things[:16]:
        answer = await visitor.get("http://ebay.sandbox.test/sch/i.html", _nkw=named(thing))
        rows = answer.tree.css("ul.srp-results > li.s-item, ul.srp-results > li.s-card")
        seen.add(frozenset(str(row.attributes["class"]).split()[0] for row in rows))
    assert {frozenset({"s-item"}), frozenset({"s-card"}), frozenset({"s-item", "s-card"})} <= seen


async def test_the_same_search_is_answered_the_same_way(visitor: Visitor, thing: Thing):
    """Order and layout follow the query, so that a test that failed once fails again."""

    async def order() -> Iterator[str]:
        answer = await visitor.get("http://ebay.sandbox.test/sch/i.html", _nkw=named(thing))
        return (str(row.css_first("a").attributes["href"]) for row in answer.tree.css(CARDS))

    assert list(await order()) == list(await order())


async def test_ebay_speaks_the_countrys_language_and_currency(visitor: Visitor, thing: Thing):
    """The host tells the currency and its form, the words for wear and the page's language."""
    found = {}
    for host in ("www.ebay.de", "www.ebay.co.uk", "www.ebay.ca", "www.ebay.fr"):
        answer = await visitor.get(f"http://{host}.sandbox.test/sch/i.html", _nkw=named(thing))
        prices = [
            node.text()
            for node in answer.tree.css("ul.srp-results .s-item__price, ul.srp-results .s-card__price")
        ]
        found[host] = (answer.tree.css_first("html").attributes["lang"], prices[0])
    languages = {host: language for host, (language, _) in found.items()}
    assert languages == {
        "www.ebay.de": "de",
        "www.ebay.co.uk": "en",
        "www.ebay.ca": "en",
        "www.ebay.fr": "fr",
    }
    assert found["www.ebay.de"][1].startswith("EUR ")
    assert found["www.ebay.co.uk"][1].startswith("£")
    assert found["www.ebay.ca"][1].startswith("C $")
    assert found["www.ebay.fr"][1].endswith(" EUR")


async def test_ebay_puts_ghosts_and_fewer_words_around_few_results(visitor: Visitor):
    """Every page holds a placeholder; a search with few results goes on with what matches fewer words."""
    thing = next(thing for thing in catalogue() if not thing.listings)
    answer = await visitor.get("http://ebay.sandbox.test/sch/i.html", _nkw=named(thing))
    assert "Shop on eBay" in answer.text
    assert answer.tree.css_first(".srp-save-null-search__heading").text() == "No exact matches found"
    other = next(other for other in catalogue() if other.listings)
    rare = await visitor.get("http://ebay.sandbox.test/sch/i.html", _nkw=f"{named(other)} unheardof")
    assert "Results matching fewer words" in rare.text
    assert "/itm/" not in shown(rare)


async def test_ebay_filters_by_condition(visitor: Visitor, thing: Thing):
    """`LH_ItemCondition` lets through the conditions whose numbers it names."""
    answer = await visitor.get(
        "http://ebay.sandbox.test/sch/i.html", _nkw=named(thing), LH_ItemCondition="4000|6000"
    )
    wanted = (Condition.VERY_GOOD, Condition.ACCEPTABLE)
    for listing in on("ebay", thing, sold=False):
        assert (f"/itm/{listing.id}" in shown(answer)) == (listing.condition in wanted)


async def test_a_listing_has_a_page_of_its_own(visitor: Visitor, thing: Thing):
    """The link of a card leads to the listing; an unknown number is not found."""
    listing = on("ebay", thing, sold=False)[0]
    item = await visitor.get(f"http://www.ebay.de.sandbox.test/itm/{listing.id}")
    product = json.loads(item.tree.css_first('script[type="application/ld+json"]').text())
    assert product["name"] == listing.title
    assert product["offers"]["price"] == str(listing.price.amount)
    assert (await visitor.get("http://www.ebay.de.sandbox.test/itm/5")).status == 404


async def test_mercari_asks_yen_in_japan_and_dollars_in_america(visitor: Visitor):
    """Both sites of Mercari show the same listings, each in its own structure and money."""
    thing = first_with("mercari")
    here = {f"m{listing.id}" for listing in on("mercari", thing, sold=False)}
    japan = await visitor.get(
        "http://jp.mercari.com.sandbox.test/search", keyword=named(thing), status="on_sale"
    )
    cells = japan.tree.css('li[data-testid="item-cell"] a[href]')
    assert {str(cell.attributes["href"]).removeprefix("/item/") for cell in cells} == here
    assert "¥" in japan.text
    america = await visitor.get("http://www.mercari.com.sandbox.test/search/", keyword=named(thing))
    assert america.tree.css_first('[data-testid="ItemPrice"]').text().startswith("$")


async def test_carousell_shows_listing_cards(visitor: Visitor):
    """Carousell's cards carry id, title, price in the country's dollars and wear."""
    thing = first_with("carousell")
    for host, sign in (("www.carousell.sg", "S$"), ("www.carousell.com.hk", "HK$")):
        answer = await visitor.get(f"http://{host}.sandbox.test/search/{named(thing)}")
        cards = answer.tree.css('[data-testid^="listing-card-"] > div > a[href^="/p/"]')
        assert len(cards) == len(on("carousell", thing, sold=False))
        assert all(card.css_first("p[title]").text().startswith(sign) for card in cards)


async def test_vinted_tells_the_same_as_page_and_as_json(visitor: Visitor):
    """Vinted's page and the JSON behind it list the same items; the fee is apart from the price."""
    thing = first_with("vinted")
    ids = {int(listing.id) for listing in on("vinted", thing, sold=False)}
    host = "http://www.vinted.fr.sandbox.test"
    answer = json.loads((await visitor.get(f"{host}/api/v2/catalog/items", search_text=named(thing))).text)
    assert {item["id"] for item in answer["items"]} == ids
    assert all(
        float(item["total_item_price"]["amount"]) > float(item["price"]["amount"]) for item in answer["items"]
    )
    catalog = await visitor.get(f"{host}/catalog", search_text=named(thing))
    assert len(catalog.tree.css('[data-testid="grid-item"]')) == len(ids)
    assert "Protection acheteurs" in catalog.text


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://www.ebay.de.sandbox.test/sch/i.html?_nkw=zzqx", "Keine exakten Treffer"),
        ("http://jp.mercari.com.sandbox.test/search?keyword=zzqx", "ありません"),
        ("http://www.carousell.sg.sandbox.test/search/zzqx", "No results"),
        ("http://www.vinted.de.sandbox.test/catalog?search_text=zzqx", "Keine Artikel gefunden"),
    ],
)
async def test_a_marketplace_says_that_it_found_nothing(visitor: Visitor, url: str, words: str):
    """A search without results says so, in the site's language."""
    answer = await visitor.get(url)
    assert answer.status == 200
    assert words in answer.text
