"""Mercari, Carousell and Vinted: saved pages of our own, in the structure of theirs."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lens_rx.facts import Condition, Identity, Offer
from lens_rx.parsing.marketplaces import MARKETPLACES, carousell, ebay, mercari, vinted

SAVED = Path(__file__).parents[2] / "saved"
SHARED = Path(__file__).parents[3] / "../shared/pages/secondhand"
PAGES = sorted(it for name in ("mercari", "carousell", "vinted") for it in (SAVED / name).iterdir())
CAMERA = Identity("Canon", "AE-1")


def saved(name: str) -> str:
    return (SAVED / name).read_text()


def gist(offer: Offer) -> tuple[str, str, str, Condition]:
    return offer.title, str(offer.price), offer.currency, offer.condition


def test_mercari_cards_are_read():
    """Yen in two halves, a sold sticker, shops' listings, an auction's highest bid, a word of the title."""
    offers = mercari.offers_from_html(
        saved("mercari/jp_search.html"), "https://jp.mercari.com/search?keyword=x"
    )
    assert [gist(offer) for offer in offers] == [
        ("Canon AE-1 ボディ", "12800", "JPY", Condition.UNKNOWN),
        ("Canon AE-1 50mm セット", "24000", "JPY", Condition.UNKNOWN),
        ("キヤノン AE-1 整備済み品", "39800", "JPY", Condition.REFURBISHED),
        ("AE-1 ジャンク", "1500", "JPY", Condition.FOR_PARTS),
    ]
    assert [offer.sold for offer in offers] == [False, True, False, False]
    assert offers[0].link == "https://jp.mercari.com/item/m22222222221"
    assert offers[2].id == "a1B2c3D4e5F6g7H8i9J0kL"


def test_mercari_cards_that_are_only_heard_are_read():
    """Where a card shows no text, what it is called for those who hear it has the price and the sale."""
    card = "<li><a href='/item/m2222222222{0}'><div role=img aria-label='{1}'><img src='https://x.example/1.jpg' alt='{2}'></div></a></li>"
    html = (
        card.format(1, "AE-1 soldierの画像 12,800円", "AE-1 soldierのサムネイル")
        + card.format(2, "A-1の画像 売り切れ 9,800円", "A-1のサムネイル")
        + card.format(3, "Thumbnail of T90 ¥7,000", "Thumbnail of T90")
    )
    offers = mercari.offers_from_html(f"<ul>{html}</ul>", "https://jp.mercari.com/search?keyword=x")
    assert [(offer.title, str(offer.price), offer.sold) for offer in offers] == [
        ("AE-1 soldier", "12800", False),
        ("A-1", "9800", True),
        ("T90", "7000", False),
    ]


def test_mercari_in_america_is_read():
    """Dollars, a badge on what is sold, a price that fell."""
    html = (
        "<div><div><a href='/us/item/m33333333331/'><img alt='AE-1' src='https://x.example/1.jpg'>"
        "<p><span>$</span>145</p><p>AE-1</p></a></div><div><a href='/us/item/m33333333332/?ref=search'>"
        "<img alt='A-1' src='https://x.example/2.jpg'><div>SOLD</div><p>$1,145.50 <s>$1,300</s></p><p>A-1</p></a></div></div>"
    )
    offers = mercari.offers_from_html(html, "https://www.mercari.com/search/?keyword=x")
    assert [(gist(offer)[:3], offer.sold) for offer in offers] == [
        (("AE-1", "145", "USD"), False),
        (("A-1", "1145.50", "USD"), True),
    ]


def test_carousell_cards_are_read():
    """The dollar is the host's, the struck-out price is not asked, what is given away has none."""
    offers = carousell.offers_from_html(
        saved("carousell/sg_search.html"), "https://www.carousell.sg/search/x"
    )
    assert [gist(offer) for offer in offers] == [
        ("Canon AE-1 body", "180", "SGD", Condition.VERY_GOOD),
        ("Canon AE-1 with 50mm", "1250.50", "SGD", Condition.GOOD),
        ("Canon AE-1 (black)", "99", "SGD", Condition.ACCEPTABLE),
    ]
    assert offers[1].shipping == Decimal(0)
    assert offers[0].link == "https://www.carousell.sg/p/canon-ae-1-body-1388000001/"


def test_carousell_in_hong_kong_is_read():
    """Words and dollars of another site are read the same way."""
    (offer,) = carousell.offers_from_html(
        saved("carousell/hk_search.html"), "https://www.carousell.com.hk/search/x"
    )
    assert gist(offer) == ("Canon AE-1 菲林相機", "1100", "HKD", Condition.LIKE_NEW)


def test_vinteds_page_is_read():
    """The seller's price is taken, not the one with the buyer's fee; the label's first part is the title."""
    offers = vinted.offers_from_html(
        saved("vinted/de_catalog.html"), "https://www.vinted.de/catalog?search_text=x"
    )
    assert [gist(offer) for offer in offers] == [
        ("Patagonia Better Sweater grau", "45.00", "EUR", Condition.VERY_GOOD),
        ("Better Sweater", "1090.00", "EUR", Condition.NEW),
    ]


