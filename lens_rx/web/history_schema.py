"""The JSON schema of the data of `run-history`."""

from __future__ import annotations

from lens_rx.facts import Condition
from lens_rx.facts.changes import CORRECTABLE, ChangeKind
from lens_rx.web.history_wire import DECISION
from lens_rx.web.json_schema import TEXT, Schema, array_schema, enum_schema, object_schema

_FIELDS: Schema = {
    "generation": {"type": "integer", "minimum": 1, "description": "that the change made"},
    "at": {"type": "string", "format": "date-time"},
    "author": TEXT
    | {"description": "a token's name, or `user`; of a decision: the model, `titles` or `photo`"},
    "change": enum_schema(DECISION, *ChangeKind),
    **dict.fromkeys(CORRECTABLE, TEXT),
    "condition": enum_schema("", *Condition),
    "comparables": TEXT | {"description": "ids separated by blanks"},
    "what": TEXT | {"description": "one sentence for users"},
    "undone": {"type": "integer", "enum": [0, 1]},
}
HISTORY: Schema = array_schema(object_schema(_FIELDS))
