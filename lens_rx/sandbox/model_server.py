"""The sandbox's OpenAI-compatible API: models, chat completions, and responses with web search.

It validates requests as strictly as the real API and answers by rules: images are compared with the catalogue;
names, links and prices are read from the request's text. `/v1` serves OpenAI's models and some that misbehave in
one way each; `/local/v1` is a server of a small local model, such as llama.cpp's.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.faults import LOCAL_PREFIX, ModelFault
from lens_rx.sandbox.image_match import ImageMatcher, image_matcher
from lens_rx.sandbox.model.api_error import ApiError
from lens_rx.sandbox.model.behaviours import LOCAL_MODELS, MODELS, ModelBehaviour
from lens_rx.sandbox.model.completion import completion_body, refusal_body
from lens_rx.sandbox.model.evidence import Evidence
from lens_rx.sandbox.model.lifetimes import (
    Lifetimes,
    local_model_object,
    missing_model,
    model_object,
    retired_model,
    unknown_model,
)
from lens_rx.sandbox.model.parameters import check_parameters
from lens_rx.sandbox.model.request import CompletionRequest, JsonSchemaFormat, parse_request
from lens_rx.sandbox.model.responses_request import check_responses_parameters, parse_responses_request
from lens_rx.sandbox.model.rules import answer
from lens_rx.sandbox.model.usage import PromptCache
from lens_rx.sandbox.model.web_search import response_body
from lens_rx.sandbox.sites.search import SearchIndex, search_index


def model_routes(
    catalogue: Catalogue,
    matcher: ImageMatcher | None = None,
    faults: Callable[[], ModelFault] = ModelFault,
) -> list[web.RouteDef]:
    """Return the routes of both servers; `faults` are the current faults of the model."""
    server = ModelServer(catalogue, matcher or image_matcher(), search_index(catalogue), Lifetimes(faults))
    return [
        web.get("/v1/models", _answer_errors(server.list_models)),
        web.get("/v1/models/{model}", _answer_errors(server.get_model)),
        web.post("/v1/chat/completions", _answer_errors(server.complete)),
        web.post("/v1/responses", _answer_errors(server.respond)),
        web.get(f"{LOCAL_PREFIX}/v1/models", _answer_errors(server.list_local_models)),
        web.post(f"{LOCAL_PREFIX}/v1/chat/completions", _answer_errors(server.complete_locally)),
    ]


def _answer_errors(handler: Handler) -> Handler:
    """Return a handler that sends an `ApiError` as the API does."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ApiError as error:
            return error.response()

    return handle


@dataclass(frozen=True, slots=True)
class ModelServer:
    """Answers for all of its models."""

    catalogue: Catalogue
    image_matcher: ImageMatcher
    index: SearchIndex
    lifetimes: Lifetimes
    cache: PromptCache = field(default_factory=PromptCache)

    async def list_models(self, request: web.Request) -> web.Response:
        """List the models that are accessible."""
        _check_key(request, self.lifetimes.faults())
        names = [name for name in MODELS if not self.lifetimes.is_retired(name)]
        rows = [model_object(name, self.lifetimes.shutdown_date(name)) for name in names]
        return web.json_response({"object": "list", "data": rows})

    async def get_model(self, request: web.Request) -> web.Response:
        """Return one model, with the date of its shutdown where that is announced."""
        _check_key(request, self.lifetimes.faults())
        name = request.match_info["model"]
        if name not in MODELS or self.lifetimes.is_retired(name):
            raise missing_model(name)
        return web.json_response(model_object(name, self.lifetimes.shutdown_date(name)))

    async def list_local_models(self, _: web.Request) -> web.Response:
        """List the models of the local server, which needs no key."""
        return web.json_response(
            {"object": "list", "data": [local_model_object(name) for name in LOCAL_MODELS]}
        )

    async def complete(self, request: web.Request) -> web.Response:
        """Answer a chat completion."""
        _check_key(request, self.lifetimes.faults())
        body = await request.read()
        return web.json_response(await asyncio.to_thread(self._completion, parse_request(body), MODELS))

    async def complete_locally(self, request: web.Request) -> web.Response:
        """Answer a chat completion as a server of local models does: unknown parameters are ignored."""
        body = parse_request(await request.read(), ignore_unknown=True)
        return web.json_response(await asyncio.to_thread(self._completion, body, LOCAL_MODELS))

    async def respond(self, request: web.Request) -> web.Response:
        """Answer a request of the Responses API."""
        _check_key(request, self.lifetimes.faults())
        body = parse_responses_request(await request.read())
        behaviour = self._behaviour(body.model, MODELS)
        check_responses_parameters(body, behaviour)
        make = partial(response_body, body, behaviour, self.catalogue, self.index, self.cache)
        return web.json_response(await asyncio.to_thread(make))

    def _behaviour(self, model: str, offered: Mapping[str, ModelBehaviour]) -> ModelBehaviour:
        """Return the model's behaviour; raise `ApiError` for a model that is unknown or retired."""
        if model not in offered:
            raise unknown_model(model)
        if self.lifetimes.is_retired(model):
            raise retired_model(model)
        return offered[model]

    def _completion(
        self, request: CompletionRequest, offered: Mapping[str, ModelBehaviour]
    ) -> dict[str, Any]:
        """Return the response's body; raise `ApiError` for a request that the model does not accept."""
        behaviour = self._behaviour(request.model, offered)
        check_parameters(request, behaviour)
        images = [image.decode() for image in request.images()]
        if behaviour.refuses:
            return refusal_body(request, images, "I'm sorry, I can't assist with that.", self.cache)
        schema = _find_schema(request)
        if schema is None or behaviour.answers_in_prose:
            content = "Certainly! I would be happy to help you with your thing."
        else:
            content = json.dumps(answer(schema, self._evidence(request, images)))
        return completion_body(request, behaviour, images, content, self.cache)

    def _evidence(self, request: CompletionRequest, images: Sequence[bytes]) -> Evidence:
        """Return the evidence in a request: its text, and the best match of any of its images."""
        matches = [match for image in images for match in self.image_matcher.find(image)]
        best = max(matches, key=lambda match: match[1], default=None)
        thing = self.catalogue[best[0]] if best else None
        return Evidence(self.catalogue, request.text_of("user"), thing, has_images=bool(images))


def _check_key(request: web.Request, fault: ModelFault) -> None:
    """Raise `ApiError` where no key is sent, or the faults refuse it; any other key is accepted."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not key.strip():
        raise ApiError(
            "You didn't provide an API key. You need to provide your API key in an Authorization header using"
            " Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
            status=401,
        )
    if fault.key is not None:
        words = "Incorrect API key provided: ****. You can find your API key at https://platform.openai.com/account/api-keys."
        raise ApiError(words, None, "invalid_api_key", status=401)
    if fault.quota and request.method == "POST":
        words = "You exceeded your current quota, please check your plan and billing details."
        raise ApiError(words, None, "insufficient_quota", status=429, kind="insufficient_quota")


def _find_schema(request: CompletionRequest) -> dict[str, Any] | None:
    """Return the schema of the answer: of the response format, else of the messages' text."""
    if isinstance(request.response_format, JsonSchemaFormat):
        return request.response_format.json_schema.schema_
    text = request.text_of("system", "developer", "user")
    for start in (index for index, character in enumerate(text) if character == "{"):
        try:
            schema = json.JSONDecoder().raw_decode(text, start)[0]
        except ValueError:
            continue
        if isinstance(schema, dict) and "properties" in schema:
            return schema
    return None
