"""The small readers that the reading of products is made of."""

from __future__ import annotations

from decimal import Decimal

import pytest
from selectolax.lexbor import LexborHTMLParser

from lens_rx.facts import PageKind
from lens_rx.parsing.prices import PriceHint
from lens_rx.parsing.product.lenient_json import loads
from lens_rx.parsing.product.machine_amounts import currency_code, machine_amount
from lens_rx.parsing.product.money_text import find_money
from lens_rx.parsing.product.product_numbers import valid_gtin
from lens_rx.parsing.product.reader import product_from_html
from lens_rx.parsing.product.schema_org import availability_of
from lens_rx.parsing.product.script_values import script_values
from lens_rx.parsing.product.similarity import is_same_page, similarity, url_contains

URL = "https://shop.example/p/1"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4006381333931", "4006381333931"),
        ("4 006381 333931", "4006381333931"),
        ("036000291452", "036000291452"),
        ("96385074", "96385074"),
        ("0-306-40615-2", "9780306406157"),
        ("4006381333932", ""),
        ("0000000000000", ""),
        ("MUG-99", ""),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", ""),
    ],
)
def test_a_gtin_passes_its_check_digit(text: str, found: str):
    """Codes of the right length with a right check digit are GTINs, ISBN-10 become ISBN-13, all else is none."""
    assert valid_gtin(text) == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1,}', {"a": 1}),
        ('{"a": "x\ny"}', {"a": "x\ny"}),
        ('/* c */ {"u": "http://x/y"} // end', {"u": "http://x/y"}),
        ("{&quot;a&quot;: 1}", {"a": 1}),
        ("{a: 'it\\'s', b: undefined, c: !0, d: [f(1)]}", {"a": "it's", "b": None, "c": None, "d": [None]}),
        ("<!-- [1] -->", [1]),
        ("{broken", None),
        ("", None),
    ],
)
def test_json_is_read_as_shops_write_it(text: str, value: object):
    """Trailing commas, comments, entities, line breaks and JavaScript literals do not lose a block."""
    assert loads(text) == value


@pytest.mark.parametrize(
    ("value", "currency", "amount"),
    [
        ("19.90", "EUR", "19.9"),
        ("24.990", "CLP", "24990"),
        ("1.234", "KWD", "1.234"),
        ("1.299,00", "EUR", "1299"),
        (450, "GBP", "450"),
        (19.5, "CHF", "19.5"),
        ("109€109€109", "EUR", "109"),
        ("0", "EUR", None),
        ("-5", "EUR", None),
        ("on request", "EUR", None),
        ("1e400", "EUR", None),
    ],
)
def test_amounts_of_markup(value: object, currency: str, amount: str | None):
    """A dot is the decimal one, unless the currency has no such places; nothing and less is no price."""
    assert machine_amount(value, currency, PriceHint()) == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Now only $45 (was $80)", ("$45", "$80")),
        ("1 099,00 €/St.", ("1 099,00 €",)),
        ("特價294元起", ("294元",)),
        ("502,20 б.р.", ("502,20 б.р.",)),
        ("AD ID 1024643167", ()),
        ("в 5 раз больше", ()),
        ("16 GB, 5.4 inch", ()),
    ],
)
def test_where_money_stands(text: str, found: tuple[str, ...]):
    """An amount is a number beside a currency's sign or word; other numbers are none."""
    assert find_money(text) == found


def test_availability_in_any_notation():
    """Addresses, words and booleans of shops mean in stock, out of stock or nothing."""
    assert availability_of("https://schema.org/InStock") == "InStock"
    assert availability_of("http://schema.org/LimitedAvailability/") == "InStock"
    assert availability_of("out of stock") == "OutOfStock"
    assert availability_of("SOLD_OUT") == "OutOfStock"
    assert availability_of("NOT SOLD") == "InStock"
    assert availability_of("ask us") is None


def test_currencies_by_code_and_sign():
    """Codes in any case and signs are ISO 4217 codes in the end."""
    assert [currency_code(text) for text in ("eur", "RUR", "zł", "₴", "XXXX")] == [
        "EUR",
        "RUB",
        "PLN",
        "UAH",
        "",
    ]


def test_names_are_compared_without_case_and_punctuation():
    """A name within a longer one is like it, another is not, in any script."""
    assert similarity("Oak chair", "OAK-CHAIR | Example shop") > 0.9
    assert similarity("木の椅子", "【送料無料】木の椅子") > 0.9
    assert similarity("Oak chair", "Steel kettle") < 0.2
    assert similarity("", "x") == 0


