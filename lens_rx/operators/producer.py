"""producer: identity -> the producer's own page of the thing, chosen from links that were found."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import Field

from lens_rx.clients.llm_schemas import ModelAnswer
from lens_rx.clients.protocols import Model, Question, WebSearch
from lens_rx.facts import AnalysisState, Identity, ProducerPage
from lens_rx.facts.errors import NoResults, StageError
from lens_rx.matching.brand_hosts import is_brand_host, is_non_brand_host, resembles_brand
from lens_rx.matching.title_match import mismatch
from lens_rx.matching.title_words import alnum_key, contains_words, words
from lens_rx.reactive.stage import Operator, single_fact

FindPage = Callable[[AnalysisState], Coroutine[Any, Any, ProducerPage]]

LINKS_ASKED = 25
#: Share of the model's words that a page must name.
LEAST_SHARE = 0.6
#: Parts of a producer's site that sell nothing, and files that are no page.
_ASIDE = re.compile(
    r"^(?:help|support|service|community|forum|blog|news|press|careers|jobs|investors?)\."
    r"|/(?:help|support|manuals?|downloads?|community|forum|blog|news|press|stories|careers)(?:/|$)",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|webp|gif|zip|docx?)$", re.IGNORECASE)
TASK = """\
Below are numbered links. Which one is the page of this very thing on its producer's own website: not a
shop that sells many brands, not a marketplace, not a review? Answer with its number, or 0 for none."""


class ChoiceAnswer(ModelAnswer):
    """What the model is asked to fill in."""

    link: int = Field(description="number of the link, 0 where none is the producer's own page")


def page_found_by(search: WebSearch, model: Model | None) -> FindPage:
    """Return the look-up of the producer's page: a web search and the look-alikes, then a choice.

    A host that bears the producer's name decides; only where there is none is the model asked. A search
    that fails does not matter where the look-alikes already show the page. Raises `NoResults` where there is
    none, and what the search or the model failed with where it could not be asked.
    """

    async def find(known: AnalysisState) -> ProducerPage:
        assert known.identity is not None
        seen = [ProducerPage(m.link, m.title) for m in (known.matches.matches if known.matches else ())]
        try:
            found = await search.search(query_of(known.identity), known.item.options.country)
        except StageError:
            if own := own_page(known.identity, seen):
                return own
            raise
        candidates = [ProducerPage(result.link, result.title) for result in found] + seen
        page = own_page(known.identity, candidates)
        page = page or (await _chosen(model, known.identity, candidates) if model else None)
        if page is None:
            raise NoResults("No page of the producer itself was found.")
        return page

    return find


def producer(find: FindPage) -> Operator:
    """Return the operator: one `ProducerPage`, or `NoResults`."""
    return single_fact(find)


def query_of(identity: Identity) -> str:
    """Return what is typed into the search."""
    return f"{identity.producer} {identity.model}"


def own_page(identity: Identity, candidates: Sequence[ProducerPage]) -> ProducerPage | None:
    """Return the best page on a host that bears the producer's name, None where there is none.

    The page must name the model: a producer's front page or another thing of his is not the page. Where
    several do, the first that is about the thing and nothing beside it.
    """
    own = [page for page in candidates if is_brand_host(page.link, identity.producer)]
    named = [page for page in own if _names(page, identity)]
    return max(named, key=partial(_fitness, identity), default=None)


def _fitness(identity: Identity, page: ProducerPage) -> tuple[bool, float, int]:
    """Return what makes one page of the thing better than another: it sells, names more of it, and less beside."""
    own = alnum_key(query_of(identity))
    beside = sum(alnum_key(word) not in own for word in words(page.title))
    return not _is_aside(page.link), _share(page, identity), -beside


def _names(page: ProducerPage, identity: Identity) -> bool:
    """Tell whether a page's title or address names the very model, and no other variant of it."""
    if _FILE.search(urlsplit(page.link).path) or _share(page, identity) < LEAST_SHARE:
        return False
    return any(not mismatch(f"{identity.producer} {it}", identity) for it in _spoken(page))


def _share(page: ProducerPage, identity: Identity) -> float:
    """Return the share of the model's words that stand in the page's title, or in its address."""
    wanted = words(identity.model)
    return max(sum(contains_words(word, it) for word in wanted) / max(len(wanted), 1) for it in _spoken(page))


def _spoken(page: ProducerPage) -> tuple[str, str]:
    return page.title, re.sub(r"[-_/.+]", " ", unquote(urlsplit(page.link).path))


def _is_aside(link: str) -> bool:
    parts = urlsplit(link)
    return _ASIDE.search(parts.hostname or "") is not None or _ASIDE.search(parts.path) is not None


async def _chosen(
    model: Model, identity: Identity, candidates: Sequence[ProducerPage]
) -> ProducerPage | None:
    """Return the page that the model chooses, where its host has to do with the producer and it names the thing."""
    unique = list({page.link: page for page in candidates if not is_non_brand_host(page.link)}.values())[
        :LINKS_ASKED
    ]
    if not unique:
        return None
    lines = [f"{n}. {' '.join(page.title.split())} | {page.link}" for n, page in enumerate(unique, 1)]
    evidence = "\n".join([f"thing: {query_of(identity)}", *lines])
    chosen = (await model.complete(Question(TASK, ChoiceAnswer, evidence=evidence))).value.link
    page = unique[chosen - 1] if 0 < chosen <= len(unique) else None
    return page if page and resembles_brand(page.link, identity.producer) and _names(page, identity) else None
