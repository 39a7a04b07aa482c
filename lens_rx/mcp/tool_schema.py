"""JSON schemas as short as agents can use them: they stand in the context of each conversation."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema


class CompactJsonSchema(GenerateJsonSchema):
    """Leaves out titles that repeat a name, defaults that say nothing, and null: what is not known is left out."""

    def field_title_should_be_set(self, _: object) -> bool:
        """Return False."""
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Return the schema without null."""
        return self.generate_inner(schema["schema"])

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """Return the schema of a number, without its spelling as a text."""
        bounds = {"ge": "minimum", "lt": "exclusiveMaximum"}
        known = {bounds[name]: float(value) for name, value in schema.items() if name in bounds}  # type: ignore[arg-type]
        return {"type": "number"} | known

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema without a default that is empty."""
        found = super().default_schema(schema)
        return {name: value for name, value in found.items() if name != "default" or value}


def schema_of(model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
    """Return the schema of arguments (`validation`) or of an answer (`serialization`)."""
    schema = model.model_json_schema(schema_generator=CompactJsonSchema, mode=mode)
    for part in (schema, *schema.get("$defs", {}).values()):
        part.pop("title", None)
        part.pop("description", None)
    return schema
