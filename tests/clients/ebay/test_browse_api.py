"""The Browse API as a source of offers, against a stand-in as strict as its documentation."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from ebay_stand_in import CLIENT_ID, SECRET, EbayStandIn, failure, summary
from pydantic import SecretStr

from lens_rx.clients.ebay.application_token import ApplicationToken
from lens_rx.clients.ebay.browse_api import MAX_OFFERS, BrowseApi
from lens_rx.clients.http.api_client import ApiClient
from lens_rx.facts import Condition, Identity
from lens_rx.facts.errors import Blocked, NoResults, ParseError, StageError, StageTimeout, UpstreamError
from lens_rx.settings import Settings

CAMERA = Identity("Canon", "AE-1")


@pytest.fixture
def ebay() -> EbayStandIn:
    return EbayStandIn()


@pytest.fixture
async def address(ebay: EbayStandIn) -> AsyncIterator[str]:
    async with TestServer(ebay.app()) as server:
        yield str(server.make_url("")).rstrip("/")


def configured(**changes: Any) -> Settings:
    keys = {"ebay_client_id": CLIENT_ID, "ebay_client_secret": SecretStr(SECRET)}
    return Settings(**(keys | {"page_deadline_seconds": 5.0} | changes))


@pytest.fixture
async def api(address: str) -> AsyncIterator[BrowseApi]:
    api = BrowseApi(configured(), address)
    yield api
    await api.aclose()


async def test_an_item_becomes_an_offer(ebay: EbayStandIn, api: BrowseApi):
    """Price, condition by id, shipping, address without its tracking."""
    ebay.items = [summary()]
    (offer,) = await api.find(CAMERA, "DE")
    assert (offer.id, offer.link) == ("110000000001", "https://www.ebay.de/itm/110000000001")
    assert (offer.price, offer.currency, offer.shipping) == (Decimal("89.90"), "EUR", Decimal("5.49"))
    assert (offer.condition, offer.condition_text) == (Condition.USED, "Gebraucht")
    assert (offer.marketplace, offer.sold, offer.bids, offer.best_offer) == ("ebay", False, None, True)


@pytest.mark.parametrize(
    ("changes", "price", "bids"),
    [
        ({"buyingOptions": ["AUCTION"], "bidCount": 3, "price": None}, "12.00", 3),
        ({"buyingOptions": ["AUCTION", "FIXED_PRICE"], "bidCount": 0}, "89.90", None),
        ({"buyingOptions": ["AUCTION"], "bidCount": 0, "price": None}, "12.00", 0),
    ],
)
async def test_auctions_are_told_apart(
    ebay: EbayStandIn, api: BrowseApi, changes: dict[str, Any], price: str, bids: int | None
):
    """An auction is offered at its bid, unless it can be bought at once."""
    ebay.items = [summary(currentBidPrice={"value": "12.00", "currency": "EUR"}, **changes)]
    (offer,) = await api.find(CAMERA, "DE")
    assert (offer.price, offer.bids) == (Decimal(price), bids)


@pytest.mark.parametrize(("country", "marketplace"), [("DE", "EBAY_DE"), ("GB", "EBAY_GB"), ("", "EBAY_US")])
async def test_the_countrys_site_is_asked(ebay: EbayStandIn, api: BrowseApi, country: str, marketplace: str):
    """The header names the site that serves the country, and only what had an owner is asked for."""
    ebay.items = [summary()]
    await api.find(CAMERA, country)
    (asked,) = ebay.searches
    assert asked.headers["X-EBAY-C-MARKETPLACE-ID"] == marketplace
    assert asked.query["q"] == "Canon AE-1"
    assert "1000" not in asked.query["filter"]
    assert "|3000|" in asked.query["filter"]


async def test_a_long_name_is_cut_between_words(ebay: EbayStandIn, api: BrowseApi):
    """The API takes 100 characters; a longer search is cut where a word ends."""
    ebay.items = [summary()]
    await api.find(Identity("Canon", "word " * 40), "DE")
    asked = ebay.searches[0].query["q"]
    assert len(asked) <= 100
    assert set(asked.split()) == {"Canon", "word"}


async def test_one_token_serves_all_calls(ebay: EbayStandIn, api: BrowseApi):
    """Calls side by side and one after another share a token until it expires."""
    ebay.items = [summary()]
    await asyncio.gather(*(api.find(CAMERA, "DE") for _ in range(5)))
    await api.find(CAMERA, "DE")
    assert (ebay.minted, len(ebay.searches)) == (1, 6)


async def test_a_token_is_renewed_before_it_ends(ebay: EbayStandIn, address: str):
    """A token is used until shortly before its end, then another is minted."""
    now = 1000.0
    official = ApiClient("eBay's API", 5.0, 10_000)
    token = ApplicationToken(CLIENT_ID, SecretStr(SECRET), address, official, lambda: now)
    async with aiohttp.ClientSession() as session:
        first = await token.get(session)
        now += ebay.lifetime - 61
        assert await token.get(session) == first
        now += 2
        assert await token.get(session) != first


async def test_a_revoked_token_is_replaced_once(ebay: EbayStandIn, api: BrowseApi):
    """A token that eBay no longer takes is replaced and the search made again."""
    ebay.items = [summary()]
    await api.find(CAMERA, "DE")
    ebay.revoke()
    assert len(await api.find(CAMERA, "DE")) == 1
    assert ebay.minted == 2


async def test_a_short_limit_is_waited_for(ebay: EbayStandIn, api: BrowseApi):
    """Told to come again at once, the search comes again."""
    ebay.items = [summary()]
    ebay.before = lambda n: (
        failure(429, 2001, "ACCESS", "Too many requests", **{"Retry-After": "0"}) if n == 1 else None
    )
    assert len(await api.find(CAMERA, "DE")) == 1


async def test_calls_side_by_side_replace_a_revoked_token_once(ebay: EbayStandIn, api: BrowseApi):
    """Whoever is refused second finds the new token already there."""
    ebay.items = [summary()]
    await api.find(CAMERA, "DE")
    ebay.revoke()
    await asyncio.gather(*(api.find(CAMERA, "DE") for _ in range(4)))
    assert ebay.minted == 2


@pytest.mark.parametrize(
    ("wait", "calls"), [(timedelta(seconds=-5), 2), (timedelta(seconds=1), 2), (timedelta(hours=1), 1)]
)
async def test_a_limit_until_a_date_is_understood(
    ebay: EbayStandIn, api: BrowseApi, wait: timedelta, calls: int
):
    """`Retry-After` may be a date: a near one is waited for, a far one ends the search."""
    ebay.items = [summary()]
    date = format_datetime(datetime.now(UTC) + wait, usegmt=True)
    ebay.before = lambda n: (
        failure(429, 2001, "ACCESS", "Too many requests", **{"Retry-After": date}) if n == 1 else None
    )
    with contextlib.suppress(Blocked):
        await api.find(CAMERA, "DE")
    assert len(ebay.searches) == calls


async def test_a_variant_of_a_group_is_offered_at_its_own_address(ebay: EbayStandIn, api: BrowseApi):
    """An item of a group opens with its variant; its id is the listing's."""
    url = "https://www.ebay.de/itm/110000000001?hash=item1&var=550000000007"
    group = {"itemGroupType": "SELLER_DEFINED_VARIATIONS", "itemId": "v1|110000000001|550000000007"}
    ebay.items = [summary(itemWebUrl=url, legacyItemId=None, **group)]
    (offer,) = await api.find(CAMERA, "DE")
    assert (offer.id, offer.link) == ("110000000001", "https://www.ebay.de/itm/110000000001?var=550000000007")


