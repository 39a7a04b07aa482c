"""Google's official search, the Custom Search JSON API.

https://developers.google.com/custom-search/v1/reference/rest/v1/cse/list
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from lens_rx.clients.http.api_client import ApiClient
from lens_rx.facts import SearchResult
from lens_rx.facts.errors import Blocked, NoResults, UpstreamError
from lens_rx.settings import Settings

ADDRESS = "https://customsearch.googleapis.com/customsearch/v1"
#: Limits of the API: results a call, and characters of a query.
MAX_RESULTS = 10
_MAX_QUERY_LENGTH = 512
_MAX_BYTES = 2_000_000


class _Item(BaseModel):
    title: str = ""
    link: str
    snippet: str = ""


class _SearchResponse(BaseModel):
    items: list[_Item] = Field(default_factory=list)


class CustomSearch:
    """Implements `protocols.WebSearch` without a browser. Owns its connections: close it with `aclose()`."""

    def __init__(self, settings: Settings, address: str = ADDRESS) -> None:
        assert settings.google_api_key is not None
        assert settings.google_cse_id is not None
        self._key = settings.google_api_key
        self._engine_id = settings.google_cse_id
        self._address = address
        self._api = ApiClient("Google's API", settings.page_deadline_seconds, _MAX_BYTES)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()

    async def search(self, query: str, country: str) -> Sequence[SearchResult]:
        """Return at most ten results, best first; `country` is ISO 3166 alpha-2 or empty.

        Raises `NoResults`, `Blocked` where the quota is used up, `StageTimeout`, `ParseError` and `UpstreamError`.
        """
        answer = await self._request(query, country)
        if not answer.items:
            raise NoResults("Google found nothing.")
        return [SearchResult(item.title, item.link, item.snippet) for item in answer.items]

    async def _request(self, query: str, country: str) -> _SearchResponse:
        parameters = {
            "key": self._key.get_secret_value(),
            "cx": self._engine_id,
            "q": query[:_MAX_QUERY_LENGTH],
            "num": str(MAX_RESULTS),
        }
        if country:
            parameters["gl"] = country.lower()
        async with (
            self._api.session() as session,
            session.get(self._address, params=parameters, allow_redirects=False) as response,
        ):
            _check_status(response.status)
            return self._api.parse(_SearchResponse, await self._api.read_body(response))


def _check_status(status: int) -> None:
    """Raise the error for a response of `status`; its own message is not used, as it may repeat the key."""
    if status == 200:
        return
    if status == 429:
        raise Blocked("The quota of Google's API is used up.", "rate_limit")
    if status in (400, 401, 403):
        raise UpstreamError("Google's API refused the key, the search engine's id or the query.")
    raise UpstreamError(f"Google's API answered with status {status}.", transient=status >= 500)
