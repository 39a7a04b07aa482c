"""The body of a request that has a few lines at most, and the JSON object in it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import orjson
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest, TooLarge, TooSlow
from lens_rx.web.context import APP_CONTEXT


async def read_small_body(request: web.Request, what: str, max_bytes: int, too_large: str) -> bytes:
    """Return the whole body, which has to arrive within the deadline of a request's head.

    `what` names it in messages. Raises `TooLarge` with the message `too_large`, `TooSlow` or `BadRequest`.
    """
    body = b""
    try:
        async with asyncio.timeout(request.app[APP_CONTEXT].settings.head_deadline_seconds):
            while chunk := await request.content.readany():
                body += chunk
                if len(body) > max_bytes:
                    raise TooLarge(too_large)
    except TimeoutError:
        raise TooSlow(f"The {what} took too long to arrive.") from None
    except (HttpProcessingError, web.RequestPayloadError):
        raise BadRequest(f"The {what} cannot be read.", code=ErrorCode.INVALID_BODY) from None
    return body


def parse_object(body: bytes, usage: str) -> dict[str, Any]:
    """Return the JSON object of a body; raise `BadRequest` with the message `usage` for anything else."""
    try:
        values = orjson.loads(body)
    except orjson.JSONDecodeError:
        values = None
    if not isinstance(values, dict):
        raise BadRequest(usage, code=ErrorCode.INVALID_BODY)
    return values


def check_fields(values: Mapping[str, object], what: str, known: Collection[str]) -> None:
    """Raise `BadRequest` where there is a field that is not known; the message begins with `what`."""
    if unknown := sorted(values.keys() - set(known)):
        message = f"{what} does not know {', '.join(unknown)}; known: {', '.join(known) or 'nothing'}."
        raise BadRequest(message, code=ErrorCode.UNKNOWN_FIELD)
