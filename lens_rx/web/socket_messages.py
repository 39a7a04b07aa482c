"""The text messages of a WebSocket's client: a run to follow, or a change of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest, TooLarge
from lens_rx.runs.change_request import ChangeRequest, undo
from lens_rx.web.change_bodies import parse_comparables, parse_correction, parse_refresh

#: Characters of a text message, which holds a key and a position, or a change.
MAX_TEXT_LENGTH = 4096
#: What a message may ask for beside following; `dismiss` and `restore` go together.
CHANGE_FIELDS = ("correct", "dismiss", "restore", "undo", "refresh")


@dataclass(frozen=True, slots=True)
class SocketMessage:
    """The run that a client names, the position after which it follows it, and the change that it asks for."""

    key: str
    after: int = 0
    generation: int = 0
    change: ChangeRequest | None = None


def parse_message(text: str) -> SocketMessage:
    """Return what a text message says; raise `BadRequest` or `TooLarge`."""
    if len(text) > MAX_TEXT_LENGTH:
        raise TooLarge("A text message names a run, and needs no more than some lines.")
    try:
        message = orjson.loads(text)
        key, after, generation = message["key"], message.get("after", 0), message.get("generation", 0)
        return SocketMessage(str(key), int(after), int(generation), _parse_change(message))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise BadRequest('Send {"key": "…", "after": 0} as JSON, or photos as binary messages.') from None


def _parse_change(message: Mapping[str, Any]) -> ChangeRequest | None:
    named = [name for name in CHANGE_FIELDS if name in message]
    match named:
        case []:
            return None
        case ["correct"] if isinstance(message["correct"], dict):
            return parse_correction(message["correct"])
        case ["dismiss"] | ["restore"] | ["dismiss", "restore"]:
            return parse_comparables(message)
        case ["undo"] if message["undo"] is True:
            return undo()
        case ["refresh"]:
            return parse_refresh(message["refresh"])
        case _:
            expected = (
                '{"correct": {…}}, {"dismiss": […], "restore": […]}, {"undo": true} or {"refresh": "offers"}'
            )
            raise BadRequest(f"Beside the key a change is one of {expected}.", code=ErrorCode.INVALID_BODY)
