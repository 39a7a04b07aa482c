"""producer: identity -> the producer's own page of the thing, chosen from the links that were found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import unquote, urlsplit

from pydantic import Field

from lens_rx.clients.llm_schemas import ModelAnswer
from lens_rx.clients.protocols import Model, Question, WebSearch
from lens_rx.facts import AnalysisState, Identity, ProducerPage
from lens_rx.facts.errors import NoResults, StageError
from lens_rx.matching.brand_hosts import is_brand_host, is_non_brand_host, owner_domain
from lens_rx.matching.producer_hosts import FoundLinks, doubt_about, may_be_chosen, rank_hosts
from lens_rx.matching.title_match import mismatch
from lens_rx.matching.title_words import alnum_key, contains_words, words
from lens_rx.reactive.stage import StageFunction

MAX_LINKS = 25
#: Pages of other sites that could be the producer's own, beside the best one.
MAX_ALTERNATIVES = 2
#: Age from which matches are a weaker sign of whose a site is: names of hosts change hands.
OLD_MATCHES, OLD_MATCHES_WEIGHT = timedelta(days=90), 0.5
#: Share of the model's words that a page must contain.
MIN_WORD_SHARE = 0.6
#: Sections of a producer's site without products.
_NON_SHOP_SECTION = re.compile(
    r"^(?:help|support|service|community|forum|blog|news|press|careers|jobs|investors?)\."
    r"|/(?:help|support|manuals?|downloads?|community|forum|blog|news|press|stories|careers)(?:/|$)",
    re.IGNORECASE,
)
_FILE_EXTENSION = re.compile(r"\.(?:pdf|jpe?g|png|webp|gif|zip|docx?)$", re.IGNORECASE)
TASK = """\
Below are numbered links. Which one is the page of this very thing on its producer's own website: not a
shop that sells many brands, not a marketplace, not a review? Answer with its number, or 0 for none."""


class ChoiceAnswer(ModelAnswer):
    """What the model is asked to fill in."""

    link: int = Field(description="number of the link, 0 where none is the producer's own page")


def producer(search: WebSearch, model: Model | None) -> StageFunction[ProducerPage]:
    """Return the stage's function: one `ProducerPage`, from a web search and the matches of the photo.

    A page on a host named after the producer is taken, of several such hosts the one that most sources lead to;
    only without one is the model asked to choose, among the hosts that the evidence leaves. A failed search is
    ignored where the matches already contain the page. Raises `NoResults` where there is no such page, and the
    failure of the search or the model where it could not be asked.
    """

    async def find_page(state: AnalysisState) -> ProducerPage:
        assert state.identity is not None
        found = _matches_of(state)
        try:
            answer = await search.search(query_of(state.identity), state.item.options.country)
        except StageError:
            if own := own_page(state.identity, found):
                return own
            raise
        found = replace(found, results=answer.results)
        page = own_page(state.identity, found)
        page = page or (await _chosen_by_model(model, state.identity, found) if model else None)
        if page is None:
            raise NoResults("No page of the producer itself was found.")
        return page

    return find_page


def _matches_of(state: AnalysisState) -> FoundLinks:
    if state.matches is None:
        return FoundLinks()
    read_at = state.matches.observed_at
    is_old = read_at is not None and datetime.now(UTC) - read_at > OLD_MATCHES
    pages = [ProducerPage(match.link, match.title) for match in state.matches.matches]
    return FoundLinks(matches=pages, match_weight=OLD_MATCHES_WEIGHT if is_old else 1.0)


def query_of(identity: Identity) -> str:
    """Return the search query."""
    return f"{identity.producer} {identity.model}"


def best_brand_page(identity: Identity, candidates: Sequence[ProducerPage]) -> ProducerPage | None:
    """Return the best page on a host named after the producer, None where there is none.

    The page must name the model, so neither the front page nor another product is taken. Of several the
    highest ranked is returned, the first of equal ones.
    """
    return max(_brand_pages(identity, candidates), key=partial(_rank, identity), default=None)


def own_page(identity: Identity, found: FoundLinks) -> ProducerPage | None:
    """Return the best page of the host that most speaks for, with the doubt that is left; None where none is named so."""
    named = _brand_pages(identity, found.pages)
    ranked = rank_hosts(identity.producer, [page.link for page in named], found)
    if not ranked:
        return None
    best = [
        max((it for it in named if owner_domain(it.link) == host.domain), key=partial(_rank, identity))
        for host in ranked
    ]
    doubt = doubt_about(ranked)
    others = tuple(page.link for page in best[1 : 1 + MAX_ALTERNATIVES]) if doubt else ()
    return replace(best[0], doubt=doubt, alternatives=others)


def _brand_pages(identity: Identity, candidates: Sequence[ProducerPage]) -> list[ProducerPage]:
    """Return the pages on hosts named after the producer whose title or address names the model."""
    on_brand_hosts = [page for page in candidates if is_brand_host(page.link, identity.producer)]
    return [page for page in on_brand_hosts if _names_model(page, identity)]


def _rank(identity: Identity, page: ProducerPage) -> tuple[bool, float, int]:
    """Return the sort key of a page: shop section, share of the name in it, few other words in the title."""
    own_words = alnum_key(query_of(identity))
    other_words = sum(alnum_key(word) not in own_words for word in words(page.title))
    return not _is_non_shop_section(page.link), _word_share(page, identity), -other_words


def _names_model(page: ProducerPage, identity: Identity) -> bool:
    """Return whether a page's title or address names this model and no other variant of it."""
    if _FILE_EXTENSION.search(urlsplit(page.link).path) or _word_share(page, identity) < MIN_WORD_SHARE:
        return False
    return any(not mismatch(f"{identity.producer} {it}", identity) for it in _title_and_path(page))


def _word_share(page: ProducerPage, identity: Identity) -> float:
    """Return the share of the model's words that are in the page's title or in its address."""
    model_words = words(identity.model)
    return max(
        sum(contains_words(word, it) for word in model_words) / max(len(model_words), 1)
        for it in _title_and_path(page)
    )


def _title_and_path(page: ProducerPage) -> tuple[str, str]:
    return page.title, re.sub(r"[-_/.+]", " ", unquote(urlsplit(page.link).path))


def _is_non_shop_section(link: str) -> bool:
    parts = urlsplit(link)
    return (
        _NON_SHOP_SECTION.search(parts.hostname or "") is not None
        or _NON_SHOP_SECTION.search(parts.path) is not None
    )


async def _chosen_by_model(model: Model, identity: Identity, found: FoundLinks) -> ProducerPage | None:
    """Return the page that the model chooses of those that the evidence leaves, None where it leaves none."""
    allowed = [
        page
        for page in {page.link: page for page in found.pages if not is_non_brand_host(page.link)}.values()
        if may_be_chosen(page, identity.producer, found) and _names_model(page, identity)
    ][:MAX_LINKS]
    if not allowed:
        return None
    lines = [f"{n}. {' '.join(page.title.split())} | {page.link}" for n, page in enumerate(allowed, 1)]
    evidence = "\n".join([f"thing: {query_of(identity)}", *lines])
    chosen = (await model.complete(Question(TASK, ChoiceAnswer, evidence=evidence))).value.link
    if not 0 < chosen <= len(allowed):
        return None
    page = allowed[chosen - 1]
    return replace(page, doubt=f"{owner_domain(page.link)} only resembles the producer's name.")
