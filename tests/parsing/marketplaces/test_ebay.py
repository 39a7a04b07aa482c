"""eBay's result pages: saved ones of our own in both layouts, and the shared real ones."""

import gzip
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.marketplaces import ebay

SAVED = Path(__file__).parents[2] / "saved" / "ebay"
SHARED = Path(__file__).parents[3] / "../shared/pages/ebay"
PAGES = sorted(SAVED.glob("*.html"))
HINTS = re.compile(r'\s(?:class|aria-level|data-[\w-]+)="[^"]*"')


def truth(page: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(page.with_suffix(".json").read_text())
    return loaded


def as_written(offer: Offer) -> dict[str, Any]:
    """Return an offer as the truth files write it: what is absent is left out."""
    written = {
        "id": offer.id,
        "title": offer.title,
        "link": offer.link,
        "price": str(offer.price),
        "currency": offer.currency,
        "condition": str(offer.condition),
        "condition_text": offer.condition_text,
        "price_high": offer.price_high and str(offer.price_high),
        "shipping": None if offer.shipping is None else str(offer.shipping),
        "sold": offer.sold or None,
        "sold_at": offer.sold_at and offer.sold_at.date().isoformat(),
        "bids": offer.bids,
        "best_offer": offer.best_offer or None,
    }
    return {name: value for name, value in written.items() if value is not None}


def the_card(text: str, url: str = "https://www.ebay.com/sch/i.html?_nkw=x") -> Offer:
    """Return the only offer of a page whose card says `text` after its title."""
    html = f"<ul><li><a href='/itm/110000000001'><h3>Some thing</h3></a>{text}</li></ul>"
    (offer,) = ebay.offers_from_html(html, url)
    return offer


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_reads_every_offer_of_a_saved_page_and_none_more(page: Path):
    """Placeholders, leftovers, teasers and what matches fewer words are no offers; the rest is, in order."""
    expected = truth(page)
    offers = ebay.offers_from_html(page.read_text(), expected["url"])
    assert [as_written(offer) for offer in offers] == expected["offers"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_class_names_are_hints_only(page: Path):
    """A page without any class name gives the same offers at the same prices."""
    expected = truth(page)
    offers = ebay.offers_from_html(HINTS.sub("", page.read_text()), expected["url"])
    asked = [(offer.id, str(offer.price), offer.sold) for offer in offers]
    assert asked == [(told["id"], told["price"], told.get("sold", False)) for told in expected["offers"]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_tells_none_from_drift(page: Path):
    """Only the page that counts no results says that there are none."""
    assert ebay.says_none(page.read_text()) is (page.stem == "none_it")


@pytest.mark.parametrize(
    "said",
    [
        "No exact matches found",
        "Keine genauen Treffer gefunden",
        "Aucun résultat exact trouvé",
        "Nie znaleziono",
    ],
)
def test_a_notice_without_a_count_says_none(said: str):
    """Where no count is stated, the notice's words tell."""
    assert ebay.says_none(f"<main><h3>{said}</h3></main>")
    assert not ebay.says_none("<main><h3>Refine your search</h3></main>")


@pytest.mark.parametrize(
    ("host", "text", "currency"),
    [
        ("www.ebay.com", "$25.00", "USD"),
        ("www.ebay.ca", "C $25.00", "CAD"),
        ("www.ebay.ca", "$25.00", "CAD"),
        ("www.ebay.ca.sandbox.test", "$25.00", "CAD"),
        ("www.ebay.com.au", "AU $25.00", "AUD"),
        ("www.ebay.com.au", "$25.00", "AUD"),
        ("www.ebay.com.sg", "S $25.00", "SGD"),
        ("www.ebay.com.sg", "$25.00", "SGD"),
        ("www.ebay.com.hk", "HKD 25.00", "HKD"),
        ("www.ebay.com", "MXN $25.00", "MXN"),
        ("www.ebay.com", "ILS 25.00", "ILS"),
        ("www.ebay.com", "£25.00", "GBP"),
        ("www.ebay.pl", "25,00 zł", "PLN"),
        ("www.ebay.ch", "CHF 25.00", "CHF"),
        ("www.ebay.nl", "EUR 25,00", "EUR"),
        ("www.ebay.de", "ca. EUR 25,00", "EUR"),
        ("www.ebay.com.hk", "HK $25.00", "HKD"),
        ("www.ebay.com.my", "RM 25.00", "MYR"),
        ("www.ebay.ph", "₱25.00", "PHP"),
        ("www.cafr.ebay.ca", "25,00 $ C", "CAD"),
        ("www.ebay.com", "S/. 25.00", "PEN"),
        ("www.ebay.com", "B/. 25.00", "PAB"),
        ("www.ebay.com", "25 円", "JPY"),
        ("www.ebay.com", "25,00 Kč", "CZK"),
        ("www.ebay.com", "25,00 Ft", "HUF"),
        ("www.ebay.com", "NT$25", "TWD"),
        ("www.ebay.com", "₩25", "KRW"),
        ("www.ebay.com", "25,00 ₽", "RUB"),
        ("www.ebay.com", "R$ 25,00", "BRL"),
        ("www.ebay.com", "25,00 lei", "RON"),
        ("www.ebay.com", "₺25.00", "TRY"),
        ("www.ebay.com", "COL $25.00", "COP"),
        ("www.ebay.com", "ARS $25.00", "ARS"),
        ("www.ebay.com", "CLP $25", "CLP"),
        ("www.ebay.com", "AED 25.00", "AED"),
        ("www.ebay.com", "25,00 ₴", "UAH"),
    ],
)
def test_the_host_tells_whose_dollar_it_is(host: str, text: str, currency: str):
    """A bare `$` is the host's dollar; a letter or a code before it wins."""
    offer = the_card(f"<span>{text}</span>", f"https://{host}/sch/i.html?_nkw=x")
    assert (offer.price, offer.currency) == (Decimal(25), currency)


def test_amounts_that_are_no_price_are_passed_over():
    """The struck-out, the saving, the unit's price, the shipping are not what is asked."""
    offer = the_card(
        "<p>Pre-Owned</p><s>$80.00</s><p>Save $10</p><p>+$9.00 delivery</p><b>$45.50</b><p>($4.55/Count)</p>"
    )
    assert (offer.price, offer.shipping) == (Decimal("45.50"), Decimal("9.00"))


def test_the_current_bid_is_the_price_beside_buy_it_now():
    """An auction that can also be bought asks what is bid now."""
    offer = the_card("<b>$10.00</b><p>3 bids</p><p>2d 4h</p><b>$50.00</b><p>Buy It Now</p>")
    assert (offer.price, offer.bids) == (Decimal("10.00"), 3)


def test_pieces_sold_of_an_offer_do_not_make_it_a_sale():
    """What counts the pieces sold ("26+ sold") is still for sale."""
    offer = the_card("<b>$10.00</b><p>26+ sold</p><p>1,204 sold</p>")
    assert offer.sold is False


@pytest.mark.parametrize(
    ("country", "host"),
    [
        ("US", "www.ebay.com"),
        ("gb", "www.ebay.co.uk"),
        ("DE", "www.ebay.de"),
        ("SE", "www.ebay.de"),
        ("AU", "www.ebay.com.au"),
        ("BR", "www.ebay.com"),
        ("", "www.ebay.com"),
    ],
)
def test_searches_on_the_countrys_site(country: str, host: str):
    """The search goes to the site that serves the country."""
    assert ebay.search_url(Identity("Patagonia", "Nano Puff"), country).startswith(
        f"https://{host}/sch/i.html?"
    )


def test_the_producer_is_searched_once():
    """A model that already names its producer is not preceded by it."""
    url = ebay.search_url(Identity("Apple", "apple iPad Air & Pencil"), "US")
    assert "_nkw=apple+iPad+Air+%26+Pencil&" in url


def test_one_result_is_read_without_what_stands_beside_it():
    """A page with a single card gives it, although nothing else bounds the card."""
    html = (
        "<body><div>Under $25</div><main><h1>1 result for x</h1>"
        "<div><a href='/itm/110000000001'><h3>Thing</h3></a><b>$7.00</b></div></main></body>"
    )
    (offer,) = ebay.offers_from_html(html, "https://www.ebay.com/sch/i.html?_nkw=x")
    assert (offer.title, offer.price) == ("Thing", Decimal("7.00"))


def test_the_pages_own_count_ends_the_results():
    """A headed break after as many cards as are counted ends them, in a language that is not known."""
    card = "<li><a href='/itm/11000000000{0}'><h3>Thing {0}</h3></a><b>$7.00</b></li>"
    html = f"<h1>2 esiti</h1><ul>{card.format(1)}{card.format(2)}<li><h3>Alia</h3></li>{card.format(3)}</ul>"
    offers = ebay.offers_from_html(html, "https://www.ebay.com/sch/i.html?_nkw=x")
    assert [offer.title for offer in offers] == ["Thing 1", "Thing 2"]


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("", False),
        ("<h2>Popular</h2>", False),
        ("<h2>From international sellers</h2>", True),
        ("<a href='/sch/i.html?_nkw=x&LH_ItemCondition=2000'><h2>Refurbished</h2></a>", True),
    ],
)
def test_a_carousel_shows_results_only_where_its_heading_says_so(heading: str, shown: bool):
    """Slides are teasers, save those that head a filtered view of the same search or sellers abroad."""
    card = "<{1}><a href='/itm/11000000000{0}'><h3>Thing {0}</h3></a><b>$7.00</b></{1}>"
    slides = f"<div aria-roledescription='Carousel'>{heading}<div>{card.format(8, 'div')}{card.format(9, 'div')}</div></div>"
    html = f"<main><ul>{card.format(1, 'li')}{card.format(2, 'li')}</ul>{slides}</main>"
    offers = ebay.offers_from_html(html, "https://www.ebay.com/sch/i.html?_nkw=x")
    assert len(offers) == (4 if shown else 2)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ("<li class='x--REWRITE_START'><div>ผลลัพธ์ที่ตรงกับคำน้อยลง</div></li>", 2),
        ("<li class='x--REWRITE_START'><div>Results from international sellers</div></li>", 4),
        ("<li><h3>Results <b>matching</b> fewer words</h3></li>", 2),
    ],
)
def test_a_marked_row_ends_the_results(row: str, shown: int):
    """EBay's own mark is a hint in languages that are not known, and words may be set apart."""
    card = "<li><a href='/itm/11000000000{0}'><h3>Thing {0}</h3></a><b>$7.00</b></li>"
    html = f"<ul>{card.format(1)}{card.format(2)}{row}{card.format(3)}{card.format(4)}</ul>"
    assert len(ebay.offers_from_html(html, "https://www.ebay.com/sch/i.html?_nkw=x")) == shown
    assert (
        len(ebay.offers_from_html(f"<div class='x--REWRITE_START'>{html}</div>", "https://www.ebay.com/"))
        == shown
    )


