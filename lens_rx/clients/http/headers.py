"""How we introduce ourselves: the headers of an ordinary desktop browser, in the language of the country."""

from __future__ import annotations

from functools import lru_cache

from babel.languages import get_official_languages

#: Top-level domains that are not the ISO code of their country.
_COUNTRIES = {"uk": "GB"}
#: Country codes that are sold as words: `shop.io` says nothing about where it is.
_WORDS = frozenset({"io", "co", "me", "tv", "ai", "ly", "gg", "fm", "to", "cc", "ws", "sh", "ac", "la", "vc"})
_BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
    "Sec-Fetch-User": "?1",
}


def headers_for(host: str, country: str) -> dict[str, str]:
    """Return the headers for a page of `host`; its own country's language comes before `country`'s."""
    return {**_BROWSER, "Accept-Language": accept_language(_country_of(host) or country)}


@lru_cache(maxsize=300)
def accept_language(country: str) -> str:
    """Return the header's value for a country (ISO 3166 alpha-2; "": English)."""
    spoken = [language.split("_")[0] for language in get_official_languages(country, de_facto=True)] or ["en"]
    tags = [f"{spoken[0]}-{country}" if country else "en-US", *spoken, "en"]
    unique = list(dict.fromkeys(tags))[:6]
    return ",".join(f"{tag};q={1 - rank / 10:.1f}" if rank else tag for rank, tag in enumerate(unique))


def _country_of(host: str) -> str:
    last = host.rstrip(".").rsplit(".", 1)[-1]
    if len(last) != 2 or last in _WORDS:
        return ""
    country = _COUNTRIES.get(last, last.upper())
    return country if get_official_languages(country) else ""
