"""Lines for people."""

from __future__ import annotations

import pytest

from lens_rx.cli.output import SUMMARIES, Ending, is_requested


def test_offers_that_are_no_price_of_the_thing_are_counted_apart():
    """A planted 12,800 is no price; rows that say nothing of it count as before."""
    rows = [
        {"price": price, "currency": "EUR", "kept": int(price < 1000)} for price in (90.0, 110.0, 12800.0)
    ]
    summary = SUMMARIES["second-hand-offers"]
    assert summary(rows) == "2 offers from 90.00 to 110.00 EUR, 1 left out"
    assert summary(rows[2:]) == "0 offers, 1 left out"
    assert summary([{"price": 12800.0, "currency": "EUR"}]) == "1 offer at 12,800.00 EUR"


@pytest.mark.parametrize(
    ("kind", "data", "line"),
    [
        ("image-description", {"category": "lamp", "sentence": "A red lamp."}, "A red lamp."),
        ("visual-matches", [], "no look-alikes"),
        (
            "visual-matches",
            [{"title": "Red lamp", "thumbnail": "data:image/jpeg;base64,AAAA"}] * 22,
            "22 look-alikes; the first: Red lamp",
        ),
        (
            "identity-candidates",
            [
                {"producer": "Lux", "model": "A1", "sources": 5, "decided": True},
                {"producer": "Lux", "model": "A2", "sources": 3, "decided": False},
            ],
            "Lux A1 (5 sources, taken); Lux A2 (3 sources)",
        ),
        ("offers-partial", [], "0 offers"),
        (
            "offers-partial",
            [{"price": 9.0, "currency": "EUR", "marketplace": "ebay"}],
            "ebay: 1 offer at 9.00 EUR",
        ),
        (
            "price-evidence",
            [{"price": 9.0, "currency": "EUR", "kept": True}, {"currency": "EUR", "kept": False}],
            "1 offer at 9.00 EUR, 1 left out",
        ),
    ],
)
def test_lists_and_pictures_are_summed_up(kind: str, data: object, line: str):
    """What is long, such as all evidence or thumbnails, is one line for people."""
    assert SUMMARIES[kind](data) == line


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


@pytest.mark.parametrize(
    ("events", "printed"),
    [
        ("", ["estimated-price"]),
        ("default", ["estimated-price"]),
        ("all", ["estimated-price", "progress", "product-images"]),
        ("extra, progress", ["progress", "product-images"]),
        ("progress", ["progress"]),
    ],
)
def test_facts_of_added_stages_are_printed_where_they_are_asked_for(events: str, printed: list[str]):
    """`all` and `extra` ask for the facts of stages that were added, whatever their names."""
    kinds = ("estimated-price", "progress", "product-images")
    assert [it for it in kinds if is_requested({"data_description": it}, events)] == printed


@pytest.mark.parametrize(
    ("kinds", "outcome", "succeeded"),
    [
        (("model-producer", "estimated-price"), "ok", True),
        (("model-producer", "estimated-price"), "error", False),
        (("model-producer",), "ok", False),
        (("estimated-price",), "ok", False),
    ],
)
def test_a_success_has_a_name_a_price_and_no_failure(kinds: tuple[str, ...], outcome: str, succeeded: bool):
    """A run that ended well without a name or a price is no success, nor is one in which a stage failed."""
    ending = Ending()
    for kind in kinds:
        ending.add({"data_description": kind, "data": {}})
    ending.add({"data_description": "complete", "data": {"outcome": outcome}})
    assert ending.succeeded is succeeded
