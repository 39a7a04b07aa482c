"""What the sites say is complete in every language that they speak."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lens_rx.facts import Condition, Money
from lens_rx.sandbox.responses import NameObfuscator, phrases
from lens_rx.sandbox.sites.ebay_phrases import LOCALES, locale_for_host
from lens_rx.sandbox.sites.engine_phrases import price_text
from lens_rx.sandbox.sites.listing_urls import country_of, slug


@pytest.mark.parametrize("name", ["consent", "ebay", "engine", "shop", "vinted"])
def test_every_language_says_everything(name: str):
    """No language lacks a word that another one has, and none is empty."""
    spoken = phrases(name)
    keys = {language: set(said) for language, said in spoken.items()}
    assert len(spoken) >= 3
    assert all(each == keys["en"] for each in keys.values())
    assert all(all(said.values()) for said in spoken.values())


@pytest.mark.parametrize("country", list(LOCALES))
def test_every_ebay_has_a_word_for_every_wear(country: str):
    """Each grade but "unknown" has its own word on each eBay."""
    said = [LOCALES[country].wear(condition) for condition in Condition if condition is not Condition.UNKNOWN]
    assert all(said)
    assert len(set(said)) == len(said)
    assert LOCALES[country].wear(Condition.UNKNOWN) == ""


@pytest.mark.parametrize(
    ("host", "site", "country"),
    [
        ("www.ebay.com.sandbox.test", "ebay", ""),
        ("www.ebay.co.uk.sandbox.test:80", "ebay", "co-uk"),
        ("www.ebay.com.au.sandbox.test", "ebay", "au"),
        ("jp.mercari.com.sandbox.test", "mercari", "jp"),
        ("ebay.sandbox.test", "ebay", ""),
    ],
)
def test_the_country_is_read_from_the_host(host: str, site: str, country: str):
    """A stand-in's host name tells its country as the real one's does."""
    assert country_of(host, site) == country


@pytest.mark.parametrize(
    ("country", "written"),
    [
        ("", "$1,234.50"),
        ("de", "EUR 1.234,50"),
        ("ca", "C $1,234.50"),
        ("es", "1.234,50 EUR"),
        ("unknown", "$1,234.50"),
    ],
)
def test_ebay_writes_amounts_as_the_country_does(country: str, written: str):
    """Separators and the place of the currency follow the country; an unknown one is eBay.com."""
    host = f"www.ebay.{country or 'com'}.sandbox.test"
    assert locale_for_host(host).price(Decimal("1234.50")) == written


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        ("59.00", "USD", "en", "$59*"),
        ("59.50", "USD", "en", "$59.50*"),
        ("59.00", "EUR", "de", "59,00\u00a0€*"),
        ("78900", "JPY", "en", "¥78,900*"),
    ],
)
def test_lens_writes_prices_with_an_asterisk(amount: str, currency: str, language: str, written: str):
    """A card's price stands in the visitor's form, whole where English says it whole."""
    assert price_text(Money(Decimal(amount), currency), language) == written


def test_names_rotate_from_page_to_page():
    """A page's obfuscated names are stable within the page and differ on the next."""
    one, next_one = NameObfuscator(1), NameObfuscator(2)
    assert one("card") == one("card") != one("title")
    assert one("card") != next_one("card")


def test_slugs_are_plain():
    """An address keeps letters and digits alone."""
    assert slug("Élan  Vital – N° 5!") == "elan-vital-n-5"