def test_a_marked_row_above_the_results_ends_none():
    """The same mark above the first card tells only that similar results are left out."""
    card = "<li><a href='/itm/11000000000{0}'><h3>Thing {0}</h3></a><b>$7.00</b></li>"
    notice = "<div class='x--REWRITE_START'>検索結果を整理し、最適な出品を表示しています。</div>"
    html = f"<div>{notice}<ul>{card.format(1)}{card.format(2)}</ul></div>"
    assert len(ebay.offers_from_html(html, "https://www.ebay.com/sch/i.html?_nkw=x")) == 2


@settings(max_examples=60, deadline=1000)
@given(st.sampled_from(PAGES), st.integers(0, 40_000), st.binary(max_size=60))
def test_a_cut_or_spoilt_page_never_raises(page: Path, cut: int, noise: bytes):
    """Cut anywhere, with noise in it, a page is read as far as it goes."""
    html = page.read_text()
    spoilt = html[:cut] + noise.decode("utf-8", "replace") + html[cut + len(noise) :]
    whole = {offer["id"] for offer in truth(page)["offers"]}
    assert len(ebay.offers_from_html(html[:cut], truth(page)["url"])) <= len(whole) + 8
    ebay.offers_from_html(spoilt, "https://www.ebay.com/sch")
    ebay.says_none(spoilt)


