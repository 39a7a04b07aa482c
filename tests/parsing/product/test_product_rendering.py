"""Rendering knows what markup does not: which price is large, struck by a style sheet, or not drawn."""

from __future__ import annotations

from decimal import Decimal

from lens_rx.facts import PageSnapshot, TextBox
from lens_rx.parsing.product.reader import product_from_html

PAGE = """<html lang="en"><head><title>Desk lamp</title></head><body><h1>Desk lamp</h1>
<div><span>$80.00</span><span>$60.00</span></div><button>Add to cart</button></body></html>"""
URL = "https://shop.example/p/desk-lamp"


def box(text: str, *, font_px: float = 14, struck: bool = False, width: float = 60) -> TextBox:
    return TextBox(text, left=40, top=200, width=width, height=20, font_px=font_px, struck=struck)


def price(*boxes: TextBox) -> Decimal | None:
    return product_from_html(PAGE, URL, snapshot=PageSnapshot(boxes)).price


def test_a_price_that_a_style_sheet_strikes_is_not_taken():
    """Of two prices that look alike in the markup the one that is drawn struck through is the old one."""
    assert price(box("$80.00", struck=True), box("$60.00")) == 60


def test_a_price_that_is_not_drawn_is_not_taken():
    """A price that a style sheet hides is not read."""
    assert price(box("$80.00")) == 80
    assert price(box("$60.00")) == 60


def test_the_largest_price_is_taken():
    """Of two prices the one in the larger letters is the offer."""
    assert price(box("$80.00", font_px=12), box("$60.00", font_px=28)) == 60
    assert price(box("$80.00", font_px=28), box("$60.00", font_px=12)) == 80


def test_an_empty_snapshot_changes_nothing():
    """Without boxes the markup alone decides."""
    assert price() == product_from_html(PAGE, URL).price
