"""The parts that the OpenAPI document is put together from: parameters, answers, operations."""

from __future__ import annotations

from typing import Any

from lens_rx.web.json_schema import Schema, schema_ref

Parameters = list[dict[str, Any]]
#: A text without control characters, but for blanks.
PLAIN_TEXT: Schema = {
    "type": "string",
    "pattern": r"^[^\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f]*$",
}

ERROR_DESCRIPTIONS = {
    400: "the request cannot be understood",
    401: "no token, or one that is not valid; only where the service asks for tokens",
    403: "a page of an origin that may not read",
    404: "there is no such run",
    408: "the upload took too long",
    409: "the run is live, or was changed since it was read",
    413: "too many bytes, pixels or photos",
    415: "no photo of a kind that is read, or an encoded body",
    421: "the host name is not one of the service's own",
    422: "it is understood and cannot be done: a photo that shows nothing, a change that changes nothing",
    429: "full; `Retry-After` says when to come again",
    503: "the storage is away, or the node restarts; `Retry-After` says when to come again",
}
RETRYABLE_STATUSES = (429, 503)


def parameter(name: str, schema: Schema, description: str, place: str = "query") -> dict[str, Any]:
    """Return a parameter of a query, a path or a header."""
    required = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, "description": description, "schema": schema} | required


def _error_response(status: int) -> dict[str, Any]:
    retry = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
    return {
        "description": ERROR_DESCRIPTIONS[status],
        "content": {"application/json": {"schema": schema_ref("Error")}},
    } | ({"headers": retry} if status in RETRYABLE_STATUSES else {})


def error_responses(*statuses: int) -> dict[str, Any]:
    """Return the answers of these statuses: errors as JSON."""
    return {str(status): _error_response(status) for status in statuses}


def response(description: str, kind: str, schema: Schema | None = None) -> dict[str, Any]:
    """Return an answer with content of one type."""
    return {"description": description, "content": {kind: {"schema": schema} if schema else {}}}


def request_body(schema: Schema, kind: str = "application/json", *, required: bool = True) -> dict[str, Any]:
    """Return what an operation has beside `operation`, where a request to it has a body."""
    needed = {"required": True} if required else {}
    return {"requestBody": needed | {"content": {kind: {"schema": schema}}}}


def operation(
    name: str, summary: str, responses: dict[str, Any], parameters: Parameters | None = None
) -> dict[str, Any]:
    """Return an operation; `name` is its id."""
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters or [],
        "responses": responses,
    }