async def test_the_first_page_is_enough(ebay: EbayStandIn, api: BrowseApi):
    """However many there are, one page of the best matches is asked for, and no more."""
    ebay.items = [summary(number) for number in range(300)]
    offers = await api.find(CAMERA, "DE")
    assert (len(offers), len(ebay.searches)) == (MAX_OFFERS, 1)


@pytest.mark.parametrize(
    ("status", "error", "transient"),
    [(429, Blocked, False), (400, UpstreamError, False), (503, UpstreamError, True)],
)
async def test_a_token_that_is_not_minted_ends_the_search(
    ebay: EbayStandIn, api: BrowseApi, status: int, error: type[StageError], transient: bool
):
    """Without a token nothing is searched; whether another try may help is told."""
    ebay.minting = lambda: web.json_response({"error": "server_error"}, status=status)
    with pytest.raises(error) as raised:
        await api.find(CAMERA, "DE")
    assert (raised.value.transient, ebay.searches) == (transient, [])


@pytest.mark.parametrize(
    ("answer", "error", "transient"),
    [
        (
            lambda: failure(429, 2001, "ACCESS", "Too many requests", **{"Retry-After": "3600"}),
            Blocked,
            False,
        ),
        (lambda: failure(429, 2001, "ACCESS", "Too many requests"), Blocked, False),
        (lambda: failure(401, 1001, "OAuth", "Invalid access token"), UpstreamError, False),
        (lambda: failure(403, 1100, "OAuth", "Access denied"), UpstreamError, False),
        (lambda: failure(400, 12004, "API_BROWSE", "filter"), UpstreamError, False),
        (lambda: failure(500, 11001, "API_BROWSE", "Internal error"), UpstreamError, True),
        (lambda: web.Response(status=503), UpstreamError, True),
        (lambda: web.Response(status=302, headers={"Location": "/elsewhere"}), UpstreamError, False),
        (lambda: web.Response(text="<html>"), ParseError, False),
        (lambda: web.json_response({"total": 3}), ParseError, False),
        (lambda: web.json_response({"total": 1, "itemSummaries": [{"itemId": "v1|1|0"}]}), ParseError, False),
    ],
)
async def test_refusals_end_in_their_type(
    ebay: EbayStandIn, api: BrowseApi, answer: Any, error: type[StageError], transient: bool
):
    """Each refusal of the API is an error of its type, which says whether a retry may help."""
    ebay.before = lambda _: answer()
    with pytest.raises(error) as raised:
        await api.find(CAMERA, "DE")
    assert raised.value.transient is transient
    assert SECRET not in str(raised.value)


