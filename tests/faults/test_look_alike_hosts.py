"""A look-alike host is never told as the producer's own as if that were sure, nor priced on its own word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lens_rx.clients.protocols import SearchAnswer
from lens_rx.facts import AnalysisState, Identity, Item, Match, Matches, Page, ProducerPage, SearchResult
from lens_rx.facts.errors import UpstreamError
from lens_rx.operators.producer import producer
from lens_rx.operators.retail import retail

FJELL = Identity("Norrvik", "Fjell Parka")
COM = "https://www.norrvik.com/products/fjell-parka"
XYZ = "https://norrvik.xyz/products/fjell-parka"
SHOP = "https://shopnorrvik.com/products/fjell-parka"
LENT = "https://norrvik.myshopify.com/products/fjell-parka"
GERMAN = "https://www.norrvik.de/fjell-parka"
TITLE, TIDY = "Fjell Parka - waxed cotton jackets for men and women | Norrvik", "Norrvik Fjell Parka"
WIKI = SearchResult(
    "Norrvik - Wikipedia", "https://en.wikipedia.org/wiki/Norrvik", "Outdoor brand. Website norrvik.com"
)


@dataclass
class Search:
    """A web search with results a test wants."""

    results: Sequence[SearchResult]

    async def search(self, _query: str, _country: str) -> SearchAnswer:
        return SearchAnswer(self.results)


def found(*links: str, mentions: bool = False) -> list[SearchResult]:
    """Return results in that order; look-alikes have the tidier title."""
    results = [SearchResult(TITLE if link == COM else TIDY, link) for link in links]
    return [*results, WIKI] if mentions else results


async def page_of(results: Sequence[SearchResult], *matches: str, age_days: int = 0) -> ProducerPage:
    seen = tuple(Match(TITLE if link == COM else TIDY, link) for link in matches)
    read_at = datetime.now(UTC) - timedelta(days=age_days)
    state = AnalysisState(Item(()), matches=Matches(seen, read_at), identity=FJELL)
    return await producer(Search(results), None)(state)


SURE = {
    "the only host": (found(COM), ()),
    "before a look-alike": (found(COM, XYZ), ()),
    "behind a look-alike, with a match": (found(XYZ, COM), (COM,)),
    "behind three look-alikes, with a mention": (found(XYZ, SHOP, LENT, COM, mentions=True), ()),
    "beside a shop with the name in it": (found(SHOP, COM), ()),
    "a shop with the name in it, found twice": (found(SHOP), (SHOP,)),
}
UNSURE = {
    "two that as many sources lead to": (found(COM, XYZ), (COM, XYZ), COM),
    "a look-alike that more sources lead to": (found(XYZ, COM), (XYZ,), XYZ),
    "two countries": (found(COM, GERMAN), (), COM),
    "an unusual suffix alone": (found(XYZ), (), XYZ),
    "a shop with the name in it alone": (found(SHOP), (), SHOP),
    "a lent host alone": (found(LENT), (LENT,), LENT),
}


@pytest.mark.parametrize(("results", "matches"), SURE.values(), ids=SURE)
async def test_the_host_that_most_sources_lead_to_is_sure(
    results: list[SearchResult], matches: tuple[str, ...]
):
    """The producer's own host wins over a tidier title and an earlier place, and nothing is in doubt."""
    page = await page_of(results, *matches)
    assert page.link == (COM if COM in [it.link for it in results] else SHOP)
    assert (page.doubt, page.alternatives) == ("", ())


@pytest.mark.parametrize(("results", "matches", "link"), UNSURE.values(), ids=UNSURE)
async def test_where_two_could_be_it_none_is_sure(
    results: list[SearchResult], matches: tuple[str, ...], link: str
):
    """A host that another could be, that anybody can have, or that one source leads to, is told with its doubt."""
    page = await page_of(results, *matches)
    assert page.link == link
    assert page.doubt


async def test_old_matches_say_less():
    """What a photo search found a year ago does not make a look-alike as good as the host that is found today."""
    page = await page_of(found(COM, XYZ), XYZ, age_days=365)
    assert page.link == COM


def product_page(price: str, *claims: str) -> str:
    links = "".join(f'<link rel="canonical" href="{link}">' for link in claims)
    return f"""<html><head><title>Norrvik Fjell Parka</title>{links}<script type="application/ld+json">
    {{"@context": "https://schema.org", "@type": "Product", "name": "Norrvik Fjell Parka", "offers":
    {{"@type": "Offer", "price": "{price}", "priceCurrency": "EUR"}}}}</script></head>
    <body><h1>Norrvik Fjell Parka</h1></body></html>"""


@dataclass
class Reads:
    """A reader of some pages; others fail."""

    pages: Mapping[str, str]

    async def read(self, url: str) -> Page:
        if url not in self.pages:
            raise UpstreamError("gone")
        return Page(url, self.pages[url])


DOUBTFUL = ProducerPage(XYZ, TIDY, doubt="Several sites.", alternatives=(COM,))
HONEST = product_page("329.00", COM)
READ = {
    "a copy names the original": (DOUBTFUL, {XYZ: product_page("29.00", COM), COM: HONEST}, COM, "329.00"),
    "two countries of one producer": (
        replace(DOUBTFUL, link=COM, alternatives=(GERMAN,)),
        {COM: HONEST, GERMAN: product_page("329.00", GERMAN, COM)},
        COM,
        "329.00",
    ),
    "each names itself": (DOUBTFUL, {XYZ: product_page("29.00", XYZ), COM: HONEST}, XYZ, None),
    "each says the same price": (DOUBTFUL, {XYZ: product_page("329.00"), COM: HONEST}, XYZ, "329.00"),
    "the other cannot be read": (DOUBTFUL, {XYZ: product_page("29.00")}, XYZ, None),
    "there is no other": (replace(DOUBTFUL, alternatives=()), {XYZ: product_page("29.00")}, XYZ, None),
    "a part of the name": (
        ProducerPage("https://norr.com/fjell", TIDY, doubt="It only resembles the name."),
        {"https://norr.com/fjell": product_page("329.00")},
        "https://norr.com/fjell",
        "329.00",
    ),
}


@pytest.mark.parametrize(("page", "pages", "link", "price"), READ.values(), ids=READ)
async def test_a_doubtful_host_is_not_priced_on_its_own_word(
    page: ProducerPage, pages: dict[str, str], link: str, price: str | None
):
    """The page that another vouches for is read; without one, a price that no other page confirms is left out."""
    state = AnalysisState(Item(()), identity=FJELL, page=page)
    read = await retail(Reads(pages), None)(state)
    assert (read.producer_url, read.product.price) == (link, price and Decimal(price))
