"""Which sources are asked, by the settings, their keys and whether there is a Chromium."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.fallback_search import FallbackImageSearch, FallbackWebSearch, MergedImageSearch
from lens_rx.clients.protocols import ImageMatches, SearchAnswer
from lens_rx.clients.search_sources import image_search, open_api_clients, web_search
from lens_rx.clients.supplier_checks import log_api_problems
from lens_rx.facts import AnalysisState, Item, Photo
from lens_rx.facts.errors import UpstreamError
from lens_rx.metrics import Metrics
from lens_rx.operators.identify import identify
from lens_rx.operators.lens import search_photo
from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.endpoints import sandbox_endpoints
from lens_rx.sandbox.faults import Faults
from lens_rx.sandbox.photos import ENCODINGS, take_photo
from lens_rx.sandbox.server import Sandbox
from lens_rx.settings import Settings
from lens_rx.wiring.node import open_clients

KEYS = {
    "brave_api_key": "b",
    "google_api_key": "g",
    "google_cse_id": "e",
    "google_vision_api_key": "v",
    "ebay_client_id": "i",
    "ebay_client_secret": "s",
}
PHOTO = Photo("1" * 64, Path("photo.jpg"), 1, 1)


class Chromium:
    async def search(self, _query: str, _country: str) -> SearchAnswer:
        return SearchAnswer([])

    async def search_image(self, _: Photo) -> ImageMatches:
        return ImageMatches([])


CHROMIUM = Chromium()


def names(search: Any) -> list[str]:
    if search is CHROMIUM:
        return ["chromium"]
    return [f"{it.name}{' after a block' * it.only_after_block}" for it in search._sources.sources]


async def searches(chromium: Chromium | None, model: Any = None, **values: Any) -> tuple[Any, Any]:
    settings = Settings(**values)
    async with AsyncExitStack() as stack:
        apis = open_api_clients(stack, settings, Endpoints())
        return web_search(settings, apis, chromium, model), image_search(settings, apis, chromium)


async def test_without_keys_chromium_is_asked_alone():
    """Without keys both searches are Chromium's own, as they are."""
    assert await searches(CHROMIUM) == (CHROMIUM, CHROMIUM)


async def test_the_default_order():
    """Search APIs come before Chromium, the model's search after it; photo APIs come after Chromium."""
    web, image = await searches(CHROMIUM, model=CHROMIUM, **KEYS)
    assert names(web) == ["brave", "google", "chromium", "model after a block"]
    assert names(image) == ["chromium", "vision", "ebay"]
    assert (type(web), type(image)) == (FallbackWebSearch, FallbackImageSearch)


async def test_without_chromium():
    """Without a Chromium what has a key is asked alone, and the model's search is no last resort."""
    web, image = await searches(None, model=CHROMIUM, google_vision_api_key="v")
    assert (names(web), names(image)) == (["model"], ["vision"])


async def test_the_order_of_the_settings():
    """The settings name the sources and their order; what has no key is left out."""
    values = KEYS | {"search": "chromium, brave", "lens": "ebay,vision"}
    web, image = await searches(CHROMIUM, **values)
    assert (names(web), names(image)) == (["chromium", "brave"], ["ebay", "vision"])
    web, _ = await searches(CHROMIUM, search="brave,chromium")
    assert names(web) == ["chromium"]


@pytest.mark.parametrize(("lens", "order"), [("all", ["chromium", "vision", "ebay"]), ("ebay all", ["ebay"])])
async def test_all_are_merged(lens: str, order: list[str]):
    """`all` asks the sources at once and merges what they find."""
    _, image = await searches(CHROMIUM, **KEYS, lens=lens)
    assert isinstance(image, MergedImageSearch)
    assert names(image) == order


async def test_nothing_is_configured():
    """Where there is neither a key nor a Chromium, the search says what to set."""
    web, image = await searches(None)
    with pytest.raises(UpstreamError, match="BRAVE_API_KEY"):
        await web.search("chair", "")
    with pytest.raises(UpstreamError, match="GOOGLE_VISION_API_KEY"):
        await image.search_image(PHOTO)


async def test_a_users_key_is_never_used_beside_a_sandbox():
    """Beside a sandbox its own keys are used, for sources that the settings name."""
    endpoints = sandbox_endpoints(1, "x")
    async with AsyncExitStack() as stack:
        apis = open_api_clients(stack, Settings(**KEYS), endpoints)
        assert (apis.brave, apis.google, apis.vision, apis.ebay) == (None, None, None, None)
        named = open_api_clients(stack, Settings(**KEYS, lens="vision"), endpoints)
        assert named.vision is not None
        assert named.vision._key.get_secret_value().startswith("AIzaSandbox")
        assert named.ebay is None


async def test_a_wrong_key_is_told_once_at_the_start(capsys: pytest.CaptureFixture[str]):
    """A key that is refused, and an API that ends soon, are a line each in the log."""
    sandbox = Sandbox(Faults.model_validate({"vision": {"key": "wrong"}}))
    await sandbox.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(sandbox.aclose)
        settings = Settings(lens="vision", search="google")
        await log_api_problems(open_api_clients(stack, settings, sandbox.endpoints))
    lines = [line for line in capsys.readouterr().out.splitlines() if "a supplier" in line]
    assert [("Cloud Vision refused the key" in line, "2027-01-01" in line) for line in lines] == [
        (False, True),
        (True, False),
    ]


def some_photos(directory: Path) -> list[tuple[Path, Thing]]:
    """Return photos, with what they show."""
    things = list(catalogue())
    return [(path, things[int(path.stem) - 1]) for path in sorted(directory.glob("*.jpg"))[::2]]


async def test_practice_photos_are_named_by_apis_alone(photos: Path):
    """Without a browser and a model at least nine in ten photos are named right by Vision and eBay."""
    sandbox = Sandbox()
    await sandbox.start()
    shots = some_photos(photos)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(sandbox.aclose)
        settings = Settings(lens="vision,ebay,all", chromium="none")
        source = image_search(settings, open_api_clients(stack, settings, sandbox.endpoints), None)
        named = []
        for path, thing in shots:
            photo = Photo(thing.id, path, 0, 0)
            state = AnalysisState(Item((photo,)), matches=await search_photo(source)(photo))
            named.append(await identify(None)(state))
    right = sum(
        (it.producer, it.model) == (thing.producer, thing.model)
        for it, (_, thing) in zip(named, shots, strict=True)
    )
    assert right >= 0.9 * len(shots)


async def test_a_node_without_chromium(tmp_path: Path):
    """Without a Chromium a photo is still looked up and a page still read, and the node does not wait for one."""
    sandbox = Sandbox()
    await sandbox.start()
    settings = Settings(chromium="none", lens="vision", search="brave")
    path = tmp_path / "photo.jpg"
    thing = next(it for it in catalogue() if it.shop)
    path.write_bytes(take_photo(thing, ENCODINGS[0]))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(sandbox.aclose)
        opened = open_clients(settings, sandbox.endpoints, None, metrics=Metrics())
        clients = await stack.enter_async_context(opened)
        assert clients.browser is None
        found = await clients.for_stages.lens.search_image(Photo(thing.id, path, 0, 0))
        assert any(thing.model in it.title for it in found.matches)
        answer = await clients.for_stages.search.search(f"{thing.producer} {thing.model}", "")
        assert thing.url in [it.link for it in answer.results]
        assert thing.model in (await clients.for_stages.reader.read(thing.url)).html
