"""A client of the service, as the command line uses it: photos in, facts out, line by line."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, aclosing
from pathlib import Path
from typing import Any, BinaryIO

import aiohttp
import orjson

#: A run ends after 90 s, whatever happens; a queue before it may take a while.
SECONDS = 600.0
#: A service that is full says when to come again; so often it is believed.
MOST_WAITS = 20
Fact = dict[str, Any]


class ServerError(Exception):
    """The service did not take the photo, or broke off; in its own words."""


class ServerBusy(ServerError):
    """The service is full, or restarts; `seconds` says when it may not be."""

    def __init__(self, words: str, seconds: int) -> None:
        super().__init__(words)
        self.seconds = seconds


class Client:
    """Talks to one server."""

    def __init__(self, url: str) -> None:
        self._url = (url if "://" in url else f"http://{url}").rstrip("/")
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def facts(self, photos: Sequence[Path], query: Mapping[str, str]) -> AsyncIterator[Fact]:
        """Upload photos of one thing and yield its facts, after a wait where the service is full.

        Raises `ServerError`, or `OSError` for a photo that cannot be read.
        """
        for waits in range(MOST_WAITS + 1):
            try:
                async with aclosing(self._asked(photos, query)) as facts:  # type: ignore[type-var]  # a generator
                    async for fact in facts:
                        yield fact
                return
            except ServerBusy as busy:
                if waits == MOST_WAITS:
                    raise
                await asyncio.sleep(busy.seconds)

    async def _asked(self, photos: Sequence[Path], query: Mapping[str, str]) -> AsyncIterator[Fact]:
        with ExitStack() as files:
            form = aiohttp.FormData()
            for photo in photos:
                content = files.enter_context(_opened(photo))
                form.add_field("file", content, filename="photo", content_type="application/octet-stream")
            try:
                async with aclosing(self._answered(form, query)) as facts:  # type: ignore[type-var]  # a generator
                    async for fact in facts:
                        yield fact
            except aiohttp.ClientError as error:
                raise ServerError(self._away(error)) from None
            except TimeoutError:
                raise ServerError(f"{self._url} did not answer in time.") from None

    async def _answered(self, form: aiohttp.FormData, query: Mapping[str, str]) -> AsyncIterator[Fact]:
        lines = {"Accept": "application/x-ndjson"}
        url = f"{self._url}/classify"
        async with self._session.post(url, data=form, params=dict(query), headers=lines) as answer:
            if answer.status != 200:
                raise await _refusal(answer)
            if answer.content_type != lines["Accept"]:
                raise ServerError(f"{self._url} is no lens_rx. Name the service's address with --server.")
            async for line in answer.content:
                if line.strip():
                    yield orjson.loads(line)

    def _away(self, error: aiohttp.ClientError) -> str:
        why = error.os_error.strerror if isinstance(error, aiohttp.ClientConnectorError) else str(error)
        return f"{self._url} cannot be reached ({why}). Is the service running there?"


def _opened(photo: Path) -> BinaryIO:
    """Open a photo by its number: its name is nobody's business, and may be no text."""
    return os.fdopen(os.open(photo, os.O_RDONLY), "rb")


async def _refusal(answer: aiohttp.ClientResponse) -> ServerError:
    try:
        words = (await answer.json())["error"]
    except (aiohttp.ClientError, ValueError, KeyError, TypeError):
        words = None
    if not isinstance(words, str):
        return ServerError(f"The server answered {answer.status}. Is it a lens_rx?")
    after = answer.headers.get("Retry-After", "")
    return ServerBusy(words, int(after)) if after.isdecimal() else ServerError(words)
