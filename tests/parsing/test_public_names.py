"""The names that the parsers offer to others, with their signatures."""

import inspect
from dataclasses import fields

import pytest

from lens_rx.facts import Outcome
from lens_rx.parsing import blocking, google, html, marketplaces, prices
from lens_rx.parsing.blocking import PageVerdict, classify_page
from lens_rx.parsing.google import lens, search
from lens_rx.parsing.marketplaces import offers_from_html
from lens_rx.parsing.prices import PriceHint, PriceReading, parse_price


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (offers_from_html, "(html: 'str', url: 'str') -> 'list[Offer]'"),
        (lens.matches_from_html, "(html: 'str', url: 'str') -> 'list[Match]'"),
        (search.results_from_html, "(html: 'str', url: 'str') -> 'list[SearchResult]'"),
        (classify_page, "(html: 'str', url: 'str', status: 'int') -> 'PageVerdict'"),
        (parse_price, "(text: 'str', hint: 'PriceHint | None' = None) -> 'PriceReading'"),
    ],
    ids=lambda it: getattr(it, "__name__", ""),
)
def test_signature(function: object, signature: str):
    """A public function keeps its parameters and the type of its result."""
    assert callable(function)
    assert str(inspect.signature(function)).replace("'", "") == signature.replace("'", "")


def test_fields():
    """The values that go in and come out keep their fields."""
    assert [it.name for it in fields(PriceHint)] == ["language", "host", "currency"]
    assert [it.name for it in fields(PriceReading)] == ["amounts", "currency", "kind", "quantity"]
    assert PageVerdict(Outcome.BLOCKED, "captcha").wall == "captcha"
    assert PageVerdict(Outcome.OK).wall is None


@pytest.mark.parametrize(
    "package", [blocking, google, html, marketplaces, prices], ids=lambda it: it.__name__
)
def test_package_names_what_it_offers(package: object):
    """Each package lists its public names, in order, and has them."""
    offered = package.__all__  # type: ignore[attr-defined]
    assert offered == sorted(offered)
    assert all(hasattr(package, name) for name in offered)
