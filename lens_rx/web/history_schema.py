"""The JSON schema of the data of `run-history`."""

from __future__ import annotations

from typing import Any

from lens_rx.facts import Condition
from lens_rx.facts.changes import CORRECTABLE, ChangeKind
from lens_rx.web.history_wire import DECISION

_TEXT = {"type": "string"}
_FIELDS: dict[str, Any] = {
    "generation": {"type": "integer", "minimum": 1, "description": "that the change made"},
    "at": {"type": "string", "format": "date-time"},
    "author": _TEXT
    | {"description": "a token's name, or `user`; of a decision: the model, `titles` or `photo`"},
    "change": {"type": "string", "enum": [DECISION, *ChangeKind]},
    **dict.fromkeys(CORRECTABLE, _TEXT),
    "condition": {"type": "string", "enum": ["", *Condition]},
    "comparables": _TEXT | {"description": "ids between blanks"},
    "what": _TEXT | {"description": "one sentence for users"},
    "undone": {"type": "integer", "enum": [0, 1]},
}
HISTORY: dict[str, Any] = {
    "type": "array",
    "items": {"type": "object", "required": list(_FIELDS), "properties": _FIELDS},
}
