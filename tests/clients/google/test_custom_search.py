from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from lens_rx.clients.google.custom_search import CustomSearch
from lens_rx.facts import SearchResult
from lens_rx.facts.errors import Blocked, NoResults, ParseError, StageTimeout, UpstreamError
from lens_rx.settings import Settings

KEY, ENGINE = "a-key", "an-engine"
#: Every parameter that the reference documents: anything else is an error of ours.
DOCUMENTED = frozenset(
    "alt c2coff cr cx dateRestrict exactTerms excludeTerms fields fileType filter gl highRange hl hq key lowRange"
    " lr num orTerms prettyPrint q rights safe searchType siteSearch siteSearchFilter sort start".split()  # as the reference lists them
)


class Api:
    """Answers as strictly as the reference says; `down` stands instead of the next answers."""

    def __init__(self) -> None:
        self.queries: list[dict[str, str]] = []
        self.down: tuple[int, Any] | None = None
        self.hangs = False
        self.address = ""

    async def handle(self, request: web.Request) -> web.Response:
        if self.hangs:
            await asyncio.Event().wait()
        query = dict(request.query)
        self.queries.append(query)
        if self.down:
            return web.json_response(self.down[1], status=self.down[0])
        if wrong := _wrong(query):
            return web.json_response({"error": {"code": wrong[0], "message": wrong[1]}}, status=wrong[0])
        answer = {"kind": "customsearch#search", "searchInformation": {"totalResults": "0"}}
        if query["q"] != "nothing":
            answer |= {"items": [_item(n, query) for n in range(int(query.get("num", "10")))]}
        return web.json_response(answer)


def _wrong(query: dict[str, str]) -> tuple[int, str] | None:
    if "key" not in query:
        return 403, "Method doesn't allow unregistered callers"
    checks = {
        "API key not valid": query["key"] == KEY,
        "Unknown name": set(query) <= DOCUMENTED,
        "Required parameter: cx": query.get("cx") == ENGINE,
        "Required parameter: q": bool(query.get("q", "").strip()),
        "Invalid value: num": bool(re.fullmatch("[1-9]|10", query.get("num", "10"))),
        "Invalid value: gl": bool(re.fullmatch("[a-z]{2}", query.get("gl", "us"))),
    }
    return next(((400, message) for message, right in checks.items() if not right), None)


def _item(n: int, query: dict[str, str]) -> dict[str, str]:
    link = f"https://shop{n}.example/{query.get('gl', 'any')}"
    return {
        "kind": "customsearch#result",
        "title": f"{query['q']} {n}",
        "link": link,
        "snippet": f"Result {n}",
    }


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    api = Api()
    application = web.Application()
    application.router.add_get("/customsearch/v1", api.handle)
    async with TestServer(application) as server:
        api.address = str(server.make_url("/customsearch/v1"))
        yield api


def searching(api: Api, **settings: Any) -> CustomSearch:
    given = {"google_api_key": KEY, "google_cse_id": ENGINE, **settings}
    return CustomSearch(Settings(**given), api.address)


async def ask(search: CustomSearch, query: str = "oak chair", country: str = "") -> list[SearchResult]:
    try:
        return list((await search.search(query, country)).results)
    finally:
        await search.aclose()


async def test_results(api: Api):
    """The first ten results come in the API's order, for the country that was asked for."""
    found = await ask(searching(api), country="DE")
    assert found[0] == SearchResult("oak chair 0", "https://shop0.example/de", "Result 0")
    assert len(found) == 10


async def test_no_country(api: Api):
    """Without a country none is sent."""
    await ask(searching(api))
    assert "gl" not in api.queries[0]


async def test_nothing(api: Api):
    """An answer without items means that Google found nothing."""
    with pytest.raises(NoResults):
        await ask(searching(api), "nothing")


async def test_long_query(api: Api):
    """A query of any length is cut to what the API takes."""
    await ask(searching(api), "oak " * 1_000)
    assert len(api.queries[0]["q"]) <= 512


@pytest.mark.parametrize("wrong", [{"google_api_key": "other"}, {"google_cse_id": "other"}])
async def test_refused(api: Api, wrong: dict[str, str]):
    """A wrong key or engine is told without repeating the key, and asking again would not help."""
    with pytest.raises(UpstreamError) as raised:
        await ask(searching(api, **wrong))
    assert not raised.value.transient
    assert "other" not in str(raised.value)


async def test_quota(api: Api):
    """A used-up quota is a wall of its own kind."""
    api.down = 429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}
    with pytest.raises(Blocked) as raised:
        await ask(searching(api))
    assert raised.value.wall == "rate_limit"


async def test_fault(api: Api):
    """A fault of the API may pass."""
    api.down = 503, {"error": {"code": 503}}
    with pytest.raises(UpstreamError) as raised:
        await ask(searching(api))
    assert raised.value.transient


@pytest.mark.parametrize(
    "answer", ["text", [], {"items": [{"title": "no link"}]}, {"items": "x" * 3_000_000}]
)
async def test_other_form(api: Api, answer: Any):
    """An answer in another form than documented is drift."""
    api.down = 200, answer
    with pytest.raises(ParseError):
        await ask(searching(api))


async def test_silence(api: Api):
    """An API that does not answer misses the deadline."""
    api.hangs = True
    with pytest.raises(StageTimeout):
        await ask(searching(api, page_deadline_seconds=0.2))


async def test_not_there(api: Api):
    """An API that cannot be reached may be there later."""
    api.address = "http://127.0.0.1:9/customsearch/v1"
    with pytest.raises(UpstreamError) as raised:
        await ask(searching(api))
    assert raised.value.transient
