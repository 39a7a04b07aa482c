"""The names and signatures that other programs import from `facts` and `pricing`."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import MISSING, fields

import pytest

from lens_rx.facts import Offer
from lens_rx.pricing import estimate_price

OFFER_FIELDS = {
    "id": "str",
    "title": "str",
    "link": "str",
    "price": "Decimal",
    "currency": "str",
    "price_high": "Decimal | None",
    "condition": "Condition",
    "condition_text": "str",
    "sold": "bool",
    "shipping": "Decimal | None",
    "image": "str",
    "marketplace": "str",
    "sold_at": "datetime | None",
    "bids": "int | None",
    "best_offer": "bool",
}


def test_the_fields_of_an_offer_are_kept():
    """An offer has these fields in this order; what comes later is at the end and has a default."""
    found = {it.name: it.type for it in fields(Offer)}
    assert list(found.items())[: len(OFFER_FIELDS)] == list(OFFER_FIELDS.items())
    required = [it.name for it in fields(Offer) if it.default is MISSING and it.default_factory is MISSING]
    assert required == ["id", "title", "link", "price", "currency"]


def test_the_signature_of_the_estimate_is_kept():
    """The estimate takes these arguments in this order, all but the offers with a default."""
    parameters = list(inspect.signature(estimate_price).parameters.values())
    assert [it.name for it in parameters[:5]] == ["offers", "retail", "currency", "condition", "on"]
    assert [it.default for it in parameters[1:5]] == [None, "EUR", None, None]
    assert all(it.default is not inspect.Parameter.empty for it in parameters[1:])


@pytest.mark.parametrize("package", ["facts", "reactive", "pricing", "matching"])
def test_a_package_names_what_it_offers(package: str):
    """Each name in `__all__` can be imported, and the list is sorted."""
    module = importlib.import_module(f"lens_rx.{package}")
    assert module.__all__ == sorted(module.__all__)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