@settings(max_examples=60, deadline=1000)
@given(st.text(alphabet="<>/\"'=aliuh13 $€.,-[]?&:itm110000000001", max_size=400))
def test_any_text_is_read_without_raising(text: str):
    """Anything at all gives a list."""
    assert isinstance(ebay.offers_from_html(text, text), list)


def test_a_broken_address_is_no_error():
    """An address that no parser takes, of page or card, spoils nothing else."""
    html = "<li><a href='//[/itm/110000000001'><h3>T</h3></a><b>$7.00</b></li>"
    (offer,) = ebay.offers_from_html(html, "http://[x/")
    assert offer.id == "110000000001"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real pages are not beside this repository")
def test_reads_every_offer_of_the_real_pages_and_none_more():
    """On real pages each offer is found, with low, high and currency, and nothing else."""
    for name, expected in json.loads((SHARED / "truth.json").read_text()).items():
        html = gzip.decompress((SHARED / name).read_bytes()).decode()
        offers = ebay.offers_from_html(html, expected["url"])
        read = {o.id: (float(o.price), float(o.price_high or o.price), o.currency) for o in offers}
        told = {key: (o["low"], o["high"], o["currency"]) for key, o in expected["offers"].items()}
        assert read == told, name


def test_a_struck_price_of_a_sale_is_an_upper_bound():
    """A sale at an accepted offer shows a struck price, which was not paid; any other price was."""
    url = "https://www.ebay.com/sch/i.html?_nkw=x&LH_Sold=1"
    sold = "<div><span>Sold Nov 3, 2025</span></div>"
    struck = the_card(
        f"{sold}<span style='text-decoration: line-through'>$25.00</span><i>Best offer accepted</i>", url
    )
    paid = the_card(f"{sold}<span>$25.00</span>", url)
    assert (struck.price, struck.best_offer, struck.price_is_upper_bound) == (Decimal(25), True, True)
    assert (paid.price, paid.price_is_upper_bound) == (Decimal(25), False)
