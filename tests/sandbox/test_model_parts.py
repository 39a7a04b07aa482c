"""The three parts that the sandbox's model plays: gpt-4o, a reasoning model, and a server of a local model."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openai
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from lens_rx.operators.identify import IdentityAnswer
from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.drawings.renderer import jpeg
from lens_rx.sandbox.faults import ModelFault
from lens_rx.sandbox.model_server import model_routes

TITLES = "1. Halvar Reflex M2 boxed\n2. Halvar Reflex M3 camera\n3. Halvar Reflex M2 | eBay"
TITLES_MESSAGE: Any = [{"role": "user", "content": TITLES}]
SCHEMA = IdentityAnswer.model_json_schema() | {
    "additionalProperties": False,
    "required": list(IdentityAnswer.model_fields),
}
SCHEMA_FORMAT: Any = {
    "type": "json_schema",
    "json_schema": {"name": "IdentityAnswer", "strict": True, "schema": SCHEMA},
}
OBJECT_MESSAGES: Any = [
    {"role": "system", "content": f"Answer in JSON: {json.dumps(SCHEMA)}"},
    *TITLES_MESSAGE,
]


class Server:
    """The model's server, whose faults a test sets."""

    def __init__(self) -> None:
        self.faults = ModelFault()
        self.app = web.Application(client_max_size=25_000_000)
        self.app.add_routes(model_routes(catalogue(), faults=lambda: self.faults))
        self.running = TestServer(self.app)

    def client(self, path: str = "/v1", key: str = "any") -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(api_key=key, base_url=str(self.running.make_url(path)), max_retries=0)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    async with server.running:
        yield server


@pytest.fixture
async def client(server: Server) -> AsyncIterator[openai.AsyncOpenAI]:
    async with server.client() as client:
        yield client


@pytest.fixture
async def local(server: Server) -> AsyncIterator[openai.AsyncOpenAI]:
    async with server.client("/local/v1", key="none") as client:
        yield client


async def ask(client: openai.AsyncOpenAI, model: str, **parameters: Any) -> Any:
    body = {"messages": TITLES_MESSAGE, "response_format": SCHEMA_FORMAT} | parameters
    return await client.chat.completions.create(model=model, **body)


async def test_a_reasoning_model_answers_within_its_cap(client: openai.AsyncOpenAI):
    """With effort `none` a small cap is enough, temperature is accepted, and nothing is spent on reasoning."""
    completion = await ask(
        client, "gpt-6-luna", max_completion_tokens=200, reasoning_effort="none", temperature=0, store=False
    )
    assert json.loads(completion.choices[0].message.content)["model"] == "Reflex M2"
    assert completion.usage.completion_tokens_details.reasoning_tokens == 0


async def test_reasoning_counts_against_the_cap(client: openai.AsyncOpenAI):
    """By default a small cap is used up by reasoning: an empty answer that ends by length, and is paid for."""
    completion = await ask(client, "gpt-6-luna", max_completion_tokens=200)
    choice, usage = completion.choices[0], completion.usage
    assert (choice.finish_reason, choice.message.content) == ("length", "")
    assert usage.completion_tokens == usage.completion_tokens_details.reasoning_tokens == 200


async def test_with_room_the_reasoning_model_answers(client: openai.AsyncOpenAI):
    """A cap beyond the reasoning yields the whole answer."""
    completion = await ask(client, "gpt-6-luna", max_completion_tokens=4000)
    assert completion.choices[0].finish_reason == "stop"
    assert json.loads(completion.choices[0].message.content)["producer"] == "Halvar"
    assert completion.usage.completion_tokens_details.reasoning_tokens > 0


@pytest.mark.parametrize(
    ("model", "parameters", "named", "message"),
    [
        (
            "gpt-6-luna",
            {"max_tokens": 5},
            ("max_tokens", "unsupported_parameter"),
            "Use 'max_completion_tokens'",
        ),
        ("gpt-6-luna", {"temperature": 0}, ("temperature", "unsupported_value"), "does not support 0"),
        ("gpt-6-luna", {"top_p": 0.5}, ("top_p", "unsupported_parameter"), "'top_p' is not supported"),
        (
            "gpt-6-luna",
            {"reasoning_effort": "minimal"},
            ("reasoning_effort", "unsupported_value"),
            "Supported values are: 'none', 'low', 'medium', 'high', 'xhigh', and 'max'.",
        ),
        ("gpt-6-luna", {"reasoning_effort": "huge"}, ("reasoning_effort", "invalid_value"), "'huge'"),
        ("gpt-6-luna", {"top_logprobs": 2}, ("top_logprobs", "unsupported_parameter"), "not supported"),
        (
            "gpt-6-luna",
            {"max_completion_tokens": 200_000},
            ("max_completion_tokens", "invalid_value"),
            "too large",
        ),
        ("gpt-6-astra", {"reasoning_effort": "none"}, ("reasoning_effort", "unsupported_value"), "'low'"),
        ("gpt-4o", {"max_tokens": 20_000}, ("max_tokens", "invalid_value"), "at most 16384"),
        ("gpt-4o", {"verbosity": "low"}, ("verbosity", "unsupported_value"), "'medium'"),
        ("gpt-4o", {"reasoning_effort": "none"}, (None, None), "argument supplied: reasoning_effort"),
    ],
)
async def test_each_model_rejects_what_it_does_not_accept(
    client: openai.AsyncOpenAI, model: str, parameters: dict, named: tuple, message: str
):
    """A parameter that a model does not accept is a 400 that names it."""
    with pytest.raises(openai.BadRequestError) as caught:
        await ask(client, model, **parameters)
    assert (caught.value.param, caught.value.code) == named
    assert message in str(caught.value)