@pytest.mark.parametrize("wrap", ["{}", "<html><head></head><body><pre>{}</pre></body></html>"])
def test_vinteds_answer_is_read(wrap: str):
    """The JSON behind the page is read bare or as a browser shows it; what is hidden or priceless is left."""
    answer = wrap.format(saved("vinted/catalog.json"))
    offers = vinted.offers_from_html(answer, "https://www.vinted.co.uk/api/v2/catalog/items")
    assert [gist(offer) for offer in offers] == [
        ("Better Sweater", "41.5", "GBP", Condition.VERY_GOOD),
        ("Older answer", "12.0", "EUR", Condition.ACCEPTABLE),
    ]
    assert offers[1].link == "https://www.vinted.co.uk/items/4412000012-older"


def test_vinteds_older_answers_are_read():
    """A price as a number, with a comma or under another name, in the host's currency; wear in its box."""
    box = {"item_box": {"second_line": "M · Velmi dobré"}}
    prices = (
        {"price": 12.5, "currency": "EUR"},
        {"price": "250,00"},
        {"price_numeric": "90.0", "price": None},
    )
    items = [
        {"id": n, "title": "Sweater", "url": f"/items/{n}"} | box | price for n, price in enumerate(prices)
    ]
    answer = json.dumps({"items": items})
    offers = vinted.offers_from_html(answer, "https://www.vinted.cz/api/v2/catalog/items")
    asked = [(str(offer.price), offer.currency) for offer in offers]
    assert asked == [("12.5", "EUR"), ("250.00", "CZK"), ("90.0", "CZK")]
    assert {offer.condition for offer in offers} == {Condition.VERY_GOOD}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_none_is_told_from_drift(page: Path):
    """A page says that nothing matches, or it does not; suggestions below that are no offers."""
    market = next(it for it in MARKETPLACES if it.name == page.parent.name)
    assert market.says_none(page.read_text()) is page.stem.endswith("none")
    assert (
        market.offers_from_html(page.read_text(), f"https://{market.name}.com/") == []
    ) is page.stem.endswith("none")


def test_an_empty_answer_of_vinted_says_none():
    """An answer without items says that nothing matches; one without the list does not."""
    assert vinted.says_none('{"items": []}')
    assert not vinted.says_none('{"message": "later"}')


@pytest.mark.parametrize(
    ("name", "country", "url"),
    [
        ("ebay-sold", "GB", "https://www.ebay.co.uk/sch/i.html?_nkw=Canon+AE-1&"),
        ("mercari", "JP", "https://jp.mercari.com/search?keyword=Canon+AE-1&status=on_sale"),
        ("mercari", "US", "https://www.mercari.com/search/?keyword=Canon+AE-1"),
        ("carousell", "HK", "https://www.carousell.com.hk/search/Canon%20AE-1"),
        ("vinted", "GB", "https://www.vinted.co.uk/catalog?search_text=Canon+AE-1"),
        ("vinted", "fr", "https://www.vinted.fr/catalog?search_text=Canon+AE-1"),
    ],
)
def test_each_searches_on_the_countrys_site(name: str, country: str, url: str):
    """Each marketplace serves its countries, on their own sites."""
    market = next(it for it in MARKETPLACES if it.name == name)
    assert market.serves(country)
    assert market.search_url(CAMERA, country).startswith(url)


def test_only_ebay_sells_everywhere():
    """Where nothing is known of the country, or none of the others sells there, eBay is searched."""
    for country in ("", "IN"):
        assert [it.name for it in MARKETPLACES if it.serves(country)] == ["ebay", "ebay-sold"]


def test_sales_are_asked_for():
    """EBay's sales are the same search with the site's own filter for what was sold."""
    url = ebay.SOLD.search_url(CAMERA, "US")
    assert url.endswith("&LH_Sold=1&LH_Complete=1")


@settings(max_examples=80, deadline=1000)
@given(st.sampled_from(PAGES), st.integers(0, 6_000), st.text(max_size=40))
def test_a_spoilt_page_never_raises(page: Path, cut: int, noise: str):
    """Cut anywhere, with noise in it, a page gives what is left of it."""
    text = page.read_text()
    for market in MARKETPLACES:
        for spoilt in (text[:cut], text[:cut] + noise + text[cut:], noise):
            market.offers_from_html(spoilt, "https://example.com/")
            market.says_none(spoilt)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real pages are not beside this repository")
def test_real_pages_are_read_whole():
    """Each card of the real pages is an offer with a title, a price and the site's currency."""
    for market, name, url, count, currency in (
        (carousell, "carousell_sg_2025-08.html.gz", "https://www.carousell.sg/search/x", 46, "SGD"),
        (mercari, "mercari_jp_2025-05.html.gz", "https://jp.mercari.com/s/1", 15, "JPY"),
        (vinted, "vinted_catalog_shape.json.gz", "https://www.vinted.fr/api/v2/catalog/items", 1, "EUR"),
    ):
        offers = market.offers_from_html(gzip.decompress((SHARED / name).read_bytes()).decode(), url)
        assert len(offers) == count
        assert all(offer.title and offer.price > 0 and offer.currency == currency for offer in offers)
