"""Pages of bare text: no structured data, no scripts, no class names."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lens_rx.parsing.product.reader import product_from_html

URL = "https://shop.example/p/1"
HEAD = "<title>Oak chair</title><h1>Oak chair</h1>"
BUY = "<button>Add to cart</button>"


def price_of(body: str) -> Decimal | None:
    """Return the price of a page with this body."""
    return product_from_html(f"<html><body>{body}</body></html>", URL).price


@pytest.mark.parametrize(
    "prices",
    [
        "<div>£ 60</div><div>£ 50</div>",
        "<div>£ 50</div><div>£ 60</div>",
        "<div><span>£</span><span>50</span></div><div><span>£</span><span>60</span></div>",
    ],
)
def test_the_lower_of_two_amounts_side_by_side_is_asked(prices: str):
    """With no word between two amounts the higher is the old one, in either order."""
    assert price_of(f"{HEAD}{prices}{BUY}") == 50


def test_nameless_parts_of_a_page_are_no_cards():
    """Blocks of a page that are alike only in having no name, and lead elsewhere, are no list of products."""
    parts = "".join(f'<div>{n} <a href="/help/{n}">Help {n}</a></div>' for n in range(4))
    assert (
        price_of(f'<div>{parts}<div>$ 25 <a href="/terms">terms</a></div></div>{HEAD}<p>$ 25</p>{BUY}') == 25
    )
    body = f'{HEAD}<section><div><a href="/a">A 1</a></div><div><a href="/b">B 2</a></div><div><a href="/c">C 3</a><p>$ 25</p></div></section>{BUY}'
    assert price_of(body) == 25


def test_a_heading_may_tell_the_price():
    """An amount that a mark sets off in the main heading is the price; the heading keeps its place."""
    body = "<h1><span>*</span><a href='/login'>Log in</a> $60 · Longboard of the seventies, rare</h1><p>Sold at a fair.</p>"
    assert price_of(body) == 60


def test_the_words_behind_an_amount_are_read_whole():
    """The first letters of a word behind an amount make no unit of it."""
    assert price_of(f"{HEAD}<p>€ 16,90</p><p>Aggiungi alla lista</p>{BUY}") == Decimal("16.9")
    assert price_of(f"{HEAD}<p>€ 16,90</p><p>al litro</p>{BUY}") is None


@pytest.mark.parametrize(
    "style", ["backface-visibility: hidden", "-webkit-backface-visibility:hidden", "margin-left: -100px"]
)
def test_styles_that_only_sound_hidden_hide_nothing(style: str):
    """A page whose body turns no back to the reader, or is moved by a margin, is seen."""
    assert price_of(f'<div style="{style}">{HEAD}<p>$ 25</p>{BUY}</div>') == 25
    assert price_of(f'<div style="visibility: hidden">{HEAD}<p>$ 25</p>{BUY}</div>') is None
