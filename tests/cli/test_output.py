"""Lines for people."""

from __future__ import annotations

from lens_rx.cli.output import SUMMARIES


def test_offers_that_are_no_price_of_the_thing_are_counted_apart():
    """A planted 12,800 is no price; rows that say nothing of it count as before."""
    rows = [
        {"price": price, "currency": "EUR", "kept": int(price < 1000)} for price in (90.0, 110.0, 12800.0)
    ]
    summary = SUMMARIES["second-hand-offers"]
    assert summary(rows) == "2 offers from 90.00 to 110.00 EUR, 1 left out"
    assert summary(rows[2:]) == "0 offers, 1 left out"
    assert summary([{"price": 12800.0, "currency": "EUR"}]) == "1 offers from 12,800.00 to 12,800.00 EUR"


def test_an_estimate_says_what_makes_it_less_sure():
    """Doubts stand behind the figures."""
    data = {
        "price": 90.0,
        "min_range": 80.0,
        "max_range": 99.0,
        "certainty": 0.5,
        "comparables": 4,
        "basis": "sold",
    }
    doubt = "Only one source names it."
    assert SUMMARIES["estimated-price"](data | {"currency": "EUR", "doubts": doubt}).endswith(f")  {doubt}")
