"""The parts that JSON schemas are made of."""

from __future__ import annotations

import re
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"}


def enum_schema(*known: str) -> Schema:
    """Return the schema of a string that is one of `known`."""
    return {"type": "string", "enum": list(known)}


def word_schema(*known: str) -> Schema:
    """Return the schema of a query's parameter that is one of `known`.

    Beside the usual spelling stand all that are read as the same: upper or lower case, `_` as a blank or a hyphen, blanks
    around it, and blanks alone, which are as good as no parameter.
    """
    spellings = "|".join("".join(map(_any_spelling, word)) for word in known)
    return {"anyOf": [enum_schema(*known), blank_or(spellings)]}


def blank_or(pattern: str) -> Schema:
    """Return the schema of a query's parameter that fits `pattern`, with blanks around it, or is blank."""
    return {"type": "string", "pattern": rf"^\s*({pattern})?\s*$"}


def _any_spelling(letter: str) -> str:
    if letter == "_":
        return "[ _-]"
    return f"[{letter.upper()}{letter.lower()}]" if letter.isalpha() else re.escape(letter)


def object_schema(required: Schema, optional: Schema | None = None) -> Schema:
    """Return the schema of an object with required and optional properties."""
    return {"type": "object", "required": list(required), "properties": required | (optional or {})}


def array_schema(items: Schema) -> Schema:
    """Return the schema of an array of `items`."""
    return {"type": "array", "items": items}


def schema_ref(schema: str) -> Schema:
    """Return a reference to a schema of the components."""
    return {"$ref": f"#/components/schemas/{schema}"}
