"""Whether the evidence supports the name that a language model gives a thing."""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.facts import AnalysisState, Decider, Identity
from lens_rx.matching.brand_hosts import NON_BRAND_HOSTS
from lens_rx.matching.name_cleanup import cleaned_name
from lens_rx.matching.stopwords import is_generic
from lens_rx.matching.title_words import alnum_key, contains_words, fold, words

#: Number of titles from which one title alone is not enough.
MIN_TITLES = 4


def verified(producer: str, model: str, state: AnalysisState, agreed: Identity | None) -> Identity | None:
    """Return the cleaned name as an identity, None where the evidence does not support it.

    A single line must contain both names: a title, the text on the thing, or the user's words. Against
    another producer by consensus it needs half of the consensus' support, so that neither an injected
    title nor text printed on the thing decides alone. What the user gave is kept, but supports nothing else.
    """
    options = state.item.options
    producer_name = options.producer or " ".join(producer.split())
    found = state.matches
    titles = [*(match.title for match in found.matches), *found.labels] if found else []
    name = options.model or cleaned_name(model, producer_name, titles)
    if not name or not (options.producer or _may_be_producer(producer_name)):
        return None
    bearing = [title for title in titles if _names_both(title, producer_name, name)]
    if not _is_supported(producer_name, name, bearing, state, agreed):
        return None
    return Identity(producer_name, name, tuple(bearing), decider=Decider.MODEL)


def _may_be_producer(producer: str) -> bool:
    """Return whether a name may be a producer's: not generic, no multi-brand shop, at most five words."""
    name_words = [fold(word) for word in words(producer)]
    is_specific = any(not is_generic(word) for word in name_words)
    return 0 < len(name_words) <= 5 and is_specific and alnum_key(producer) not in NON_BRAND_HOSTS


def _names_both(line: str, producer: str, model: str) -> bool:
    return contains_words(producer, line) and contains_words(model, line)


def _is_supported(
    producer: str, model: str, bearing: Sequence[str], state: AnalysisState, agreed: Identity | None
) -> bool:
    if agreed and not _same_producer(producer, agreed.producer):
        return len(bearing) >= max(2, len(agreed.titles) / 2)
    if any(_names_both(line, producer, model) for line in _observed_lines(state)):
        return True
    if agreed and len(bearing) < len(agreed.titles) / 3:
        return False
    exact = any(
        match.exact and match.title in bearing for match in (state.matches.matches if state.matches else ())
    )
    titles = len(state.matches.matches) if state.matches else 0
    return exact or len(bearing) >= (2 if titles >= MIN_TITLES else 1)


def _same_producer(one: str, other: str) -> bool:
    return alnum_key(one) in alnum_key(other) or alnum_key(other) in alnum_key(one)


def _observed_lines(state: AnalysisState) -> list[str]:
    """Return the caption and the user's hint, each as one line with the user's producer and model."""
    options, caption = state.item.options, state.caption
    seen = f"{caption.visible_text} {caption.sentence}" if caption else ""
    return [f"{line} {options.producer} {options.model}" for line in (seen, options.hint) if line.strip()]
