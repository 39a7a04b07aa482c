"""Currency signs and words: the ISO 4217 codes that each may mean, and which of them a hint selects."""

from __future__ import annotations

from functools import lru_cache

from babel.numbers import list_currencies

from lens_rx.parsing.prices.normalize import fold_key
from lens_rx.parsing.prices.price_reading import PriceHint
from lens_rx.parsing.terms import load_lines
from lens_rx.pricing.locale_currency import currency_of_country, currency_of_host

#: ISO 4217 codes that one sign or word may stand for; the first is meant where nothing else is known.
Candidates = tuple[str, ...]

_LINES = load_lines("lens_rx.parsing.prices", "currencies")


def _table(section: str) -> dict[str, Candidates]:
    """Return the codes of each spelling in a section of the table of currencies."""
    lines = (line for line in _LINES if line.section == section)
    return {spelling: tuple(line.language.split(",")) for line in lines for spelling in line.entries}


_SIGNS = _table("signs")
_TABLE = {fold_key(spelling): codes for spelling, codes in (_table("words") | _SIGNS).items()}
_SIGNED = _table("with_sign")
_BEHIND = _table("behind")
_EXACT = _table("exact")
_ALONE = {fold_key(letter): codes for letter, codes in _table("alone").items()}
_CODES = frozenset(list_currencies()) - {"XXX", "XTS"}


def _signed(text: str) -> Candidates:
    """Return what letters and a sign mean together: "US$", "$CA", "CN¥", "SGD$"."""
    sign = next(char for char in text if char in _SIGNS)
    letters = text.replace(sign, "").strip(" .")
    named = (letters + sign if text[-1] == sign else sign + letters).lower()
    if named in _SIGNED:
        return _SIGNED[named]
    if letters.upper() in _CODES:
        return (letters.upper(),)
    country = currency_of_country(letters) if letters.isupper() else None
    return (country,) if country in _TABLE.get(sign, ()) or (country and sign == "$") else ()


@lru_cache(maxsize=4096)
def candidates(text: str, *, behind: bool = False, alone: bool = False) -> Candidates:
    """Return the codes that a sign, code or word may mean, likeliest first; empty where it is none.

    A leading "-" says that none is meant without a hint. `behind`: it follows a number; `alone`: it
    and a number are all there is.
    """
    if len(text) == 3 and text in _CODES:
        return (text,)
    folded = fold_key(text)
    found = _EXACT.get(text.rstrip(".")) or _TABLE.get(folded)
    if not found and behind:
        found = _BEHIND.get(folded)
    if not found and alone:
        found = ("GBP",) if text == "p" else _ALONE.get(folded)  # 50p are pence, P50 are pesos
    if found or text.isalpha() or not any(char in _SIGNS for char in text):
        return found or ()
    return _signed(text)


def is_weak(text: str) -> bool:
    """Tell whether a currency's spelling is an ordinary word as well."""
    return text.rstrip(".") in _EXACT


def starting(run: str) -> int:
    """Return how many characters at the start of `run`, written without spaces, are a currency."""
    return next((size for size in range(min(len(run), 4), 0, -1) if run[:size] in _TABLE), 0)


def ending(run: str) -> int:
    """Return how many characters at the end of `run`, written without spaces, are a currency."""
    return next((size for size in range(min(len(run), 4), 0, -1) if run[-size:] in _TABLE), 0)


def _of_language(language: str) -> str | None:
    head, _, region = language.replace("_", "-").partition("-")
    region = region.rpartition("-")[2]
    if len(region) == 2:
        return currency_of_country(region)
    return currency_of_country(_HOME.get(head.lower(), ""))


#: Where a language has one country's currency beyond doubt.
_HOME = {
    "sv": "SE", "da": "DK", "nb": "NO", "nn": "NO", "no": "NO", "is": "IS", "ja": "JP", "zh": "CN", "ko": "KR", "pl": "PL", "cs": "CZ", "hu": "HU",
    "ro": "RO", "tr": "TR", "he": "IL", "iw": "IL", "uk": "UA", "ru": "RU", "th": "TH", "vi": "VN", "hi": "IN", "ur": "PK", "si": "LK", "ne": "NP",
    "be": "BY", "fa": "IR", "kk": "KZ", "ky": "KG", "tg": "TJ", "am": "ET", "id": "ID", "ms": "MY", "ka": "GE", "mk": "MK", "sr": "RS",
}  # fmt: skip


@lru_cache(maxsize=1024)
def hinted(hint: PriceHint) -> tuple[str, ...]:
    """Return the currencies a hint speaks for, the surest first: declared, the host's, the language's."""
    declared = first_of(hint.currency)
    host = currency_of_host(hint.host) if hint.host else None
    found = (declared, host, _of_language(hint.language))
    return tuple(code for code in found if code)


@lru_cache(maxsize=1024)
def first_of(text: str) -> str | None:
    """Return the currency of a text that declares one ("EUR", "kr", "Price in $"), None where none is."""
    words = text.split()[:40]
    found = [candidates(word.strip("()[]:;,*"), alone=len(words) == 1) for word in words]
    found += [_TABLE[char] for char in text[:200] if char in _SIGNS]
    return next((codes[0] for codes in found if codes and codes[0] != "-"), None)


def resolve(codes: Candidates, hint: PriceHint | None) -> str | None:
    """Return the one code that `codes` mean under `hint`; with no codes, the currency the hint declares."""
    known = hinted(hint) if hint else ()
    if not codes:
        sure = (
            [first_of(hint.currency), currency_of_host(hint.host), _of_region(hint.language)] if hint else []
        )
        return next((code for code in sure if code), None)
    return next((code for code in known if code in codes), None if codes[0] == "-" else codes[0])


def _of_region(language: str) -> str | None:
    return _of_language(language) if len(language) > 3 else None
