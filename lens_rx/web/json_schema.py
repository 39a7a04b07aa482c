"""The parts that JSON schemas are made of."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"}


def enum_schema(*known: str) -> Schema:
    """Return the schema of a string that is one of `known`."""
    return {"type": "string", "enum": list(known)}


def word_schema(*known: str) -> Schema:
    """Return the schema of a query's parameter that is one of `known`, in upper or lower case, or empty."""
    spellings = dict.fromkeys((*known, *(it.lower() for it in known), ""))
    return enum_schema(*spellings)


def blank_or(pattern: str) -> Schema:
    """Return the schema of a query's parameter that fits `pattern`, with blanks around it, or is blank."""
    return {"type": "string", "pattern": rf"^\s*({pattern})?\s*$"}


def object_schema(required: Schema, optional: Schema | None = None) -> Schema:
    """Return the schema of an object with required and optional properties."""
    return {"type": "object", "required": list(required), "properties": required | (optional or {})}


def array_schema(items: Schema) -> Schema:
    """Return the schema of an array of `items`."""
    return {"type": "array", "items": items}


def schema_ref(schema: str) -> Schema:
    """Return a reference to a schema of the components."""
    return {"$ref": f"#/components/schemas/{schema}"}
