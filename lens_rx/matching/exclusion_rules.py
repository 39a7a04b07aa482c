"""Rules that exclude a title because it offers something else than one such thing.

Each takes a folded title and `own`, the folded words of the thing itself: a term that belongs to the
thing ("Carry Case") does not exclude it. Each returns the term found, "" where there is none.
"""

from __future__ import annotations

import re

from lens_rx.matching.title_words import fold
from lens_rx.parsing.terms import LazyPattern, load_lists


def _folded(pattern: str) -> str:
    """Return a pattern for folded titles: folding removes the marks of Japanese letters as well."""
    return "".join(fold(c) if c > "\u3000" else c for c in pattern)


_TERMS = {
    name: _folded("|".join(terms)) for name, terms in load_lists("lens_rx.matching", "exclusions").items()
}


def _whole_words(name: str) -> LazyPattern:
    """Return the pattern of a list as whole words, and its terms of scripts without spaces as they are."""
    return LazyPattern(lambda: re.compile(rf"(?<!\w)(?:{_TERMS[name]})(?!\w)|{_TERMS[f'{name}-unspaced']}"))


_BUNDLE = _whole_words("bundle")
_COUNT = LazyPattern(lambda: re.compile(_TERMS["count"]))
_REPLICA = _whole_words("replica")
_NEGATION_BEFORE = re.compile(rf"\b(?:{_TERMS['negation']})\s+(?:a |an |eine? )?$")
_SERVICE = LazyPattern(
    lambda: re.compile(
        rf"^\W*(?:{_TERMS['service-start']})\b|\b(?:{_TERMS['service']})\b|{_TERMS['service-unspaced']}"
    )
)
_ACCESSORY = _whole_words("accessory")
_MERCHANDISE = _whole_words("merchandise")
_EDITION = LazyPattern(lambda: re.compile(_TERMS["edition"]))
_COMES_WITH = re.compile(
    rf"(?:\b(?:{_TERMS['comes-with']})\b[ .:/]*|(?:\s[+&/(*-]|[,;])\s*|{_folded('付き?|込み?')})(?:\w+ ){{0,2}}$"
)
#: "for" the thing, with no more than two articles between.
_FOR = rf"\b(?:{_TERMS['for']})\s+(?:(?:{_TERMS['article']})\s+){{0,2}}"
#: "kanken style", not "kanken style no. 84212"
_STYLE_AFTER = rf"[- ](?:{_TERMS['style-after-name']})\b(?!\s*(?:no|nr|number|#|code|:|\d))"
_STYLE_BEFORE = rf"\b(?:{_TERMS['style-before-name']})\s+(?:de |di |von |van |of )?"


def bundle(title: str, own: str) -> str:
    """Return the term by which a title offers several things."""
    return _first_term(_BUNDLE, title, own) or _first_term(_COUNT, title, own)


def replica(title: str, own: str, names: tuple[str, ...]) -> str:
    """Return the term by which a title says that the thing is no original."""
    name = "(?:" + "|".join(re.escape(name) for name in names if name) + ")"
    styled = f"{name}{_STYLE_AFTER}|{_STYLE_BEFORE}{name}"
    found = [re.search(styled, title) if any(names) else None, *_REPLICA.finditer(title)]
    terms = (
        it
        for it in found
        if it and not _is_own(it[0], own) and not _NEGATION_BEFORE.search(title[: it.start()])
    )
    return next((it[0].strip(" -") for it in terms), "")


def accessory(title: str, own: str, names: tuple[str, ...]) -> str:
    """Return the term by which a title offers an accessory or a part.

    `names` are the folded names of the thing: what is "for" it is an accessory.
    """
    for name in filter(None, names):
        meant_for = re.search(rf"\S.*?({_FOR}{re.escape(name)})\b", title)
        if meant_for and not _is_own(meant_for[1], own):
            return meant_for[1]
        if re.search(rf"{re.escape(name)}[\w\s-]{{0,30}}(?:用|対応)", title):
            return f"{name}用"
    return _first_offered_term(_ACCESSORY, title, own)


def merchandise(title: str, own: str) -> str:
    """Return the term by which a title offers what is only about the thing."""
    return _first_offered_term(_MERCHANDISE, title, own)


def edition(title: str, own: str) -> str:
    """Return the term by which a title offers an edition with a price of its own."""
    return _first_term(_EDITION, title, own)


def service(title: str, own: str) -> str:
    """Return the term by which a title looks for the thing, rents it out or repairs it."""
    return _first_term(_SERVICE, title, own)


def _first_term(words: LazyPattern, title: str, own: str) -> str:
    return next((it[0].strip() for it in words.finditer(title) if not _is_own(it[0], own)), "")


def _first_offered_term(words: LazyPattern, title: str, own: str) -> str:
    """Return the first term that is not the thing's own and does not just come with it."""
    terms = (it for it in words.finditer(title) if not _is_own(it[0], own))
    return next((it[0].strip() for it in terms if not _COMES_WITH.search(title[: it.start()])), "")


def _is_own(words: str, own: str) -> bool:
    return words.strip() in own
