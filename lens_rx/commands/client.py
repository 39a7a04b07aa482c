"""A client of the service, as the command line uses it: photos in, facts out, line by line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import orjson

#: A run ends after 90 s, whatever happens; a queue before it may take a while.
SECONDS = 600.0
Fact = dict[str, Any]


class ServerError(Exception):
    """The service did not take the photo, or broke off; in its own words."""


class Client:
    """Talks to one server."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def facts(self, photos: Sequence[Path], query: Mapping[str, str]) -> AsyncIterator[Fact]:
        """Upload photos of one thing and yield its facts; raise `ServerError`."""
        form = aiohttp.FormData()
        for photo in photos:
            form.add_field(
                "file", photo.read_bytes(), filename="photo", content_type="application/octet-stream"
            )
        lines = {"Accept": "application/x-ndjson"}
        try:
            async with self._session.post(
                f"{self._url}/classify", data=form, params=dict(query), headers=lines
            ) as answer:
                if answer.status != 200:
                    raise ServerError(await _refusal(answer))
                async for line in answer.content:
                    if line.strip():
                        yield orjson.loads(line)
        except aiohttp.ClientError as error:
            raise ServerError(
                f"{self._url} cannot be reached ({error}). Is the service running there?"
            ) from None
        except TimeoutError:
            raise ServerError(f"{self._url} did not answer in time.") from None


async def _refusal(answer: aiohttp.ClientResponse) -> str:
    try:
        return str((await answer.json())["error"])
    except (aiohttp.ClientError, ValueError, KeyError, TypeError):
        return f"The server answered {answer.status}."
