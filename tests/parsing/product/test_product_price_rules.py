"""What an amount means by what stands around it, on pages as small as the rule."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from lens_rx.facts import PageKind, Product
from lens_rx.parsing.product import product_from_html

URL = "https://shop.example/p/oak-chair"
TITLE = "<title>Oak chair with arms</title>"
HEADING = "<h1>Oak chair with arms</h1>"
BUY = "<button>Add to cart</button>"


def product_of(body: str, *, head: str = "", url: str = URL, language: str = "en") -> Product:
    return product_from_html(
        f"<html lang={language}>{TITLE}{head}<body>{body}</body></html>",
        url,
    )


def json_ld(**node: object) -> str:
    content = json.dumps({"@context": "https://schema.org", "@type": "Product", **node})
    return f'<script type="application/ld+json">{content}</script>'


@pytest.mark.parametrize(
    ("body", "price"),
    [
        (f"{HEADING}<p>SAVE 70</p><p>$229.99</p>{BUY}", "229.99"),
        (f"{HEADING}<div>$229<span>99</span></div>{BUY}", "229.99"),
        (f"{HEADING}<p>$ 45.00</p>{BUY}<p>Weight</p><p>3.5 pounds</p>", "45.00"),
        (f"{HEADING}<p>$29.95</p><p>Save 20%:</p><p>$23.96</p><p>upon approval.</p>{BUY}", "29.95"),
        (f"{HEADING}<p>$169.99</p><p>Orders $39+ ship free!</p>{BUY}", "169.99"),
        (f"{HEADING}<p>EUR 3,500.00</p><p>Approximately</p><p>US $3,971.45</p>{BUY}", "3500.00"),
        (f"{HEADING}<p>Excl. VAT</p><p>€ 100.00</p><p>€ 121.00</p>{BUY}", "121.00"),
        (f"{HEADING}<p>€ 40.00</p><p>Excl. VAT:</p><p>€ 36.53</p>", "40.00"),
        (f"{HEADING}<p>$98.00</p><p>$130.00</p>{BUY}", "98.00"),
        (f"{HEADING}<p>$ 100</p><p>With cushion</p><p>(+ $ 40.00)</p>{BUY}", "100"),
        (f'{HEADING}<div class="price-old-live">€ 40.00</div>{BUY}', "40.00"),
    ],
    ids=[
        "saving",
        "cents",
        "weight",
        "card",
        "shipping-threshold",
        "converted",
        "without-tax",
        "tax-below",
        "list-price-beside",
        "option",
        "class-says-nothing",
    ],
)
def test_amount_that_is_the_price(body: str, price: str):
    """Savings, weights, thresholds, converted and untaxed amounts are no price, whatever classes say."""
    assert product_of(body).price == Decimal(price)


def test_both_amounts_with_a_tax_label():
    """Where amounts without and with tax both have a label, the page sells by the first."""
    body = f"{HEADING}<p>bez DPH</p><p>100,00 €</p><p>s DPH</p><p>120,00 €</p><button>Do košíka</button>"
    assert product_of(body, language="sk").price == Decimal("100.00")


def test_markup_without_tax():
    """An amount of markup that stands nowhere on the page gives way to the page's amount with tax."""
    head = json_ld(
        name="Oak chair with arms", offers={"@type": "Offer", "price": "27.23", "priceCurrency": "AUD"}
    )
    product = product_of(f"{HEADING}<p>$29.95</p>{BUY}", head=head)
    assert (product.price, product.currency) == (Decimal("29.95"), "AUD")


def test_price_in_many_currencies():
    """A list of one price in many currencies is no choice: the amount before it is the price."""
    rows = "".join(
        f"<p>{code}</p><p>: </p><p>{sign}{amount}</p>"
        for code, sign, amount in (
            ("AED", "", "549.56 AED"),
            ("GBP", "£", "110.82"),
            ("AUD", "$", "232.60"),
            ("SAR", "", "558.52 SAR"),
        )
    )
    head = json_ld(
        name="Oak chair with arms", offers={"@type": "Offer", "price": "549.56", "priceCurrency": "EUR"}
    )
    product = product_of(f"{HEADING}<p>€ 132.34</p>{rows}{BUY}", head=head)
    assert (product.price, product.currency) == (Decimal("132.34"), "EUR")


