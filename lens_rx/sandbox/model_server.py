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
from lens_rx.sandbox.model.request import AsSchema, Request, read_request
from lens_rx.sandbox.model.rules import answer


@dataclass(frozen=True, slots=True)
class Temper:
    """How one of the models behaves."""

    sees: bool = True
    takes_schema: bool = True
    refuses: bool = False
    chatters: bool = False


MODELS: Final[Mapping[str, Temper]] = {
    "gpt-4o": Temper(),
    "gpt-4o-mini": Temper(),
    "practice-blind": Temper(sees=False, takes_schema=False),
    "practice-refusing": Temper(refuses=True),
    "practice-chattering": Temper(chatters=True),
}
CHARACTERS_A_TOKEN: Final = 4
FINGERPRINT: Final = "fp_practice"


def model_routes(catalogue: Catalogue, eye: ImageMatcher | None = None) -> list[web.RouteDef]:
    """Return `GET /v1/models` and `POST /v1/chat/completions`; `eye` knows the catalogue's pictures."""
    server = ModelServer(catalogue, eye or image_matcher())
    return [
        web.get("/v1/models", server.models),
        web.post("/v1/chat/completions", server.complete),
    ]


@dataclass(frozen=True, slots=True)
class ModelServer:
    """Answers for all of its models."""

    catalogue: Catalogue
    eye: ImageMatcher

    async def models(self, request: web.Request) -> web.Response:
        """Answer with the list of models."""
        try:
            _check_key(request)
        except ApiError as trouble:
            return trouble.response()
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "lens_rx"} for name in MODELS]
        return web.json_response({"object": "list", "data": rows})

    async def complete(self, request: web.Request) -> web.Response:
        """Answer one chat completion."""
        try:
            _check_key(request)
            body = await request.read()
            return web.json_response(await asyncio.to_thread(self._completion, body))
        except ApiError as trouble:
            return trouble.response()

    def _completion(self, body: bytes) -> dict[str, Any]:
        """Return the answer's body; raise `ApiError` for a request that the API would not take."""
        asked = read_request(body)
        temper = _temper(asked)
        pictures = [picture.decoded() for picture in asked.pictures()]
        if temper.refuses:
            return _answered(asked, pictures, refusal="I'm sorry, I can't assist with that.")
        schema = _schema_of(asked)
        if schema is None or temper.chatters:
            return _answered(asked, pictures, "Certainly! I would be happy to help you with your thing.")
        return _answered(asked, pictures, json.dumps(answer(schema, self._evidence(asked, pictures))))

    def _evidence(self, asked: Request, pictures: Sequence[bytes]) -> Evidence:
        """Look at the pictures: the thing that is surest seen in any of them counts."""
        found = [hit for picture in pictures for hit in self.eye.best(picture)]
        best = max(found, key=lambda hit: hit[1], default=None)
        seen = self.catalogue[best[0]] if best else None
        return Evidence(self.catalogue, asked.words("user"), seen, pictured=bool(pictures))


def _check_key(request: web.Request) -> None:
    """Raise `ApiError` where no key is shown; which one does not matter here."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not key.strip():
        raise ApiError(
            "You didn't provide an API key. You need to provide your API key in an Authorization header using"
            " Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
            status=401,
        )


def _temper(asked: Request) -> Temper:
    """Return how the asked model behaves; raise `ApiError` for what it cannot do at all."""
    temper = MODELS.get(asked.model)
    if temper is None:
        message = f"The model `{asked.model}` does not exist or you do not have access to it."
        raise ApiError(message, None, "model_not_found", status=404)
    if not temper.takes_schema and isinstance(asked.response_format, AsSchema):
        # what a widespread server answers to a form that it does not know
        message = "'response_format.type' : Input should be 'text' or 'json_object'"
        raise ApiError(message, status=500, kind="server_error")
    if not temper.sees and asked.pictures():
        raise ApiError("This model does not support image inputs.", "messages")
    return temper


def _schema_of(asked: Request) -> dict[str, Any] | None:
    """Return the schema of the answer: from the answer's form, else from the application's words."""
    if isinstance(asked.response_format, AsSchema):
        return asked.response_format.json_schema.schema_
    text = asked.words("system", "developer", "user")
    for start in (index for index, character in enumerate(text) if character == "{"):
        try:
            found = json.JSONDecoder().raw_decode(text, start)[0]
        except ValueError:
            continue
        if isinstance(found, dict) and "properties" in found:
            return found
    return None


def _answered(
    asked: Request, pictures: Sequence[bytes], content: str | None = None, refusal: str | None = None
) -> dict[str, Any]:
    """Return a completion, cut off where it is longer than was allowed."""
    said = content or refusal or ""
    tokens = max(1, len(said) // CHARACTERS_A_TOKEN)
    cut = content is not None and tokens > asked.limit
    if cut:
        content, tokens = said[: asked.limit * CHARACTERS_A_TOKEN], asked.limit
    words = asked.words("system", "developer", "user", "assistant")
    prompt = len(words) // CHARACTERS_A_TOKEN + sum(map(_picture_tokens, pictures)) + 3
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": refusal, "annotations": []}
    finish = "length" if cut else "stop"
    return {
        "id": f"chatcmpl-{token_hex(12)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": tokens, "total_tokens": prompt + tokens},
        "system_fingerprint": FINGERPRINT,
    }


def _picture_tokens(picture: bytes) -> int:
    """Return what a picture costs at high detail: 85, and 170 a tile of 512 once its short side is 768."""
    with Image.open(BytesIO(picture)) as image:
        width, height = image.size
    shrink = min(1.0, 2048 / max(width, height))
    shrink *= min(1.0, 768 / (min(width, height) * shrink))
    return 85 + 170 * math.ceil(width * shrink / 512) * math.ceil(height * shrink / 512)
