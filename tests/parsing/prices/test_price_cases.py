"""The published cases of price-parser, its known failures among them, against price-parser itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from price_parser import Price

from lens_rx.parsing.prices import PriceHint, parse_price

CASES = Path(__file__).parents[3] / "../shared/pages/prices/cases.json"

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the published cases are not beside this project")


def _cases(*, failing: bool) -> list[dict]:
    return [case for case in json.loads(CASES.read_text()) if ("XFAIL" in case["group"]) == failing]


def _is_read(case: dict) -> bool:
    amounts = parse_price(case["price_raw"] or "", PriceHint(currency=case["currency_raw"] or "")).amounts
    return (float(amounts[0]) if amounts else None) == case["amount_float"]


def _is_read_by_peer(case: dict) -> bool:
    price = Price.fromstring(case["price_raw"], case["currency_raw"], case.get("decimal_separator"))
    return (price.amount_float, price.currency) == (case["amount_float"], case["currency"])


def test_as_many_cases_are_right_as_with_price_parser():
    """No fewer amounts are right, over all groups, than price-parser has itself."""
    cases = _cases(failing=False) + _cases(failing=True)
    assert sum(map(_is_read, cases)) >= sum(map(_is_read_by_peer, cases))


def test_most_known_failures_of_price_parser_are_solved():
    """Three quarters of the cases that price-parser marks as failing are read."""
    cases = _cases(failing=True)
    assert sum(map(_is_read, cases)) >= 0.75 * len(cases)
