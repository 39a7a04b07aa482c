"""What a thing probably is, before `identify` has decided it: from the titles' consensus, or the caption alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from lens_rx.facts import AnalysisState, Caption, Identity, Match
from lens_rx.matching.consensus import consensus
from lens_rx.matching.stopwords import is_generic
from lens_rx.matching.title_reader import brand_reader
from lens_rx.matching.title_sources import trusted_titles
from lens_rx.matching.title_words import fold, title_segments, words

MAX_NAME_WORDS = 6
#: Runs whose titles' consensus is kept for its second use.
RECENT_CONSENSUSES = 32


def likely_identity(state: AnalysisState) -> Identity | None:
    """Return the identity that is likely from what is known so far, None where nothing tells."""
    if state.matches:
        return consensus_of_titles(trusted_titles(titles_of(state)), state)
    return named_in_caption(state.caption) if state.caption else None


def titles_of(state: AnalysisState) -> list[Match]:
    """Return the photo search's names for what the photos show, as titles without a link, and the matches."""
    if state.matches is None:
        return []
    return [*(Match(label, "") for label in state.matches.labels), *state.matches.matches]


def consensus_of_titles(titles: Sequence[Match], state: AnalysisState) -> Identity | None:
    """Return the identity that the titles agree on; the user's hint counts as a title."""
    options, category = state.item.options, state.caption.category if state.caption else ""
    hint = [Match(options.hint, "")] if options.hint else []
    return _consensus((*titles, *hint), category, options.producer, options.model)


@lru_cache(maxsize=RECENT_CONSENSUSES)
def _consensus(titles: tuple[Match, ...], category: str, producer: str, model: str) -> Identity | None:
    # what is looked up early is named by the same titles, a moment before `identify` asks
    return consensus(titles, category, producer=producer, model=model)


def named_in_caption(caption: Caption) -> Identity | None:
    """Return the name with which the sentence goes on from the first word that is printed on the thing, None without one.

    The name is the words that begin with a capital or hold a digit; the sentence goes on with others, or a comma.
    """
    names = brand_reader()
    printed = names.read(caption.visible_text)
    if not printed:
        return None
    for segment in title_segments(caption.sentence):
        read = names.read(segment)
        at = next((at for at, word in enumerate(read) if word.key == printed[0].key), None)
        if at is None:
            continue
        name = [word.written for word in takewhile(lambda it: _is_part_of_name(it.written), read[at:])]
        if 1 < len(name) <= MAX_NAME_WORDS and not all(is_generic(fold(word)) for word in words(name[1])):
            return Identity(name[0], " ".join(name[1:]), category=caption.category)
    return None


def _is_part_of_name(word: str) -> bool:
    return word[0].isupper() or any(map(str.isdigit, word))
