"""Which of several hosts is the producer's own, and how sure that is.

A look-alike may have the name in its host and a tidy title, so what counts is what others say of a host: a web
search, the photo's matches, the texts of other sites, and the host's place in the search.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lens_rx.facts import ProducerPage, SearchResult
from lens_rx.matching.brand_hosts import (
    is_brand_name,
    is_lent_host,
    is_part_of_brand,
    owner_domain,
    public_suffix,
    resembles_brand,
)
from lens_rx.parsing.instructions import is_instruction

#: What each sign adds; a host counts as sure where it has this much more than any other that bears the name alone.
_NAME, _NAME_AND_MORE, _AGREEMENT, _USUAL_SUFFIX, _FIRST_PLACE = 2.0, 0.75, 1.0, 0.5, 0.5
SURE_MARGIN = 1.0
_USUAL_SUFFIXES = frozenset({"com", "net", "org", "co"})


@dataclass(frozen=True, slots=True)
class FoundLinks:
    """What a producer's page is looked for in: the results of a web search, and the pages of the photo's matches.

    `match_weight` is 1 for matches of today, less for those that were read long ago.
    """

    results: Sequence[SearchResult] = ()
    matches: Sequence[ProducerPage] = ()
    match_weight: float = 1.0

    @property
    def pages(self) -> list[ProducerPage]:
        """All pages, those of the search first."""
        return [ProducerPage(it.link, it.title) for it in self.results] + list(self.matches)


@dataclass(frozen=True, slots=True)
class HostStanding:
    """What speaks for a host: its domain, `score`, how many sources `agree` on it, and what is against it."""

    domain: str
    score: float
    agreeing: int
    bears_name: bool
    lent: bool

    @property
    def weakness(self) -> str:
        """Why the host alone does not tell that it is the producer's, for the user; "" where it does."""
        if self.lent:
            return f"Anybody can open a shop on the platform of {self.domain}."
        if not self.bears_name and self.agreeing < 2:
            return f"The producer's name is only a part of {self.domain}."
        if self.agreeing < 2 and not _is_usual(self.domain):
            return f"Only one source leads to {self.domain}."
        return ""


def rank_hosts(producer: str, links: Sequence[str], found: FoundLinks) -> list[HostStanding]:
    """Return the standing of the hosts of `links`, all named after the producer, best first, each domain once."""
    domains = dict.fromkeys(map(owner_domain, links))
    ranked = [_standing(producer, domain, found) for domain in domains]
    return sorted(ranked, key=lambda it: -it.score)


def doubt_about(ranked: Sequence[HostStanding]) -> str:
    """Return why it is not sure that the first host is the producer's, for the user; "" where it is."""
    best = ranked[0]
    rivals = [
        it.domain
        for it in ranked[1:]
        if it.score > best.score - SURE_MARGIN and (not it.weakness or best.weakness)
    ]
    if rivals:
        return f"Several sites could be the producer's own: {', '.join([best.domain, *rivals[:2]])}."
    return best.weakness


def may_be_chosen(page: ProducerPage, producer: str, found: FoundLinks) -> bool:
    """Return whether a model may choose a page whose host only resembles the producer's name.

    Hosts that add words to the name need two sources that agree; a page whose title or snippet reads as an
    order, and one on a platform that anybody can open a shop on, may not be chosen.
    """
    if is_lent_host(page.link) or not resembles_brand(page.link, producer):
        return False
    texts = [f"{it.title} {it.snippet}" for it in found.results if it.link == page.link]
    if any(map(is_instruction, (page.title, *texts))):
        return False
    return is_part_of_brand(page.link, producer) or len(_agreeing(owner_domain(page.link), found)) > 1


def vouched_for(links: Sequence[str], claims: Sequence[Collection[str]]) -> int | None:
    """Return which of some sites' pages another one of them names as its own site's, the first of several.

    `claims` are the hosts that each page claims. A copy of a page often names the site that it was copied from,
    and a producer's sites name each other; no producer's page names a look-alike.
    """
    domains = [owner_domain(link) for link in links]
    named = [{owner_domain(f"https://{host}/") for host in hosts} for hosts in claims]
    vouched = (
        at
        for at, domain in enumerate(domains)
        if any(domain in hosts for other, hosts in enumerate(named) if domains[other] != domain)
    )
    return next(vouched, None)


def _standing(producer: str, domain: str, found: FoundLinks) -> HostStanding:
    link = f"https://{domain}/"
    lent, bears_name = is_lent_host(link), is_brand_name(link, producer)
    agreeing = _agreeing(domain, found)
    places = list(dict.fromkeys(owner_domain(it.link) for it in found.results))
    score = _NAME if bears_name and not lent else _NAME_AND_MORE
    score += _AGREEMENT * sum(found.match_weight if kind == "matches" else 1.0 for kind in agreeing)
    score += _USUAL_SUFFIX * _is_usual(domain)
    score += _FIRST_PLACE / (1 + places.index(domain)) if domain in places else 0.0
    return HostStanding(domain, score, len(agreeing), bears_name, lent)


def _agreeing(domain: str, found: FoundLinks) -> list[str]:
    """Return the kinds of source that lead to a domain: the search, the matches, what other sites write."""
    in_search = any(owner_domain(it.link) == domain for it in found.results)
    in_matches = any(owner_domain(it.link) == domain for it in found.matches)
    mention = re.compile(rf"(?<![\w.@-]){re.escape(domain)}(?![\w-]|\.\w)", re.IGNORECASE)
    mentioned = any(
        mention.search(it.snippet) and owner_domain(it.link) != domain and not is_instruction(it.snippet)
        for it in found.results
    )
    kinds = {"search": in_search, "matches": in_matches, "texts": mentioned}
    return [kind for kind, is_so in kinds.items() if is_so]


def _is_usual(domain: str) -> bool:
    """Return whether a domain ends as most producers' do: .com and a few more, a country's, or none at all."""
    suffix = public_suffix(domain).rpartition(".")[2]
    return suffix in _USUAL_SUFFIXES or len(suffix) <= 2
