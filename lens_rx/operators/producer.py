"""producer: identity -> the producer's own page of the thing, chosen from links that were found."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from lens_rx.errors import Nothing, StageError
from lens_rx.facts import Identity, Known, ProducerPage
from lens_rx.flow.stage import Operator, awaited
from lens_rx.operators.words import host_labels, letters, words
from lens_rx.seams import Model, Question, WebSearch

FindPage = Callable[[Known], Coroutine[Any, Any, ProducerPage]]

LINKS_ASKED = 25
#: Labels that stand beside a producer's name in hosts of its own.
OWN_LABELS = ("shop", "store", "official", "global", "eu", "us", "uk", "de", "fr", "jp", "int")
TASK = """\
Below are numbered links. Which one is the page of this very thing on its producer's own website: not a
shop that sells many brands, not a marketplace, not a review? Answer with its number, or 0 for none."""


class ChoiceAnswer(BaseModel):
    """What the model is asked to fill in."""

    link: int = Field(description="number of the link, 0 where none is the producer's own page")


def page_found_by(search: WebSearch, model: Model | None) -> FindPage:
    """Return the look-up of the producer's page: a web search and the look-alikes, then a choice.

    A host that bears the producer's name decides; only where there is none is the model asked.
    A failed search does not matter where the look-alikes already show the page.
    """

    async def find(known: Known) -> ProducerPage:
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
            raise Nothing("No page of the producer itself was found.")
        return page

    return find


def producer(find: FindPage) -> Operator:
    """Return the operator: one `ProducerPage`, or `Nothing`."""
    return awaited(find)


def query_of(identity: Identity) -> str:
    """Return what is typed into the search."""
    return f"{identity.producer} {identity.model}"


def own_page(identity: Identity, candidates: Sequence[ProducerPage]) -> ProducerPage | None:
    """Return the best page on a host that bears the producer's name, None where there is none.

    The title must name the model: a producer's front page or another thing of his is not the page.
    """
    own = [page for page in candidates if _is_own(page.link, identity.producer)]
    named = [page for page in own if _named(page, identity) >= 0.6]
    return max(named, key=lambda page: (_named(page, identity), _depth(page.link) > 0), default=None)


def _is_own(link: str, producer: str) -> bool:
    name = letters(producer)
    labels = [letters(label) for label in host_labels(link)]
    around = [name, *(name + own for own in OWN_LABELS), *(own + name for own in OWN_LABELS)]
    return bool(name) and any(label in around for label in labels)


def _named(page: ProducerPage, identity: Identity) -> float:
    """Return the share of the model's words that stand in the page's title or address."""
    wanted = [letters(word) for word in words(identity.model)]
    there = letters(page.title) + letters(urlsplit(page.link).path)
    return sum(word in there for word in wanted) / len(wanted) if wanted else 0.0


def _depth(link: str) -> int:
    return len([part for part in urlsplit(link).path.split("/") if part])


async def _chosen(
    model: Model, identity: Identity, candidates: Sequence[ProducerPage]
) -> ProducerPage | None:
    unique = list({page.link: page for page in candidates}.values())[:LINKS_ASKED]
    if not unique:
        return None
    lines = [f"{n}. {page.title} | {page.link}" for n, page in enumerate(unique, 1)]
    evidence = "\n".join([f"thing: {query_of(identity)}", *lines])
    try:
        answer = await model.ask(Question(TASK, ChoiceAnswer, evidence=evidence))
    except StageError:
        return None
    chosen = answer.value.link
    page = unique[chosen - 1] if 0 < chosen <= len(unique) else None
    # a shop that merely sells the thing is named by many links; the model's word must fit the title
    return page if page and _named(page, identity) >= 0.6 else None
