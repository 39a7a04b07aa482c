"""The base of the answers of a model: it accepts what weak models leave out or write in another form."""

from __future__ import annotations

from typing import Any, get_origin

from pydantic import BaseModel, ConfigDict, model_validator


class ModelAnswer(BaseModel):
    """Base of the answers that a model fills in.

    Null, and a field that is left out, become "", 0, an empty list, or the choice "unknown". A list in place of a
    text is joined by commas; of a list, only its numbers are kept.
    """

    model_config = ConfigDict(coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _fill_missing(cls, answer: Any) -> Any:
        if not isinstance(answer, dict):
            return answer
        kinds = {name: field.annotation for name, field in cls.model_fields.items()}
        return {name: _coerce(kind, answer.get(name)) for name, kind in kinds.items()}


def _coerce(kind: Any, value: Any) -> Any:
    if kind is str:
        return ", ".join(str(it) for it in value) if isinstance(value, list) else value or ""
    if kind is int:
        return value or 0
    if get_origin(kind) is list:
        return [it for it in value if str(it).isdigit()] if isinstance(value, list) else []
    return "unknown" if value is None else value
