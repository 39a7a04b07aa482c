"""Answers in the shape that each supplier documents are read as they are meant; the request is the documented one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from lens_rx.clients.brave import BraveSearch
from lens_rx.clients.ebay import EbayClient, EbayImageSearch
from lens_rx.clients.google import CloudVision, CustomSearch
from lens_rx.clients.llm import ModelWebSearch
from lens_rx.clients.llm.lazy_client import LazyClient
from lens_rx.clients.llm.model_choice import ModelChoice
from lens_rx.facts import Condition, MatchKind, Photo, SearchResult
from lens_rx.facts.errors import Discontinued, KeyRefused, UpstreamError
from lens_rx.settings import Settings

SAVED = Path(__file__).parents[1] / "saved" / "apis"
TOKEN = {"access_token": "t", "expires_in": 7200, "token_type": "Application Access Token"}


class Recorder:
    """Answers every request with one saved answer, and keeps the requests."""

    def __init__(self) -> None:
        self.answer: str | bytes = b""
        self.status = 200
        self.headers: dict[str, str] = {}
        self.requests: list[tuple[str, dict[str, str], Any, dict[str, str]]] = []
        self.url = ""

    def say(self, name: str) -> None:
        self.answer = (SAVED / f"{name}.json").read_text()

    async def handle(self, request: web.Request) -> web.Response:
        if request.path.endswith("/oauth2/token"):
            return web.json_response(TOKEN)
        body = await request.json() if request.content_type == "application/json" else None
        self.requests.append(
            (f"{request.method} {request.path}", dict(request.query), body, dict(request.headers))
        )
        return web.Response(
            body=self.answer, status=self.status, content_type="application/json", headers=self.headers
        )


@pytest.fixture
async def recorder() -> AsyncIterator[Recorder]:
    recorder = Recorder()
    app = web.Application(client_max_size=20_000_000)
    app.router.add_route("*", "/{path:.*}", recorder.handle)
    async with TestServer(app) as server:
        recorder.url = str(server.make_url("")).rstrip("/")
        yield recorder


@pytest.fixture
def photo(tmp_path: Path) -> Photo:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"pixels")
    return Photo("1" * 64, path, 1, 1)


async def test_vision(recorder: Recorder, photo: Photo):
    """Pages with the whole photo come first, titles are plain text, names come in order of their score."""
    recorder.say("vision")
    client = CloudVision(Settings(google_vision_api_key="k"), recorder.url)
    found = await client.search_image(photo)
    await client.aclose()
    assert [(it.title, it.link, it.kind, it.exact) for it in found.matches] == [
        ("Fjell Parka & more | Norrvik", "https://norrvik.example/fjell-parka", MatchKind.FULL, True),
        ("Die besten Parkas für den Winter", "https://magazin.example/parkas", MatchKind.PARTIAL, False),
    ]
    assert list(found.labels) == ["norrvik fjell parka", "Norrvik", "Parka"]
    (call, query, body, _), *_ = recorder.requests
    assert (call, query) == ("POST /v1/images:annotate", {"key": "k"})
    features = [{"type": "WEB_DETECTION", "maxResults": 50}]
    assert body == {"requests": [{"image": {"content": "cGl4ZWxz"}, "features": features}]}


async def test_an_error_with_status_200(recorder: Recorder, photo: Photo):
    """Vision's error for one image comes with status 200 and is a failure all the same."""
    recorder.say("vision_error")
    client = CloudVision(Settings(google_vision_api_key="k"), recorder.url)
    with pytest.raises(UpstreamError, match="code 3"):
        await client.search_image(photo)
    await client.aclose()


@pytest.mark.parametrize(
    ("country", "sent"),
    [
        ("DE", ("DE", "de")),
        ("JP", ("JP", "jp")),
        ("BR", ("BR", "pt-br")),
        ("LU", ("ALL", "fr")),
        ("", ("ALL", "en")),
    ],
)
async def test_brave(recorder: Recorder, country: str, sent: tuple[str, str]):
    """Titles and snippets are plain text; country and language are among those that the API takes."""
    recorder.say("brave")
    client = BraveSearch(Settings(brave_api_key="k"), recorder.url)
    answer = await client.search("norrvik fjell parka", country)
    await client.aclose()
    assert answer.results == [
        SearchResult(
            "Fjell Parka & Accessories | Norrvik",
            "https://norrvik.example/fjell-parka",
            "A long waxed parka with a storm hood.",
        )
    ]
    (call, query, _, headers), *_ = recorder.requests
    assert call == "GET /res/v1/web/search"
    assert (query["country"], query["search_lang"], query["count"]) == (*sent, "20")
    assert headers["X-Subscription-Token"] == "k"


