"""The body of a request that has a few lines at most."""

from __future__ import annotations

import asyncio

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
