"""Whether offers state the size and the variant that the user gave, and how much less one of another counts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from lens_rx.facts import Identity, Offer, Options
from lens_rx.matching.categories import categories_in, common_categories
from lens_rx.matching.garment_sizes import letters_in, numbers_in, trousers_sizes_in
from lens_rx.matching.measures import centimetres_in, generations_in, inches_in, storage_in, volumes_in
from lens_rx.matching.named_traits import named_in
from lens_rx.matching.shoe_sizes import shoe_sizes_in
from lens_rx.matching.size_words import SearchText
from lens_rx.matching.title_words import contains_words
from lens_rx.matching.trait import Scale, Trait

#: Standard deviations of the logarithm of the price: of another size, and where the size is not stated.
_OTHER_SIZE, _UNKNOWN_SIZE = 0.12, 0.06
_OTHER_COLOUR, _UNKNOWN_COLOUR = 0.1, 0.03
_OTHER_MATERIAL, _UNKNOWN_MATERIAL = 0.25, 0.08
#: Of capacities and generations that are not stated; another one is another thing.
_UNKNOWN_AMOUNT, _UNKNOWN_GENERATION = 0.1, 0.15
#: Where words of the user's own are not in a title.
_UNKNOWN_WORDS = 0.1
#: Of another capacity or generation, where nothing else is offered.
OTHER_THING = 0.35
#: Those that do not state it differ from the wanted one by so much of what another one does.
_UNKNOWN_SHARE = 0.7
_CLOTHES: Final = frozenset("jacket vest sweater shirt trousers shorts dress skirt belt hat gloves".split())
#: Numbers of clothes by region; they are compared within one.
_REGIONS: Final = ("eur?|de|at|nl", "uk|gb", "us", "fr|es", "it")

Finder = Callable[[SearchText], Iterable[Trait]]

_AMOUNTS: Final = (
    Scale("storage", storage_in, None, _UNKNOWN_AMOUNT),
    Scale("volume", volumes_in, None, _UNKNOWN_AMOUNT),
    Scale("length", inches_in, None, _UNKNOWN_AMOUNT),
)
_VARIANTS: Final = (
    *_AMOUNTS,
    Scale("generation", generations_in, None, _UNKNOWN_GENERATION),
    Scale("colour", named_in("colours"), _OTHER_COLOUR, _UNKNOWN_COLOUR),
    Scale("material", named_in("materials"), _OTHER_MATERIAL, _UNKNOWN_MATERIAL),
)


@lru_cache(maxsize=64)
def _size_scales(categories: frozenset[str], *, bare: bool) -> tuple[Scale, ...]:
    """Return the scales of sizes, those first that say more; numbers count as sizes alone for clothes or with `bare`."""
    bare = bare or bool(categories & _CLOTHES)
    numbers = [numbers_in(it, unnamed=not at, bare=bare and not at) for at, it in enumerate(_REGIONS)]
    shoes: list[Finder] = [trousers_sizes_in, shoe_sizes_in, letters_in]
    finders: list[Finder] = shoes if "shoes" in categories else [trousers_sizes_in, letters_in, *numbers]
    sizes = (Scale("size", find, _OTHER_SIZE, _UNKNOWN_SIZE) for find in finders)
    return (*sizes, Scale("size", centimetres_in, _OTHER_SIZE, _UNKNOWN_SIZE), *_AMOUNTS)


@dataclass(frozen=True, slots=True)
class Fit:
    """How an offer fits what is wanted: `others` say what it is instead, `is_other_thing` where that has its own price.

    `log_sd` is its further standard deviation, `group_log_sd` that of all that fit as it does; `is_stated` where it states all that is wanted.
    """

    others: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    log_sd: float = 0.0
    group_log_sd: float = 0.0
    is_other_thing: bool = False

    @property
    def is_stated(self) -> bool:
        """Whether all that is wanted is stated, and the same."""
        return not self.others and not self.unknown

    @property
    def difference(self) -> str:
        """What the offer is instead: "It is size L, not M", "" where it is nothing else."""
        return f"It is {' and '.join(self.others)}" if self.others else ""

    @property
    def note(self) -> str:
        """What the offer is instead, and what it does not state, "" where there is neither."""
        return "; ".join(filter(None, (self.difference, *(f"{it} is not stated" for it in self.unknown))))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The traits of one kind that the thing has, by each scale on which they were given."""

    kind: str
    by_scale: tuple[tuple[Scale, tuple[Trait, ...]], ...]

    def fit(self, text: SearchText) -> Fit:
        """Return how a text fits: the first scale on which both state something decides."""
        for scale, wanted in self.by_scale:
            stated = tuple(scale.find(text))
            if not stated:
                continue
            pairs = [(one, other) for one in wanted for other in stated]
            direct = [pair for pair in pairs if pair[0].system == pair[1].system]
            if any(one.is_same(other) for one, other in direct or pairs):
                return Fit()
            what = f"{scale.kind} " if scale.kind == "size" else ""
            words = f"{what}{_joined(stated)}, not {_joined(wanted)}"
            return Fit(
                (words,), (), scale.other_log_sd or 0.0, _group_log_sd(scale), scale.other_log_sd is None
            )
        scale = self.by_scale[0][0]
        unknown_sd = _UNKNOWN_SHARE * _group_log_sd(scale)
        return Fit((), (f"its {self.kind}",), scale.unknown_log_sd, unknown_sd)


