"""Every client of an official search API against its stand-in: what it finds, and how each failure ends."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from PIL import Image
from pydantic import SecretStr

from lens_rx.clients.brave import BraveSearch
from lens_rx.clients.ebay import EbayClient, EbayImageSearch
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.google import CloudVision, CustomSearch
from lens_rx.clients.protocols import ImageMatches, SearchAnswer
from lens_rx.facts import MatchKind, Photo
from lens_rx.facts.errors import (
    Blocked,
    Discontinued,
    KeyRefused,
    NoResults,
    ParseError,
    StageError,
    StageTimeout,
    UpstreamError,
)
from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.endpoints import API_KEYS
from lens_rx.sandbox.faults import Faults
from lens_rx.sandbox.photos import ENCODINGS, take_photo
from lens_rx.sandbox.server import Sandbox
from lens_rx.settings import Settings

THING = next(it for it in catalogue() if it.shop and any(x.marketplace == "ebay" for x in it.listings))
Ask = Callable[[], Awaitable[SearchAnswer | ImageMatches]]


@dataclass
class Supplier:
    """A client, the call that is tested, and the call that finds nothing."""

    client: Any
    ask: Ask
    ask_for_nothing: Ask


def settings_for(source: str, **values: Any) -> Settings:
    return Settings().model_copy(update={**API_KEYS[source], **values})


def web_search(client: Any) -> Supplier:
    query = f"{THING.producer} {THING.model}"
    return Supplier(client, lambda: client.search(query, "DE"), lambda: client.search("zzzz qqqq", ""))


def image_search(client: Any, search: Any, photo: Photo, blank: Photo) -> Supplier:
    return Supplier(client, lambda: search.search_image(photo), lambda: search.search_image(blank))


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox()
    await sandbox.start()
    yield sandbox
    await sandbox.aclose()


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> tuple[Photo, Photo]:
    """Return a photo of the thing, and one of nothing."""
    folder = tmp_path_factory.mktemp("photos")
    (folder / "thing.jpg").write_bytes(take_photo(THING, ENCODINGS[0]))
    Image.new("RGB", (400, 300), "grey").save(folder / "blank.jpg")
    return Photo("1" * 64, folder / "thing.jpg", 10, 10), Photo("2" * 64, folder / "blank.jpg", 400, 300)


SUPPLIERS = ("brave", "google", "vision", "ebay")
SECRETS = [
    it.get_secret_value() for keys in API_KEYS.values() for it in keys.values() if isinstance(it, SecretStr)
]


def open_supplier(name: str, endpoints: Endpoints, photos: tuple[Photo, Photo], **values: Any) -> Supplier:
    settings = settings_for(name, **values)
    if name == "brave":
        return web_search(BraveSearch(settings, endpoints.brave_url))
    if name == "google":
        return web_search(CustomSearch(settings, endpoints.custom_search_url))
    if name == "vision":
        vision = CloudVision(settings, endpoints.vision_url)
        return image_search(vision, vision, *photos)
    ebay = EbayClient(settings, endpoints.ebay_api_url)
    return image_search(ebay, EbayImageSearch(ebay), *photos)


@pytest.fixture(params=SUPPLIERS)
async def supplier(
    request: pytest.FixtureRequest, sandbox: Sandbox, photos: tuple[Photo, Photo]
) -> AsyncIterator[Supplier]:
    opened = open_supplier(request.param, sandbox.endpoints, photos, page_deadline_seconds=5.0)
    yield opened
    await opened.client.aclose()


def let_fail(sandbox: Sandbox, **fault: Any) -> None:
    every = dict.fromkeys(SUPPLIERS, fault)
    sandbox.fault_injector.current = Faults.model_validate(every)


async def test_the_stand_in_takes_every_request(supplier: Supplier):
    """A request has the documented form, and what is found is about the thing."""
    found = await supplier.ask()
    titles = [it.title for it in (found.matches if isinstance(found, ImageMatches) else found.results)]
    assert sum(THING.model in title for title in titles) >= 2
    assert not any(re.search(r"<b>|&amp;", title) for title in titles)


async def test_nothing_is_verified(supplier: Supplier):
    """What the supplier does not know ends as nothing found, or with a name alone."""
    try:
        found = await supplier.ask_for_nothing()
    except NoResults:
        return
    assert isinstance(found, ImageMatches)
    assert not found.matches


FAILURES: dict[str, tuple[dict[str, Any], type[StageError], bool]] = {
    "quota": ({"quota": True}, Blocked, False),
    "wrong key": ({"key": "wrong"}, KeyRefused, False),
    "broken": ({"status": 503}, UpstreamError, True),
    "cut": ({"close": True}, UpstreamError, True),
    "html": ({"html": True}, ParseError, False),
    "truncated": ({"truncated": True}, ParseError, False),
    "another form": ({"drift": True}, ParseError, False),
    "too large": ({"huge": 9.0}, ParseError, False),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_failures_have_their_type(supplier: Supplier, sandbox: Sandbox, failure: str):
    """Each documented failure ends the call as its own type, and only what may pass is transient."""
    fault, error, transient = FAILURES[failure]
    let_fail(sandbox, **fault)
    with pytest.raises(error) as raised:
        await supplier.ask()
    assert raised.value.transient is transient
    assert not any(key in str(raised.value) for key in SECRETS)


@pytest.mark.parametrize("name", SUPPLIERS)
async def test_a_slow_supplier_misses_the_deadline(name: str, sandbox: Sandbox, photos: tuple[Photo, Photo]):
    """A supplier that does not answer in time ends as a missed deadline."""
    let_fail(sandbox, hang=True)
    supplier = open_supplier(name, sandbox.endpoints, photos, page_deadline_seconds=0.4)
    with pytest.raises(StageTimeout):
        await supplier.ask()
    await supplier.client.aclose()


async def test_custom_search_has_ended(sandbox: Sandbox):
    """After its last day a refusal means that the service has ended; before it, that the key is refused."""
    let_fail(sandbox, ended=True)
    for day, error in ((date(2026, 12, 31), KeyRefused), (date(2027, 1, 1), Discontinued)):
        client = CustomSearch(
            settings_for("google"), sandbox.endpoints.custom_search_url, lambda day=day: day
        )
        with pytest.raises(error):
            await client.search("chair", "")
        await client.aclose()


async def test_a_search_by_image_that_is_gone(sandbox: Sandbox, photos: tuple[Photo, Photo]):
    """A search that eBay no longer offers is told apart from one that fails."""
    let_fail(sandbox, ended=True)
    supplier = open_supplier("ebay", sandbox.endpoints, photos)
    with pytest.raises(Discontinued):
        await supplier.ask()
    await supplier.client.aclose()


async def test_a_token_that_expired_early_is_renewed(sandbox: Sandbox, photos: tuple[Photo, Photo]):
    """An eBay token that ends before its time is replaced within the call."""
    supplier = open_supplier("ebay", sandbox.endpoints, photos)
    await supplier.ask()
    sandbox.ebay_api.expire_tokens()
    assert await supplier.ask()
    await supplier.client.aclose()


@pytest.mark.parametrize("name", SUPPLIERS)
@pytest.mark.parametrize("key", ["right", "wrong"])
async def test_a_key_is_checked_without_a_search(
    name: str, key: str, sandbox: Sandbox, photos: tuple[Photo, Photo]
):
    """The check of a key tells a wrong one, and passes for a right one."""
    if key == "wrong":
        let_fail(sandbox, key="wrong")
    supplier = open_supplier(name, sandbox.endpoints, photos)
    if key == "right":
        await supplier.client.check_key()
    else:
        with pytest.raises(KeyRefused):
            await supplier.client.check_key()
    await supplier.client.aclose()


async def test_vision_tells_full_from_partial_matches(sandbox: Sandbox, photos: tuple[Photo, Photo]):
    """Pages with the whole photo come first and are exact; names of the thing come beside them, and it costs."""
    supplier = open_supplier("vision", sandbox.endpoints, photos)
    found = await supplier.ask()
    assert isinstance(found, ImageMatches)
    kinds = [match.kind for match in found.matches]
    assert kinds == sorted(kinds, key=lambda it: it is not MatchKind.FULL)
    assert {match.exact for match in found.matches if match.kind is MatchKind.FULL} == {True}
    assert {match.found_by for match in found.matches} == {"vision"}
    assert any(THING.producer.lower() in label.lower() for label in found.labels)
    assert found.usage.cost_usd > 0
    await supplier.client.aclose()


async def test_what_ebay_finds_is_an_offer(sandbox: Sandbox, photos: tuple[Photo, Photo]):
    """A listing that looks like the photo is a match, and an offer with its price and condition."""
    supplier = open_supplier("ebay", sandbox.endpoints, photos)
    found = await supplier.ask()
    assert isinstance(found, ImageMatches)
    for match in found.matches:
        assert match.offer is not None
        assert (match.offer.link, match.offer.marketplace) == (match.link, "ebay")
        assert match.price is not None
        assert match.price.amount == match.offer.price
    await supplier.client.aclose()
