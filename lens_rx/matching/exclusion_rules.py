"""Whether a title gives away that it offers something else than one such thing.

Each check takes a folded title and `own`, the folded words of the thing itself: a word that belongs to
the thing ("Carry Case") gives nothing away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lens_rx.matching import exclusion_terms as trap_words
from lens_rx.matching.title_words import fold


def _folded(pattern: str) -> str:
    """Return a pattern for folded titles: folding takes the marks from Japanese letters as well."""
    return "".join(fold(c) if c > "\u3000" else c for c in pattern)


def _words(lines: Iterable[str], east_asian: str = "") -> re.Pattern[str]:
    """Compile lines of whole words; scripts without spaces have no word ends."""
    whole = rf"(?<!\w)(?:{'|'.join(lines)})(?!\w)"
    return re.compile(_folded(f"{whole}|{east_asian}" if east_asian else whole))


_BUNDLE = _words(trap_words.BUNDLE, trap_words.BUNDLE_EAST_ASIAN)
_COUNT = re.compile("|".join(trap_words.COUNT))
_REPLICA = _words(trap_words.REPLICA, trap_words.REPLICA_EAST_ASIAN)
_NEGATION_BEFORE = re.compile(trap_words.NEGATION_BEFORE)
_SERVICE = re.compile(_folded("|".join(trap_words.SERVICE)))
_ACCESSORY = _words(trap_words.ACCESSORY, trap_words.ACCESSORY_EAST_ASIAN)
_MERCHANDISE = _words(trap_words.MERCHANDISE, trap_words.MERCHANDISE_EAST_ASIAN)
_EDITION = re.compile(_folded("|".join(trap_words.EDITION)))
_COMES_WITH = re.compile(_folded(trap_words.COMES_WITH))


def bundle(title: str, own: str) -> str:
    """Return the word by which a title offers several things, empty where none does."""
    return _first_term(_BUNDLE, title, own) or _first_term(_COUNT, title, own)


def replica(title: str, own: str, names: tuple[str, ...]) -> str:
    """Return the word by which a title owns up to be no original, empty where none does."""
    name = "(?:" + "|".join(re.escape(name) for name in names if name) + ")"
    styled = f"{name}{trap_words.STYLE_AFTER}|{trap_words.STYLE_BEFORE}{name}"
    found = [re.search(styled, title) if any(names) else None, *_REPLICA.finditer(title)]
    told = (
        it
        for it in found
        if it and not _is_own(it[0], own) and not _NEGATION_BEFORE.search(title[: it.start()])
    )
    return next((it[0].strip(" -") for it in told), "")


def accessory(title: str, own: str, names: tuple[str, ...]) -> str:
    """Return the word by which a title offers what goes with the thing, empty where none does.

    `names` are how a title calls the thing, folded: what is "for" it is not it.
    """
    for name in filter(None, names):
        meant_for = re.search(rf"\S.*?({trap_words.FOR}{re.escape(name)})\b", title)
        if meant_for and not _is_own(meant_for[1], own):
            return meant_for[1]
        if re.search(rf"{re.escape(name)}[\w\s-]{{0,30}}(?:用|対応)", title):
            return f"{name}用"
    return _first_offered_term(_ACCESSORY, title, own)


def merchandise(title: str, own: str) -> str:
    """Return the word by which a title offers what is only about the thing, empty where none does."""
    return _first_offered_term(_MERCHANDISE, title, own)


def edition(title: str, own: str) -> str:
    """Return the word by which a title offers an edition of its own price, empty where none does."""
    return _first_term(_EDITION, title, own)


def service(title: str, own: str) -> str:
    """Return the word by which a title looks for the thing, lends or mends it, empty where none does."""
    return _first_term(_SERVICE, title, own)


def _first_term(words: re.Pattern[str], title: str, own: str) -> str:
    return next((it[0].strip() for it in words.finditer(title) if not _is_own(it[0], own)), "")


def _first_offered_term(words: re.Pattern[str], title: str, own: str) -> str:
    """Return the first word that is not the thing's own and does not just come with it."""
    told = (it for it in words.finditer(title) if not _is_own(it[0], own))
    return next((it[0].strip() for it in told if not _COMES_WITH.search(title[: it.start()])), "")


def _is_own(words: str, own: str) -> bool:
    return words.strip() in own
