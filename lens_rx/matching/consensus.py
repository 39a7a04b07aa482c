"""What the titles of look-alikes agree on: producer and model without any language model.

A phrase that many independent titles share is the name of the thing; a phrase of one title is noise.
Where the producer's name ends inside the phrase is told by names known to have several words, and by
the links: a producer has a host of its own. Where the titles do not agree, nothing is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from lens_rx.facts import Decider, Identity, Match
from lens_rx.matching.brand_hosts import NON_BRAND_HOSTS, host_labels, is_non_brand_host
from lens_rx.matching.categories import categories_in
from lens_rx.matching.multiword_brands import MULTIWORD_BRANDS
from lens_rx.matching.stopwords import SIZES, STOPWORDS, is_generic
from lens_rx.matching.title_words import alnum_key, fold, title_segments, words

#: Share of titles that must carry a phrase, and the fewest titles that may.
MIN_SHARE, MIN_SUPPORT = 0.3, 2
#: A phrase of other words with so much of the best one's support means that the titles do not agree.
RIVAL_SHARE = 0.75
#: A last word that may be a size or a colour belongs to the name where so many titles have it.
GENERIC_END_SHARE = 0.8
#: Sizes that are ends of names as well: "Starling S".
SIZE_LETTERS = frozenset("sml")
MAX_PHRASE_WORDS = 7
MAX_TITLES, MAX_TITLE_LENGTH = 80, 200

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a title, or a name of several words as one: `key` compares, `written` is shown."""

    key: str
    written: str
    is_name: bool = False


