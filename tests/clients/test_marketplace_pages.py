"""A marketplace's pages as a source of offers: every end of a search has its type."""

from pathlib import Path

import pytest

from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.marketplace_pages import MarketplacePages
from lens_rx.clients.offer_sources import offer_sources
from lens_rx.clients.search_sources import ApiClients
from lens_rx.facts import Identity, Page
from lens_rx.facts.errors import Blocked, NoResults, ParseError
from lens_rx.parsing.marketplaces import MARKETPLACES, Marketplace, default_country
from lens_rx.sandbox.endpoints import sandbox_endpoints
from lens_rx.settings import Settings

SAVED = Path(__file__).parents[1] / "saved" / "ebay"
EBAY = next(it for it in MARKETPLACES if it.name == "ebay")
FLEECE = Identity("Patagonia", "Better Sweater")


class Shelf:
    """A reader that has one page for every address."""

    def __init__(self, html: str, status: int = 200) -> None:
        self.html, self.status = html, status
        self.asked: list[str] = []

    async def read(self, url: str) -> Page:
        self.asked.append(url)
        return Page(url, self.html, self.status)


def source(shelf: Shelf, marketplace: Marketplace = EBAY, world: Endpoints | None = None) -> MarketplacePages:
    return MarketplacePages(marketplace, shelf, world or Endpoints())


async def test_offers_of_the_page_are_found():
    """The search page of the country's site is read, and its offers come in order."""
    shelf = Shelf((SAVED / "card_us_asking.html").read_text())
    offers = await source(shelf).find(FLEECE, "US")
    assert [offer.id for offer in offers][:2] == ["110000000001", "110000000002"]
    assert shelf.asked[0].startswith("https://www.ebay.com/sch/i.html?_nkw=Patagonia+Better+Sweater")


async def test_in_the_sandbox_its_stand_in_is_asked():
    """Only the address differs in the sandbox's world."""
    shelf = Shelf((SAVED / "card_us_asking.html").read_text())
    await source(shelf, world=sandbox_endpoints(8123, "1")).find(FLEECE, "US")
    assert shelf.asked[0].startswith("http://www.ebay.com.sandbox.test/sch/i.html?_nkw=")


async def test_a_page_that_says_none_is_nothing():
    """A page that counts no results is a verified nothing, although it shows what is similar."""
    with pytest.raises(NoResults):
        await source(Shelf((SAVED / "none_it.html").read_text())).find(FLEECE, "IT")


async def test_a_wall_is_blocked_and_named():
    """What stands in the way is named, and is no empty result."""
    wall = (
        "<html><head><title>Pardon Our Interruption...</title></head>"
        "<body><h1>Pardon Our Interruption</h1><p>Please verify yourself to continue.</p></body></html>"
    )
    with pytest.raises(Blocked) as raised:
        await source(Shelf(wall)).find(FLEECE, "US")
    assert raised.value.wall


async def test_a_page_that_cannot_be_read_is_drift():
    """A long page with links and texts in which no offer is found has changed its form."""
    body = "".join(
        f"<p><a href='https://www.ebay.com/b/{n}'>Some long text, number {n}</a></p>" for n in range(300)
    )
    with pytest.raises(ParseError):
        await source(Shelf(f"<html><title>search</title><body>{body}</body></html>")).find(FLEECE, "US")


async def test_a_country_that_is_not_served_is_not_asked():
    """Where a marketplace does not sell, nothing is read and nothing is there."""
    shelf = Shelf("")
    vinted = next(it for it in MARKETPLACES if it.name == "vinted")
    with pytest.raises(NoResults):
        await source(shelf, vinted).find(FLEECE, "JP")
    assert shelf.asked == []


@pytest.mark.parametrize(
    ("currency", "countries"),
    [
        ("EUR", "ebay DE, vinted DE, kleinanzeigen DE, wallapop ES, depop IE, olx PT"),
        ("USD", "ebay US, vinted US, mercari US, depop US, mercadolibre EC"),
        ("GBP", "ebay GB, vinted GB, depop GB"),
        ("JPY", "ebay JP, mercari JP"),
        ("SGD", "ebay SG, carousell SG"),
        ("MXN", "ebay MX, mercadolibre MX"),
    ],
)
def test_where_a_marketplace_sells_in_a_currency(currency: str, countries: str):
    """Without a country a marketplace is asked in the largest country that it serves in the currency, or not at all."""
    found = {it.name: default_country(it.name, currency) for it in MARKETPLACES if it.name != "ebay-sold"}
    assert ", ".join(f"{name} {country}" for name, country in found.items() if country) == countries


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ("", [it.name for it in MARKETPLACES]),
        ("Vinted, ebay", ["ebay", "vinted"]),
        ("nowhere", []),
    ],
)
def test_marketplaces_are_chosen_by_a_setting(chosen: str, names: list[str]):
    """Only the marketplaces that the setting names are searched, all where it names none."""
    settings = Settings(marketplaces=chosen)
    sources = offer_sources(settings, Endpoints(), Shelf(""), ApiClients())
    assert [it.name for it in sources] == names
