"""What shops say around a product, by language."""

from __future__ import annotations

from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency

from lens_rx.facts import Money
from lens_rx.sandbox.catalogue import Thing
from lens_rx.sandbox.responses import words

WORDS = words("shop")
#: The locale of a shop by what it charges in; a shop in euros speaks its market's language.
LOCALES = {"SEK": "sv_SE", "CHF": "de_CH", "JPY": "ja_JP", "USD": "en_US", "GBP": "en_GB"}
EURO_LOCALES = {"de": "de_DE", "fr": "fr_FR", "it": "it_IT"}


def locale_of(thing: Thing) -> str:
    """Return the locale of the shop that sells the thing new."""
    currency = thing.retail.currency if thing.retail else "EUR"
    return LOCALES.get(currency) or EURO_LOCALES.get(thing.market.value, "en_IE")


def words_of(locale: str) -> dict[str, str]:
    """Return what a shop of that locale says."""
    return WORDS.get(Locale.parse(locale).language, WORDS["en"])


def price(amount: Decimal, currency: str, locale: str) -> str:
    """Return an amount as a shop of that locale writes it: `349,00 €`, `CHF 2’150.00`."""
    return format_currency(amount, currency, locale=locale)


def money(value: Money, locale: str) -> str:
    """Return `value` as a shop of that locale writes it."""
    return price(value.amount, value.currency, locale)
