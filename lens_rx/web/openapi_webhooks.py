"""What the OpenAPI document says of requests that do not wait, and of webhooks."""

from __future__ import annotations

from typing import Any

from lens_rx.storage.records import RunState
from lens_rx.web.async_answer import MAX_CALLBACK_LENGTH, PREFERENCE
from lens_rx.web.json_schema import COUNT, TEXT, Schema, array_schema, enum_schema, object_schema, schema_ref
from lens_rx.web.openapi_parts import (
    Parameters,
    error_responses,
    operation,
    parameter,
    request_body,
    response,
)

_TIME: Schema = {"type": "string", "format": "date-time"}
ASYNC_PARAMETERS: Parameters = [
    parameter("Prefer", TEXT, f"`{PREFERENCE}`: 202 at once, and the run goes on (RFC 7240)", "header"),
    parameter(
        "callback",
        {"type": "string", "format": "uri", "maxLength": MAX_CALLBACK_LENGTH},
        f"with `Prefer: {PREFERENCE}`: a public address that gets a signed webhook when the run has ended",
    ),
]
ASYNC_SCHEMAS: dict[str, Schema] = {
    "Accepted": object_schema(
        {
            "key": TEXT,
            "generation": COUNT,
            "state": enum_schema(*RunState),
            "location": {"type": "string", "description": "where the run is asked for"},
            "events": {"type": "string", "description": "where an EventSource follows it"},
        },
        {"webhook": {"type": "string", "description": "its `Webhook-Id`"}},
    ),
    "DeadWebhooks": object_schema(
        {
            "webhooks": array_schema(
                object_schema(
                    {
                        "id": TEXT,
                        "key": TEXT,
                        "callback": TEXT,
                        "attempts": COUNT,
                        "asked_at": _TIME,
                        "failed_at": _TIME,
                        "reason": TEXT,
                    }
                )
            )
        }
    ),
    "RetriedWebhook": object_schema({"id": TEXT, "key": TEXT}),
}


def accepted_response() -> dict[str, Any]:
    """Return the answer to a request that does not wait."""
    return response(f"with `Prefer: {PREFERENCE}`", "application/json", schema_ref("Accepted")) | {
        "headers": {
            "Location": {"schema": TEXT, "description": "the run"},
            "Preference-Applied": {"schema": TEXT},
            "Retry-After": {"schema": {"type": "integer"}, "description": "seconds"},
        }
    }


def webhook_paths() -> dict[str, Any]:
    """Return the addresses of webhooks that could not be delivered."""
    listed = response("the tenant's, the latest first", "application/json", schema_ref("DeadWebhooks"))
    retried = response("it is tried again", "application/json", schema_ref("RetriedWebhook"))
    identity = [parameter("id", TEXT, "of a webhook", "path")]
    return {
        "/webhooks/dead": {
            "get": operation(
                "deadWebhooks",
                "Webhooks that could not be delivered",
                {"200": listed} | error_responses(400, 401, 421, 503),
            )
        },
        "/webhooks/dead/{id}/retry": {
            "post": operation(
                "retryWebhook",
                "Deliver one after all",
                {"202": retried} | error_responses(400, 401, 403, 404, 421, 503),
                identity,
            )
        },
    }


def webhook_operations() -> dict[str, Any]:
    """Return what the service itself posts to callbacks."""
    headers = [
        parameter("Webhook-Id", TEXT, "the same for each attempt", "header"),
        parameter("Webhook-Timestamp", TEXT, "of the attempt, seconds since 1970", "header"),
        parameter(
            "Webhook-Signature", TEXT, "`v1,` and base64 of HMAC-SHA256 over id.timestamp.body", "header"
        ),
    ]
    taken = {"2XX": {"description": "taken"}, "410": {"description": "no more attempts"}}
    posted = operation("runEnded", "The run of a callback has ended", taken, headers)
    return {"runEnded": {"post": posted | request_body(schema_ref("Run"))}}
