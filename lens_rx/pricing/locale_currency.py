"""The currency of a country and of a shop's host."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from babel.core import get_global
from babel.numbers import get_territory_currencies

#: Top-level domains that are not ISO 3166 codes, with their country ("" where they have none).
_SUFFIX_COUNTRY = MappingProxyType(
    {
        "uk": "GB",
        "eu": "DE",
        "com": "",
        "scot": "GB",
        "swiss": "CH",
        "berlin": "DE",
        "tokyo": "JP",
        "nyc": "US",
    }
)
#: Country-code domains that are used worldwide like `.com`.
_GENERIC = frozenset(
    {
        "io",
        "co",
        "ai",
        "me",
        "tv",
        "fm",
        "cc",
        "ws",
        "to",
        "ly",
        "gg",
        "sh",
        "im",
        "la",
        "st",
        "ag",
        "am",
        "nu",
        "vc",
        "is",
        "app",
        "dev",
    }
)
#: Hosts whose name does not show their currency.
_HOST_CURRENCY = MappingProxyType({
    "ebay.com": "USD", "amazon.com": "USD", "etsy.com": "USD", "poshmark.com": "USD", "mercari.com": "USD",
    "jp.mercari.com": "JPY", "grailed.com": "USD", "therealreal.com": "USD", "walmart.com": "USD", "aliexpress.com": "USD",
    "depop.com": "GBP", "asos.com": "GBP", "momox.com": "EUR", "vestiairecollective.com": "EUR", "catawiki.com": "EUR",
    "flipkart.com": "INR", "taobao.com": "CNY", "tmall.com": "CNY", "jd.com": "CNY", "rakuten.com": "JPY",
    "yahoo.co.jp": "JPY", "coupang.com": "KRW", "trendyol.com": "TRY", "hepsiburada.com": "TRY", "sahibinden.com": "TRY",
    "tori.fi": "EUR", "leboncoin.fr": "EUR", "milanuncios.com": "EUR", "wallapop.com": "EUR", "zalando-lounge.com": "EUR",
    "rozetka.com.ua": "UAH", "jumia.com.ng": "NGN", "takealot.com": "ZAR",
})  # fmt: skip


#: First labels that are a country rather than a language: tw.carousell.com, uk.shop.com.
_COUNTRY_LABELS = frozenset(
    "tw hk sg ph us uk gb au ca nz de fr it nl pl jp cn in mx br at ch be ie dk se no fi kr th vn ro hu bg gr tr cz".split()
)

#: Of countries with one currency those with most second-hand trade come first.
_LARGEST_MARKETS = "DE FR ES IT NL BE AT PT IE US GB CH AU NZ DK NO".split()


@lru_cache(maxsize=64)
def countries_of_currency(currency: str) -> tuple[str, ...]:
    """Return the countries (ISO 3166 alpha-2) that pay in a currency, the largest markets first."""
    territories = sorted(it for it in get_global("territory_currencies") if len(it) == 2 and it.isalpha())
    ordered = dict.fromkeys((*_LARGEST_MARKETS, *territories))
    return tuple(country for country in ordered if currency_of_country(country) == currency.upper())


@lru_cache(maxsize=512)
def currency_of_country(alpha2: str) -> str | None:
    """Return the ISO 4217 code of a country (ISO 3166 alpha-2, any case), None where it is not one."""
    if len(alpha2) != 2 or not alpha2.isalpha():
        return None
    try:
        found = get_territory_currencies(alpha2.upper())
    except (LookupError, ValueError):
        return None
    return str(found[0]) if found else None


@lru_cache(maxsize=2048)
def currency_of_host(host: str) -> str | None:
    """Return the currency a host's prices are most likely in, None where the name does not show it."""
    labels = host.strip().lower().rstrip(".").split(":")[0].split(".")
    for start in range(len(labels) - 1):
        known = _HOST_CURRENCY.get(".".join(labels[start:]))
        if known:
            return known
    if len(labels) < 2 or not labels[-1].isalpha():
        return None
    ending = labels[-1]
    if len(ending) != 2 and len(labels) > 2 and labels[0] in _COUNTRY_LABELS:
        ending = labels[0]
    return None if ending in _GENERIC else currency_of_country(_SUFFIX_COUNTRY.get(ending, ending))
