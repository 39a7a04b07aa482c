from __future__ import annotations

from typing import Any

import pytest

from lens_rx.clients.http.fetcher import HttpFetcher
from lens_rx.facts import Identity, Outcome
from lens_rx.facts.errors import Blocked, PolicyError, StageTimeout, UpstreamError
from lens_rx.parsing.blocking import PageVerdict, classify_page
from lens_rx.parsing.marketplaces import MARKETPLACES, Marketplace
from lens_rx.parsing.product.reader import product_from_html
from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.faults import Block, Fault, Faults, MarketplaceFault
from lens_rx.sandbox.server import Sandbox
from lens_rx.settings import Settings

THINGS = [thing for thing in catalogue().things if thing.shop and thing.retail and thing.listings]


def fetching(sandbox: Sandbox, **settings: Any) -> HttpFetcher:
    return HttpFetcher(Settings(cooldown_seconds=0, **settings), sandbox.endpoints)


def search_of(market: Marketplace, thing: Thing) -> str:
    return market.search_url(Identity(thing.producer, thing.model), "DE")


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.id)
async def test_shop(sandbox: Sandbox, thing: Thing):
    """A shop's page, with its cookie banner and its traps, is read by plain HTTP and taken for no wall."""
    async with fetching(sandbox) as fetch:
        page = await fetch.read(thing.product_url)
    assert (page.url, page.status) == (thing.product_url, 200)
    product = product_from_html(page.html, page.url)
    assert product.name == thing.original_name
    assert thing.retail is not None
    assert (product.price, product.currency) == (thing.retail.amount, thing.retail.currency)


@pytest.mark.parametrize("market", MARKETPLACES, ids=lambda market: market.name)
async def test_drifted_market(sandbox: Sandbox, market: Marketplace):
    """A marketplace that answers in a form nobody knows is read, and judged as drift."""
    sandbox.fault_injector.current = Faults(marketplace=MarketplaceFault(drift=True))
    async with fetching(sandbox) as fetch:
        page = await fetch.read(search_of(market, THINGS[0]))
    assert classify_page(page.html, page.url, page.status).outcome is Outcome.DRIFT


@pytest.mark.parametrize("block", Block)
@pytest.mark.parametrize("market", MARKETPLACES, ids=lambda market: market.name)
async def test_walled_market(sandbox: Sandbox, market: Marketplace, block: Block):
    """A marketplace's wall is recognised as the one it is."""
    sandbox.fault_injector.current = Faults(marketplace=MarketplaceFault(block=block))
    async with fetching(sandbox) as fetch:
        with pytest.raises(Blocked) as raised:
            await fetch.read(search_of(market, THINGS[0]))
    assert raised.value.wall == block.value


@pytest.mark.parametrize("block", [Block.CONSENT, Block.CAPTCHA, Block.SHELL, Block.PARDON])
async def test_walled_shop(sandbox: Sandbox, block: Block):
    """A shop's wall is recognised as the one it is."""
    sandbox.fault_injector.current = Faults(shop=Fault(block=block))
    async with fetching(sandbox) as fetch:
        with pytest.raises(Blocked) as raised:
            await fetch.read(THINGS[0].url)
    assert raised.value.wall == block.value


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(hang=True), StageTimeout),
        (Fault(delay=30), StageTimeout),
        (Fault(drip=50), StageTimeout),
        (Fault(close=True), UpstreamError),
        (Fault(status=500), UpstreamError),
        (Fault(status=403), Blocked),
        (Fault(status=429), Blocked),
        (Fault(huge=20), PolicyError),
    ],
    ids=repr,
)
async def test_fault(sandbox: Sandbox, fault: Fault, error: type[Exception]):
    """Every fault of a shop ends in its own type of error, within the deadline."""
    sandbox.fault_injector.current = Faults(shop=fault)
    async with fetching(sandbox, page_deadline_seconds=1.0) as fetch:
        with pytest.raises(error):
            await fetch.read(THINGS[0].url)


@pytest.mark.parametrize("market", MARKETPLACES, ids=lambda market: market.name)
async def test_healthy_market(sandbox: Sandbox, market: Marketplace):
    """What a marketplace serves to a client without script is its results, or a frame for scripts."""
    async with fetching(sandbox) as fetch:
        try:
            page = await fetch.read(search_of(market, THINGS[0]))
            found = classify_page(page.html, page.url, page.status)
        except Blocked as blocked:
            found = PageVerdict(Outcome.BLOCKED, blocked.wall)
    assert found in (
        PageVerdict(Outcome.OK),
        PageVerdict(Outcome.EMPTY),
        PageVerdict(Outcome.BLOCKED, "shell"),
    )
