"""Producer and model by the consensus of the titles of similar images, without a language model.

A phrase that many independent titles share is the name of the thing; a phrase of one title is noise.
Where the producer's name ends in the phrase is decided by the list of multi-word brands and by the
hosts of the links. Where the titles do not agree there is no result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from lens_rx.facts import Decider, Identity, Match, MatchKind
from lens_rx.matching.brand_hosts import NON_BRAND_HOSTS, host_labels, is_non_brand_host
from lens_rx.matching.categories import categories_in
from lens_rx.matching.stopwords import is_generic
from lens_rx.matching.title_reader import TitleWord, brand_reader
from lens_rx.matching.title_sources import is_outvoted, may_begin_name, source_of, sources_of
from lens_rx.matching.title_words import alnum_key, fold, title_segments, words

#: Smallest share and number of independent sources that must have a phrase.
MIN_SHARE, MIN_SUPPORT = 0.3, 2
#: Support of a phrase of other words, relative to the best one's, from which the titles do not agree.
RIVAL_SHARE = 0.75
#: Share of titles from which a generic last word (a size, a colour) belongs to the name.
GENERIC_END_SHARE = 0.8
MAX_PHRASE_WORDS = 7
#: As many sources a match counts for: a page with the very photo says more of the thing than a similar one.
WEIGHTS = MappingProxyType[MatchKind | None, int]({MatchKind.FULL: 2})
MAX_TITLES = 80

Phrase = tuple[str, ...]


def consensus(
    matches: Sequence[Match], category: str = "", *, producer: str = "", model: str = ""
) -> Identity | None:
    """Return the identity that the titles agree on, with the titles that support it; None without agreement.

    A given `producer` or `model` is kept: only titles that contain it decide on the other.
    """
    given = [alnum_key(it) for it in (producer, model) if it]
    eligible = [it for it in matches[:MAX_TITLES] if all(name in alnum_key(it.title) for name in given)]
    names = brand_reader(*filter(None, (producer, model)))
    titles = [names.read(match.title) for match in eligible]
    phrase = _agreed_phrase(titles, _PhraseVotes.of(eligible, titles), given)
    if phrase is None:
        return None
    written = _as_written(phrase, titles)
    start, end = _producer_span(phrase, eligible, titles, alnum_key(producer), alnum_key(model))
    named = " ".join(written[start:end]), " ".join([*written[:start], *written[end:]])
    if not all(named) or all(is_generic(fold(word)) for word in words(named[1])):
        return None
    supporting = [it for it in eligible if "".join(phrase) in alnum_key(it.title)]
    if is_outvoted(" ".join(written), supporting, eligible):
        return None
    return Identity(
        named[0],
        named[1],
        tuple(it.title for it in supporting),
        category=category,
        decider=Decider.CONSENSUS,
        sources=len(sources_of(supporting)),
    )


@dataclass(frozen=True, slots=True)
class _PhraseVotes:
    """How many independent sources have each phrase, once each and by weight, and the weight of all sources."""

    sources: Counter[Phrase]
    weighted: Counter[Phrase]
    total: int

    @classmethod
    def of(cls, matches: Sequence[Match], titles: Sequence[Sequence[TitleWord]]) -> _PhraseVotes:
        """Count the phrases of `titles`, which are those of `matches`, each source's word once."""
        by_source: dict[str, dict[Phrase, int]] = {}
        weights: dict[str, int] = {}
        for match, title in zip(matches, titles, strict=True):
            source, weight = source_of(match), WEIGHTS.get(match.kind, 1)
            phrases = by_source.setdefault(source, {})
            phrases.update({it: max(weight, phrases.get(it, 0)) for it in _phrases(title)})
            weights[source] = max(weight, weights.get(source, 0))
        sources, weighted = Counter[Phrase](), Counter[Phrase]()
        for phrases in by_source.values():
            sources.update(phrases.keys())
            weighted.update(phrases)
        return cls(sources, weighted, sum(weights.values()))


def _agreed_phrase(
    titles: Sequence[Sequence[TitleWord]], votes: _PhraseVotes, given: Sequence[str]
) -> Phrase | None:
    """Return the phrase that names the thing; None where there is none, or a rival one."""
    counts = votes.weighted
    enough = max(MIN_SUPPORT, MIN_SHARE * votes.total)
    brand_keys = {word.key for title in titles for word in title if word.is_name}
    small = _lowercase_keys(titles) - brand_keys
    candidates = {
        phrase: n
        for phrase, n in counts.items()
        if n >= enough
        and phrase[0] not in small
        and (phrase[0] in brand_keys or may_begin_name(phrase[0]))
        and all(name in phrase for name in given)
    }
    best = _best(candidates)
    if best is not None:
        # a long phrase, as copied titles have, scores high; what more sources say decides
        others = {it for it in candidates if not set(it) & set(best)}
        best = _best({it: candidates[it] for it in others if votes.sources[it] > votes.sources[best]}) or best
    if best is None or _has_rival(best, candidates):
        return None
    return _shortened(_extended(best, counts), counts)


