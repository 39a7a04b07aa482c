"""Google's official search: the Custom Search JSON API, where its key is configured.

https://developers.google.com/custom-search/v1/reference/rest/v1/cse/list
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from lens_rx.errors import Blocked, Broken, DeadlineMissed, Drift, Nothing
from lens_rx.facts import SearchResult
from lens_rx.settings import Settings

ADDRESS = "https://customsearch.googleapis.com/customsearch/v1"
#: The API's own limits: results a call, and characters of a query that are of use.
MOST_RESULTS = 10
_LONGEST_QUERY = 512
_MOST_BYTES = 2_000_000


class _Item(BaseModel):
    title: str = ""
    link: str
    snippet: str = ""


class _Answer(BaseModel):
    items: list[_Item] = Field(default_factory=list)


class GoogleApi:
    """Implements `seams.WebSearch` without a browser. Owns its connections: close it with `aclose()`."""

    def __init__(self, settings: Settings, address: str = ADDRESS) -> None:
        assert settings.google_api_key is not None
        assert settings.google_cse_id is not None
        self._key = settings.google_api_key
        self._engine = settings.google_cse_id
        self._seconds = settings.page_deadline
        self._address = address
        self._opened: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def search(self, query: str, country: str) -> Sequence[SearchResult]:
        """Return at most ten results, best first; `country` is ISO 3166 alpha-2 or empty.

        Raises `Nothing`, `Blocked` where the quota is used up, `DeadlineMissed`, `Drift` and `Broken`.
        """
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._asked(query, country)
        except TimeoutError:
            raise DeadlineMissed(f"Google's API did not answer within {self._seconds:g} s.") from None
        except (aiohttp.ClientError, OSError):
            raise Broken("Google's API cannot be reached.", transient=True) from None
        if not answer.items:
            raise Nothing("Google found nothing.")
        return [SearchResult(item.title, item.link, item.snippet) for item in answer.items]

    async def _asked(self, query: str, country: str) -> _Answer:
        parameters = {
            "key": self._key.get_secret_value(),
            "cx": self._engine,
            "q": query[:_LONGEST_QUERY],
            "num": str(MOST_RESULTS),
        }
        if country:
            parameters["gl"] = country.lower()
        if self._opened is None:
            self._opened = aiohttp.ClientSession()
        async with self._opened.get(self._address, params=parameters, allow_redirects=False) as response:
            _check(response.status)
            try:
                return _Answer.model_validate_json(await _bounded(response))
            except ValidationError:
                raise Drift("Google's API answered in another form than documented.") from None


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > _MOST_BYTES:
            raise Drift("Google's API answered with more than it documents.")
    return bytes(body)


def _check(status: int) -> None:
    """Raise what an answer of `status` means. The answer's own words may repeat the key, so ours are given."""
    if status == 200:
        return
    if status == 429:
        raise Blocked("The quota of Google's API is used up.", "rate_limit")
    if status in (400, 401, 403):
        raise Broken("Google's API refused the key, the search engine's id or the query.")
    raise Broken(f"Google's API answered with status {status}.", transient=status >= 500)
