"""Amounts: the reading of price texts, the currencies of hosts and countries, dated conversion."""

from lens_rx.money.parse import parse_price
from lens_rx.money.places import currency_of_country, currency_of_host
from lens_rx.money.rates import convert, rates_date
from lens_rx.money.reading import PriceHint, PriceKind, PriceReading

__all__ = [
    "PriceHint",
    "PriceKind",
    "PriceReading",
    "convert",
    "currency_of_country",
    "currency_of_host",
    "parse_price",
    "rates_date",
]
