"""The strict subset of JSON Schema that structured outputs accept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lens_rx.sandbox.model.api_error import ApiError

Schema = Mapping[str, Any]

#: Keywords outside the subset (developers.openai.com, "Supported schemas").
UNSUPPORTED_KEYWORDS: Final = frozenset(
    (
        "allOf",
        "not",
        "dependentRequired",
        "dependentSchemas",
        "if",
        "then",
        "else",
        "default",
        "oneOf",
        "patternProperties",
    )
)
TYPES: Final = frozenset(("string", "number", "integer", "boolean", "object", "array", "null"))
MAX_DEPTH: Final = 10


def check_schema(name: str, schema: Schema) -> None:
    """Raise `ApiError` where a schema is outside the strict subset."""
    if schema.get("type") != "object":
        raise _invalid(
            name,
            (),
            f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.get('type')}\"'.",
        )
    for place, part in _walk(schema, ()):
        _check_part(name, place, part)


def _check_part(name: str, place: tuple[str, ...], part: Schema) -> None:
    """Check one nested schema."""
    if banned := next((keyword for keyword in part if keyword in UNSUPPORTED_KEYWORDS), None):
        raise _invalid(name, place, f"'{banned}' is not permitted.")
    if len(place) > 2 * MAX_DEPTH:
        raise _invalid(name, place, f"schema exceeds the maximum nesting of {MAX_DEPTH}.")
    if not ({"type", "$ref", "anyOf", "enum", "const"} & part.keys()):
        raise _invalid(name, place, "schema must have a 'type' key.")
    kinds = part.get("type", [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if kind not in TYPES:
            raise _invalid(name, place, f"'{kind}' is not a valid type.")
    if part.get("type") == "array" and "items" not in part:
        raise _invalid(name, place, "array schema missing items.")
    if part.get("type") == "object":
        _check_object(name, place, part)


def _check_object(name: str, place: tuple[str, ...], part: Schema) -> None:
    """Check that an object is closed and requires all of its properties."""
    if part.get("additionalProperties") is not False:
        raise _invalid(name, place, "'additionalProperties' is required to be supplied and to be false.")
    properties, required = part.get("properties", {}), part.get("required")
    missing = next((key for key in properties if key not in (required or ())), None)
    if required is None or missing is not None:
        raise _invalid(
            name,
            place,
            "'required' is required to be supplied and to be an array including every key in properties."
            f" Missing '{missing}'.",
        )


def _walk(schema: Schema, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Yield a schema and all schemas nested in it, each with its path."""
    yield place, schema
    for section in ("properties", "$defs"):
        for key, part in schema.get(section, {}).items():
            yield from _walk(part, (*place, section, key))
    if "items" in schema:
        yield from _walk(schema["items"], (*place, "items"))
    for index, part in enumerate(schema.get("anyOf", ())):
        yield from _walk(part, (*place, "anyOf", str(index)))


def _invalid(name: str, place: tuple[str, ...], what: str) -> ApiError:
    """Return the API's error for an invalid schema."""
    context = str(place) if place else "()"
    return ApiError(
        f"Invalid schema for response_format '{name}': In context={context}, {what}", "response_format"
    )
