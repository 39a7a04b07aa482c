"""What each eBay says: its language, currency, price form and words for wear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from lens_rx.facts import Condition
from lens_rx.sandbox.responses import words
from lens_rx.sandbox.sites.listing_urls import country_of

WORDS = words("ebay")


@dataclass(frozen=True, slots=True)
class Ebay:
    """One country's eBay. `money` is how it writes an amount."""

    language: str
    locale: str
    currency: str
    money: str

    @property
    def words(self) -> dict[str, Any]:
        """What its pages say."""
        return WORDS[self.language]

    def price(self, amount: Decimal) -> str:
        """Return the amount as its cards write it: `EUR 1.234,56`, `C $1,234.56`."""
        number = format_decimal(amount, format="#,##0.00", locale=self.locale)
        return self.money.format(number)

    def wear(self, condition: Condition) -> str:
        """Return its word for a grade; empty for `unknown`."""
        return str(self.words["wear"].get(condition.value, ""))

    def sold_on(self, day: date) -> str:
        """Return how it says that something was sold on `day`."""
        written = format_date(day, self.words["day"], locale=self.locale)
        return str(self.words["sold"]).format(date=written)


#: By the country in the host's name; none is eBay.com.
EBAYS = {
    "": Ebay("en", "en_US", "USD", "${}"),
    "de": Ebay("de", "de_DE", "EUR", "EUR {}"),
    "at": Ebay("de", "de_DE", "EUR", "EUR {}"),
    "co-uk": Ebay("en", "en_GB", "GBP", "£{}"),
    "fr": Ebay("fr", "fr_FR", "EUR", "{} EUR"),
    "it": Ebay("it", "it_IT", "EUR", "EUR {}"),
    "es": Ebay("es", "es_ES", "EUR", "{} EUR"),
    "nl": Ebay("nl", "nl_NL", "EUR", "EUR {}"),
    "pl": Ebay("pl", "pl_PL", "PLN", "{} zł"),
    "ca": Ebay("en", "en_CA", "CAD", "C ${}"),
    "au": Ebay("en", "en_AU", "AUD", "AU ${}"),
    "sg": Ebay("en", "en_SG", "SGD", "S${}"),
    "hk": Ebay("en", "en_HK", "HKD", "HK${}"),
    "ch": Ebay("de", "de_CH", "CHF", "CHF {}"),
    "ie": Ebay("en", "en_IE", "EUR", "EUR {}"),
}


def ebay_at(host: str) -> Ebay:
    """Return the eBay of a stand-in's host name; eBay.com for a country unknown here."""
    return EBAYS.get(country_of(host, "ebay"), EBAYS[""])
