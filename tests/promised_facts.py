"""Facts held to the schemas that `/openapi.json` promises: nothing missing, nothing unnamed."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def complaints(document: dict[str, Any], component: str, value: object) -> list[str]:
    """Return what a component's schema has against a value; a property that it does not name is a fault too."""
    schema = {
        "$schema": DIALECT,
        "$ref": f"#/components/schemas/{component}",
        "components": strict(document["components"]),
    }
    checked = jsonschema_rs.validator_for(schema, validate_formats=True)
    return [error.message for error in checked.iter_errors(value)]


def fact_complaints(document: dict[str, Any], fact: dict[str, Any]) -> list[str]:
    """Return what the schema of its own kind has against a fact, and the union of all kinds."""
    mapping = document["components"]["schemas"]["Fact"]["discriminator"]["mapping"]
    own = mapping.get(fact["data_description"], "ExtraFact").rpartition("/")[2]
    return complaints(document, own, fact) + complaints(document, "Fact", fact)


def strict(schema: Any) -> Any:
    """Return a schema whose objects have no properties but those that it names."""
    if isinstance(schema, list):
        return [strict(it) for it in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(it) for name, it in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        closed["additionalProperties"] = False
    return closed