def _group_log_sd(scale: Scale) -> float:
    return OTHER_THING if scale.other_log_sd is None else scale.other_log_sd


def _joined(traits: Sequence[Trait]) -> str:
    return " / ".join(list(dict.fromkeys(map(str, traits)))[:2])


@dataclass(frozen=True, slots=True)
class WantedTraits:
    """The size and the variant of the thing, as given; `words` are what could not be understood, and are looked for."""

    wanted: tuple[_Wanted, ...]
    words: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, options: Options, identity: Identity | None) -> Self:
        """Return what is wanted of the offers for a thing; nothing where neither size nor variant is given."""
        categories = _categories(identity)
        size = _spelled_size(options.size, categories)
        found = [*_traits(_size_scales(categories, bare=True), size)]
        sizes = _of_offers(found, _size_scales(categories, bare=False), _size_scales(categories, bare=True))
        variant = [*_traits(_VARIANTS, SearchText.of(options.variant))]
        words = (options.size if not found else "", _other_words(options.variant))
        wanted = _grouped([*sizes, *variant])
        return cls(wanted, tuple(filter(None, words)), _names(identity, wanted))

    def __bool__(self) -> bool:
        """Whether anything is wanted."""
        return bool(self.wanted or self.words)

    def fit(self, offer: Offer) -> Fit:
        """Return how an offer fits, by its title and the labels on its card."""
        return self.fit_text(" | ".join((offer.title, offer.condition_text, *_label(offer))))

    def fit_text(self, written: str) -> Fit:
        """Return how a text fits."""
        text = SearchText.of(written, self.names)
        fits = [it.fit(text) for it in self.wanted]
        missing = tuple(f"“{it}”" for it in self.words if not contains_words(it, written))
        fits += [Fit((), missing, _UNKNOWN_WORDS, _UNKNOWN_WORDS)] if missing else []
        return Fit(
            tuple(words for it in fits for words in it.others),
            tuple(kind for it in fits for kind in it.unknown),
            math.hypot(*(it.log_sd for it in fits)),
            math.hypot(*(it.group_log_sd for it in fits)),
            any(it.is_other_thing for it in fits),
        )

    def words_of_variant(self, named: str, title: str) -> str:
        """Return the words that a title adds to the model for the wanted variant, "" where `named` is another one.

        `named` are words of the title that make it another variant of the model.
        """
        # a number behind a name, "Pods 2", is a generation
        spelled = SearchText.of(f"generation {named}" if re.fullmatch(r"\d{1,2}|[IVXivx]+", named) else named)
        if any(it.fit(spelled).is_stated for it in self.wanted):
            return named
        return next((it for it in self.words if contains_words(named, it) and contains_words(it, title)), "")

    def __str__(self) -> str:
        """Return the wanted traits for the user: "size M, blue"."""
        known = (("size " if it.kind == "size" else "") + _joined(it.by_scale[0][1]) for it in self.wanted)
        return ", ".join((*known, *(f"“{it}”" for it in self.words)))


NOTHING_WANTED: Final = WantedTraits((), (), ())


def _label(offer: Offer) -> list[str]:
    return [f"size {offer.size}"] if offer.size else []


def _categories(identity: Identity | None) -> frozenset[str]:
    if identity is None:
        return frozenset()
    named = categories_in(f"{identity.model} {identity.category}")
    return frozenset(named) or common_categories(identity.titles)


def _spelled_size(size: str, categories: frozenset[str]) -> SearchText:
    """Return a size to be searched: letters may be small, and a number alone is a waist of trousers."""
    waist = f" w{size}" if "trousers" in categories and re.fullmatch(r"\d{2}", size) else ""
    text = SearchText.of(size + waist)
    return SearchText(text.written.upper(), text.folded)


Found = tuple[Scale, tuple[Trait, ...]]


def _traits(scales: Sequence[Scale], text: SearchText) -> Iterator[Found]:
    for scale in scales:
        if stated := tuple(scale.find(text)):
            yield scale, stated


def _of_offers(found: Sequence[Found], to: Sequence[Scale], given: Sequence[Scale]) -> list[Found]:
    """Return what was found on the scales for what is `given`, on those for offers, in the same order."""
    return [(to[given.index(scale)], traits) for scale, traits in found]


def _grouped(found: Sequence[Found]) -> tuple[_Wanted, ...]:
    kinds = dict.fromkeys(scale.kind for scale, _ in found)
    return tuple(_Wanted(kind, tuple(it for it in found if it[0].kind == kind)) for kind in kinds)


def _other_words(variant: str) -> str:
    """Return the words of a variant that no trait was found in."""

    def traits(text: str) -> set[str]:
        return {str(it) for _, found in _traits(_VARIANTS, SearchText.of(text)) for it in found}

    parts = variant.split()
    rest = [
        part
        for at, part in enumerate(parts)
        if traits(" ".join(parts[:at] + parts[at + 1 :])) == traits(variant)
    ]
    return " ".join(rest)


def _names(identity: Identity | None, wanted: Sequence[_Wanted]) -> tuple[str, ...]:
    """Return the names in titles that state no trait: the producer, and the model unless it states what is wanted."""
    if identity is None:
        return ()
    model = SearchText.of(identity.model)
    states = any(it.fit(model).is_stated for it in wanted)
    return (identity.producer,) if states else (identity.producer, identity.model)
