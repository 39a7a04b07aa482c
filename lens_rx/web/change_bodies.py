"""Changes of a run as clients send them: JSON of an endpoint or a WebSocket message, as requests that can be applied."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from aiohttp import web

from lens_rx.facts.changes import CORRECTABLE
from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest, Unprocessable
from lens_rx.runs.change_request import (
    ALL_STAGES,
    OFFER_STAGES,
    PHOTOLESS_STAGES,
    ChangeRequest,
    comparables,
    correction,
    refresh,
)
from lens_rx.web.query_params import parse_condition, parse_text
from lens_rx.web.small_body import check_fields, parse_object, read_small_body

MAX_BODY_BYTES: Final = 8192
#: Comparables that one request may name.
MAX_IDS: Final = 100
ID_PATTERN: Final = "[0-9a-f]{12}"
#: What a refresh may look at again; `1` is `all`.
REFRESH_WORDS: Final = ("offers", "all", "1")


async def read_object(
    request: web.Request, what: str, known: Collection[str], example: str
) -> dict[str, Any]:
    """Return the JSON object of a small body, {} for an empty one; raise `BadRequest` for anything else.

    `what` names it in messages, `known` are the fields that it may have, `example` says what to send.
    """
    body = await read_small_body(request, what, MAX_BODY_BYTES, f"A {what} needs no more than some lines.")
    values = parse_object(body or b"{}", f"Send a {what} as JSON: {example}.")
    check_fields(values, f"A {what}", known)
    return values


def parse_correction(values: Mapping[str, object]) -> ChangeRequest:
    """Return the correction; raise `BadRequest` for an unknown field or an invalid value."""
    check_fields(values, "A correction", CORRECTABLE)
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    if wrong := sorted(values.keys() - texts.keys()):
        message = f'{wrong[0]} must be a text; "" takes back what was said.'
        raise BadRequest(message, code=ErrorCode.INVALID_BODY)
    said = {name: parse_text(texts, name) for name in texts}
    if "condition" in said:
        said["condition"] = str(parse_condition(said["condition"]) or "")
    return correction(said)


def parse_comparables(values: Mapping[str, object]) -> ChangeRequest:
    """Return the request that leaves out or brings back comparables.

    Raises `BadRequest` for what is no list of ids, and `Unprocessable` for an id that is in both lists: a contradiction,
    which no schema of the body can rule out.
    """
    dismissed, restored = (_parse_ids(values, name) for name in ("dismiss", "restore"))
    if both := sorted({*dismissed} & {*restored}):
        message = f"{both[0]} is in both dismiss and restore; a comparable is left out or brought back."
        raise Unprocessable(message)
    return comparables(dismissed, restored)


def parse_refresh(word: object) -> ChangeRequest:
    """Return the refresh of a run whose photo is not there; raise `BadRequest` for an unknown word."""
    return refresh(OFFER_STAGES if _refresh_word(word) == "offers" else PHOTOLESS_STAGES)


def parse_refreshed(query: Mapping[str, str]) -> tuple[Any, ...]:
    """Return the stages that an upload runs anew, () for none; raise `BadRequest` for an unknown word."""
    word = query.get("refresh", "")
    if not word:
        return ()
    return OFFER_STAGES if _refresh_word(word) == "offers" else ALL_STAGES


def _refresh_word(word: object) -> str:
    if not isinstance(word, str) or word not in REFRESH_WORDS:
        raise BadRequest("refresh must be offers or all.", code=ErrorCode.INVALID_PARAMETER)
    return word


def _parse_ids(values: Mapping[str, object], name: str) -> list[str]:
    ids = values.get(name, [])
    if not isinstance(ids, list) or len(ids) > MAX_IDS:
        message = f"{name} must be a list of at most {MAX_IDS} ids of comparables."
        raise BadRequest(message, code=ErrorCode.INVALID_BODY)
    if not all(isinstance(it, str) and re.fullmatch(ID_PATTERN, it) for it in ids):
        message = f"{name} must name comparables by the id that they have in price-evidence."
        raise BadRequest(message, code=ErrorCode.INVALID_BODY)
    return ids
