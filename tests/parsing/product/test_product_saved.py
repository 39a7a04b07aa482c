"""Pages written to the structures that shops use: what is read of each, field by field."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from lens_rx.facts import Product
from lens_rx.parsing.product.reader import product_from_html

SAVED = Path(__file__).parents[2] / "saved" / "product"


def saved(case: str) -> tuple[Product, dict[str, object]]:
    told = json.loads((SAVED / case / "expected.json").read_text())
    return product_from_html((SAVED / case / "page.html").read_text(), told["url"]), told["fields"]


def expectations() -> list[tuple[str, str]]:
    return [
        (folder.name, field)
        for folder in sorted(SAVED.iterdir())
        for field in json.loads((folder / "expected.json").read_text())["fields"]
    ]


@pytest.mark.parametrize(("case", "field"), expectations())
def test_field_of_a_saved_page(case: str, field: str):
    """Each field of a page is read as its `expected.json` says."""
    product, wanted = saved(case)
    found, want = getattr(product, field), wanted[field]
    if field == "price" and want is not None:
        want = Decimal(want)
    if field == "images":
        want = tuple(want)
    assert found == want


@pytest.mark.parametrize("case", sorted(folder.name for folder in SAVED.iterdir()))
def test_every_field_that_was_read_has_a_source(case: str):
    """`sources` names where each of the read fields stands, and no other."""
    product, _ = saved(case)
    told = ("name", "price", "currency", "availability", "sku", "brand", "gtin", "description", "material")
    assert set(product.sources) == {field for field in told if getattr(product, field)}
