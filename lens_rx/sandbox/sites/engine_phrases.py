"""Phrases and price format of the search engine's pages, by language."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency

from lens_rx.facts import Money
from lens_rx.sandbox.responses import phrases

PHRASES = phrases("engine")
LANGUAGES = tuple(PHRASES)


def price_text(price: Money, language: str) -> str:
    """Return a price as a card shows it: `$59*`, `59,00 €*`."""
    whole = language == "en" and price.amount == price.amount.to_integral_value()
    amount = Decimal(int(price.amount)) if whole else price.amount
    text = format_currency(amount, price.currency, locale=language)
    return (text.removesuffix(".00") if whole else text) + "*"
