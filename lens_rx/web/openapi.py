"""`/openapi.json`: the OpenAPI 3.1 description of the interface."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from aiohttp import web

from lens_rx import __version__
from lens_rx.web.fact_schemas import fact_schemas
from lens_rx.web.json_schema import array_schema, enum_schema, object_schema, schema_ref
from lens_rx.web.openapi_changes import CHANGE_SCHEMAS, change_paths
from lens_rx.web.openapi_components import SCHEMAS, SECURITY, SECURITY_SCHEMES
from lens_rx.web.openapi_parameters import (
    KEY,
    LAST_EVENT,
    PHOTO_COUNT,
    REFRESH,
    country_parameters,
    option_parameters,
    view_parameters,
)
from lens_rx.web.openapi_parts import (
    error_responses,
    operation,
    request_body,
    response,
)
from lens_rx.web.openapi_webhooks import (
    ASYNC_PARAMETERS,
    ASYNC_SCHEMAS,
    accepted_response,
    webhook_operations,
    webhook_paths,
)
from lens_rx.web.stream_formats import JSON_TYPE, NDJSON_TYPE, SSE_TYPE

ABOUT = """Photos of a second-hand thing go in; what it is, what it cost new, what it is offered for and what it is
worth come out, one fact at a time. A fact is one JSON object; its `data_description` says which kind it is, and what
its `data` holds. Clients pass over kinds and properties that they do not know."""
SSE_DESCRIPTION = "`data: `, one Fact as JSON in a line, and a blank line; a blank event keeps the line alive"
NDJSON_DESCRIPTION = "one Fact as JSON a line; an empty line keeps the line alive"
_HEADERS = {
    "X-Run-Key": {"schema": {"type": "string"}, "description": "the run's key: for `/runs/{key}` and `/ws`"},
    "X-Replayed": {
        "schema": enum_schema("true", "false"),
        "description": "whether all of it is from the log",
    },
    "X-Request-Id": {"schema": {"type": "string"}, "description": "under which the request is logged"},
}


def _run_answer() -> dict[str, Any]:
    """Return the answer to what starts, joins, replays or changes a run."""
    return {
        "description": f"the facts, each as soon as it is known. `text/event-stream`: {SSE_DESCRIPTION}. "
        f"`application/x-ndjson`: {NDJSON_DESCRIPTION}. `application/json`, where `Accept` names it and no stream, "
        "nor `*/*`: the whole run, once it is complete; nothing is sent before",
        "headers": _HEADERS,
        "content": {
            SSE_TYPE: {"schema": schema_ref("Fact")},
            NDJSON_TYPE: {"schema": schema_ref("Fact")},
            JSON_TYPE: {"schema": schema_ref("Run")},
        },
    }


def _classify_operation(name: str) -> dict[str, Any]:
    photos = array_schema({"type": "string", "format": "binary"}) | {"minItems": 1, "maxItems": 8}
    form = object_schema({"file": photos | {"description": "one part `file` a photo of the one thing"}})
    responses = {"200": _run_answer(), "202": accepted_response()} | error_responses(
        400, 401, 403, 408, 413, 415, 421, 422, 429, 503
    )
    summary = "Identify and price a thing by one or more photos of it"
    return operation(
        name, summary, responses, view_parameters() + option_parameters() + REFRESH + ASYNC_PARAMETERS
    ) | request_body(form, "multipart/form-data")


def _thumbnail_operation() -> dict[str, Any]:
    form = object_schema({"file": {"type": "string", "format": "binary"}})
    small = {"200": response("at most 320 pixels a side", "image/jpeg")}
    responses = small | error_responses(400, 401, 403, 408, 413, 415, 421, 422, 429, 503)
    return operation("thumbnail", "A small JPEG of one photo; nothing is stored", responses) | request_body(
        form, "multipart/form-data"
    )


def _websocket_operation() -> dict[str, Any]:
    """Return the WebSocket's operation; OpenAPI cannot describe its messages, so `x-messages` does."""
    upgraded = {
        "description": "A WebSocket. The client sends `photos` binary messages, each a photo, or one text message "
        "SocketAsking, to follow a run behind a seq, or to change it. The service sends SocketBegun, then one text message a Fact, "
        "and closes with 1000; or it sends SocketRefusal and closes with 1007 (no JSON, no photo where one was "
        "due), 1009 (too large), 1013 (full) or 1008 (everything else). 1012: it restarts; ask again.",
        "x-messages": {
            "send": [{"contentMediaType": "image/*"}, schema_ref("SocketAsking")],
            "receive": [schema_ref("SocketBegun"), schema_ref("Fact"), schema_ref("SocketRefusal")],
        },
    }
    responses = {"101": upgraded} | error_responses(400, 401, 403)
    return operation(
        "talk",
        "Photos or a key in, facts out, over a WebSocket",
        responses,
        PHOTO_COUNT + view_parameters() + option_parameters() + REFRESH,
    )


