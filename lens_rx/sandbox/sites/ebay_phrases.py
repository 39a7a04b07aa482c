"""Language, currency, price format and phrases of eBay's site in each country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from lens_rx.facts import Condition
from lens_rx.sandbox.responses import phrases
from lens_rx.sandbox.sites.listing_urls import country_of

PHRASES = phrases("ebay")


@dataclass(frozen=True, slots=True)
class EbaySiteLocale:
    """The locale of one country's site; `money` is its price format."""

    language: str
    locale: str
    currency: str
    money: str

    @property
    def words(self) -> dict[str, Any]:
        """The phrases of its pages."""
        return PHRASES[self.language]

    def price(self, amount: Decimal) -> str:
        """Format an amount as on its cards: `EUR 1.234,56`, `C $1,234.56`."""
        number = format_decimal(amount, format="#,##0.00", locale=self.locale)
        return self.money.format(number)

    def wear(self, condition: Condition) -> str:
        """Return its text for a condition, "" for `unknown`."""
        return str(self.words["wear"].get(condition.value, ""))

    def sold_on(self, day: date) -> str:
        """Return its text for a sale on `day`."""
        written = format_date(day, self.words["day"], locale=self.locale)
        return str(self.words["sold"]).format(date=written)


#: By the country in the host name; "" is eBay.com.
LOCALES = {
    "": EbaySiteLocale("en", "en_US", "USD", "${}"),
    "de": EbaySiteLocale("de", "de_DE", "EUR", "EUR {}"),
    "at": EbaySiteLocale("de", "de_DE", "EUR", "EUR {}"),
    "co-uk": EbaySiteLocale("en", "en_GB", "GBP", "£{}"),
    "fr": EbaySiteLocale("fr", "fr_FR", "EUR", "{} EUR"),
    "it": EbaySiteLocale("it", "it_IT", "EUR", "EUR {}"),
    "es": EbaySiteLocale("es", "es_ES", "EUR", "{} EUR"),
    "nl": EbaySiteLocale("nl", "nl_NL", "EUR", "EUR {}"),
    "pl": EbaySiteLocale("pl", "pl_PL", "PLN", "{} zł"),
    "ca": EbaySiteLocale("en", "en_CA", "CAD", "C ${}"),
    "au": EbaySiteLocale("en", "en_AU", "AUD", "AU ${}"),
    "sg": EbaySiteLocale("en", "en_SG", "SGD", "S${}"),
    "hk": EbaySiteLocale("en", "en_HK", "HKD", "HK${}"),
    "ch": EbaySiteLocale("de", "de_CH", "CHF", "CHF {}"),
    "ie": EbaySiteLocale("en", "en_IE", "EUR", "EUR {}"),
}


def locale_for_host(host: str) -> EbaySiteLocale:
    """Return the locale for a stand-in's host name; that of eBay.com for an unknown country."""
    return LOCALES.get(country_of(host, "ebay"), LOCALES[""])
