"""The Brave Search API: a web search with an index of its own.

https://api-dashboard.search.brave.com/api-reference/web/search/get
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from html import unescape
from itertools import zip_longest

from babel.languages import get_official_languages
from pydantic import BaseModel, Field, SecretStr

from lens_rx.clients.http.api_client import ApiClient, ApiResponse
from lens_rx.clients.protocols import SearchAnswer, Usage
from lens_rx.facts import SearchResult
from lens_rx.facts.errors import Blocked, KeyRefused, NoResults, UpstreamError
from lens_rx.parsing.html.tree import normalize_space
from lens_rx.settings import Settings

ADDRESS = "https://api.search.brave.com"
PATH = "/res/v1/web/search"
#: The API's own limits: results a call, characters and words of a query.
MAX_RESULTS = 20
MAX_QUERY_LENGTH, MAX_QUERY_WORDS = 400, 50
#: List price of one search in US dollars ($5 for 1,000; only successful ones are charged).
COST_USD = 0.005
#: Seconds that a limit of requests is waited for; a longer one ends the search.
MAX_WAIT_SECONDS = 2.0
#: Countries that the API takes; all others are searched as `ALL`.
COUNTRIES = frozenset(
    "AR AU AT BE BR CA CL DK FI FR DE GR HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH RU SA ZA ES SE CH TW TR GB US".split()
)
#: Languages that the API takes, and its own codes where they differ from ISO 639-1.
LANGUAGES = frozenset(
    "ar eu bn bg ca hr cs da nl en et fi fr gl de el gu he hi hu is it kn ko lv lt ms ml mr nb pl pa ro ru sr sk sl es"
    " sv ta te th tr uk vi".split()
)
_LANGUAGE_CODES = {"ja": "jp", "no": "nb", "pt": "pt-pt", "zh": "zh-hans"}
_COUNTRY_LANGUAGES = {"BR": "pt-br", "TW": "zh-hant", "HK": "zh-hant"}
_MAX_BYTES = 4_000_000
_TAGS = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


class _Result(BaseModel):
    url: str
    title: str = ""
    description: str = ""


class _Web(BaseModel):
    results: list[_Result] = Field(default_factory=list)


class _SearchResponse(BaseModel):
    type: str
    web: _Web | None = None


class _Error(BaseModel):
    code: str = ""


class _ErrorResponse(BaseModel):
    error: _Error | None = None
    errors: list[_Error] = Field(default_factory=list)


class BraveSearch:
    """Implements `protocols.WebSearch`. Owns its connections: close it with `aclose()`. `is_free`: it costs nothing."""

    def __init__(self, settings: Settings, address: str = ADDRESS, *, is_free: bool = False) -> None:
        self._usage = Usage() if is_free else Usage(cost_usd=COST_USD)
        assert settings.brave_api_key is not None
        self._key: SecretStr = settings.brave_api_key
        self._url = address + PATH
        self._api = ApiClient("Brave Search", settings.page_deadline_seconds, _MAX_BYTES)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Return at most twenty results, best first; `country` is ISO 3166 alpha-2 or empty.

        Raises `NoResults`, `Blocked` where the quota is used up, `KeyRefused`, `StageTimeout`, `ParseError`, `UpstreamError`.
        """
        parameters = {
            "q": _shortened(query),
            "count": str(MAX_RESULTS),
            "country": country if country in COUNTRIES else "ALL",
            "search_lang": search_language(country),
            "text_decorations": "false",
            "result_filter": "web",
        }
        async with self._api.session():
            response = await self._request(parameters)
            if response.status == 429 and (wait := _wait_seconds(response)) <= MAX_WAIT_SECONDS:
                await asyncio.sleep(wait)
                response = await self._request(parameters)
        _check_status(response)
        answer = self._api.parse(_SearchResponse, response.body)
        if answer.web is None or not answer.web.results:
            raise NoResults("Brave Search found nothing.")
        return SearchAnswer([_result(it) for it in answer.web.results], self._usage)

    async def check_key(self) -> None:
        """Raise `KeyRefused` where the key is not accepted; a request without a query is not charged."""
        response = await self._request({})
        if response.status != 422 or _code_of(response).startswith("SUBSCRIPTION_TOKEN"):
            _check_status(response)

    async def _request(self, parameters: Mapping[str, str]) -> ApiResponse:
        headers = {"Accept": "application/json", "X-Subscription-Token": self._key.get_secret_value()}
        return await self._api.request("GET", self._url, params=parameters, headers=headers)