class _NameReader:
    """Names of several words, found in titles as one word each."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {tuple(alnum_key(word) for word in words(name)): name for name in names}
        self._longest = max(map(len, self._names), default=0)

    def read(self, title: str) -> list[_Word]:
        """Return the words of a title without noise; what belongs to a name is no noise."""
        spoken = words(SIZES.sub(" ", title[:MAX_TITLE_LENGTH]))
        keys = [alnum_key(word) for word in spoken]
        read, at = [], 0
        while at < len(spoken):
            length = self._name_at(keys, at)
            name = self._names.get(tuple(keys[at : at + length]), "")
            if name or fold(spoken[at]) not in STOPWORDS - SIZE_LETTERS:
                read.append(_Word("".join(keys[at : at + length]), name or spoken[at], bool(name)))
            at += length
        return read

    def _name_at(self, keys: Sequence[str], at: int) -> int:
        lengths = range(min(self._longest, len(keys) - at), 0, -1)
        return next((n for n in lengths if tuple(keys[at : at + n]) in self._names), 1)


def consensus(
    matches: Sequence[Match], category: str = "", *, producer: str = "", model: str = ""
) -> Identity | None:
    """Return what the titles agree on, with the titles that support it; None where they do not agree.

    A given `producer` or `model` stands: only titles that bear it are heard on the other.
    """
    given = [alnum_key(it) for it in (producer, model) if it]
    heard = [it for it in matches[:MAX_TITLES] if all(name in alnum_key(it.title) for name in given)]
    names = _NameReader([*MULTIWORD_BRANDS, *filter(None, (producer, model))])
    titles = [names.read(match.title) for match in heard]
    phrase = _agreed_phrase(titles, given)
    if phrase is None:
        return None
    written = _as_written(phrase, titles)
    start, end = _producer_span(phrase, heard, titles, alnum_key(producer), alnum_key(model))
    named = " ".join(written[start:end]), " ".join([*written[:start], *written[end:]])
    if not all(named) or all(is_generic(fold(word)) for word in words(named[1])):
        return None
    told = tuple(it.title for it in heard if "".join(phrase) in alnum_key(it.title))
    return Identity(named[0], named[1], told, category=category, decider=Decider.CONSENSUS)


def _agreed_phrase(titles: Sequence[Sequence[_Word]], given: Sequence[str]) -> Phrase | None:
    """Return the phrase that names the thing, None where there is none, or another as good."""
    counts = Counter(chain.from_iterable(_phrases(title) for title in titles))
    enough = max(MIN_SUPPORT, MIN_SHARE * len(titles))
    known = {word.key for title in titles for word in title if word.is_name}
    small = _lowercase_keys(titles) - known
    candidates = {
        phrase: n
        for phrase, n in counts.items()
        if n >= enough
        and phrase[0] not in small
        and (phrase[0] in known or _may_begin_name(phrase[0]))
        and all(name in phrase for name in given)
    }
    best = max(candidates, key=lambda it: (_score(it, candidates[it]), it), default=None)
    if best is None or _has_rival(best, candidates):
        return None
    return _shortened(_extended(best, counts), counts)


def _lowercase_keys(titles: Sequence[Sequence[_Word]]) -> set[str]:
    """Return the words that are mostly written small where others are not: no name begins with one."""
    spoken = [word for title in titles if any(not word.written.islower() for word in title) for word in title]
    times, small = Counter(word.key for word in spoken), Counter(w.key for w in spoken if w.written.islower())
    return {key for key, n in small.items() if n > 0.6 * times[key]}


def _phrases(title: Sequence[_Word]) -> set[Phrase]:
    keys = [word.key for word in title]
    spans = range(2, MAX_PHRASE_WORDS + 1)
    return {tuple(keys[i : i + n]) for n in spans for i in range(len(keys) - n + 1)}


def _may_begin_name(word: str) -> bool:
    """Tell whether a name may begin with a word: with no kind, colour or number, and no single letter."""
    return not (is_generic(word) or any(c.isdigit() for c in word) or len(word) < 2)


def _score(phrase: Phrase, support: int) -> float:
    """Longer phrases say more, but not twice as much for twice the words."""
    return float(support * (len(phrase) ** 0.8))


def _has_rival(best: Phrase, candidates: dict[Phrase, int]) -> bool:
    """Tell whether titles name, nearly as often, what has no word in common with the best phrase."""
    others = [n for phrase, n in candidates.items() if not set(phrase) & set(best)]
    return max(others, default=0) >= RIVAL_SHARE * candidates[best]


def _extended(phrase: Phrase, counts: Counter[Phrase]) -> Phrase:
    """Return the phrase with the words that most of its titles go on with: "Reflex" is no model, "Reflex M2" is."""
    longer = sorted(
        (it for it in counts if it[:-1] == phrase and not is_generic(it[-1])), key=lambda it: -counts[it]
    )
    if not longer or counts[longer[0]] < max(MIN_SUPPORT, counts[phrase] / 2):
        return phrase
    if len(longer) > 1 and counts[longer[0]] < 1.5 * counts[longer[1]]:
        return phrase
    return _extended(longer[0], counts)


def _shortened(phrase: Phrase, counts: Counter[Phrase]) -> Phrase:
    """Return the phrase without a colour, material or size at its end, unless nearly all titles have it."""
    shorter = phrase[:-1]
    if len(shorter) < 2 or not is_generic(phrase[-1]) or categories_in(phrase[-1]):
        return phrase
    return phrase if counts[phrase] >= GENERIC_END_SHARE * counts[shorter] else _shortened(shorter, counts)


def _as_written(phrase: Phrase, titles: Sequence[Sequence[_Word]]) -> list[str]:
    """Return the phrase in the spelling that most titles use, shouting aside."""
    spellings: dict[str, Counter[str]] = {key: Counter() for key in phrase}
    for word in chain.from_iterable(titles):
        if word.key in spellings:
            spellings[word.key][word.written] += 1 if _has_unusual_case(word.written) else 3
    return [max(spellings[key].items(), key=lambda it: (it[1], it[0]))[0] for key in phrase]


def _has_unusual_case(word: str) -> bool:
    """Tell ALL CAPITALS, and none at all, from how a name is written; model numbers are written in capitals."""
    has_digit = any(c.isdigit() for c in word)
    return word.islower() if has_digit or len(word) < 4 else word.isupper() or word.islower()


def _producer_span(
    phrase: Phrase, heard: Sequence[Match], titles: Sequence[Sequence[_Word]], producer: str, model: str
) -> tuple[int, int]:
    """Return where in the phrase the producer's name stands: first, unless something else is known."""
    if producer in phrase:
        return phrase.index(producer), phrase.index(producer) + 1
    if model in phrase and phrase.index(model):
        return 0, phrase.index(model)
    known = {word.key for title in titles for word in title if word.is_name} - {model}
    if place := next((i for i, word in enumerate(phrase) if word in known), None):
        return place, place + 1
    if phrase[0] in known:
        return 0, 1
    return _span_named_by_hosts(phrase, _host_names(heard))


def _span_named_by_hosts(phrase: Phrase, hosts: set[str]) -> tuple[int, int]:
    """Return the words of the phrase that a host is named after: the longest at its front, or one anywhere."""
    fronts = [end for end in range(1, len(phrase)) if "".join(phrase[:end]) in hosts]
    if fronts:
        return 0, fronts[-1]
    return next(((i, i + 1) for i, word in enumerate(phrase) if word in hosts), (0, 1))


def _host_names(heard: Sequence[Match]) -> set[str]:
    """Return what hosts, sources and the ends of titles name, where that may be a producer."""
    own = [match for match in heard if not is_non_brand_host(match.link)]
    hosts = [alnum_key(label) for match in own for label in host_labels(match.link)]
    sources = [alnum_key(match.source) for match in own]
    ends = [alnum_key(parts[-1]) for match in own if len(parts := title_segments(match.title)) > 1]
    told = {end for end in ends if end in hosts or end in sources}
    return {name for name in {*hosts, *sources, *told} if name.isalpha() and name not in NON_BRAND_HOSTS}
