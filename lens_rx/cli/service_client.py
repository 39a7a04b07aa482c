"""An HTTP client of the service: photos in, facts out, line by line."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, aclosing, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

import aiohttp
import orjson
from yarl import URL

#: A run ends after 90 s, whatever happens; the queue before it may take a while.
TIMEOUT_SECONDS = 600.0
#: How often an upload is tried again when the service is full and sends `Retry-After`.
MAX_RETRIES = 20
NDJSON_TYPE = "application/x-ndjson"
Fact = dict[str, Any]


class ServerError(Exception):
    """The service refused the photo or broke off; the message is the service's, and so is `code`, "" without one."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class ServerBusy(ServerError):
    """The service is full or restarts; `seconds` is its `Retry-After`."""

    def __init__(self, message: str, code: str, seconds: int) -> None:
        super().__init__(message, code)
        self.seconds = seconds


class Client:
    """A client of one server.

    `url` may hold a token, as the link does that a service prints at its start; `token` takes precedence over it.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url, linked_token = split_address(url)
        token = token or linked_token
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def request(self, method: str, path: str) -> dict[str, Any]:
        """Return the JSON object that the service answers; raise `ServerError`."""
        url = f"{self._url}{path}"
        with self._translated_errors(aiohttp.ClientError, ValueError):
            async with self._session.request(method, url) as response:
                if not response.ok:
                    raise await _refusal(response)
                answer: dict[str, Any] = await response.json()
                return answer

    async def facts(self, photos: Sequence[Path], query: Mapping[str, str]) -> AsyncIterator[Fact]:
        """Upload photos of one thing and yield its facts, each with its run's `key`; wait and retry where it is full.

        Raises `ServerError`, or `OSError` for a photo that cannot be read.
        """
        for retries in range(MAX_RETRIES + 1):
            try:
                async with aclosing(self._upload(photos, query)) as facts:  # type: ignore[type-var]  # a generator
                    async for fact in facts:
                        yield fact
                return
            except ServerBusy as busy:
                if retries == MAX_RETRIES:
                    raise
                await asyncio.sleep(busy.seconds)

    async def change(
        self, key: str, path: str, body: Mapping[str, Any], query: Mapping[str, str]
    ) -> AsyncIterator[Fact]:
        """Change a run by one of its endpoints and yield the facts of its new generation; raise `ServerError`."""
        content = orjson.dumps(body)
        async with aclosing(self._post(f"/runs/{key}/{path}", content, query)) as facts:  # type: ignore[type-var]
            async for fact in facts:
                yield fact

    async def _upload(self, photos: Sequence[Path], query: Mapping[str, str]) -> AsyncIterator[Fact]:
        with ExitStack() as files:
            form = aiohttp.FormData()
            for photo in photos:
                content = files.enter_context(_open(photo))
                form.add_field("file", content, filename="photo", content_type="application/octet-stream")
            async with aclosing(self._post("/classify", form, query)) as facts:  # type: ignore[type-var]  # a generator
                async for fact in facts:
                    yield fact

    async def _post(
        self, path: str, body: aiohttp.FormData | bytes, query: Mapping[str, str]
    ) -> AsyncIterator[Fact]:
        url, headers = f"{self._url}{path}", {"Accept": NDJSON_TYPE}
        with self._translated_errors(aiohttp.ClientError):
            async with self._session.post(url, data=body, params=dict(query), headers=headers) as response:
                if response.status != 200:
                    raise await _refusal(response)
                if response.content_type != NDJSON_TYPE:
                    raise ServerError(f"{self._url} is no lens_rx. Name the service's address with --server.")
                key = {"key": it} if (it := response.headers.get("X-Run-Key")) else {}
                async for line in response.content:
                    if line.strip():
                        yield orjson.loads(line) | key

    @contextmanager
    def _translated_errors(self, *unreachable: type[Exception]) -> Iterator[None]:
        """Raise `ServerError` for a service that is too slow, and for errors that say that it cannot be reached."""
        try:
            yield
        except unreachable as error:
            raise ServerError(self._unreachable(error)) from None
        except TimeoutError:
            raise ServerError(f"{self._url} did not answer in time.") from None

    def _unreachable(self, error: Exception) -> str:
        why = error.os_error.strerror if isinstance(error, aiohttp.ClientConnectorError) else str(error)
        return f"{self._url} cannot be reached ({why}). Is the service running there?"


def split_address(url: str) -> tuple[str, str | None]:
    """Return the address of a service without a slash at its end, and the token that it holds, None for none."""
    address = URL(url if "://" in url else f"http://{url}")
    return str(address.with_query(None).with_fragment(None)).rstrip("/"), address.query.get("token")


def _open(photo: Path) -> BinaryIO:
    """Open a photo by its descriptor, without its name, which is not sent and may be no text."""
    return os.fdopen(os.open(photo, os.O_RDONLY), "rb")


async def _refusal(response: aiohttp.ClientResponse) -> ServerError:
    try:
        body = await response.json()
        message, code = body["error"], str(body.get("code", ""))
    except (aiohttp.ClientError, ValueError, KeyError, TypeError, AttributeError):
        message, code = None, ""
    if not isinstance(message, str):
        return ServerError(f"The server answered {response.status}. Is it a lens_rx?")
    if response.status == HTTPStatus.UNAUTHORIZED:
        return ServerError(f"{message} The command line takes it from --token or LENS_RX_TOKEN.", code)
    after = response.headers.get("Retry-After", "")
    return ServerBusy(message, code, int(after)) if after.isdecimal() else ServerError(message, code)
