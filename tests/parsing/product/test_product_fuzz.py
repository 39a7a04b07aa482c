"""Whatever is sent as a page: an answer, and soon."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lens_rx.facts import PageKind, Product
from lens_rx.parsing.html.visible_text import text_for_model
from lens_rx.parsing.product.reader import product_from_html

SAVED = sorted((Path(__file__).parents[2] / "saved" / "product").iterdir())
PAGES = [(folder / "page.html").read_text() for folder in SAVED]
PIECES = [
    "<script type='application/ld+json'>",
    "</script>",
    '{"@type":"Product","offers":[',
    '{"@id":"#a"}',
    "<div itemscope itemtype='https://schema.org/Product'>",
    "<span itemprop=price>",
    "<meta property='product:price:amount' content='",
    "<h1>",
    "</div>",
    "$1,299.00",
    "-20%",
    "<del>",
    "\x00",
    "\ud800",
    "NaN",
    "1e999999",
    "९९ ₹",
    "window.x = {price: '",
    "<table><tr><td>",
    "&#xFFFFFF;",
]
URLS = (
    "https://shop.example/p/1",
    "",
    "not an address",
    "http://[::1",
    "https://x.example:port/",
    "//",
    "data:,",
)


@given(
    html=st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=60).map("".join),
    url=st.sampled_from(URLS),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_page_and_no_address_raises(html: str, url: str):
    """A page of broken pieces is answered with a product, and its text with a text."""
    assert isinstance(product_from_html(html, url), Product)
    assert isinstance(text_for_model(html), str)


@given(page=st.sampled_from(PAGES), cuts=st.lists(st.floats(0, 1), min_size=1, max_size=4))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_page_with_holes_is_still_read(page: str, cuts: list[float]):
    """A page that was cut off, or lost parts in the middle, does not raise."""
    edges = sorted(int(cut * len(page)) for cut in (0.0, *cuts))
    kept = "".join(page[start:end] for start, end in list(pairwise(edges))[::2])
    assert isinstance(product_from_html(kept, URLS[0]), Product)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "<b><p>" * 50_000,
        "<li>$1.00" * 100_000,
        "<span class='price'>" + "9" * 500_000,
        '<script type="application/ld+json">' + '{"a":' * 100_000,
        '<script type="application/ld+json">' + "[" * 500_000,
        "<script>x = " + "{" * 300_000 + " price",
        "<script>" + "a = {'price': 1, " * 50_000,
        "<p>" + "sold out " * 200_000,
        "<div itemscope itemtype=Product>" * 20_000 + "<i itemprop=price>1",
        "<p>" + "€ " * 300_000 + "12",
        "<a href='" + "/x" * 500_000,
        "<h1>Oak chair, long</h1><div>" + "<a href='/a'>a long title</a><b>$5.00</b>" * 20_000,
    ],
    ids=lambda html: f"{html[:30]}… {len(html)}",
)
def test_hostile_pages_end(html: str):
    """Deep, endless and repeated structures are read in bounded time."""
    assert isinstance(product_from_html(html, URLS[0]), Product)


@pytest.mark.parametrize(
    "body", ["", "%PDF-1.7 …", '{"price": 5}', "\x89PNG\r\n", "just some words, $5.00", "   "]
)
def test_what_is_no_web_page_is_said_so(body: str):
    """A PDF, a picture, JSON, bare text: the kind is `not_html` and nothing is read."""
    product = product_from_html(body, URLS[0])
    assert product.kind is PageKind.NOT_HTML
    assert product.price is None
    assert not product.sources
