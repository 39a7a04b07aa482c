"""A hostile or broken model's server: what it answers costs no memory, goes nowhere else, and loses no good answer."""

from __future__ import annotations

import asyncio
import gzip
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from model_stand_in import Said
from pydantic import BaseModel
from structlog.testing import capture_logs

from lens_rx.clients.llm.model_check import check_model
from lens_rx.clients.llm.openai_model import OpenAIModel
from lens_rx.clients.protocols import Question
from lens_rx.facts.errors import LensRxError, PolicyError, StageError, UpstreamError
from lens_rx.settings import Settings

MEGABYTE = 1_000_000
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Word(BaseModel):
    """What is asked for."""

    word: str


QUESTION = Question("Answer with boot.", Word, evidence="a boot")
GOOD = Said('{"word": "boot"}').body


def always(body: Any, status: int = 200) -> Handler:
    """Return the handler that answers whatever is asked with this JSON."""

    async def handle(_: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    return handle


@pytest.fixture
async def model_at() -> AsyncIterator[Callable[[Handler], Awaitable[OpenAIModel]]]:
    """Return what starts a server with a handler for every request, and a model that asks it."""
    servers: list[TestServer] = []
    models: list[OpenAIModel] = []

    async def start(handler: Handler) -> OpenAIModel:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        servers.append(TestServer(app))
        await servers[-1].start_server()
        settings = Settings(openai_api_key="sk-very-secret", models=("gpt-4o",), model_deadline_seconds=20)
        models.append(OpenAIModel(settings, base_url=str(servers[-1].make_url("/v1"))))
        return models[-1]

    yield start
    for model in models:
        await model.aclose()
    for server in servers:
        await server.close()


USAGES: dict[str, Any] = {
    "negative": {"prompt_tokens": -5, "completion_tokens": -1},
    "text": {"prompt_tokens": "many", "completion_tokens": "few"},
    "null": None,
    "a word": "usage",
    "a list": [1, 2],
    "nested": {"prompt_tokens": {"a": 1}, "prompt_tokens_details": "none", "completion_tokens_details": [1]},
    "huge": {"prompt_tokens": 10**400, "completion_tokens": 10**30},
    "infinite": {"prompt_tokens": 1e309, "completion_tokens": 0.5},
    "true": {"prompt_tokens": True, "completion_tokens": False},
    "more cached than sent": {"prompt_tokens": 3, "prompt_tokens_details": {"cached_tokens": 900}},
}


@pytest.mark.parametrize("usage", USAGES.values(), ids=USAGES)
async def test_odd_accounting_loses_no_answer(
    model_at: Callable[[Handler], Awaitable[OpenAIModel]], usage: object
):
    """Whatever a server says of its tokens, its answer counts, and the costs are numbers that can be summed."""
    model = await model_at(always(GOOD | {"usage": usage}))
    answer = await model.complete(QUESTION)
    assert answer.value.word == "boot"
    numbers = (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.cost_usd)
    assert all(0 <= number < 10_000_000 for number in numbers)


async def test_an_endless_answer_is_cut(model_at: Callable[[Handler], Awaitable[OpenAIModel]]):
    """300 MB of answer are an error in words after a few of them, and take no memory."""
    sent = 0

    async def handle(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        for _ in range(300):
            await response.write(b" " * MEGABYTE)
            sent += 1
        return response

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(PolicyError, match="larger than 4 MB"):
        await (await model_at(handle)).complete(QUESTION)
    assert sent < 100
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB


async def test_a_packed_bomb_is_not_unpacked(model_at: Callable[[Handler], Awaitable[OpenAIModel]]):
    """An answer that is packed although nobody asked for it is refused, before it is unpacked."""
    bomb = gzip.compress(b" " * 200 * MEGABYTE, 9)

    async def handle(request: web.Request) -> web.Response:
        assert request.headers["Accept-Encoding"] == "identity"
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"}, content_type="application/json")

    with pytest.raises(PolicyError, match="packed"):
        await (await model_at(handle)).complete(QUESTION)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_takes_no_photo_along(
    model_at: Callable[[Handler], Awaitable[OpenAIModel]], status: int
):
    """A redirect is an error that names the setting; the other address is not asked."""
    elsewhere: list[str] = []

    async def other(request: web.Request) -> web.Response:
        elsewhere.append(request.path)
        return web.json_response(GOOD)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", other)
    async with TestServer(app) as target:

        async def handle(_: web.Request) -> web.Response:
            return web.Response(status=status, headers={"Location": str(target.make_url("/v1/x"))})

        with pytest.raises(PolicyError, match="OPENAI_BASE_URL"):
            await (await model_at(handle)).complete(QUESTION)
    assert elsewhere == []


async def test_a_failing_server_costs_few_requests(model_at: Callable[[Handler], Awaitable[OpenAIModel]]):
    """A server that only fails is asked four times by ten calls, then left alone."""
    requests = 0

    async def handle(_: web.Request) -> web.Response:
        nonlocal requests
        requests += 1
        return web.json_response({"error": {"message": "down"}}, status=500)

    model = await model_at(handle)
    for _ in range(10):
        with pytest.raises(UpstreamError):
            await model.complete(QUESTION)
    assert requests == 4


async def test_the_servers_own_words_reach_log_and_status(
    model_at: Callable[[Handler], Awaitable[OpenAIModel]],
):
    """What a server says of its failure is logged and shown, shortened, without a key, and not told to clients."""
    message = f"GPU 3 is on fire; key sk-very-secret\nseen {'x' * 5000}"
    model = await model_at(always({"error": {"message": message}}, 503))
    with capture_logs() as logs, pytest.raises(StageError) as failure:
        await model.complete(QUESTION)
    assert "GPU 3 is on fire" in str(logs)
    assert "fire" not in str(failure.value)
    with pytest.raises(LensRxError, match=r"It said: .*GPU 3 is on fire") as status:
        await check_model(model, relearn=False)
    for text in (str(logs), str(status.value)):
        assert "secret" not in text
        assert len(text) < 2500


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "The model `gpt-4o` does not exist or you do not have access to it."),
        (410, "The model `gpt-4o` has been deprecated."),
        (403, "Project does not have access to model `gpt-4o`: it was retired."),
        (400, "The model `gpt-4o` has been shut down, learn more."),
    ],
)
async def test_a_retired_model_is_called_so(
    model_at: Callable[[Handler], Awaitable[OpenAIModel]], status: int, words: str
):
    """A model that is gone is named, and not taken for a wrong key or a failing server."""
    model = await model_at(always({"error": {"message": words, "param": "model"}}, status))
    with pytest.raises(UpstreamError, match="does not know the model gpt-4o"):
        await model.complete(QUESTION)


async def test_a_slow_answer_leaves_the_model_on(model_at: Callable[[Handler], Awaitable[OpenAIModel]]):
    """Calls beside one that hangs, and behind it, are answered."""
    hang = asyncio.Event()
    first = True

    async def handle(_: web.Request) -> web.Response:
        nonlocal first
        if first:
            first = False
            await hang.wait()
        return web.json_response(GOOD)

    model = await model_at(handle)
    model._deadline = 0.5
    slow = asyncio.create_task(model.complete(QUESTION))
    await asyncio.sleep(0.05)
    with pytest.raises(StageError):
        await slow
    answers = await asyncio.gather(*(model.complete(QUESTION) for _ in range(3)))
    hang.set()
    assert [answer.value.word for answer in answers] == ["boot"] * 3
