"""Whether the evidence supports the name that a language model gives a thing.

Titles count before what was seen on the photo: a name has the support of the independent sources of the titles
that bear it, and a name with more support is preferred, whoever says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lens_rx.facts import AnalysisState, Decider, Identity, Match
from lens_rx.matching.brand_hosts import NON_BRAND_HOSTS
from lens_rx.matching.name_cleanup import cleaned_name
from lens_rx.matching.stopwords import is_generic
from lens_rx.matching.title_sources import is_outvoted, rival_sources, sources_of
from lens_rx.matching.title_words import alnum_key, contains_words, fold, words
from lens_rx.parsing.instructions import is_instruction

#: Number of titles from which one source alone is not enough.
MIN_TITLES = 4
#: Share of the consensus' sources that must bear a name that says more than the consensus does.
MIN_DETAIL_SHARE = 0.5


def verified(
    producer: str, model: str, state: AnalysisState, titles: Sequence[Match], agreed: Identity | None
) -> Identity | None:
    """Return the cleaned name as an identity, None where the evidence does not support it.

    `titles` are the trusted ones, labels included, and `agreed` is their consensus. A single line must contain
    both names: a title, the words on the thing, or the user's. What contradicts the consensus needs more sources
    than that has. A name on the photo alone is decided by `photo`; none is taken from words that read as an order.
    What the user gave is kept, but supports nothing else.
    """
    options = state.item.options
    producer_name = options.producer or " ".join(producer.split())
    name = options.model or cleaned_name(model, producer_name, [it.title for it in titles])
    if not name or not (options.producer or _may_be_producer(producer_name)):
        return None
    bearing = [it for it in titles if _names_both(it.title, producer_name, name)]
    found = Identity(producer_name, name, tuple(it.title for it in bearing), sources=len(sources_of(bearing)))
    if _is_supported(found, bearing, titles, agreed) or _is_named_by_user(found, state, agreed):
        return found
    if agreed is None and _is_read_on_photo(found, state):
        no_rival_has_more = rival_sources(f"{producer_name} {name}", bearing, titles) <= found.sources
        return found if bearing and no_rival_has_more else replace(found, decider=Decider.PHOTO)
    return None


def _may_be_producer(producer: str) -> bool:
    """Return whether a name may be a producer's: not generic, no multi-brand shop, at most five words."""
    name_words = [fold(word) for word in words(producer)]
    is_specific = any(not is_generic(word) for word in name_words)
    return 0 < len(name_words) <= 5 and is_specific and alnum_key(producer) not in NON_BRAND_HOSTS


def _names_both(line: str, producer: str, model: str) -> bool:
    return contains_words(producer, line) and contains_words(model, line)


def _is_supported(
    found: Identity, bearing: Sequence[Match], titles: Sequence[Match], agreed: Identity | None
) -> bool:
    """Return whether enough independent titles bear a name."""
    if agreed is None:
        enough = 2 if len(titles) >= MIN_TITLES else 1
        is_shown = found.sources >= enough or any(it.exact for it in bearing)
        return is_shown and not is_outvoted(f"{found.producer} {found.model}", bearing, titles)
    said, wanted = _keys(found), _keys(agreed)
    if said < wanted and any(c.isdigit() for word in wanted - said for c in word):
        return False  # another number is another model
    if said <= wanted or wanted <= said:
        return found.sources > MIN_DETAIL_SHARE * agreed.sources
    return found.sources > agreed.sources


def _same_producer(one: str, other: str) -> bool:
    return alnum_key(one) in alnum_key(other) or alnum_key(other) in alnum_key(one)


def _keys(name: Identity) -> set[str]:
    return {alnum_key(word) for word in words(f"{name.producer} {name.model}")}


def _is_named_by_user(found: Identity, state: AnalysisState, agreed: Identity | None) -> bool:
    """Return whether the user's hint names the thing, and no consensus names another producer."""
    hint = state.item.options.hint
    return _is_named(hint, found, state) and (
        agreed is None or _same_producer(found.producer, agreed.producer)
    )


def _is_read_on_photo(found: Identity, state: AnalysisState) -> bool:
    """Return whether the caption names the thing, and nothing in it reads as an order."""
    caption = state.caption
    seen = f"{caption.visible_text} {caption.sentence}" if caption else ""
    return _is_named(seen, found, state) and not is_instruction(seen)


def _is_named(line: str, found: Identity, state: AnalysisState) -> bool:
    """Return whether a line, with the names given by the user, names the thing."""
    given = state.item.options
    return bool(line.strip()) and _names_both(
        f"{line} {given.producer} {given.model}", found.producer, found.model
    )
