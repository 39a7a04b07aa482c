"""The model's own web search: what counts as found, what it costs, and which model is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from lens_rx.clients.llm import ModelWebSearch
from lens_rx.clients.llm.configured_model import model_of
from lens_rx.clients.llm.lazy_client import LazyClient
from lens_rx.clients.llm.model_choice import ModelChoice
from lens_rx.clients.protocols import FailedCallUsage
from lens_rx.clients.search_sources import model_search
from lens_rx.facts.errors import Discontinued, KeyRefused, NoResults, StageError, UpstreamError
from lens_rx.metrics import Metrics
from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.faults import Faults
from lens_rx.sandbox.server import Sandbox
from lens_rx.settings import Settings

Body = dict[str, Any]
SEARCH = {"type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "q"}}
OPEN = {"type": "web_search_call", "status": "completed", "action": {"type": "open_page", "url": "https://x"}}
USAGE = {
    "input_tokens": 2_000,
    "output_tokens": 500,
    "input_tokens_details": {"cached_tokens": 1_024},
    "output_tokens_details": {"reasoning_tokens": 400},
}


def cited(*links: str) -> Body:
    notes = [{"type": "url_citation", "url": it, "title": "t"} for it in links]
    return {"type": "message", "content": [{"type": "output_text", "text": "t", "annotations": notes}]}


def response(*items: Body, status: str = "completed", **more: Any) -> tuple[int, Body]:
    return 200, {
        "id": "r",
        "object": "response",
        "status": status,
        "output": list(items),
        "usage": USAGE,
        **more,
    }


NO_ROOM = response(status="incomplete", incomplete_details={"reason": "max_output_tokens"})


def error(status: int, message: str, code: str | None = None, param: str | None = None) -> tuple[int, Body]:
    return status, {
        "error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    }


@dataclass
class Server:
    """Answers by a function of the request's body; `bodies` are the requests that came."""

    answer: Callable[[Body], tuple[int, Body]] = lambda _: NO_ROOM
    bodies: list[Body] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    search: ModelWebSearch = field(init=False)

    async def handle(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        status, body = self.answer(self.bodies[-1])
        return web.json_response(body, status=status)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_post("/v1/responses", server.handle)
    async with TestServer(app) as started:
        client = LazyClient(str(started.make_url("/v1")), "k")
        choice = ModelChoice(["gpt-4o", "gpt-6-luna"], server.left.append)
        server.search = ModelWebSearch(client, choice, Settings())
        yield server
        await client.aclose()


async def test_only_links_that_are_cited_count():
    """Against the sandbox's Responses API: cited links alone, without what the server added to them, at no cost."""
    sandbox = Sandbox()
    await sandbox.start()
    model = model_of(Settings(), sandbox.endpoints, None)
    assert model is not None
    search = model_search(Settings(), sandbox.endpoints, model)
    assert search is not None
    thing = next(it for it in catalogue() if it.shop)
    answer = await search.search(f"{thing.producer} {thing.model}", "DE")
    await model.aclose()
    await sandbox.aclose()
    assert thing.url in [it.link for it in answer.results]
    assert not any("utm_source" in it.link for it in answer.results)
    assert answer.usage.cost_usd == 0
    assert answer.usage.prompt_tokens > 0


async def test_a_model_that_is_gone_is_left_by_the_search_as_well(capsys: pytest.CaptureFixture[str]):
    """Retired in mid-run, the first model is left once: the next one searches, and it is logged, counted, shown."""
    sandbox = Sandbox()
    await sandbox.start()
    metrics = Metrics()
    model = model_of(Settings(), sandbox.endpoints, None, on_gone=metrics.count_gone_model)
    assert model is not None
    search = model_search(Settings(), sandbox.endpoints, model)
    assert search is not None
    thing = next(it for it in catalogue() if it.shop)
    await search.search(thing.model, "")
    sandbox.fault_injector.current = Faults.model_validate({"model": {"retired": ["gpt-4o"]}})
    for _ in range(2):
        answer = await search.search(f"{thing.producer} {thing.model}", "DE")
        assert thing.url in [it.link for it in answer.results]
    await model.aclose()
    await sandbox.aclose()
    assert capsys.readouterr().out.count("the model is gone, the next one is asked") == 1
    assert b'lens_rx_errors_total{kind="ModelGone",where="model"} 1.0' in metrics.render()
    assert [(it.name, it.available, it.in_use) for it in model.suppliers()] == [
        ("gpt-4o", False, False),
        ("gpt-6-luna", True, True),
    ]


GONE = [
    error(404, "The model `gpt-4o` does not exist or you do not have access to it.", "model_not_found"),
    error(404, "The model `gpt-4o` has been deprecated, learn more here: https://x"),
    error(400, "The requested model 'gpt-4o' does not exist.", "model_not_found", "model"),
    error(403, "Project `p` does not have access to model `gpt-4o`", "model_not_found"),
]


@pytest.mark.parametrize("said", GONE)
async def test_every_word_for_gone_leads_to_the_next_model(server: Server, said: tuple[int, Body]):
    """However the server says that a model is gone, the same call is answered by the next one."""
    server.answer = lambda body: (
        said if body["model"] == "gpt-4o" else response(SEARCH, cited("https://a.test/"))
    )
    for _ in range(2):
        assert [it.link for it in (await server.search.search("q", "")).results] == ["https://a.test/"]
    assert [it["model"] for it in server.bodies] == ["gpt-4o", "gpt-6-luna", "gpt-6-luna"]
    assert server.left == ["gpt-4o"]


NOT_GONE: list[tuple[tuple[int, Body], type[StageError]]] = [
    (
        error(404, "The requested model is not supported with the Responses API.", "model_not_found"),
        Discontinued,
    ),
    (error(400, "Hosted tool 'web_search' is not supported with gpt-4o.", None, "tools"), Discontinued),
    (error(404, "Not Found"), Discontinued),
    (error(401, "Incorrect API key provided", "invalid_api_key"), KeyRefused),
    (error(500, "The model failed"), UpstreamError),
]


@pytest.mark.parametrize(("said", "failure"), NOT_GONE)
async def test_a_model_that_only_cannot_search_is_not_left(
    server: Server, said: tuple[int, Body], failure: type[StageError]
):
    """A model without the tool, or a server without the API, stays the one that answers questions."""
    server.answer = lambda _: said
    with pytest.raises(failure):
        await server.search.search("q", "")
    assert server.left == []
    assert [it["model"] for it in server.bodies] == ["gpt-4o"]


async def test_where_all_models_are_gone(server: Server):
    """The last model is asked and named in the settings' words; the source then rests."""
    server.answer = lambda _: GONE[0]
    with pytest.raises(Discontinued, match="LENS_RX_MODEL"):
        await server.search.search("q", "")
    assert [it["model"] for it in server.bodies] == ["gpt-4o", "gpt-6-luna"]


@pytest.mark.parametrize(("country", "place"), [("DE", {"country": "DE"}), ("", {})])
async def test_the_place_is_the_country(server: Server, country: str, place: dict[str, str]):
    """The country is sent; without one it is said that there is none, which otherwise is the United States."""
    server.answer = lambda _: response(SEARCH, cited("https://a.test/"))
    await server.search.search("q", country)
    (tool,) = server.bodies[0]["tools"]
    assert tool["user_location"] == {"type": "approximate", **place}


async def test_reasoning_without_an_answer_is_given_more_room_once(server: Server):
    """An answer that reasoning left no room for is asked for again; both are paid for, and it is never "none found"."""
    answers = [NO_ROOM, response(SEARCH, OPEN, cited("https://a.test/"))]
    server.answer = lambda _: answers.pop(0)
    found = await server.search.search("q", "")
    rooms = [body["max_output_tokens"] for body in server.bodies]
    assert rooms[1] > rooms[0]
    assert (found.usage.reasoning_tokens, found.usage.cached_tokens) == (800, 2_048)
    assert found.usage.cost_usd == pytest.approx(0.01 + 2 * (976 * 2.5 + 1_024 * 1.25 + 500 * 10) / 1e6)
    server.answer = lambda _: NO_ROOM
    with pytest.raises(UpstreamError, match="no room") as raised:
        await server.search.search("q", "")
    assert len(server.bodies) == 4
    assert isinstance(raised.value.__cause__, FailedCallUsage)
    assert raised.value.__cause__.usage.completion_tokens == 1_000


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        (response(SEARCH, cited()), NoResults),
        (response(cited()), UpstreamError),
        (response(SEARCH, status="failed"), UpstreamError),
    ],
    ids=["searched", "did not search", "failed"],
)
async def test_nothing_cited_is_believed_only_of_a_search(
    server: Server, said: tuple[int, Body], failure: type[StageError]
):
    """That there is nothing is verified by a complete answer that searched, and by no other."""
    server.answer = lambda _: said
    with pytest.raises(failure) as raised:
        await server.search.search("q", "")
    assert type(raised.value) is failure
