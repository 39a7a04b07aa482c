"""Real product pages, where they lie beside the project: how much of their truth is found."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import pytest

from lens_rx.facts import PageKind, Product
from lens_rx.parsing.product.reader import product_from_html

PAGES = Path(__file__).parents[3] / "../shared/pages/product"
#: The least F1 of each field.
LEAST = {"price": 0.97, "currency": 0.95, "sku": 0.85, "brand": 0.78, "gtin": 0.80, "availability": 0.85}
SIGNS = {
    "$": {"USD", "CAD", "AUD", "CLP", "ARS", "TWD"},
    "€": {"EUR"},
    "£": {"GBP"},
    "₹": {"INR"},
    "Rs": {"PKR"},
    "₽": {"RUB"},
    "원~": {"KRW"},
    "zł": {"PLN"},
    "Lei": {"RON"},
    "тг.": {"KZT"},
    "Kn": {"HRK"},
}

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="the real pages are not beside the project")


@dataclass
class Score:
    """True positives, and what was found or wanted in all."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted)


@cache
def answers() -> list[tuple[str, dict[str, list[str]], Product]]:
    truth = json.loads((PAGES / "truth.json").read_text())
    return [
        (name, row, product_from_html(gzip.decompress((PAGES / name).read_bytes()).decode(), row["url"]))
        for name, row in truth.items()
    ]


def same_price(found: Decimal, wanted: str) -> bool:
    """Compare amounts; a truth of a thousandth of ours took the thousands' dot for a decimal one."""
    try:
        amount = Decimal(wanted.strip())
    except InvalidOperation:
        return False
    return found in (amount, amount * 1000)


def same_text(found: str, wanted: str) -> bool:
    return " ".join(found.casefold().split()) == " ".join(wanted.casefold().split())


def same_currency(found: str, wanted: str) -> bool:
    return found == wanted or found in SIGNS.get(wanted, ())


SAME: dict[str, Callable[..., bool]] = {"price": same_price, "currency": same_currency}


def score(field: str, *, half: int | None = None) -> Score:
    total = Score()
    for name, row, product in answers():
        if half is not None and sum(name.split("_")[0].encode()) % 2 != half:
            continue
        found, wanted = getattr(product, field), row.get(field, [])
        if field == "currency" and not wanted:
            continue
        total.found += found is not None
        total.wanted += bool(wanted)
        total.right += found is not None and any(SAME.get(field, same_text)(found, value) for value in wanted)
    return total


@pytest.mark.parametrize("field", LEAST)
def test_field_of_real_pages(field: str):
    """Each field reaches its F1 over all pages."""
    assert score(field).f1 >= LEAST[field]


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("field", ["price", "currency", "sku"])
def test_no_half_of_the_shops_is_read_worse(field: str, half: int):
    """The shops, halved by their names, are read alike: no rule is made for one of them."""
    assert score(field, half=half).f1 >= LEAST[field] - 0.05


def test_real_pages_are_products():
    """No page of a product is taken for a listing, a family, a missing page or no page at all."""
    kinds = {product.kind for _, _, product in answers()}
    assert kinds <= {PageKind.PRODUCT, PageKind.SOLD_OUT}


def test_prices_are_more_often_right_than_given():
    """Of the prices that are given, at least 97 in a hundred are right."""
    prices = score("price")
    assert prices.right >= 0.97 * prices.found
