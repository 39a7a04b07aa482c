"""What every answer of a model has in common: a weak one leaves things out, and means the same by it."""

from __future__ import annotations

from typing import Any, get_origin

from pydantic import BaseModel, ConfigDict, model_validator


class ModelAnswer(BaseModel):
    """Base of the answers that a model fills in.

    Null, and what is left out, say nothing: "", 0, an empty list, or the word "unknown" of a choice. Several
    words for one text are joined; lists are of numbers.
    """

    model_config = ConfigDict(coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _as_meant(cls, answer: Any) -> Any:
        if not isinstance(answer, dict):
            return answer
        kinds = {name: field.annotation for name, field in cls.model_fields.items()}
        return {name: _as_kind(kind, answer.get(name)) for name, kind in kinds.items()}


def _as_kind(kind: Any, value: Any) -> Any:
    if kind is str:
        return ", ".join(str(it) for it in value) if isinstance(value, list) else value or ""
    if kind is int:
        return value or 0
    if get_origin(kind) is list:
        return [it for it in value if str(it).isdigit()] if isinstance(value, list) else []
    return "unknown" if value is None else value
