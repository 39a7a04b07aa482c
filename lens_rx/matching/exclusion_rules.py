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
#: What stands for each letter of the thing's name in a title, so that one pattern is for all names: compiling one for
#: each thing took longer than all else that is done with its offers. Folded titles have no capitals.
_LETTER = "N"
#: "for" the thing, with no more than two articles between.
_FOR_NAME = LazyPattern(
    lambda: re.compile(rf"\b(?:{_TERMS['for']})\s+(?:(?:{_TERMS['article']})\s+){{0,2}}{_LETTER}+\b")
)
_NAME_FOR = re.compile(rf"{_LETTER}[\w\s-]{{0,30}}(?:用|対応)")
#: "kanken style", not "kanken style no. 84212"
_STYLED = LazyPattern(
    lambda: re.compile(
        rf"{_LETTER}+[- ](?:{_TERMS['style-after-name']})\b(?!\s*(?:no|nr|number|#|code|:|\d))"
        rf"|\b(?:{_TERMS['style-before-name']})\s+(?:de |di |von |van |of )?{_LETTER}+"
    )
)


def bundle(title: str, own: str) -> str:
    """Return the term by which a title offers several things."""
    return _first_term(_BUNDLE, title, own) or _first_term(_COUNT, title, own)


def replica(title: str, own: str, names: tuple[str, ...]) -> str:
    """Return the term by which a title says that the thing is no original."""
    styled = [it.span() for marked in _marked(title, names).values() if (it := _STYLED.search(marked))]
    spans = [*sorted(styled)[:1], *(it.span() for it in _REPLICA.finditer(title))]
    terms = (title[start:end] for start, end in spans if not _NEGATION_BEFORE.search(title[:start]))
    return next((it.strip(" -") for it in terms if not _is_own(it, own)), "")


def accessory(title: str, own: str, names: tuple[str, ...]) -> str:
    """Return the term by which a title offers an accessory or a part.

    `names` are the folded names of the thing: what is "for" it is an accessory.
    """
    for name, marked in _marked(title, names).items():
        after_something = (it.span() for it in _FOR_NAME.finditer(marked) if marked[: it.start()].strip())
        start, end = next(after_something, (0, 0))
        if end and not _is_own(title[start:end], own):
            return title[start:end]
        if _NAME_FOR.search(marked):
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


def _marked(title: str, names: tuple[str, ...]) -> dict[str, str]:
    """Return, for each name that a title has, the title with `_LETTER` for each letter of the name."""
    return {it: title.replace(it, _LETTER * len(it)) for it in names if it and it in title}


def _first_term(words: LazyPattern, title: str, own: str) -> str:
    return next((it[0].strip() for it in words.finditer(title) if not _is_own(it[0], own)), "")


def _first_offered_term(words: LazyPattern, title: str, own: str) -> str:
    """Return the first term that is not the thing's own and does not just come with it."""
    terms = (it for it in words.finditer(title) if not _is_own(it[0], own))
    return next((it[0].strip() for it in terms if not _COMES_WITH.search(title[: it.start()])), "")


def _is_own(words: str, own: str) -> bool:
    return words.strip() in own
