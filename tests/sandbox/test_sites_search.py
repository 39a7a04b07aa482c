"""The web search of the sandbox: gated as Lens is, with ads and resellers among producers."""

from __future__ import annotations

import pytest
from sandbox_web import Answer, Visitor
from yarl import URL

from lens_rx.sandbox.catalogue import Thing, catalogue

SEARCH = "http://search.sandbox.test/search"


async def searched(visitor: Visitor, **query: str) -> Answer:
    """Return the results for a visitor who has passed the walls."""
    await visitor.consent()
    return await visitor.prove(await visitor.get(SEARCH, **query))


def organic(answer: Answer) -> list[str]:
    """Return the links that carry a result's own heading."""
    return [str(link.attributes["href"]) for link in answer.tree.css("#rso a") if link.css_first("h3")]


async def test_a_stranger_meets_consent_then_the_shell(visitor: Visitor):
    """The first search leads to the wall of consent, the next one to the shell, the third to results."""
    assert URL((await visitor.get(SEARCH, q="x")).url).host == "consent.sandbox.test"
    await visitor.consent()
    shell = await visitor.get(SEARCH, q="norrvik fjell parka")
    assert not organic(shell)
    assert organic(await visitor.prove(shell))


async def test_every_producer_is_found(visitor: Visitor):
    """A search for a thing with a page of its own shows that page among the first results."""
    await visitor.consent()
    await visitor.prove(await visitor.get(SEARCH, q="x"))
    sold = [thing for thing in catalogue() if thing.shop]
    for thing in sold:
        results = organic(await visitor.get(SEARCH, q=f"{thing.producer} {thing.model}"))
        assert thing.url in results[:6], thing.id


async def test_resellers_come_first_for_some(visitor: Visitor):
    """The first organic result is not always the producer's page, so that rank alone misleads."""
    await visitor.consent()
    await visitor.prove(await visitor.get(SEARCH, q="x"))
    firsts = {
        organic(await visitor.get(SEARCH, q=f"{thing.producer} {thing.model}"))[0] == thing.url
        for thing in catalogue()
        if thing.shop
    }
    assert firsts == {True, False}


async def test_ads_stand_apart(visitor: Visitor):
    """Paid links stand above the results, marked as such, without a result's heading."""
    answer = await searched(visitor, q="Norrvik Fjell Parka")
    ads = answer.tree.css("#tads [data-text-ad] a[href]")
    assert ads
    assert not any(ad.css_first("h3") for ad in ads)
    assert "Sponsored" in answer.tree.css_first("#tads").text()


@pytest.mark.parametrize("query", ["qqzzx vvwwk", '"a phrase that nobody wrote"'])
async def test_nothing_found_is_said(visitor: Visitor, query: str):
    """A search without results names the query and says that nothing matched."""
    answer = await searched(visitor, q=query)
    assert not organic(answer)
    assert answer.tree.css_first("#botstuff p[role=heading] em").text() == query
    assert "did not match any documents" in answer.text


@pytest.mark.parametrize(
    ("query", "kept", "dropped"),
    [
        ("norrvik fjell parka site:norrvik.sandbox.test", "norrvik.sandbox.test", "ebay"),
        ("norrvik fjell parka -ebay", "norrvik.sandbox.test", "ebay"),
    ],
)
async def test_operators_are_understood(visitor: Visitor, query: str, kept: str, dropped: str):
    """`site:` and a leading minus narrow the results."""
    hosts = [str(URL(link).host) for link in organic(await searched(visitor, q=query))]
    assert any(kept in host for host in hosts)
    assert not any(dropped in host for host in hosts)


async def test_pages_go_on(visitor: Visitor):
    """A second page holds other results than the first."""
    first = await searched(visitor, q="Norrvik")
    second = await visitor.get(SEARCH, q="Norrvik", start="10")
    assert len(organic(first)) == 10
    assert organic(second)
    assert not set(organic(first)) & set(organic(second))


@pytest.mark.parametrize("thing", catalogue().things[:3], ids=lambda thing: thing.id)
async def test_words_of_the_query_are_emphasised(visitor: Visitor, thing: Thing):
    """A snippet marks the query's words, and escapes what it shows."""
    answer = await searched(visitor, q=f"{thing.producer} <b>")
    marks = {mark.text().lower() for mark in answer.tree.css("#rso em")}
    assert marks == {thing.producer.lower()}
    assert "<b>" not in answer.text.replace("<b></b>", "")
