"""Google's official search, the Custom Search JSON API.

https://developers.google.com/custom-search/v1/reference/rest/v1/cse/list
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pydantic import BaseModel, Field

from lens_rx.clients.http.api_client import ApiClient, ApiResponse, retry_after_seconds
from lens_rx.clients.protocols import SearchAnswer, Usage, current_day
from lens_rx.facts import SearchResult
from lens_rx.facts.errors import Blocked, Discontinued, KeyRefused, NoResults, UpstreamError
from lens_rx.settings import Settings

ADDRESS = "https://customsearch.googleapis.com/customsearch/v1"
#: Limits of the API: results a call, and characters of a query.
MAX_RESULTS = 10
_MAX_QUERY_LENGTH = 512
_MAX_BYTES = 2_000_000
#: List price of one search in US dollars, beyond the free ones of a day ($5 for 1,000).
COST_USD = 0.005
#: The API ends on this day for everybody.
ENDS_ON = date(2027, 1, 1)


class _Item(BaseModel):
    title: str = ""
    link: str
    snippet: str = ""


class _SearchResponse(BaseModel):
    kind: str
    items: list[_Item] = Field(default_factory=list)


class CustomSearch:
    """Implements `protocols.WebSearch` without a browser. Owns its connections: close it with `aclose()`."""

    def __init__(
        self,
        settings: Settings,
        address: str = ADDRESS,
        today: Callable[[], date] = current_day,
        *,
        is_free: bool = False,
    ) -> None:
        self._usage = Usage() if is_free else Usage(cost_usd=COST_USD)
        assert settings.google_api_key is not None
        assert settings.google_cse_id is not None
        self._key = settings.google_api_key
        self._engine_id = settings.google_cse_id
        self._address = address
        self._today = today
        self._api = ApiClient("Google's API", settings.page_deadline_seconds, _MAX_BYTES)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Return at most ten results, best first; `country` is ISO 3166 alpha-2 or empty.

        Raises `NoResults`, `Blocked` where the quota is used up, `StageTimeout`, `ParseError` and `UpstreamError`.
        """
        answer = await self._request(query, country)
        if not answer.items:
            raise NoResults("Google found nothing.")
        results = [SearchResult(item.title, item.link, item.snippet) for item in answer.items]
        return SearchAnswer(results, self._usage)

    async def _request(self, query: str, country: str) -> _SearchResponse:
        parameters = {
            "key": self._key.get_secret_value(),
            "cx": self._engine_id,
            "q": query[:_MAX_QUERY_LENGTH],
            "num": str(MAX_RESULTS),
        }
        if country:
            parameters["gl"] = country.lower()
        response = await self._api.request("GET", self._address, params=parameters)
        self._check(response)
        return self._api.parse(_SearchResponse, response.body)

    async def check_key(self) -> None:
        """Raise `KeyRefused` where the key is not accepted; a request without a query is not charged."""
        parameters = {"key": self._key.get_secret_value()}
        response = await self._api.request("GET", self._address, params=parameters)
        if response.status != 400 or _names_key(response):
            self._check(response)

    def _check(self, response: ApiResponse) -> None:
        """Raise the error that a status means. The message is ours: that of the answer may repeat the key."""
        status = response.status
        if status == 200:
            return
        if status == 410 or (status in (403, 404) and self._today() >= ENDS_ON):
            raise Discontinued("Google's Custom Search API has ended.")
        if status == 429:
            wait = retry_after_seconds(response.headers)
            raise Blocked("The quota of Google's API is used up.", "rate_limit", wait)
        if status in (401, 403) or (status == 400 and _names_key(response)):
            raise KeyRefused("Google's API refused the key, the search engine's id or the query.")
        if status == 400:
            raise UpstreamError("Google's API refused the key, the search engine's id or the query.")
        raise UpstreamError(f"Google's API answered with status {status}.", transient=status >= 500)


def _names_key(response: ApiResponse) -> bool:
    return b"API_KEY" in response.body or b"API key" in response.body
