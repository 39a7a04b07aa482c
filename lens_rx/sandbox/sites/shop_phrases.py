"""Phrases and price formats of shops, by locale."""

from __future__ import annotations

from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency

from lens_rx.facts import Money
from lens_rx.sandbox.catalogue import Thing
from lens_rx.sandbox.responses import phrases

PHRASES = phrases("shop")
#: A shop's locale by its currency; for euros by the thing's market.
LOCALES = {"SEK": "sv_SE", "CHF": "de_CH", "JPY": "ja_JP", "USD": "en_US", "GBP": "en_GB"}
EURO_LOCALES = {"de": "de_DE", "fr": "fr_FR", "it": "it_IT"}


def shop_locale(thing: Thing) -> str:
    """Return the locale of the producer's shop."""
    currency = thing.retail.currency if thing.retail else "EUR"
    return LOCALES.get(currency) or EURO_LOCALES.get(thing.market.value, "en_IE")


def phrases_for(locale: str) -> dict[str, str]:
    """Return the phrases of that locale."""
    return PHRASES.get(Locale.parse(locale).language, PHRASES["en"])


def format_amount(amount: Decimal, currency: str, locale: str) -> str:
    """Format an amount for that locale: `349,00 €`, `CHF 2’150.00`."""
    return format_currency(amount, currency, locale=locale)


def format_money(value: Money, locale: str) -> str:
    """Format `value` for that locale."""
    return format_amount(value.amount, value.currency, locale)
