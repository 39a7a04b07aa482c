"""Money: dated conversion, the currencies of countries and hosts, and `estimate_price`, the estimate of a thing's worth."""

from lens_rx.pricing.countries import countries, is_country, unknown_country_message
from lens_rx.pricing.exchange_rates import convert, convertible_currencies, rates_date
from lens_rx.pricing.locale_currency import (
    countries_of_currency,
    currency_of_country,
    currency_of_host,
)
from lens_rx.pricing.offer_check import check_offers, is_market, outlier_reasons
from lens_rx.pricing.price_estimate import estimate_price, is_near

__all__ = [
    "check_offers",
    "convert",
    "convertible_currencies",
    "countries",
    "countries_of_currency",
    "currency_of_country",
    "currency_of_host",
    "estimate_price",
    "is_country",
    "is_market",
    "is_near",
    "outlier_reasons",
    "rates_date",
    "unknown_country_message",
]
