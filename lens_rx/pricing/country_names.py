"""Which country a name means: its English or German one, or a code that is usual beside ISO 3166-1 (UK)."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType

from babel import Locale
from babel.core import get_global

from lens_rx.pricing.countries import is_country

_LANGUAGES = ("en", "de")
_MIN_SIMILARITY = 0.8


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    """Return the code (ISO 3166-1 alpha-2) of each name in small letters."""
    names = {
        name.casefold(): code
        for language in _LANGUAGES
        for code, name in Locale(language).territories.items()
        if is_country(code)
    }
    aliases = {
        alias.casefold(): codes[0]
        for alias, codes in get_global("territory_aliases").items()
        if len(codes) == 1 and is_country(codes[0])
    }
    return MappingProxyType(aliases | names | {code.casefold(): code for code in names.values()})


def country_named(name: str) -> str:
    """Return the code of the country that a code or a name in any case of letters means, "" where it is none."""
    return _codes().get(" ".join(name.split()).casefold(), "")


def nearest_country(name: str) -> str:
    """Return the code of the country that a name may have meant, "" where none is near."""
    spelled = [it for it in _codes() if len(it) > len("UK")]
    near = get_close_matches(name.casefold(), spelled, 1, cutoff=_MIN_SIMILARITY)
    return country_named(name) or (_codes()[near[0]] if near else "")
