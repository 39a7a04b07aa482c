"""`/openapi.json`: the interface, for people and for programs."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from lens_rx import __version__
from lens_rx.facts import Condition
from lens_rx.web.facts_wire import EVERY
from lens_rx.web.query import AFTER, LONGEST_TEXT

_TEXT = {"type": "string", "maxLength": LONGEST_TEXT}
_VIEW: list[dict[str, Any]] = [
    {
        "name": "events",
        "in": "query",
        "description": f"empty, all, or kinds between commas: {', '.join(sorted(EVERY))}",
        "schema": {"type": "string"},
    },
    {"name": "currency", "in": "query", "schema": {"type": "string", "pattern": "^[A-Za-z]{3}$"}},
]
_OPTIONS: list[dict[str, Any]] = [
    {"name": "country", "in": "query", "schema": {"type": "string", "pattern": "^[A-Za-z]{2}$"}},
    {"name": "hint", "in": "query", "schema": _TEXT},
    {"name": "producer", "in": "query", "schema": _TEXT},
    {"name": "model", "in": "query", "schema": _TEXT},
    {"name": "condition", "in": "query", "schema": {"type": "string", "enum": [str(it) for it in Condition]}},
]
_KEY: list[dict[str, Any]] = [
    {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}},
]
_AFTER: list[dict[str, Any]] = [
    {
        "name": "after",
        "in": "query",
        "description": "go on after this fact: its seq, or generation-seq",
        "schema": {"type": "string", "pattern": f"^{AFTER}$"},
    },
]
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}},
}
_FACT = {
    "type": "object",
    "required": ["data", "data_type", "data_description"],
    "properties": {
        "data": {},
        "data_type": {"type": "string"},
        "data_description": {"type": "string", "enum": sorted(EVERY)},
        "seq": {"type": "integer", "minimum": 1},
        "observed_at": {"type": "string", "format": "date-time"},
    },
}


def _refusals(*statuses: int) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {str(status): {"description": "refused", "content": content} for status in statuses}


def _answer(description: str, *types: str, schema: str | None = None) -> dict[str, Any]:
    body = {"schema": {"$ref": f"#/components/schemas/{schema}"}} if schema else {}
    return {"description": description, "content": dict.fromkeys(types, body)}


def _classify(name: str) -> dict[str, Any]:
    body = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
    return {
        "operationId": name,
        "summary": "Identify and price a thing by one or more photos of it",
        "parameters": _VIEW + _OPTIONS,
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": body}}},
        "responses": {
            "200": _answer("the facts, as each becomes known", "text/event-stream", "application/x-ndjson"),
            **_refusals(400, 408, 413, 415, 422, 429, 503),
        },
    }


def _get(summary: str, answer: dict[str, Any], parameters: Any = (), *refused: int) -> dict[str, Any]:
    return {
        "summary": summary,
        "parameters": list(parameters),
        "responses": {"200": answer, **_refusals(*refused)},
    }


def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    gone = {"204": {"description": "forgotten"}, **_refusals(404, 503)}
    stream = _get(
        "The run as an EventSource stream",
        _answer("events", "text/event-stream"),
        _KEY + _VIEW + _AFTER,
        400,
        404,
        503,
    )
    stream["responses"]["204"] = {"description": "the client has everything"}
    ready = _get("Ready", _answer("ready, and each part", "application/json"))
    ready["responses"]["503"] = _answer("not ready, and each part", "application/json")
    return {
        "openapi": "3.1.0",
        "info": {"title": "lens_rx", "version": __version__, "license": {"name": "MIT"}},
        "paths": {
            "/classify": {"post": _classify("classify")},
            "/": {
                "post": _classify("classifyAtRoot"),
                "get": _get("The page", _answer("the page", "text/html")),
            },
            "/runs/{key}": {
                "get": _get(
                    "A run, as far as it is known",
                    _answer("the run", "application/json", schema="Run"),
                    _KEY + _VIEW + _AFTER,
                    400,
                    404,
                    503,
                ),
                "delete": {"summary": "Forget a run", "parameters": _KEY, "responses": gone},
            },
            "/runs/{key}/events": {"get": stream},
            "/healthz": {"get": _get("Alive", _answer("alive", "application/json"))},
            "/readyz": {"get": ready},
            "/metrics": {"get": _get("Counters", _answer("counters", "text/plain"))},
        },
        "components": {"schemas": {"Error": _ERROR, "Fact": _FACT, "Run": _run()}},
    }


def _run() -> dict[str, Any]:
    facts = {"type": "array", "items": {"$ref": "#/components/schemas/Fact"}}
    return {
        "type": "object",
        "required": ["key", "generation", "state", "facts"],
        "properties": {
            "key": {"type": "string"},
            "generation": {"type": "integer"},
            "state": {"type": "string"},
            "facts": facts,
        },
    }


async def openapi(_: web.Request) -> web.Response:
    """Return the document."""
    return web.json_response(document())