async def test_a_long_prompt_is_cached(client: openai.AsyncOpenAI):
    """The second request with the same long beginning counts its tokens as cached, in steps of 128."""
    rules = "Read the titles with great care. " * 200
    messages = [{"role": "system", "content": rules}, *TITLES_MESSAGE]
    cached = [
        (await ask(client, "gpt-4o", messages=messages)).usage.prompt_tokens_details.cached_tokens
        for _ in "12"
    ]
    assert cached[0] == 0
    assert cached[1] >= 1024
    assert cached[1] % 128 == 0


async def test_a_local_server_accepts_only_its_own_parameters(local: openai.AsyncOpenAI):
    """It answers with `max_tokens` and a JSON object, needs no key, and ignores parameters it does not know."""
    completion = await ask(
        local,
        "practice-local",
        messages=OBJECT_MESSAGES,
        response_format={"type": "json_object"},
        max_tokens=200,
        temperature=0,
        store=False,
        extra_body={"mirostat": 2},
    )
    assert json.loads(completion.choices[0].message.content)["model"] == "Reflex M2"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"max_completion_tokens": 9}, "Unsupported param: max_completion_tokens"),
        ({"reasoning_effort": "none"}, "Unsupported param: reasoning_effort"),
        ({"response_format": SCHEMA_FORMAT}, 'must be one of "text" or "json_object"'),
    ],
)
async def test_a_local_server_names_what_it_rejects(
    local: openai.AsyncOpenAI, parameters: dict, message: str
):
    """Its errors name the parameter in their text alone."""
    body = {"messages": OBJECT_MESSAGES, "response_format": {"type": "json_object"}} | parameters
    with pytest.raises(openai.BadRequestError, match=message) as caught:
        await ask(local, "practice-local", **body)
    assert caught.value.param is None


async def test_a_local_server_takes_no_images(local: openai.AsyncOpenAI):
    """An image is a 500 that says so."""
    data = base64.b64encode(jpeg(catalogue()["halvar-reflex-m2"], 200)).decode()
    image = {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{data}"}}
    with pytest.raises(openai.InternalServerError, match="image input is not supported"):
        await ask(
            local,
            "practice-local",
            messages=[{"role": "user", "content": [image]}],
            response_format={"type": "text"},
        )


async def test_a_local_server_knows_no_shutdown(local: openai.AsyncOpenAI):
    """Its models have no shutdown date, and cannot be looked up one by one."""
    models = [model async for model in local.models.list()]
    assert [(model.id, model.shutdown_date) for model in models] == [("practice-local", None)]
    with pytest.raises(openai.NotFoundError):
        await local.models.retrieve("practice-local")


async def test_an_announced_end_is_told(server: Server, client: openai.AsyncOpenAI):
    """The list and the look-up carry the date; until then the model answers."""
    end = datetime.now(UTC).date() + timedelta(days=30)
    server.faults = ModelFault(shutdown_dates={"gpt-4o": end})
    listed = {model.id: model.shutdown_date async for model in client.models.list()}
    assert listed["gpt-4o"] == end.isoformat()
    assert listed["gpt-6-luna"] is None
    assert (await client.models.retrieve("gpt-4o")).shutdown_date == end.isoformat()
    assert (await ask(client, "gpt-4o")).choices


@pytest.mark.parametrize(
    "faults", [ModelFault(retired=("gpt-4o",)), ModelFault(shutdown_dates={"gpt-4o": date(2026, 1, 14)})]
)
async def test_a_model_after_its_end_is_not_found(
    server: Server, client: openai.AsyncOpenAI, faults: ModelFault
):
    """A retired model is 404, model_not_found, everywhere, and is listed no more."""
    server.faults = faults
    for call in (ask(client, "gpt-4o"), client.models.retrieve("gpt-4o"), search(client, "gpt-4o")):
        with pytest.raises(openai.NotFoundError) as caught:
            await call
        assert caught.value.code == "model_not_found"
    assert "gpt-4o" not in [model.id async for model in client.models.list()]


async def test_an_unknown_model_is_not_found(client: openai.AsyncOpenAI):
    """The look-up of a model that is not offered is 404, and names it."""
    with pytest.raises(openai.NotFoundError, match="'gpt-9' does not exist") as caught:
        await client.models.retrieve("gpt-9")
    assert caught.value.code == "model_not_found"


def search(client: openai.AsyncOpenAI, model: str = "gpt-6-luna", **parameters: Any) -> Any:
    body = {"input": "query: Norrvik Fjell Parka", "tools": [{"type": "web_search"}]} | parameters
    return client.responses.create(model=model, **body)