async def test_nothing_found_is_verified(ebay: EbayStandIn, api: BrowseApi):
    """A search that counts no items says that there is nothing."""
    ebay.items = []
    with pytest.raises(NoResults):
        await api.find(CAMERA, "DE")


async def test_wrong_keys_are_refused(ebay: EbayStandIn, address: str):
    """Keys that eBay does not know end the search, and are not repeated in the message."""
    api = BrowseApi(configured(ebay_client_secret=SecretStr("wrong-secret")), address)
    with pytest.raises(UpstreamError) as raised:
        await api.find(CAMERA, "DE")
    await api.aclose()
    assert "wrong-secret" not in str(raised.value)
    assert not ebay.searches


async def test_a_silent_server_misses_the_deadline(ebay: EbayStandIn, address: str):
    """An answer that does not come ends the search at its deadline."""
    release = asyncio.Event()

    async def silent(_: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", silent)
    async with TestServer(app) as server:
        api = BrowseApi(configured(page_deadline_seconds=0.2), str(server.make_url("")).rstrip("/"))
        with pytest.raises(StageTimeout):
            await api.find(CAMERA, "DE")
        release.set()
        await api.aclose()


async def test_a_server_that_is_away_may_come_back():
    """A connection that is refused is worth another try."""
    async with TestServer(web.Application()) as server:
        gone = str(server.make_url("")).rstrip("/")
    api = BrowseApi(configured(), gone)
    with pytest.raises(UpstreamError) as raised:
        await api.find(CAMERA, "DE")
    await api.aclose()
    assert raised.value.transient