def _lowercase_keys(titles: Sequence[Sequence[TitleWord]]) -> set[str]:
    """Return the keys mostly written in lower case in titles with capitals: no name begins with one."""
    tokens = [word for title in titles if any(not word.written.islower() for word in title) for word in title]
    totals, lowercase = (
        Counter(word.key for word in tokens),
        Counter(w.key for w in tokens if w.written.islower()),
    )
    return {key for key, n in lowercase.items() if n > 0.6 * totals[key]}


def _phrases(title: Sequence[TitleWord]) -> set[Phrase]:
    keys = [word.key for word in title]
    spans = range(2, MAX_PHRASE_WORDS + 1)
    return {tuple(keys[i : i + n]) for n in spans for i in range(len(keys) - n + 1)}


def _best(candidates: dict[Phrase, int]) -> Phrase | None:
    return max(candidates, key=lambda it: (_score(it, candidates[it]), it), default=None)


def _score(phrase: Phrase, support: int) -> float:
    """Return the score of a phrase: sublinear in its length, so that support counts more."""
    return float(support * (len(phrase) ** 0.8))


def _has_rival(best: Phrase, candidates: dict[Phrase, int]) -> bool:
    """Return whether a phrase without a common word has nearly as much support as the best one."""
    others = [n for phrase, n in candidates.items() if not set(phrase) & set(best)]
    return max(others, default=0) >= RIVAL_SHARE * candidates[best]


def _extended(phrase: Phrase, counts: Counter[Phrase]) -> Phrase:
    """Return the phrase with the words that follow it in most of its titles: "Reflex" becomes "Reflex M2"."""
    longer = sorted(
        (it for it in counts if it[:-1] == phrase and not is_generic(it[-1])), key=lambda it: -counts[it]
    )
    if not longer or counts[longer[0]] < max(MIN_SUPPORT, counts[phrase] / 2):
        return phrase
    if len(longer) > 1 and counts[longer[0]] < 1.5 * counts[longer[1]]:
        return phrase
    return _extended(longer[0], counts)


def _shortened(phrase: Phrase, counts: Counter[Phrase]) -> Phrase:
    """Return the phrase without a generic word at its end, unless nearly all titles have it."""
    shorter = phrase[:-1]
    if len(shorter) < 2 or not is_generic(phrase[-1]) or categories_in(phrase[-1]):
        return phrase
    return phrase if counts[phrase] >= GENERIC_END_SHARE * counts[shorter] else _shortened(shorter, counts)


def _as_written(phrase: Phrase, titles: Sequence[Sequence[TitleWord]]) -> list[str]:
    """Return the phrase in its most common spelling; ALL CAPITALS and all lower case count less."""
    spellings: dict[str, Counter[str]] = {key: Counter() for key in phrase}
    for word in chain.from_iterable(titles):
        if word.key in spellings:
            spellings[word.key][word.written] += 1 if _has_unusual_case(word.written) else 3
    return [max(spellings[key].items(), key=lambda it: (it[1], it[0]))[0] for key in phrase]


def _has_unusual_case(word: str) -> bool:
    """Return whether a word is in ALL CAPITALS or without any, other than a model number in capitals."""
    has_digit = any(c.isdigit() for c in word)
    return word.islower() if has_digit or len(word) < 4 else word.isupper() or word.islower()


def _producer_span(
    phrase: Phrase,
    eligible: Sequence[Match],
    titles: Sequence[Sequence[TitleWord]],
    producer: str,
    model: str,
) -> tuple[int, int]:
    """Return the span of the producer's name in the phrase: the first word unless something else is brand_keys."""
    if producer in phrase:
        return phrase.index(producer), phrase.index(producer) + 1
    if model in phrase and phrase.index(model):
        return 0, phrase.index(model)
    brand_keys = {word.key for title in titles for word in title if word.is_name} - {model}
    if place := next((i for i, word in enumerate(phrase) if word in brand_keys), None):
        return place, place + 1
    if phrase[0] in brand_keys:
        return 0, 1
    return _span_named_by_hosts(phrase, _host_names(eligible))


def _span_named_by_hosts(phrase: Phrase, hosts: set[str]) -> tuple[int, int]:
    """Return the span that is the name of a host: the longest at the start of the phrase, or a word anywhere."""
    fronts = [end for end in range(1, len(phrase)) if "".join(phrase[:end]) in hosts]
    if fronts:
        return 0, fronts[-1]
    return next(((i, i + 1) for i, word in enumerate(phrase) if word in hosts), (0, 1))


def _host_names(eligible: Sequence[Match]) -> set[str]:
    """Return the names in hosts, sources and ends of titles that may be a producer's."""
    own = [match for match in eligible if not is_non_brand_host(match.link)]
    hosts = [alnum_key(label) for match in own for label in host_labels(match.link)]
    sources = [alnum_key(match.source) for match in own]
    ends = [alnum_key(parts[-1]) for match in own if len(parts := title_segments(match.title)) > 1]
    supporting = {end for end in ends if end in hosts or end in sources}
    return {
        name for name in {*hosts, *sources, *supporting} if name.isalpha() and name not in NON_BRAND_HOSTS
    }
