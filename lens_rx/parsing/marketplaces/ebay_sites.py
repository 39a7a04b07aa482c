"""eBay's sites: the host and the marketplace id that serve a country."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

#: Countries of the European Union without a site of their own: the German one sells there, in euros.
_EUROPEAN_UNION = frozenset("BG HR CY CZ DK EE FI GR HU LV LT LU MT PT RO SK SI SE".split())


@dataclass(frozen=True, slots=True)
class Site:
    """One of eBay's sites, and its name in eBay's interfaces (`X-EBAY-C-MARKETPLACE-ID`)."""

    host: str
    marketplace_id: str


_AMERICA = Site("www.ebay.com", "EBAY_US")
_GERMANY = Site("www.ebay.de", "EBAY_DE")
_SITES = MappingProxyType(
    {
        "US": _AMERICA,
        "DE": _GERMANY,
        "AT": Site("www.ebay.at", "EBAY_AT"),
        "AU": Site("www.ebay.com.au", "EBAY_AU"),
        "BE": Site("www.ebay.be", "EBAY_BE"),
        "CA": Site("www.ebay.ca", "EBAY_CA"),
        "CH": Site("www.ebay.ch", "EBAY_CH"),
        "ES": Site("www.ebay.es", "EBAY_ES"),
        "FR": Site("www.ebay.fr", "EBAY_FR"),
        "GB": Site("www.ebay.co.uk", "EBAY_GB"),
        "HK": Site("www.ebay.com.hk", "EBAY_HK"),
        "IE": Site("www.ebay.ie", "EBAY_IE"),
        "IT": Site("www.ebay.it", "EBAY_IT"),
        "MY": Site("www.ebay.com.my", "EBAY_MY"),
        "NL": Site("www.ebay.nl", "EBAY_NL"),
        "PH": Site("www.ebay.ph", "EBAY_PH"),
        "PL": Site("www.ebay.pl", "EBAY_PL"),
        "SG": Site("www.ebay.com.sg", "EBAY_SG"),
    }
)


def site(country: str) -> Site:
    """Return the site for a country (ISO 3166 alpha-2, any case); the American one serves the rest."""
    country = country.upper()
    return _SITES.get(country) or (_GERMANY if country in _EUROPEAN_UNION else _AMERICA)
