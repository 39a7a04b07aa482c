"""The model's own web search: the `web_search` tool of OpenAI's Responses API.

https://developers.openai.com/api/docs/guides/tools-web-search. Only the links that an answer cites are results;
what the model says in it is not used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import openai
from openai.types.responses import WebSearchToolParam

from lens_rx.clients.llm.llm_response import cost_usd
from lens_rx.clients.protocols import FailedCallUsage, SearchAnswer, Usage
from lens_rx.facts import SearchResult
from lens_rx.facts.errors import (
    Blocked,
    Discontinued,
    KeyRefused,
    NoResults,
    StageError,
    StageTimeout,
    UpstreamError,
)
from lens_rx.settings import Settings

#: List price of one search by the tool in US dollars, beside the tokens.
COST_USD = 0.01
#: Reasoning counts against it as well.
MAX_OUTPUT_TOKENS = 4_000
MAX_QUERY_LENGTH = 200
INSTRUCTIONS = """\
Search the web for the thing that the input names. Answer with a list of the pages that are about this very
thing, the page on its producer's own website first, each as a link with its title, and nothing else."""
#: What OpenAI adds to the links that it cites.
_ADDED = ("utm_source", "openai")


class ModelWebSearch:
    """Implements `protocols.WebSearch`. `client` is closed by its owner; `model` returns the model's name.

    `is_free`: the server charges nothing.
    """

    def __init__(
        self,
        client: openai.AsyncOpenAI,
        model: Callable[[], str],
        settings: Settings,
        *,
        is_free: bool = False,
    ) -> None:
        self._client = client
        self._model = model
        self._seconds = settings.model_deadline_seconds
        self._is_free = is_free

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Return the links that the answer cites, in its order.

        Raises `NoResults` where it cites none, `Blocked`, `KeyRefused`, `Discontinued` where the server has no such
        tool, `StageTimeout` and `UpstreamError`.
        """
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._ask(query, country)
        except TimeoutError:
            raise StageTimeout("The model's web search did not answer in time.") from None
        except openai.APIError as error:
            raise _error_of(error) from error
        except ValueError as error:  # a body that calls itself JSON and is none
            raise UpstreamError("The model's server answered without an answer.") from error
        usage = self._usage(response)
        results = list({it.link: it for it in _citations(response)}.values())
        if not results:
            raise NoResults("The model's web search cites no page.") from FailedCallUsage(usage)
        return SearchAnswer(results, usage)

    async def _ask(self, query: str, country: str) -> object:
        tool: WebSearchToolParam = {"type": "web_search", "search_context_size": "medium"}
        if country:
            tool["user_location"] = {"type": "approximate", "country": country}
        return await self._client.responses.create(
            model=self._model(),
            instructions=INSTRUCTIONS,
            input=" ".join(query.split())[:MAX_QUERY_LENGTH],
            tools=[tool],
            tool_choice="required",
            max_output_tokens=MAX_OUTPUT_TOKENS,
            store=False,
        )

    def _usage(self, response: object) -> Usage:
        """Return the tokens and the price of an answer, as far as the server says."""
        usage = getattr(response, "usage", None)
        prompt, completed = (int(getattr(usage, it, 0) or 0) for it in ("input_tokens", "output_tokens"))
        if self._is_free:
            return Usage(prompt, completed)
        searches = sum(getattr(it, "type", "") == "web_search_call" for it in _output(response))
        return Usage(prompt, completed, cost_usd(self._model(), prompt, completed) + COST_USD * searches)


def _output(response: object) -> list[object]:
    return list(getattr(response, "output", None) or [])


def _citations(response: object) -> Iterator[SearchResult]:
    """Yield the cited links in order; nothing is taken for granted of what a server sends."""
    for item in _output(response):
        for part in getattr(item, "content", None) or []:
            for annotation in getattr(part, "annotations", None) or []:
                link = _without_added(str(getattr(annotation, "url", "") or ""))
                if getattr(annotation, "type", "") == "url_citation" and link:
                    yield SearchResult(str(getattr(annotation, "title", "") or link), link)


def _without_added(link: str) -> str:
    """Return a cited link without what the server added to it, "" where it is no web address."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    query = parse_qsl(parts.query, keep_blank_values=True)
    if _ADDED not in query:
        return link
    return urlunsplit(parts._replace(query=urlencode([it for it in query if it != _ADDED])))


def _error_of(error: openai.APIError) -> StageError:
    """Return the failure of a call that the server did not answer."""
    match error:
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return KeyRefused("The model's server does not accept the key. Check OPENAI_API_KEY.")
        case openai.RateLimitError():
            return Blocked("The model's server says: too many requests, or no credit left.", "rate_limit")
        case openai.NotFoundError(code="model_not_found"):
            return UpstreamError("The model is gone.", transient=True)  # another one may be asked by now
        case openai.NotFoundError() | openai.BadRequestError() | openai.UnprocessableEntityError():
            return Discontinued("The model's server offers no web search for this model.")
        case openai.APIConnectionError():
            return UpstreamError("The model's server cannot be reached.", transient=True)
        case _:
            return UpstreamError(
                "The model's web search failed.", transient=isinstance(error, openai.APIStatusError)
            )
