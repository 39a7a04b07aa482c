"""Currencies of hosts and countries, and dated conversion."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest

from lens_rx.facts import Money
from lens_rx.pricing import convert, currency_of_country, currency_of_host, rates_date


@pytest.mark.parametrize(
    ("host", "currency"),
    [
        ("www.ebay.de", "EUR"), ("www.ebay.com.au", "AUD"), ("ebay.ca", "CAD"), ("www.ebay.co.uk", "GBP"), ("www.ebay.ch", "CHF"),
        ("www.ebay.com", "USD"), ("www.ebay.com.hk", "HKD"), ("jp.mercari.com", "JPY"), ("www.mercari.com", "USD"), ("carousell.sg", "SGD"),
        ("tw.carousell.com", "TWD"), ("www.vinted.pl", "PLN"), ("shop.se", "SEK"), ("WWW.SHOP.DK.", "DKK"), ("shop.co.jp:443", "JPY"),
        ("shop.io", None), ("shop.example.com", None), ("localhost", None), ("127.0.0.1", None), ("", None),
    ],
)  # fmt: skip
def test_a_host_tells_its_currency(host: str, currency: str | None):
    """Country endings, marketplaces and country labels decide; a generic name tells nothing."""
    assert currency_of_host(host) == currency


@pytest.mark.parametrize(
    ("country", "currency"), [("DE", "EUR"), ("gb", "GBP"), ("XX", None), ("", None), ("GER", None)]
)
def test_a_country_tells_its_currency(country: str, currency: str | None):
    """ISO 3166 alpha-2 in any case is known; anything else is not."""
    assert currency_of_country(country) == currency


def test_conversion_uses_the_rates_of_the_day():
    """One euro was 1.1234 dollars on the last day of 2019."""
    assert convert(Money(Decimal(100), "EUR"), "USD", date(2019, 12, 31)) == Money(Decimal("112.34"), "USD")


def test_a_day_without_rates_takes_the_nearest_earlier_one():
    """New Year has the rates of the last business day before."""
    assert rates_date(date(2020, 1, 1)) == date(2019, 12, 31)
    assert convert(Money(Decimal(100), "EUR"), "USD", date(2020, 1, 1)) == Money(Decimal("112.34"), "USD")


def test_a_cross_rate_goes_through_the_euro_and_ends_at_the_minor_unit():
    """Yen have no minor unit."""
    converted = convert(Money(Decimal(100), "USD"), "JPY", date(2019, 12, 31))
    assert converted == Money(Decimal(10855), "JPY")


def test_the_same_currency_is_left_as_it_is():
    """No rate is needed, not even a known currency."""
    assert convert(Money(Decimal("1.005"), "XYZ"), "XYZ", date(2020, 1, 1)) == Money(Decimal("1.005"), "XYZ")


@pytest.mark.parametrize(
    ("source", "target", "on"),
    [("XYZ", "EUR", date(2020, 1, 1)), ("EUR", "XYZ", date(2020, 1, 1)), ("USD", "EUR", date(1998, 1, 1))],
)
def test_an_unknown_rate_converts_nothing(source: str, target: str, on: date):
    """Neither an unknown currency nor a day before all rates is guessed."""
    assert convert(Money(Decimal(1), source), target, on) is None


def test_a_day_to_come_takes_the_last_rates():
    """Rates of tomorrow are those of the last published day."""
    assert rates_date(date(2100, 1, 1)) == rates_date(date(2099, 1, 1))
    assert convert(Money(Decimal(1), "USD"), "EUR", date(2100, 1, 1)) is not None


def test_threads_convert_alike():
    """Eight threads that ask at once get one answer."""
    with ThreadPoolExecutor(8) as pool:
        answers = set(
            pool.map(lambda _: convert(Money(Decimal(100), "USD"), "EUR", date(2015, 6, 1)), range(64))
        )
    assert len(answers) == 1