def _run_paths() -> dict[str, Any]:
    found = response("the run", "application/json", schema_ref("Run"))
    stream = response(
        f"`id:` generation-seq, and {SSE_DESCRIPTION.replace('blank event', 'comment')}",
        SSE_TYPE,
        schema_ref("Fact"),
    )
    archived = {"200": found} | error_responses(400, 401, 404, 503)
    followed = {"200": stream, "204": {"description": "the client has everything"}} | error_responses(
        400, 401, 404, 503
    )
    forgotten = {"204": {"description": "forgotten"}} | error_responses(401, 403, 404, 503)
    return {
        "/runs/{key}": {
            "get": operation(
                "run",
                "A run, as far as it is known",
                archived,
                KEY + view_parameters() + country_parameters(),
            ),
            "delete": operation("forget", "Forget a run", forgotten, KEY),
        },
        "/runs/{key}/outcome": {"post": _outcome_operation()},
        "/runs/{key}/events": {
            "get": operation(
                "follow",
                "A run for an EventSource, which resumes",
                followed,
                KEY + view_parameters() + country_parameters() + LAST_EVENT,
            )
        },
    }


def _outcome_operation() -> dict[str, Any]:
    reported = response("the sale beside the estimate", "application/json", schema_ref("OutcomeComparison"))
    responses = {"200": reported} | error_responses(400, 401, 403, 404, 413, 421, 503)
    return operation("reportOutcome", "Report what the thing was sold for", responses, KEY) | request_body(
        schema_ref("ReportedOutcome")
    )


def _operator_paths() -> dict[str, Any]:
    ready = {
        "200": response("ready, and each part", "application/json", schema_ref("Ready")),
        "503": response("not ready, and each part", "application/json", schema_ref("Ready")),
    }
    alive = {"200": response("alive", "application/json", schema_ref("Alive"))}
    counters = {"200": response("counters, in Prometheus' form", "text/plain")}
    suppliers = {"200": response("the configured services", "application/json", schema_ref("Suppliers"))}
    calibration = {"200": response("counts of sales", "application/json", schema_ref("Calibration"))}
    unauthorized = error_responses(401)
    public: dict[str, Any] = {"security": []}
    return {
        "/healthz": {"get": operation("alive", "Alive", alive) | public},
        "/readyz": {"get": operation("ready", "Ready", ready) | public},
        "/suppliers": {
            "get": operation("suppliers", "Outside services and their known ends", suppliers | unauthorized)
        },
        "/metrics": {"get": operation("metrics", "Counters", counters | unauthorized)},
        "/calibration": {
            "get": operation("calibration", "How sales fell", calibration | error_responses(400, 401))
        },
    }


def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    page = operation("page", "The page", {"200": response("the page", "text/html")})
    return {
        "openapi": "3.1.0",
        "security": SECURITY,
        "info": {
            "title": "lens_rx",
            "version": __version__,
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            "/classify": {"post": _classify_operation("classify")},
            "/": {"post": _classify_operation("classifyAtRoot"), "get": page},
            "/thumbnail": {"post": _thumbnail_operation()},
            "/ws": {"get": _websocket_operation()},
            **_run_paths(),
            **change_paths(KEY + view_parameters() + country_parameters() + ASYNC_PARAMETERS, _run_answer()),
            **webhook_paths(),
            **_operator_paths(),
        },
        "webhooks": webhook_operations(),
        "components": {
            "schemas": SCHEMAS | ASYNC_SCHEMAS | CHANGE_SCHEMAS | fact_schemas(),
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


@lru_cache(maxsize=1)
def _encoded(_: date) -> bytes:
    """Return the document as JSON; which currencies have a rate is of the day."""
    return json.dumps(document()).encode()


async def openapi(_: web.Request) -> web.Response:
    """Serve the document."""
    body = await asyncio.to_thread(_encoded, datetime.now(UTC).date())
    return web.json_response(body=body)