def search_language(country: str) -> str:
    """Return the API's code for the language of a country, English where it has none that the API takes."""
    if country in _COUNTRY_LANGUAGES:
        return _COUNTRY_LANGUAGES[country]
    spoken = [it.split("_")[0] for it in get_official_languages(country, de_facto=True)] if country else []
    codes = [_LANGUAGE_CODES.get(it, it) for it in spoken]
    return next((it for it in codes if it in LANGUAGES or it in _LANGUAGE_CODES.values()), "en")


def reset_seconds(headers: Mapping[str, str]) -> float:
    """Return in how many seconds the limits that are used up are reset, infinity where the headers do not say.

    The headers give a value for each limit, a second's first: `X-RateLimit-Remaining: 0, 1387`, `X-RateLimit-Reset:
    1, 1419704`. A limit of 0 is none: most plans have no monthly one (`X-RateLimit-Limit: 50, 0`).
    """
    limits = _numbers(headers.get("X-RateLimit-Limit", ""))
    remaining = _numbers(headers.get("X-RateLimit-Remaining", ""))
    resets = _numbers(headers.get("X-RateLimit-Reset", ""))
    used_up = [
        reset
        for limit, left, reset in zip_longest(limits, remaining, resets)
        if limit != 0 and left == 0 and reset is not None
    ]
    return max(used_up or resets[:1], default=float("inf"))


def _numbers(header: str) -> list[float]:
    return [float(it) for it in header.split(",") if it.strip().isdecimal()]


def _shortened(query: str) -> str:
    words = query.split()[:MAX_QUERY_WORDS]
    while len(" ".join(words)) > MAX_QUERY_LENGTH and len(words) > 1:
        words.pop()
    return " ".join(words)[:MAX_QUERY_LENGTH]


def _result(found: _Result) -> SearchResult:
    return SearchResult(_plain_text(found.title), found.url, _plain_text(found.description))


def _plain_text(markup: str) -> str:
    return normalize_space(unescape(_TAGS.sub("", markup)))


def _wait_seconds(response: ApiResponse) -> float:
    """Return how long to wait after a 429: `QUOTA_LIMITED`, or `RATE_LIMITED`, which passes within a second."""
    seconds = reset_seconds(response.headers)
    return 1.0 if seconds == float("inf") and _code_of(response) == "RATE_LIMITED" else seconds


def _code_of(response: ApiResponse) -> str:
    """Return the code of an error, "" where the body is none that is documented."""
    try:
        found = _ErrorResponse.model_validate_json(response.body)
    except ValueError:
        return ""
    return next((it.code for it in [found.error, *found.errors] if it), "")


def _check_status(response: ApiResponse) -> None:
    """Raise the error that a status means. The message is ours: that of the answer may repeat the key."""
    status = response.status
    if status == 200:
        return
    code = _code_of(response)
    if status in (402, 429):
        raise Blocked("The quota of Brave Search is used up.", "rate_limit", _wait_seconds(response))
    if status in (401, 403) or code.startswith("SUBSCRIPTION"):
        raise KeyRefused("Brave Search refused the key.")
    if status in (400, 404, 422):
        raise UpstreamError("Brave Search does not take the query.")
    raise UpstreamError(f"Brave Search answered with status {status}.", transient=status >= 500)
