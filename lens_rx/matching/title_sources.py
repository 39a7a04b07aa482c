"""Who says a title: how many independent sources name a thing, however many pages each of them has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from lens_rx.facts import Match
from lens_rx.matching.brand_hosts import NON_BRAND_HOSTS, host_labels, registrable_domain
from lens_rx.matching.merge_matches import link_key
from lens_rx.matching.stopwords import is_generic
from lens_rx.matching.title_words import alnum_key, fold, words
from lens_rx.parsing.instructions import is_instruction
from lens_rx.parsing.terms import load_lists

_HOSTS = load_lists("lens_rx.matching", "hosts")
#: Sites on which every listing is by somebody else.
_SITES_OF_MANY_AUTHORS = frozenset(
    host for name in ("marketplace", "second-hand", "mixed", "network") for host in _HOSTS[name]
)
#: Characters of a title that are read.
_MAX_TITLE_LENGTH = 200


def trusted_titles(matches: Sequence[Match]) -> list[Match]:
    """Return the matches without those whose titles read as orders to a machine, unless most of them do.

    A book may be called "Ignore Previous Instructions": then most titles say so.
    """
    plain = [match for match in matches if not _is_instruction(match.title)]
    return plain if 2 * len(plain) > len(matches) else list(matches)


@lru_cache(maxsize=1024)
def _is_instruction(title: str) -> bool:
    # titles are read when the thing is named, and again when the name is weighed
    return is_instruction(title)


def source_of(match: Match) -> str:
    """Return whose word a title is: the domain's, on a marketplace the listing's, without a link its own."""
    if not match.link:
        return match.title
    if alnum_key(host_labels(match.link)[0]) in _SITES_OF_MANY_AUTHORS:
        return link_key(match.link)
    return registrable_domain(match.link) or match.link


def sources_of(matches: Iterable[Match]) -> set[str]:
    """Return the independent sources of titles."""
    return {source_of(match) for match in matches}


def rival_sources(name: str, bearing: Iterable[Match], matches: Iterable[Match]) -> int:
    """Return how many other sources share a word that may be a name and is not part of `name`, at most."""
    supporters, own = sources_of(bearing), {alnum_key(word) for word in words(name)}
    others: dict[str, set[str]] = {}
    for match in matches:
        if (source := source_of(match)) not in supporters:
            others.setdefault(source, set()).update(_name_words(match.title))
    votes = Counter(word for found in others.values() for word in found - own)
    return max(votes.values(), default=0)


def is_outvoted(name: str, bearing: Sequence[Match], matches: Iterable[Match]) -> bool:
    """Return whether as many sources, two at least, share another name as bear this one."""
    return rival_sources(name, bearing, matches) >= max(2, len(sources_of(bearing)))


def _name_words(title: str) -> set[str]:
    """Return the keys of the words that may be a producer's name: capitalised, without digits, not generic."""
    return {
        alnum_key(word)
        for word in words(title[:_MAX_TITLE_LENGTH])
        if not word.islower() and may_begin_name(fold(word)) and alnum_key(word) not in NON_BRAND_HOSTS
    }


def may_begin_name(word: str) -> bool:
    """Return whether a name may begin with a folded word: not generic, no digits, more than one letter."""
    return not (is_generic(word) or any(c.isdigit() for c in word) or len(word) < 2)
