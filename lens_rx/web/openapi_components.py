"""The components of `/openapi.json` that are no facts: other answers, messages of the WebSocket, ways to sign in."""

from __future__ import annotations

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.storage.records import RunState
from lens_rx.web.auth import SESSION_COOKIE
from lens_rx.web.json_schema import COUNT, TEXT, Schema, array_schema, enum_schema, object_schema, schema_ref
from lens_rx.web.openapi_changes import SOCKET_CHANGES
from lens_rx.web.openapi_parts import PLAIN_TEXT
from lens_rx.web.outcome_endpoint import MAX_DAYS, MAX_NAME_LENGTH, MAX_PRICE, MIN_PRICE

_FLAG: Schema = {"type": "boolean"}
_SOLD_PRICE: Schema = {"type": "number", "minimum": MIN_PRICE, "exclusiveMaximum": MAX_PRICE}
_SALE: Schema = {
    "currency": {"type": "string", "description": "ISO 4217; the service's own where it is left out"},
    "marketplace": PLAIN_TEXT | {"maxLength": MAX_NAME_LENGTH},
}
_DAYS: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_DAYS, "description": "from listing to sale"}
_OUTCOME_FIELDS = {
    "sold_price": _SOLD_PRICE,
    **_SALE,
    "reported_at": {"type": "string", "format": "date-time"},
}
SCHEMAS: dict[str, Schema] = {
    "Error": object_schema(
        {
            "error": {"type": "string", "description": "for users"},
            "code": schema_ref("ErrorCode"),
        }
    ),
    "ErrorCode": enum_schema(*ErrorCode)
    | {
        "description": "for programs; more may come. "
        + "; ".join(f"`{it}`: {it.meaning}" for it in ErrorCode)
    },
    "Run": object_schema(
        {
            "key": TEXT,
            "generation": COUNT,
            "state": enum_schema(*RunState),
            "facts": array_schema(schema_ref("Fact")),
        },
        {"outcome": schema_ref("Outcome")},
    ),
    "ReportedOutcome": object_schema({"sold_price": _SOLD_PRICE}, _SALE | {"days": _DAYS})
    | {"additionalProperties": False},
    "Outcome": object_schema(_OUTCOME_FIELDS, {"days": _DAYS}),
    "OutcomeComparison": object_schema(
        _OUTCOME_FIELDS | {"range": enum_schema("below", "inside", "above", "unknown")},
        {
            "days": _DAYS,
            "price": {"type": "number", "description": "of the estimate, in the currency of the sale"},
            "off": {"type": "number", "description": "the estimate by the sale, less 1"},
            "near": _FLAG | {"description": "within 20 %"},
            "certainty": {"type": "number"},
        },
    ),
    "Calibration": object_schema(
        dict.fromkeys(("sales", "below", "inside", "above"), COUNT)
        | {"expected_inside": {"type": "number", "description": "the part that is right"}}
    ),
    "Alive": object_schema({"status": {"const": "alive"}}),
    "Ready": object_schema({"ready": _FLAG}, {"log": _FLAG, "chromium": _FLAG}),
    "Suppliers": object_schema(
        {
            "suppliers": array_schema(
                object_schema(
                    {
                        "name": TEXT,
                        "used_for": TEXT,
                        "in_use": _FLAG,
                        "available": _FLAG,
                        "warning": _FLAG | {"description": "it is gone, or ends within 60 days"},
                    },
                    {"ends": {"type": "string", "format": "date"}, "days_left": {"type": "integer"}},
                )
            )
        }
    ),
    "SocketAsking": object_schema({"key": TEXT}, {"after": COUNT, "generation": COUNT} | SOCKET_CHANGES),
    "SocketBegun": object_schema({"key": TEXT, "replayed": _FLAG, "generation": COUNT}),
    "SocketRefusal": object_schema(
        {
            "error": TEXT,
            "status": {"type": "integer"},
            "code": schema_ref("ErrorCode"),
        },
        {"retry_after": {"type": "integer"}},
    ),
}


SECURITY_SCHEMES: dict[str, Schema] = {
    "token": {"type": "http", "scheme": "bearer", "description": "a token of `lens-rx tokens add`"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": "of a browser that signed in at /login",
    },
}
#: One of them is enough; a service that asks for no token takes the empty one.
SECURITY: list[dict[str, list[str]]] = [{}, {"token": []}, {"session": []}]