@pytest.mark.parametrize(
    ("limits", "calls", "waited"),
    [
        (("1, 2000", "0, 900", "0, 1419704"), 2, 0),
        (("1, 2000", "0, 900", "60, 1419704"), 1, 60),
        (("1, 2000", "1, 0", "0, 1419704"), 1, 1419704),
        (("50, 0", "0, 0", "0, 1419704"), 2, 0),
    ],
    ids=["a second", "a minute", "the month", "no monthly limit"],
)
async def test_brave_says_how_long_to_wait(
    recorder: Recorder, limits: tuple[str, str, str], calls: int, waited: float
):
    """A limit a second is waited for and asked once more; a longer one ends the search with its duration."""
    recorder.answer = json.dumps({"type": "ErrorResponse", "error": {"code": "RATE_LIMITED", "status": 429}})
    recorder.status = 429
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
    recorder.headers = dict(zip(names, limits, strict=True))
    client = BraveSearch(Settings(brave_api_key="k"), recorder.url)
    with pytest.raises(Exception, match="quota") as raised:
        await client.search("x", "")
    await client.aclose()
    assert raised.value.retry_after == waited
    assert len(recorder.requests) == calls


async def test_custom_search(recorder: Recorder):
    """Title, link and snippet are read."""
    recorder.say("custom_search")
    settings = Settings(google_api_key="k", google_cse_id="e")
    client = CustomSearch(settings, f"{recorder.url}/customsearch/v1")
    answer = await client.search("norrvik", "DE")
    await client.aclose()
    (result,) = answer.results
    assert (result.title, result.link) == ("Fjell Parka | Norrvik", "https://norrvik.example/fjell-parka")


async def test_ebay_by_image(recorder: Recorder, photo: Photo):
    """A listing is a match and an offer; an auction keeps its bids, and what has no price is left out."""
    recorder.say("ebay_by_image")
    client = EbayClient(Settings(ebay_client_id="i", ebay_client_secret="s"), recorder.url)
    found = await EbayImageSearch(client, "DE").search_image(photo)
    await client.aclose()
    first, second = (it.offer for it in found.matches)
    assert first is not None
    assert second is not None
    assert (first.price, first.currency, first.condition) == (Decimal("89.90"), "EUR", Condition.USED)
    assert (first.link, first.best_offer) == ("https://www.ebay.de/itm/110000000001", True)
    assert (second.price, second.bids, second.condition) == (Decimal("31.00"), 3, Condition.NEW)
    (call, query, body, headers), *_ = recorder.requests
    assert call == "POST /buy/browse/v1/item_summary/search_by_image"
    assert (query, body) == ({"limit": "50"}, {"image": "cGl4ZWxz"})
    assert headers["Authorization"] == "Bearer t"
    assert headers["X-EBAY-C-MARKETPLACE-ID"] == "EBAY_DE"


def model_search(recorder: Recorder) -> tuple[LazyClient, ModelWebSearch]:
    client = LazyClient(f"{recorder.url}/v1", "k")
    return client, ModelWebSearch(client, ModelChoice(["gpt-6-luna"]), Settings())


async def test_the_models_web_search(recorder: Recorder):
    """Only what is cited is a result, once, as the page's own address; searches and tokens are paid for."""
    recorder.say("responses")
    client, search = model_search(recorder)
    answer = await search.search("norrvik fjell parka", "DE")
    await client.aclose()
    assert answer.results == [
        SearchResult("Fjell Parka | Norrvik", "https://norrvik.example/fjell-parka?size=m")
    ]
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (900, 80)
    assert answer.usage.cost_usd >= 0.01
    (call, _, body, _), *_ = recorder.requests
    assert call == "POST /v1/responses"
    assert (body["store"], body["model"], body["input"]) == (False, "gpt-6-luna", "norrvik fjell parka")
    (tool,) = body["tools"]
    assert (tool["type"], tool["user_location"]) == ("web_search", {"type": "approximate", "country": "DE"})
    assert not {"temperature", "max_tokens", "top_p"} & set(body)


@pytest.mark.parametrize(
    ("status", "error"), [(401, KeyRefused), (404, Discontinued), (400, Discontinued), (500, UpstreamError)]
)
async def test_a_server_without_the_tool(recorder: Recorder, status: int, error: type[Exception]):
    """A server that knows no web search is not asked again for a while."""
    recorder.status, recorder.answer = status, b'{"error": {"message": "no", "type": "x", "code": null}}'
    client, search = model_search(recorder)
    with pytest.raises(error):
        await search.search("x", "")
    await client.aclose()
