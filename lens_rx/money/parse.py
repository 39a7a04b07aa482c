"""Reads price texts."""

from __future__ import annotations

from price_parser import Price

from lens_rx.money.places import currency_of_host
from lens_rx.money.reading import NOTHING, PriceHint, PriceKind, PriceReading

_SYMBOLS = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "円": "JPY",
    "TL": "TRY",
    "R$": "BRL",
    "zł": "PLN",
}


def parse_price(text: str, hint: PriceHint | None = None) -> PriceReading:
    """Return what `text` asks; without any amount the kind is `none`. Never raises."""
    price = Price.fromstring(text)
    if price.amount is None:
        return NOTHING
    raw = price.currency or ""
    currency = _SYMBOLS.get(raw) or (raw if len(raw) == 3 and raw.isalpha() else None)
    if hint and (raw in ("", "$", "kr", "¥")):
        currency = hint.currency or currency_of_host(hint.host) or currency
    return PriceReading((price.amount,), currency, PriceKind.SINGLE)
