"""Whether a title names a thing: its producer, its model, and no other variant of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lens_rx.facts import Identity
from lens_rx.matching.categories import categories_in
from lens_rx.matching.stopwords import COLOURS, STOPWORDS
from lens_rx.matching.title_words import alnum_key, fold, words
from lens_rx.matching.variants import other_variant
from lens_rx.parsing.terms import load_lists, load_terms

_CHILDREN = {name: "|".join(terms) for name, terms in load_lists("lens_rx.matching", "children").items()}
_FOR_CHILDREN_OR_PETS = re.compile(rf"\b(?:{_CHILDREN['words']})\b|{_CHILDREN['unspaced']}")
_UNITS = re.compile(rf"\d+(?:[.,]\d+)?(?:{'|'.join(load_terms('lens_rx.matching', 'units'))})")
_WORD_PARTS, _DIGITS = re.compile(r"[-./]"), re.compile(r"\d+")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class _ModelWords:
    """The words of a model: all with digits must match, of the others a share."""

    numbered: tuple[str, ...]
    plain: tuple[str, ...]
    first: str


@lru_cache(maxsize=1024)
def mismatch(title: str, identity: Identity) -> str:
    """Return why a title does not name the thing, as a message for the user; "" where it does."""
    return next(filter(None, _mismatches(title, identity)), "")


def _mismatches(title: str, identity: Identity) -> Iterator[str]:
    model, title_words, compact = (
        _model_words(identity.producer, identity.model),
        _title_words(title),
        alnum_key(title),
    )
    if other := _other_number(model, title_words, compact):
        yield f"The title names another model: {other}."
    yield _other_variant(title, identity)
    named = [word for word in model.plain if _contains_word(word, title_words, compact)]
    has_producer = _names_producer(compact, identity.producer)
    if any(not _has_number(word, title_words, compact) for word in model.numbered):
        yield f"The title does not say {identity.model}."
    if _EAST_ASIAN.search(title) and (has_producer or named):
        return  # the rest of the name may stand there in another script
    if model.plain and len(named) < 0.6 * len(model.plain):
        yield f"The title does not name {identity.model}."
    if not has_producer and (other := _other_producer(title, model)):
        yield f"The title names another producer: {other}."
    if not has_producer and not _is_distinctive(model, named):
        yield f"The title does not name {identity.producer}."


@lru_cache(maxsize=256)
def _model_words(producer_name: str, model: str) -> _ModelWords:
    tokens = [fold(word) for word in words(model)]
    specific = [word for word in tokens if alnum_key(word) not in STOPWORDS or len(tokens) == 1]
    numbered = [
        alnum_key(w) for w in specific if any(c.isdigit() for c in w) and not _UNITS.fullmatch(alnum_key(w))
    ]
    plain = [alnum_key(w) for w in specific if not any(c.isdigit() for c in w) and not categories_in(w)]
    producer = alnum_key(producer_name)
    return _ModelWords(
        tuple(numbered),
        tuple(word for word in plain if word not in producer),
        alnum_key(tokens[0]) if tokens else "",
    )


def _title_words(title: str) -> list[str]:
    """Return the keys of a title's words, and of the parts of its hyphenated words."""
    whole = words(title)
    parts = (part for word in whole for part in _WORD_PARTS.split(word))
    return list(dict.fromkeys(map(alnum_key, (*whole, *parts))))


def _has_number(word: str, title_words: list[str], compact: str) -> bool:
    return (
        word in title_words
        or (len(word) >= 3 and not word.isdigit() and word in compact)
        or _is_joined(word, title_words)
    )


def _is_joined(word: str, title_words: list[str]) -> bool:
    """Return whether two neighbouring words together are the word: "M 2" for "m2"."""
    return any(left + right == word for left, right in pairwise(title_words))


def _other_number(model: _ModelWords, title_words: list[str], compact: str) -> str:
    """Return a word of the title in the form of the model's number with other digits ("M3" for "M2")."""
    for word in model.numbered:
        if _has_number(word, title_words, compact):
            continue
        shape = _DIGITS.sub("#", word)
        rivals = [other for other in title_words if other != word and _DIGITS.sub("#", other) == shape]
        if shape != "#" and rivals:
            return rivals[0].upper()
    return ""


def _contains_word(word: str, title_words: list[str], compact: str) -> bool:
    """Return whether a title contains a word: short words whole, long ones in any inflection."""
    if len(word) < 4:
        return word in title_words or (
            len(word) == 3 and any(it.startswith(word) or it.endswith(word) for it in title_words)
        )
    stem = word[:6] if len(word) >= 8 else word.removesuffix("s")
    return stem in compact


def _names_producer(compact: str, producer: str) -> bool:
    if alnum_key(producer) in compact:
        return True
    specific = [alnum_key(word) for word in words(producer) if len(word) >= 4]
    return bool(specific) and all(word in compact for word in specific)


def _other_producer(title: str, model: _ModelWords) -> str:
    """Return the word before the model, where another producer's name would be; "" where there is none."""
    own = {word.removesuffix("s") for word in (*model.plain, *model.numbered, model.first)}
    for before, word in pairwise(["", *words(title)]):
        if alnum_key(word).removesuffix("s") in own:
            plain = alnum_key(before)
            is_noise = plain in STOPWORDS or plain in COLOURS or categories_in(before) or len(plain) < 3
            return "" if is_noise or not plain.isalpha() else before
    return ""


def _is_distinctive(model: _ModelWords, named: list[str]) -> bool:
    """Return whether the model's words identify it without the producer: a long number, two words, or a long one."""
    if any(len(word) >= 3 and not word.isdigit() for word in model.numbered):
        return True
    return len(named) + len(model.numbered) >= 2 or any(len(word) >= 6 for word in named)


def _other_variant(title: str, identity: Identity) -> str:
    if found := _FOR_CHILDREN_OR_PETS.search(fold(title)):
        own = fold(f"{identity.model} {identity.category} {' '.join(identity.titles)}")
        if found[0] not in own:
            return "It is made for children, pets or dolls."
    variant = other_variant(title, identity)
    return f"The title names another variant: {identity.model} {variant}." if variant else ""
