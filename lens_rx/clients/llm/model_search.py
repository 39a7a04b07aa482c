"""The model's own web search: the `web_search` tool of OpenAI's Responses API.

https://developers.openai.com/api/docs/guides/tools-web-search. Only the links that an answer cites are results;
what the model says in it is not used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lens_rx.clients.llm.lazy_client import LazyClient
from lens_rx.clients.llm.lazy_openai import openai
from lens_rx.clients.llm.llm_response import KEY_REFUSED, cost_usd, number_of
from lens_rx.clients.llm.model_choice import ModelChoice, is_gone
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

if TYPE_CHECKING:
    from openai.types.responses import WebSearchToolParam
    from openai.types.responses.web_search_tool_param import UserLocation

#: List price of one search by the tool in US dollars, beside the tokens, which hold what was found ($10 for 1,000).
#: https://developers.openai.com/api/docs/pricing; each of the queries of a search counts.
COST_USD = 0.01
#: Reasoning counts against it as well; and the room where it took all of that.
MAX_OUTPUT_TOKENS, MORE_OUTPUT_TOKENS = 4_000, 16_000
MAX_QUERY_LENGTH = 200
INSTRUCTIONS = """\
Search the web for the thing that the input names. Answer with a list of the pages that are about this very
thing, the page on its producer's own website first, each as a link with its title, and nothing else."""
#: What OpenAI adds to the links that it cites.
_ADDED = ("utm_source", "openai")


class ModelWebSearch:
    """Implements `protocols.WebSearch`. `client` is closed by its owner; `choice` tells which model is asked.

    A model that is gone is left for the next one, for all that ask it. `is_free`: the server charges nothing.
    """

    def __init__(
        self,
        client: LazyClient,
        choice: ModelChoice,
        settings: Settings,
        *,
        is_free: bool = False,
    ) -> None:
        self._client = client
        self._choice = choice
        self._seconds = settings.model_deadline_seconds
        self._is_free = is_free

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Return the links that the answer cites, in its order.

        Raises `NoResults` where it searched and cites none, `Blocked`, `KeyRefused`, `Discontinued` where the server
        has no such tool or no model, `StageTimeout` and `UpstreamError`.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._choice.ask(partial(self._search_with_room, query, country))
        except TimeoutError:
            raise StageTimeout("The model's web search did not answer in time.") from None
        except openai.APIError as error:
            raise _error_of(error) from error
        except ValueError as error:  # a body that calls itself JSON and is none
            raise UpstreamError("The model's server answered without an answer.") from error

    async def _search_with_room(self, query: str, country: str, name: str) -> SearchAnswer:
        """Return what is cited; where reasoning left no room for an answer, ask once more with more of it."""
        response = await self._ask(name, query, country, MAX_OUTPUT_TOKENS)
        usage = self._usage(name, response)
        results = _results(response)
        if not results and _ran_out_of_room(response):
            response = await self._ask(name, query, country, MORE_OUTPUT_TOKENS)
            usage += self._usage(name, response)
            results = _results(response)
        if not results:
            raise _without_results(response) from FailedCallUsage(usage)
        return SearchAnswer(results, usage)

    async def _ask(self, name: str, query: str, country: str, max_output_tokens: int) -> object:
        location: UserLocation = {"type": "approximate"}  # without a place it is nowhere; left out, the US
        if country:
            location["country"] = country
        tool: WebSearchToolParam = {
            "type": "web_search",
            "search_context_size": "medium",
            "user_location": location,
        }
        client = await self._client.get()
        return await client.responses.create(
            model=name,
            instructions=INSTRUCTIONS,
            input=" ".join(query.split())[:MAX_QUERY_LENGTH],
            tools=[tool],
            tool_choice="required",
            max_output_tokens=max_output_tokens,
            store=False,
        )

    def _usage(self, name: str, response: object) -> Usage:
        """Return the tokens and the price of an answer, as far as the server says."""
        usage = getattr(response, "usage", None)
        prompt, completed = number_of(usage, "input_tokens"), number_of(usage, "output_tokens")
        cached = number_of(getattr(usage, "input_tokens_details", None), "cached_tokens")
        reasoning = number_of(getattr(usage, "output_tokens_details", None), "reasoning_tokens")
        tokens = Usage(prompt, completed, 0.0, cached, reasoning)
        if self._is_free:
            return tokens
        return replace(
            tokens,
            cost_usd=cost_usd(name, prompt, completed, cached)
            + COST_USD * sum(map(_searches, _output(response))),
        )


def _output(response: object) -> list[object]:
    return list(getattr(response, "output", None) or [])


def _searches(item: object) -> int:
    """Return the searches of one item of an answer that are paid for; to open a page costs nothing."""
    if getattr(item, "type", "") != "web_search_call":
        return 0
    action = getattr(item, "action", None)
    if getattr(action, "type", "search") != "search":
        return 0
    return max(1, len(getattr(action, "queries", None) or ()))


def _ran_out_of_room(response: object) -> bool:
    details = getattr(response, "incomplete_details", None)
    return getattr(details, "reason", "") == "max_output_tokens"


def _without_results(response: object) -> StageError:
    """Return what an answer without citations means: only one that is complete, and searched, has verified it."""
    if _ran_out_of_room(response):
        return UpstreamError("The model's reasoning left no room for an answer.")
    searched = any(getattr(it, "type", "") == "web_search_call" for it in _output(response))
    if getattr(response, "status", "completed") == "completed" and searched:
        return NoResults("The model's web search cites no page.")
    return UpstreamError("The model did not search the web.")


def _results(response: object) -> list[SearchResult]:
    """Return what an answer cites, each link once."""
    return list({it.link: it for it in _citations(response)}.values())


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
        case openai.APIStatusError() if is_gone(error):
            return Discontinued("The model's server does not know the model. Check LENS_RX_MODEL.")
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return KeyRefused(KEY_REFUSED)
        case openai.RateLimitError():
            return Blocked("The model's server says: too many requests, or no credit left.", "rate_limit")
        case openai.NotFoundError() | openai.BadRequestError() | openai.UnprocessableEntityError():
            return Discontinued("The model's server offers no web search for this model.")
        case openai.APIConnectionError():
            return UpstreamError("The model's server cannot be reached.", transient=True)
        case _:
            return UpstreamError(
                "The model's web search failed.", transient=isinstance(error, openai.APIStatusError)
            )
