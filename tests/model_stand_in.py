"""A foreign, OpenAI-compatible server: as weak, slow or broken as a test wants it; it counts its requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

Body = dict[str, Any]
Answering = Callable[[Body], "Said"]
NAMED = {"word": "boot", "numbers": [1, 2]}


class Said:
    """One answer: words of the model, or a status with a body of its own."""

    def __init__(
        self,
        content: str | None = None,
        *,
        status: int = 200,
        body: Any = None,
        finish: str = "stop",
        refusal: str | None = None,
        headers: dict[str, str] | None = None,
        after: float = 0.0,
        kind: str = "application/json",
    ) -> None:
        message = {"role": "assistant", "content": content, "refusal": refusal}
        choice = {"index": 0, "message": message, "finish_reason": finish}
        self.status = status
        self.body = (
            body if body is not None else {"id": "x", "object": "chat.completion", "choices": [choice]}
        )
        self.headers, self.after, self.kind = headers or {}, after, kind


def fault(status: int, words: str, **more: Any) -> Said:
    """Return an error in the API's form."""
    return Said(status=status, body={"error": {"message": words, "type": "server_error"}}, **more)


def form_of(body: Body) -> str:
    """Return the answer form that a request asks for."""
    return str(body.get("response_format", {}).get("type", "text"))


def shows_pictures(body: Body) -> bool:
    return "image_url" in json.dumps(body["messages"])


class ModelStandIn:
    """The server; `bodies` are the requests that came."""

    def __init__(self, answering: Answering) -> None:
        self.answering = answering
        self.bodies: list[Body] = []

    @property
    def forms(self) -> list[str]:
        return [form_of(body) for body in self.bodies]

    def app(self) -> web.Application:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_post("/v1/chat/completions", self._complete)
        return app

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        said = self.answering(body)
        await asyncio.sleep(said.after)
        text = said.body if isinstance(said.body, str) else json.dumps(said.body)
        return web.Response(status=said.status, text=text, content_type=said.kind, headers=said.headers)