def test_codes_and_paths_in_addresses():
    """A code stands in an address in any notation; pages are the same by path, whatever the query."""
    assert url_contains("002.937.72", "https://x.example/p/table-00293772/")
    assert not url_contains("42", "https://x.example/p/42")
    assert is_same_page("https://a.example/p/1?x=2", "http://a.example/p/1/")
    assert not is_same_page("https://a.example/", "https://a.example/")


def test_a_list_of_products_is_a_listing():
    """A page whose markup lists several products and sells none of them has no price."""
    items = ",".join(
        f'{{"@type":"ListItem","item":{{"@type":"Product","name":"Chair {n}","offers":{{"@type":"Offer","price":"{n}0"}}}}}}'
        for n in range(1, 8)
    )
    html = (
        f'<html><title>All chairs</title><h1>All chairs</h1><script type="application/ld+json">'
        f'{{"@type":"ItemList","itemListElement":[{items}]}}</script></html>'
    )
    product = product_from_html(html, "https://shop.example/c/chairs")
    assert product.kind is PageKind.LISTING
    assert product.price is None


@pytest.mark.parametrize(
    ("path", "price"), [("lamp?color=red", "30"), ("lamp?color=blue", "35"), ("lamp", None)]
)
def test_the_address_selects_the_variant(path: str, price: str | None):
    """The variant that the address names is priced; with none named and none shown, none is."""
    variants = ",".join(
        f'{{"@type":"Product","name":"Lamp","url":"/p/lamp?color={colour}","offers":{{"@type":"Offer","price":"{price}","priceCurrency":"EUR"}}}}'
        for colour, price in (("red", "30"), ("blue", "35"))
    )
    html = (
        f'<html><title>Lamp</title><h1>Lamp</h1><script type="application/ld+json">'
        f'{{"@type":"ProductGroup","name":"Lamp","hasVariant":[{variants}]}}</script></html>'
    )
    found = product_from_html(html, f"https://shop.example/p/{path}").price
    assert found == (Decimal(price) if price else None)


def test_json_ld_names_may_be_capitals():
    """Properties that a shop writes with a capital are the ones of the vocabulary."""
    claim = '{"@type":"Product","Name":"Oak chair","Offers":{"@type":"Offer","Price":"30","PriceCurrency":"EUR","Availability":"SoldOut"}}'
    html = f'<html><title>Oak chair</title><script type="application/ld+json">{claim}</script></html>'
    product = product_from_html(html, URL)
    assert (product.price, product.currency, product.availability) == (Decimal(30), "EUR", "OutOfStock")


@pytest.mark.parametrize("filler", ["x" * 4_100_000, "<br>" * 110_000], ids=["characters", "tags"])
def test_data_behind_the_part_that_is_read_counts(filler: str):
    """Structured data at the end of a page that is too long to be read whole is found."""
    markup = '{"@type": "Product", "name": "Oak chair", "offers": {"price": "25", "priceCurrency": "USD"}}'
    script = f'<SCRIPT>"</SCRIPT><script type="application/ld+json">{markup}</script><script type="a/json">'
    page = f"<html><body><h1>Oak chair</h1><p>{filler}</p>{script}</body></html>"
    assert product_from_html(page, "https://shop.example/p/oak-chair").price == 25


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("x.push('cart', {price: 1})", None),
        ("x('cart', {price: 1})", {"price": 1}),
        ("f(a == b); x.cart = {price: '{', sku: \"}'\"}", {"price": "{", "sku": "}'"}),
        ("window['cart'] = JSON.parse('{\"price\": 1}')", {"price": 1}),
        ("x = {price: [" + '"]", ' * 20_000, None),
    ],
    ids=["text first", "behind a name", "brackets in texts", "parsed", "never closed"],
)
def test_values_of_scripts_are_found_where_they_begin(code: str, value: object):
    """A value is read that is assigned, or given to a function behind a name, up to the bracket that closes it."""
    tree = LexborHTMLParser(f"<html><script>{code}; sku = 1</script></html>")
    assert [*script_values(tree)] == ([] if value is None else [value])


def test_json_that_was_read_before_is_left_out():
    """A script's JSON is not read again where the caller names its node; what others assign still is."""
    json_script = '<script type="application/json">{"price": 1}</script>'
    tree = LexborHTMLParser(f"<html>{json_script}<script>state = {{price: 2}}</script></html>")
    node = tree.css_first('script[type="application/json"]')
    assert [*script_values(tree)] == [{"price": 1}, {"price": 2}]
    assert [*script_values(tree, skip={node.mem_id})] == [{"price": 2}]
