"""The base of the clients of official APIs: one session, a deadline, a size limit, and the same errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError

from lens_rx.facts.errors import ParseError, StageTimeout, UpstreamError

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """An answer that was read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class ApiClient:
    """The connections to one API; `name` is its name for users. Close it with `aclose()`."""

    def __init__(self, name: str, seconds: float, max_bytes: int) -> None:
        self._name = name
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._opened: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:
        """Yield the session for one call, which ends at the deadline.

        Raises `StageTimeout`, or a transient `UpstreamError` where the API cannot be reached.
        """
        if self._opened is None:
            self._opened = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(self._seconds):
                yield self._opened
        except TimeoutError:
            raise StageTimeout(f"{self._name} did not answer within {self._seconds:g} s.") from None
        except (aiohttp.ClientError, OSError):
            raise UpstreamError(f"{self._name} cannot be reached.", transient=True) from None

    async def request(self, method: str, url: str, **options: Any) -> ApiResponse:
        """Return the answer to one request, its body read to the end; redirects are not followed.

        Raises `StageTimeout`, `ParseError` for a body larger than documented, and a transient `UpstreamError`.
        """
        async with (
            self.session() as session,
            session.request(method, url, allow_redirects=False, **options) as response,
        ):
            return ApiResponse(response.status, response.headers.copy(), await self.read_body(response))

    async def read_body(self, response: aiohttp.ClientResponse) -> bytes:
        """Return the whole body; raise `ParseError` for one that is larger than documented."""
        body = bytearray()
        async for chunk in response.content.iter_chunked(65_536):
            body += chunk
            if len(body) > self._max_bytes:
                raise ParseError(f"{self._name} answered with more than it documents.")
        return bytes(body)

    def parse(self, model: type[T], body: bytes) -> T:
        """Return a body as an instance of `model`; raise `ParseError` where it has another form."""
        try:
            return model.model_validate_json(body)
        except ValidationError:
            raise ParseError(f"{self._name} answered in another form than documented.") from None


def retry_after_seconds(headers: Mapping[str, str]) -> float:
    """Return how long `Retry-After` (seconds, or a date) asks to wait; infinity where there is none."""
    header = headers.get("Retry-After", "").strip()
    if header.isdecimal():
        return float(header)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return float("inf")
    until = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
