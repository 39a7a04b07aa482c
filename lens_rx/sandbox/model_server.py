"""The sandbox's `/v1/chat/completions`: OpenAI's form and strictness, answers by rules.

It knows nothing of a request but what stands in it: pictures are compared with the catalogue, as a real
model knows the world; names, links and prices are read from the text. Beside `gpt-4o` it offers models
that misbehave in one way each, for tests.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from secrets import token_hex
from typing import Any, Final

from aiohttp import web
from PIL import Image

from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.image_match import ImageMatcher, image_matcher
from lens_rx.sandbox.model.api_error import ApiError
from lens_rx.sandbox.model.evidence import Evidence
from lens_rx.sandbox.model.request import CompletionRequest, JsonSchemaFormat, parse_request
from lens_rx.sandbox.model.rules import answer


@dataclass(frozen=True, slots=True)
class ModelBehaviour:
    """How one of the models behaves."""

    takes_images: bool = True
    takes_schema: bool = True
    refuses: bool = False
    answers_in_prose: bool = False


MODELS: Final[Mapping[str, ModelBehaviour]] = {
    "gpt-4o": ModelBehaviour(),
    "gpt-4o-mini": ModelBehaviour(),
    "practice-blind": ModelBehaviour(takes_images=False, takes_schema=False),
    "practice-refusing": ModelBehaviour(refuses=True),
    "practice-chattering": ModelBehaviour(answers_in_prose=True),
}
CHARACTERS_A_TOKEN: Final = 4
FINGERPRINT: Final = "fp_practice"


def model_routes(catalogue: Catalogue, matcher: ImageMatcher | None = None) -> list[web.RouteDef]:
    """Return `GET /v1/models` and `POST /v1/chat/completions`; `eye` knows the catalogue's pictures."""
    server = ModelServer(catalogue, matcher or image_matcher())
    return [
        web.get("/v1/models", server.models),
        web.post("/v1/chat/completions", server.complete),
    ]


@dataclass(frozen=True, slots=True)
class ModelServer:
    """Answers for all of its models."""

    catalogue: Catalogue
    image_matcher: ImageMatcher

    async def models(self, request: web.Request) -> web.Response:
        """Answer with the list of models."""
        try:
            _check_key(request)
        except ApiError as error:
            return error.response()
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "lens_rx"} for name in MODELS]
        return web.json_response({"object": "list", "data": rows})

    async def complete(self, request: web.Request) -> web.Response:
        """Answer one chat completion."""
        try:
            _check_key(request)
            body = await request.read()
            return web.json_response(await asyncio.to_thread(self._completion, body))
        except ApiError as error:
            return error.response()

    def _completion(self, body: bytes) -> dict[str, Any]:
        """Return the answer's body; raise `ApiError` for a request that the API would not take."""
        completion_request = parse_request(body)
        behaviour = _behaviour(completion_request)
        images = [image.decode() for image in completion_request.images()]
        if behaviour.refuses:
            return _completion_body(
                completion_request, images, refusal="I'm sorry, I can't assist with that."
            )
        schema = _find_schema(completion_request)
        if schema is None or behaviour.answers_in_prose:
            return _completion_body(
                completion_request, images, "Certainly! I would be happy to help you with your thing."
            )
        return _completion_body(
            completion_request, images, json.dumps(answer(schema, self._evidence(completion_request, images)))
        )

    def _evidence(self, completion_request: CompletionRequest, images: Sequence[bytes]) -> Evidence:
        """Look at the pictures: the thing that is surest seen in any of them counts."""
        matches = [hit for image in images for hit in self.image_matcher.find(image)]
        best = max(matches, key=lambda hit: hit[1], default=None)
        thing = self.catalogue[best[0]] if best else None
        return Evidence(self.catalogue, completion_request.text_of("user"), thing, has_images=bool(images))


def _check_key(request: web.Request) -> None:
    """Raise `ApiError` where no key is shown; which one does not matter here."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not key.strip():
        raise ApiError(
            "You didn't provide an API key. You need to provide your API key in an Authorization header using"
            " Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
            status=401,
        )


def _behaviour(completion_request: CompletionRequest) -> ModelBehaviour:
    """Return how the asked model behaves; raise `ApiError` for what it cannot do at all."""
    behaviour = MODELS.get(completion_request.model)
    if behaviour is None:
        message = f"The model `{completion_request.model}` does not exist or you do not have access to it."
        raise ApiError(message, None, "model_not_found", status=404)
    if not behaviour.takes_schema and isinstance(completion_request.response_format, JsonSchemaFormat):
        # what a widespread server answers to a form that it does not know
        message = "'response_format.type' : Input should be 'text' or 'json_object'"
        raise ApiError(message, status=500, kind="server_error")
    if not behaviour.takes_images and completion_request.images():
        raise ApiError("This model does not support image inputs.", "messages")
    return behaviour


def _find_schema(completion_request: CompletionRequest) -> dict[str, Any] | None:
    """Return the schema of the answer: from the answer's form, else from the application's words."""
    if isinstance(completion_request.response_format, JsonSchemaFormat):
        return completion_request.response_format.json_schema.schema_
    text = completion_request.text_of("system", "developer", "user")
    for start in (index for index, character in enumerate(text) if character == "{"):
        try:
            matches = json.JSONDecoder().raw_decode(text, start)[0]
        except ValueError:
            continue
        if isinstance(matches, dict) and "properties" in matches:
            return matches
    return None


def _completion_body(
    completion_request: CompletionRequest,
    images: Sequence[bytes],
    content: str | None = None,
    refusal: str | None = None,
) -> dict[str, Any]:
    """Return a completion, cut off where it is longer than was allowed."""
    text = content or refusal or ""
    tokens = max(1, len(text) // CHARACTERS_A_TOKEN)
    truncated = content is not None and tokens > completion_request.max_output_tokens
    if truncated:
        content, tokens = (
            text[: completion_request.max_output_tokens * CHARACTERS_A_TOKEN],
            completion_request.max_output_tokens,
        )
    text = completion_request.text_of("system", "developer", "user", "assistant")
    prompt = len(text) // CHARACTERS_A_TOKEN + sum(map(_image_tokens, images)) + 3
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": refusal, "annotations": []}
    finish_reason = "length" if truncated else "stop"
    return {
        "id": f"chatcmpl-{token_hex(12)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": completion_request.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": tokens, "total_tokens": prompt + tokens},
        "system_fingerprint": FINGERPRINT,
    }


def _image_tokens(image: bytes) -> int:
    """Return what a picture costs at high detail: 85, and 170 a tile of 512 once its short side is 768."""
    with Image.open(BytesIO(image)) as opened:
        width, height = opened.size
    shrink = min(1.0, 2048 / max(width, height))
    shrink *= min(1.0, 768 / (min(width, height) * shrink))
    return 85 + 170 * math.ceil(width * shrink / 512) * math.ceil(height * shrink / 512)
