"""Whether the evidence carries the name that a model gives a thing, whatever led the model to it."""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.facts import AnalysisState, Decider, Identity
from lens_rx.matching.brand_hosts import NON_BRAND_HOSTS
from lens_rx.matching.name_cleanup import cleaned_name
from lens_rx.matching.stopwords import is_generic
from lens_rx.matching.title_words import alnum_key, contains_words, fold, words

#: From so many titles on, one alone is no evidence.
MIN_TITLES = 4


def verified(producer: str, model: str, state: AnalysisState, agreed: Identity | None) -> Identity | None:
    """Return the name as an identity, without noise, None where it is not carried by the evidence.

    One line has to bear both names: a title, what is seen on the thing, or the user's words. Against what the
    titles agree on it must have half of their support, so that neither a title that gives orders nor a text
    printed on the thing decides alone. What the user gave stands, and is evidence of nothing else.
    """
    options = state.item.options
    maker = options.producer or " ".join(producer.split())
    titles = [match.title for match in state.matches.matches] if state.matches else []
    name = options.model or cleaned_name(model, maker, titles)
    if not name or not (options.producer or _may_be_producer(maker)):
        return None
    bearing = [title for title in titles if _names_both(title, maker, name)]
    if not _is_supported(maker, name, bearing, state, agreed):
        return None
    return Identity(maker, name, tuple(bearing), decider=Decider.MODEL)


def _may_be_producer(producer: str) -> bool:
    """Tell a name that may be a producer's from a kind of thing, a colour, a shop of many brands, a whole title."""
    spoken = [fold(word) for word in words(producer)]
    telling = any(not is_generic(word) for word in spoken)
    return 0 < len(spoken) <= 5 and telling and alnum_key(producer) not in NON_BRAND_HOSTS


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
    """Return what was seen on the thing and what the user says of it, each as one line."""
    options, caption = state.item.options, state.caption
    seen = f"{caption.visible_text} {caption.sentence}" if caption else ""
    return [f"{line} {options.producer} {options.model}" for line in (seen, options.hint) if line.strip()]
