"""What words, names and neighbours mean on a page without structured data."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lens_rx.facts import PageKind, Product
from lens_rx.parsing.product import product_from_html

HEAD = "<title>Oak chair</title><h1>Oak chair</h1>"
BUY = "<button>Add to cart</button>"


def read(body: str, url: str = "https://shop.example/p/oak-chair") -> Product:
    return product_from_html(f"<html lang=en><body>{body}</body></html>", url)


def test_a_regular_price_alone_is_the_price():
    """What themes label the regular price is the price where no lower one stands beside it."""
    alone = "<span>Regular price</span><span>$117.00</span>"
    assert read(f"{HEAD}{alone}{BUY}<p>Every order ships for $5</p>").price == 117
    assert read(f"{HEAD}{alone}<span>Sale price</span><span>$99.00</span>{BUY}").price == 99


@pytest.mark.parametrize("name", ["Grid--useNewBreakpoints", "breakpoints", "unrelated-mini"])
def test_parts_of_a_class_name_say_nothing(name: str):
    """A word inside of another in a class name, as points in breakpoints, does not make a price another amount."""
    assert read(f'{HEAD}<div class="{name}"><p>$ 25</p></div>').price == 25


def test_the_end_of_a_word_is_no_currency():
    """A sentence that ends in "stars." before a number states no rupees."""
    assert read(f"{HEAD}<div><span>Rated by 4 stars.</span><span>4.7</span></div>{BUY}").price is None


@pytest.mark.parametrize(
    ("byline", "brand"),
    [
        ("<a href='/store/x'>Visit the Ninja Store</a>", "Ninja"),
        ("<a href='/x'>Visiter la boutique PetSafe</a>", "PetSafe"),
        ("<span>by <a href='/x'>Nikon</a></span>", "Nikon"),
        ("<a href='/x'>See more by Boss Office</a>", "Boss Office"),
        ("<button class=brand>Buy now</button>", None),
        ("<a class=brand href='/x'>Men's</a>", None),
        ("<span class=brand>{{ vendor }}</span>", None),
    ],
)
def test_bylines_name_the_brand(byline: str, brand: str | None):
    """A byline beside the heading names the brand; buttons, menu items and unfilled templates do not."""
    assert read(f"{HEAD}{byline}<p>$ 25</p>{BUY}").brand == brand


def test_the_shop_of_a_maker_is_its_brand():
    """The name on which site, logo and host agree is the brand where the texts call the product by it, and else is not."""
    logo = '<header><a href="/"><img alt="Holzer"></a></header>'
    site = '<meta property="og:site_name" content="Holzer">'
    body = f"{site}{logo}{HEAD}<p>$ 25</p>{BUY}"
    own = "<p>The Holzer Oak chair is made by hand of wood from our own forest, without a nail.</p>"
    url = "https://www.holzer.com/oak-chair"
    assert read(body + own, url).brand == "Holzer"
    assert read(body, url).brand is None
    assert read(body + own + "<nav><a href='/brands'>Brands</a></nav>", url).brand is None
    assert read(body + own, "https://www.other.com/oak-chair").brand is None


def test_a_page_that_waits_for_its_script_is_read():
    """The part around the only main heading is read though a style hides it until a script has run."""
    menu = "<p>Menu</p>"
    assert read(f'{menu}<div style="display: none">{HEAD}<p>$ 25</p>{BUY}</div>').price == 25
    assert read(f'{HEAD}{BUY}<div style="display: none"><p>$ 25</p></div>').price is None


def cards(count: int) -> str:
    card = '<li><a href="/item/{0}"><img src=x><h3>Thing number {0}</h3></a><span>$ {0}.50</span></li>'
    return f"<ul>{''.join(card.format(at) for at in range(10, 10 + count))}</ul>"


def test_cards_behind_a_product_make_no_list_of_it():
    """A page that labels one number and prices its heading is a product, whatever many cards follow it."""
    own = "<p>Item no.: 4711-08</p>"
    product = read(f"{HEAD}<p>$ 25</p>{own}<h2>Inspiration</h2>{cards(24)}", "https://shop.example/oak-chair")
    assert (product.kind, product.price) == (PageKind.PRODUCT, Decimal(25))
    assert read(f"<h1>Chairs</h1>{cards(24)}", "https://shop.example/chairs").kind is PageKind.LISTING


def test_an_amount_that_is_stated_plainly_too_is_no_lowest_one():
    """A price that stands plainly beside "from" the same amount is a product's, not a family's."""
    links = '<a href="/configure">Buy</a>'
    assert read(f"{HEAD}<p>From $ 25</p>{links}").kind is PageKind.FAMILY
    assert read(f"{HEAD}<p>$ 25</p><p>From $ 25</p>{links}").kind is PageKind.PRODUCT


def test_a_comparison_of_two_products_has_no_price():
    """Where markup names two products and the heading is neither's name, no amount of either is the page's price."""
    one = '{"@type": "Product", "name": "Blue oak mug", "offers": {"price": "12", "priceCurrency": "USD"}}'
    markup = f'<script type="application/ld+json">[{one}, {one.replace("Blue", "Red").replace("12", "14")}]</script>'
    body = "<title>Oak mugs</title><h1>Oak mugs compared</h1><h2>Blue oak mug</h2><p>$ 12</p><h2>Red oak mug</h2><p>$ 14</p>"
    assert read(markup + body).price is None
    assert read(markup + body.replace("Oak mugs compared", "Blue oak mug")).price == 12


def test_each_amount_of_a_line_has_its_own_words():
    """In a line of several amounts the words behind one are not about the one before it."""
    family = '<p>From $799 or $33.29/mo. for 24 mo.</p><a href="/configure">Buy</a>'
    assert read(f"<title>Phone X</title><h1>Phone X</h1>{family}").kind is PageKind.FAMILY
    assert read(f"{HEAD}<p>$799 or $33.29/mo. for 24 mo.</p>{BUY}").price == 799
    assert read(f"{HEAD}<p>$45.00 (was $60.00)</p>{BUY}").price == 45


@pytest.mark.parametrize("text", ["1 299:-", "1.299,-"])
def test_a_dash_for_the_cents_makes_an_amount_of_money(text: str):
    """Amounts that are marked as money by the dash for their cents alone are prices."""
    assert read(f"{HEAD}<p>{text}</p>{BUY}", "https://butik.example.se/p/oak-chair").price == 1299


def test_a_sentence_states_that_a_product_is_sold_out():
    """One sentence of a text may say so, whatever the next one says."""
    text = "Currently unavailable. We don't know when or if this item will be back in stock."
    product = read(f"{HEAD}<p>$25</p><p>{text}</p>")
    assert (product.kind, product.price) == (PageKind.SOLD_OUT, 25)


def test_an_accordion_is_read():
    """What stands in a closed box that opens is read, what stands in one that never opens is not."""
    closed = '<div style="height:0;overflow:hidden;{0}"><p>SKU: 4711-08</p></div>'
    page = f"{HEAD}<p>$25</p>{BUY}"
    assert read(page + closed.format("transition:height 300ms")).sku == "4711-08"
    assert read(page + closed.format(""), "https://shop.example/oak-chair").sku is None
