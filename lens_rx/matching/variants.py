"""Whether a title names another variant of a thing: its name followed by a word that makes it another model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from lens_rx.facts import Identity
from lens_rx.matching.categories import categories_in
from lens_rx.matching.title_words import alnum_key, fold
from lens_rx.parsing.terms import load_lists

_TERMS = load_lists("lens_rx.matching", "variants")
#: Words that make another model of the name before them, whatever its category.
_VARIANT_WORDS = frozenset(map(alnum_key, _TERMS["always"]))
_CLOTHING = frozenset("jacket vest sweater shirt trousers shorts dress skirt".split())
#: Further ones, save for the categories of clothing whose cut or size they are.
_CLOTHING_CUTS = {"plus": _CLOTHING, "slim": _CLOTHING, "mini": frozenset({"dress", "skirt", "shorts"})}
_JOINED_VARIANTS = _VARIANT_WORDS | _CLOTHING_CUTS.keys()
#: Further ones for things without sizes; a single letter must be a capital.
_UNSIZED_VARIANTS = frozenset(_TERMS["unsized"])
_SIZED_CATEGORIES = _CLOTHING | frozenset("shoes bag backpack belt hat gloves scarf".split())
#: Words that count models together with a number: "Mark II", "2nd generation", "Series 4".
_GENERATION_WORDS = rf"(?:{'|'.join(_TERMS['generation'])})"
_GENERATION = re.compile(rf"{_GENERATION_WORDS}?(?:[2-9]|[iv]{{2,4}})(?:世代)?")
_ORDINAL_GENERATION = re.compile(rf"[2-9](?:nd|rd|th|e|eme|a|o|te|de)?{_GENERATION_WORDS}|第?[2-9]世代")
#: What a number counts that is no model: a size, an age, pieces, a measure.
_COUNTED_UNITS = re.compile("|".join(_TERMS["counted"]))
_SPANISH_AFTER_SE = frozenset(_TERMS["after-se"])
_WORD = re.compile(r"[^\W_]+(?:[-.'’][^\W_]+)*[+]?")
_ADJACENT, _NEAR = re.compile(r"[ -]?"), re.compile(r"[\s(\[®™-]*")


@dataclass(frozen=True, slots=True)
class _Model:
    """What is looked for in titles: the keys of the model's words, those before a variant, and the thing's categories.

    `own` are the keys of all words of the thing, which make no variant of it.
    """

    keys: list[str]
    before_variant: frozenset[str]
    own: frozenset[str]
    categories: frozenset[str]


class _Word(NamedTuple):
    """A word of a title: as written, its key, and the text between it and the next word."""

    written: str
    key: str
    gap: str


def other_variant(title: str, identity: Identity) -> str:
    """Return the words by which a title names another variant than the identity, "" where there are none.

    Words of the identity itself do not count, nor those that at least half of its titles have.
    """
    model = _model_of(identity.model, identity.category)
    for found in _variants(title, model):
        if alnum_key(found) not in model.own and not _is_usual_in_titles(found, identity, model):
            return found
    return ""


@lru_cache(maxsize=256)
def _model_of(name: str, category: str) -> _Model:
    keys = [word.key for word in _words(name)]
    return _Model(
        keys,
        frozenset(it for it in keys if not it.isdigit()) | frozenset(keys[-1:]),
        frozenset(alnum_key(word) for word in fold(f"{name} {category}").split()),
        frozenset(categories_in(f"{name} {category}")),
    )


def _is_usual_in_titles(found: str, identity: Identity, model: _Model) -> bool:
    calling = sum(found.upper() in map(str.upper, _variants(it, model)) for it in identity.titles)
    return calling > 0 and 2 * calling >= len(identity.titles)


def _variants(title: str, model: _Model) -> Iterator[str]:
    """Yield the variants of the model that a title names."""
    title_words = [*_words(title), _Word("", "", "")]
    for at, (word, following) in enumerate(pairwise(title_words)):
        is_own = word.key in model.before_variant
        if is_own and word.written.endswith("+"):
            yield "Plus"
        if (joined := _joined_variant(word.key, model.keys)) or (is_own and _NEAR.fullmatch(word.gap)):
            behind = title_words[at + 1 : at + 3]
            last = word.key == model.keys[-1]
            variant = (
                joined
                or _variant_word(following, behind[-1].key, model.categories)
                or (last and _generation(word, behind))
            )
            yield from [variant] if variant else []


def _words(title: str) -> list[_Word]:
    found = list(_WORD.finditer(title))
    ends = [*(it.start() for it in found[1:]), len(title)]
    return [
        _Word(it[0], alnum_key(it[0]), title[it.end() : end]) for it, end in zip(found, ends, strict=False)
    ]


def _joined_variant(word: str, model: list[str]) -> str:
    """Return the variant joined to the model's last word: "OnePro"."""
    rest = word.removeprefix(model[-1]) if model else word
    return rest if rest in _JOINED_VARIANTS and rest != word else ""


def _variant_word(word: _Word, after: str, categories: frozenset[str]) -> str:
    """Return the word as written if it makes another model of the name before it, else ""."""
    if word.key == "se" and after in _SPANISH_AFTER_SE:
        return ""
    makes = (
        word.key in _VARIANT_WORDS
        or (word.key in _CLOTHING_CUTS and not categories & _CLOTHING_CUTS[word.key])
        or (
            word.key in _UNSIZED_VARIANTS
            and categories
            and not categories & _SIZED_CATEGORIES
            and _is_meant(word)
        )
    )
    return word.written if makes else ""


def _is_meant(word: _Word) -> bool:
    return len(word.written) > 1 or word.written.isupper()


def _generation(word: _Word, behind: list[_Word]) -> str:
    """Return the generation that follows a name: "2", "II", "Mark II", "2nd generation"."""
    first, second = behind[0], behind[-1].key if len(behind) > 1 else ""
    if not _ADJACENT.fullmatch(word.gap) and word.gap.strip() != "(":
        return ""
    if _ORDINAL_GENERATION.fullmatch(first.key + second) or (
        re.fullmatch(_GENERATION_WORDS, first.key) and _GENERATION.fullmatch(first.key + second)
    ):
        return f"{first.written} {behind[-1].written}"
    return first.written if _GENERATION.fullmatch(first.key) and not _COUNTED_UNITS.fullmatch(second) else ""
