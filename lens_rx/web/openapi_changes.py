"""The operations of `/openapi.json` that change a run, and the bodies that they take."""

from __future__ import annotations

from typing import Any

from lens_rx.facts import Condition
from lens_rx.web.change_bodies import ID_PATTERN, MAX_IDS, REFRESH_WORDS
from lens_rx.web.json_schema import Schema, array_schema, enum_schema, object_schema, schema_ref
from lens_rx.web.openapi_parts import (
    PLAIN_TEXT,
    Parameters,
    error_responses,
    operation,
    request_body,
)
from lens_rx.web.openapi_webhooks import accepted_response
from lens_rx.web.query_params import MAX_TEXT_LENGTH

_SAID: Schema = PLAIN_TEXT | {"maxLength": MAX_TEXT_LENGTH, "description": '"" takes it back'}
_IDS: Schema = array_schema({"type": "string", "pattern": f"^{ID_PATTERN}$"}) | {"maxItems": MAX_IDS}
_CLOSED = {"additionalProperties": False}
CHANGE_SCHEMAS: dict[str, Schema] = {
    "Correction": object_schema(
        {},
        {
            "producer": _SAID,
            "model": _SAID,
            "condition": enum_schema("", *Condition),
            "size": _SAID,
            "variant": _SAID,
            "hint": _SAID,
        },
    )
    | _CLOSED,
    "ComparableChange": object_schema({}, {"dismiss": _IDS, "restore": _IDS}) | _CLOSED,
    "Undo": object_schema({}) | _CLOSED,
    "Refresh": object_schema({}, {"what": enum_schema(*REFRESH_WORDS)}) | _CLOSED,
}
#: What a message of the WebSocket may ask for beside its key, one of them, or the first two.
SOCKET_CHANGES: dict[str, Schema] = {
    "dismiss": _IDS,
    "restore": _IDS,
    "correct": schema_ref("Correction"),
    "undo": {"const": True},
    "refresh": enum_schema(*REFRESH_WORDS),
}
_OPERATIONS = {
    "corrections": ("correct", "Correct what the thing is, or its condition, size or variant", "Correction"),
    "comparables": ("changeComparables", "Leave offers out, or bring them back", "ComparableChange"),
    "undo": ("undo", "Take the last change back", "Undo"),
    "refresh": ("refresh", "Look again, whatever is stored", "Refresh"),
}


def change_paths(parameters: Parameters, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the paths below `/runs/{key}` that change a run; `answer` is that of an upload."""
    responses = {"200": answer, "202": accepted_response()} | error_responses(
        400, 401, 403, 404, 408, 409, 413, 421, 422, 429, 503
    )
    return {
        f"/runs/{{key}}/{path}": {
            "post": operation(name, summary, responses, parameters)
            | request_body(schema_ref(body), required=False)
        }
        for path, (name, summary, body) in _OPERATIONS.items()
    }
