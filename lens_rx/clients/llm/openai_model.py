"""The model: any OpenAI-compatible server, asked typed questions through the `openai` client.

What the server takes is learnt from its errors, kept over restarts, and learnt by one call at a time. A model that is
gone is left for the next one of the list.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from time import monotonic
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel

from lens_rx.clients.circuit_breaker import CircuitBreaker
from lens_rx.clients.llm.capabilities import (
    AnswerFormat,
    Capabilities,
    is_about_images,
    learn,
    plainer_format,
    takes_no_images,
)
from lens_rx.clients.llm.capability_store import CapabilityCache, KnownCapabilities
from lens_rx.clients.llm.lazy_client import LazyClient
from lens_rx.clients.llm.lazy_openai import openai
from lens_rx.clients.llm.llm_request import build_request
from lens_rx.clients.llm.llm_response import (
    KEY_REFUSED,
    error_of,
    is_server_failure,
    may_pass,
    ran_out_of_room,
    server_words,
    usage_of,
    value_of,
)
from lens_rx.clients.llm.model_choice import ModelChoice, is_gone
from lens_rx.clients.llm.model_directory import ModelDirectory
from lens_rx.clients.protocols import Answer, FailedCallUsage, Question, Supplier, Usage
from lens_rx.facts.errors import PolicyError, StageError, StageTimeout, UpstreamError
from lens_rx.reactive.computing import run_in_cpu_thread
from lens_rx.reactive.retry import retrying_caller
from lens_rx.settings import Settings

T = TypeVar("T", bound=BaseModel)

OPENAI_URL = "https://api.openai.com/v1"
#: Requests that one call may cost beside the one that is answered, so that no server makes it learn in a circle.
MAX_EXTRA_REQUESTS = 6
#: The room for an answer, where reasoning took all of it: so many times as much, and so many tokens at least.
MORE_ROOM, LEAST_ROOM = 4, 6_000

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Reply:
    """A completion, the model that gave it, and what it took with all requests before it."""

    completion: object
    model: str
    usage: Usage


class OpenAIModel:
    """Implements `protocols.Model`. Bounded by `model_concurrency`, each call by `model_deadline_seconds`.

    `base_url` and `names` stand instead of the settings' server and models; one that `is_free` gets no key and
    costs nothing. What is learnt is kept in `cache`; `on_gone` is called with each model that is left.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        base_url: str | None = None,
        names: Sequence[str] = (),
        is_free: bool = False,
        cache: CapabilityCache | None = None,
        on_gone: Callable[[str], None] = lambda _: None,
        today: Callable[[], date] | None = None,
    ) -> None:
        key = settings.openai_api_key.get_secret_value() if settings.openai_api_key and not is_free else ""
        url = base_url or settings.openai_base_url or OPENAI_URL
        self._choice = ModelChoice(names or settings.models, on_gone, today)
        self._known = KnownCapabilities(url, cache, is_openai=url.startswith(OPENAI_URL))
        self._costs = not is_free
        self._breaker = CircuitBreaker()
        self._deadline = settings.model_deadline_seconds
        self._slots = asyncio.Semaphore(settings.model_concurrency)
        self._persistent = retrying_caller(attempts=2)
        self._client = LazyClient(url, key)
        self._directory = ModelDirectory(self._client, self._choice)

    @property
    def url(self) -> str:
        """The base address of the server."""
        return self._client.url

    @property
    def client(self) -> LazyClient:
        """The connections to its server, for other APIs of the same one."""
        return self._client

    @property
    def choice(self) -> ModelChoice:
        """Its models, of which the other APIs ask the same one."""
        return self._choice

    @property
    def name(self) -> str:
        """The model that is asked now."""
        return self._choice.current

    @property
    def answer_format(self) -> AnswerFormat:
        """The format in which that model is asked to answer, as far as it is known."""
        return self._known.of(self.name).answer_format

    def suppliers(self) -> Sequence[Supplier]:
        """Return the models, in order of preference, with their known ends."""
        return self._choice.suppliers()

    async def check(self) -> None:
        """Read when each model ends, and leave those that are gone."""
        await self._directory.check()

    async def watch(self) -> None:
        """Check now, and then daily, until it is cancelled."""
        await self._directory.watch()

    def relearn(self) -> None:
        """Learn anew what the server takes; what was learnt before is replaced in the cache."""
        self._known.forget()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def complete(self, question: Question[T]) -> Answer[T]:
        """Ask, in the parameters that the server takes; a model that is gone is left for the next one."""
        try:
            async with asyncio.timeout(self._deadline) as clock, self._slots:
                reply = await self._ask(question, clock)
        except TimeoutError:
            raise StageTimeout("The model did not answer in time.") from None
        try:
            return Answer(value_of(reply.completion, question.answer), reply.usage, reply.model)
        except StageError as error:
            raise error from FailedCallUsage(reply.usage)

    async def _ask(self, question: Question[Any], clock: asyncio.Timeout) -> _Reply:
        """Return the reply, unless the server is left alone because it failed again and again."""
        if self._choice.key_is_refused:
            raise PolicyError(KEY_REFUSED)
        async with self._breaker.call() as attempt:
            began = monotonic()
            try:
                return await self._choice.ask(partial(self._ask_with_room, question))
            except asyncio.CancelledError:
                attempt.failed = clock.expired() and monotonic() - began > self._deadline / 2
                raise
            except openai.APIError as error:
                attempt.failed = is_server_failure(error)
                raise await self._error_of(error, question) from error
            except ValueError as error:  # a body that calls itself JSON and is none
                raise UpstreamError("The model's server answered without an answer.") from error

    async def _error_of(self, error: openai.APIError, question: Question[Any]) -> StageError:
        """Return how a call failed, and log the server's own words."""
        if isinstance(error, openai.AuthenticationError):
            self._choice.refuse_key(self.url)  # logged there, once
            return PolicyError(KEY_REFUSED)
        _log.warning("the model's server refused or failed", model=self.name, said=server_words(error))
        if isinstance(error, openai.APIStatusError) and is_gone(error):
            return UpstreamError(await self._directory.unknown_model(self.name))
        return error_of(error, with_images=bool(question.photos))

    async def _ask_with_room(self, question: Question[Any], name: str) -> _Reply:
        """Return the reply; where reasoning left no room for an answer, ask once more with more of it."""
        completion = await self._ask_and_learn(name, question)
        usage = await run_in_cpu_thread(usage_of, name if self._costs else "", completion)
        if not ran_out_of_room(completion):
            return _Reply(completion, name, usage)
        known = self._known.of(name)
        room = max(MORE_ROOM * (question.max_tokens + known.reasoning_tokens), LEAST_ROOM)
        roomier = replace(question, max_tokens=room - known.reasoning_tokens)
        _log.info("the model's reasoning left no room for an answer", model=name, room=room)
        again = await self._ask_and_learn(name, roomier)
        usage += await run_in_cpu_thread(usage_of, name if self._costs else "", again)
        if ran_out_of_room(again):
            raise UpstreamError("The model's reasoning left no room for an answer.") from FailedCallUsage(
                usage
            )
        known = self._known.of(name)
        await self._known.confirm(name, replace(known, reasoning_tokens=room - question.max_tokens))
        return _Reply(again, name, usage)

    async def _ask_and_learn(self, name: str, question: Question[Any]) -> object:
        """Return the completion, asked for in other parameters after each error that teaches something."""
        async with self._known.learning(name):
            for _ in range(MAX_EXTRA_REQUESTS):
                known = self._known.of(name)
                if question.photos and not known.images:
                    raise UpstreamError("The model takes no pictures.")
                try:
                    completion = await self._persistent(may_pass, self._request, name, question, known)
                except openai.APIStatusError as error:
                    await self._learn(name, known, error, with_images=bool(question.photos))
                else:
                    await self._known.confirm(name, known.settled())
                    return completion
        raise UpstreamError("The model's server does not take this question.")

    async def _learn(
        self, name: str, known: Capabilities, error: openai.APIStatusError, *, with_images: bool
    ) -> None:
        """Change what is known by an error that teaches something; raise any other."""
        learnt = learn(known, error)
        if learnt is None and is_gone(error):
            raise error
        if learnt is None and with_images and is_about_images(error):
            if takes_no_images(error):
                await self._known.confirm(name, replace(known, images=False))
            raise error
        learnt = learnt or plainer_format(known, error, confirmed=self._known.is_confirmed(name))
        if learnt is None:
            raise error
        _log.info("the model's server does not take a parameter", model=name, takes=learnt.summary())
        self._known.replace(name, known, learnt)

    async def _request(self, name: str, question: Question[Any], known: Capabilities) -> object:
        request = await run_in_cpu_thread(build_request, question, known)
        client = await self._client.get()
        return await client.chat.completions.create(
            model=name, **request, **known.parameters(question.max_tokens)
        )
