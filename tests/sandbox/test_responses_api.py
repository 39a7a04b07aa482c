"""The sandbox's Responses API with web search, asked by the real client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from openai.types.responses import Response

from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.model_server import model_routes

SHOP = "http://norrvik.sandbox.test/products/norrvik-fjell-parka"


@pytest.fixture
async def client() -> AsyncIterator[openai.AsyncOpenAI]:
    app = web.Application()
    app.add_routes(model_routes(catalogue()))
    async with (
        TestServer(app) as server,
        openai.AsyncOpenAI(api_key="any", base_url=str(server.make_url("/v1")), max_retries=0) as client,
    ):
        yield client


async def search(client: openai.AsyncOpenAI, model: str = "gpt-6-luna", **parameters: Any) -> Response:
    tool = {"type": "web_search", "search_context_size": "low"} | parameters.pop("tool", {})
    body = {"input": "query: Norrvik Fjell Parka", "tools": [tool], "store": False} | parameters
    return await client.responses.create(model=model, **body)


def citations(response: Response) -> list[Any]:
    return [
        annotation
        for item in response.output
        if item.type == "message"
        for part in item.content
        for annotation in part.annotations
    ]


async def test_a_search_cites_what_it_found(client: openai.AsyncOpenAI):
    """The citations are pages of the index, marked as the real ones are, each at its place in the text."""
    response = await search(client)
    Response.model_validate(response.model_dump())
    cited = citations(response)
    assert len(cited) == 4
    assert f"{SHOP}?utm_source=openai" in [it.url for it in cited]
    text = response.output_text
    assert all(it.url in text[it.start_index : it.end_index] for it in cited)
    assert [item.type for item in response.output] == ["reasoning", "web_search_call", "message"]


async def test_what_the_text_mentions_is_not_cited(client: openai.AsyncOpenAI):
    """The answer names one more address, which no citation carries."""
    response = await search(client)
    mentioned = response.output_text.rsplit("See also ", 1)[1].strip()
    assert mentioned.startswith("http://")
    assert not any(it.url.startswith(mentioned) for it in citations(response))


async def test_all_sources_come_when_they_are_asked_for(client: openai.AsyncOpenAI):
    """`include` adds the addresses of all results to the search's action."""
    response = await search(client, include=["web_search_call.action.sources"])
    action = next(item.action for item in response.output if item.type == "web_search_call")
    assert action.query == "Norrvik Fjell Parka"
    assert len(action.sources) > 4


async def test_allowed_domains_bound_the_search(client: openai.AsyncOpenAI):
    """Only pages of the domain and its subdomains are cited."""
    response = await search(client, tool={"filters": {"allowed_domains": ["norrvik.sandbox.test"]}})
    assert citations(response)
    assert all(it.url.startswith("http://norrvik.sandbox.test/") for it in citations(response))


async def test_a_known_name_in_a_long_prompt_is_searched(client: openai.AsyncOpenAI):
    """Without a labelled query the model searches for the thing that it reads in the text."""
    response = await search(
        client, input="Please find the producer's page of the Norrvik Fjell Parka for me."
    )
    assert f"{SHOP}?utm_source=openai" in [it.url for it in citations(response)]


async def test_nothing_is_cited_where_nothing_is_found(client: openai.AsyncOpenAI):
    """A query without results yields an answer without citations."""
    assert citations(await search(client, input="query: zorbex quill")) == []


async def test_reasoning_counts_against_max_output_tokens(client: openai.AsyncOpenAI):
    """A small limit leaves no message: the response is incomplete."""
    response = await search(client, max_output_tokens=100)
    assert (response.status, response.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert response.output_text == ""
    assert response.usage.output_tokens_details.reasoning_tokens == 100


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-6-luna"])
async def test_both_models_search(client: openai.AsyncOpenAI, model: str):
    """The tool works with either model, for a country."""
    response = await search(client, model, tool={"user_location": {"type": "approximate", "country": "DE"}})
    assert citations(response)


@pytest.mark.parametrize(
    ("model", "parameters", "param"),
    [
        ("gpt-6-luna", {"tool": {"type": "web_search_next"}}, "tools[0].type"),
        ("gpt-6-luna", {"tool": {"country": "DE"}}, "tools[0].country"),
        ("gpt-6-luna", {"tool": {"search_context_size": "huge"}}, "tools[0].search_context_size"),
        ("gpt-6-luna", {"tool": {"user_location": {"country": "DE"}}}, "tools[0].user_location.type"),
        (
            "gpt-6-luna",
            {"tool": {"user_location": {"type": "approximate", "country": "Germany"}}},
            "tools[0].user_location.country",
        ),
        (
            "gpt-6-luna",
            {"tool": {"filters": {"allowed_domains": ["https://a.test"]}}},
            "tools[0].filters.allowed_domains[0]",
        ),
        ("gpt-6-luna", {"temperature": 0}, "temperature"),
        ("gpt-6-luna", {"reasoning": {"effort": "minimal"}}, "reasoning.effort"),
        ("gpt-6-luna", {"max_output_tokens": 5}, "max_output_tokens"),
        ("gpt-6-luna", {"include": ["everything"]}, "include[0]"),
        ("gpt-6-luna", {"extra_body": {"messages": []}}, None),
        ("gpt-6-luna", {"tools": [], "tool_choice": "required"}, "tool_choice"),
        ("gpt-4o", {"reasoning": {"effort": "low"}}, "reasoning.effort"),
    ],
)
async def test_requests_are_validated(client: openai.AsyncOpenAI, model: str, parameters: dict, param: str):
    """What the API rejects is a 400 that names the parameter."""
    with pytest.raises(openai.BadRequestError) as caught:
        await search(client, model, **parameters)
    assert caught.value.param == param