VARIANTS = [
    {
        "@type": "Product",
        "name": f"Oak chair {color}",
        "color": color,
        "sku": f"OC-{number}",
        "offers": {"@type": "Offer", "price": price, "priceCurrency": "EUR"},
    }
    for number, (color, price) in enumerate((("black", "80"), ("white", "95"), ("natural oil", "120")))
]


@pytest.mark.parametrize(
    ("body", "url", "price"),
    [
        (f"<h1>Oak chair white</h1>{BUY}", URL, "95"),
        (
            f"<h1>Oak chair</h1><select><option>black</option><option selected>natural oil</option></select>{BUY}",
            URL,
            "120",
        ),
        (f"<h1>Oak chair</h1><button aria-checked=true>white</button>{BUY}", URL, "95"),
        (f"<h1>Oak chair</h1>{BUY}", f"{URL}?sku=OC-2", "120"),
    ],
    ids=["heading", "option", "button", "address"],
)
def test_selected_variant(body: str, url: str, price: str):
    """Of a group's variants the one that the heading, a selected option or the address names has the price."""
    content = json.dumps({"@type": "ProductGroup", "name": "Oak chair", "hasVariant": VARIANTS})
    head = f'<script type="application/ld+json">{content}</script>'
    assert product_of(body, head=head, url=url).price == Decimal(price)


def test_escaped_state():
    """State that a framework escapes within a text is read."""
    state = json.dumps(
        {"product": {"name": "Oak chair with arms", "current_retail": 49.5, "currency": "USD"}}
    )
    script = f"<script>self.__next_f.push([1,{json.dumps('5:' + state)}])</script>"
    product = product_of(f"{HEADING}<p>$49.50</p>{BUY}", head=script)
    assert product.price == Decimal("49.50")


CARDS = "".join(
    f'<li><a href="/p/{number}"><img src="/{number}.jpg"><h3>Chair {number}</h3></a><p>$ {number}9.00</p></li>'
    for number in range(1, 13)
)


def test_list_of_cards():
    """A page of cards with controls above them is a list and has no price, whatever its classes."""
    product = product_of(
        f"<h1>Chairs</h1><p>Sort by</p><p>12 products</p><ul>{CARDS}</ul>",
        url="https://shop.example/c/chairs",
    )
    assert (product.kind, product.price) == (PageKind.LISTING, None)


def test_product_above_cards():
    """A product's own page keeps its price above the cards of others."""
    product = product_of(f"{HEADING}<p>$ 45.00</p>{BUY}<h2>You may also like</h2><ul>{CARDS}</ul>")
    assert (product.kind, product.price) == (PageKind.PRODUCT, Decimal("45.00"))


def test_family():
    """A page that names the lowest of several prices and sells nothing itself is a family."""
    product = product_of(f'{HEADING}<p>From $1099</p><a href="/buy/oak-chair">Buy</a>')
    assert (product.kind, product.price) == (PageKind.FAMILY, None)


@pytest.mark.parametrize(
    ("body", "sku"),
    [
        (f"{HEADING}<p>Product code: 141677</p>{BUY}", "141677"),
        (f'{HEADING}<span data-qa="product-reference">1002/710</span>{BUY}', "1002/710"),
        (f"{HEADING}<p>Model number: HMP2000</p><p>SKU: B-77</p>{BUY}", "B-77"),
    ],
    ids=["label", "name", "model-and-sku"],
)
def test_number_of_the_page(body: str, sku: str):
    """A labelled number goes before markup's, a maker's model number after the shop's own."""
    assert product_of(body, head=json_ld(name="Oak chair with arms", sku="9000123")).sku == sku


def test_gtin_of_an_offer():
    """A GTIN stands in an offer, or behind a label with a full stop after it."""
    offer = {"@type": "Offer", "price": "9", "priceCurrency": "EUR", "gtin13": "4006381333931"}
    assert (
        product_of(HEADING, head=json_ld(name="Oak chair with arms", offers=[offer])).gtin == "4006381333931"
    )
    assert product_of(f"{HEADING}<li>EAN: 4006381333931.</li>").gtin == "4006381333931"
