"""What is known of the models of one server: learnt by one call at a time, kept in storage over restarts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol

from lens_rx.clients.llm.capabilities import MAX_COMPLETION_TOKENS, Capabilities
from lens_rx.facts.errors import Unavailable

#: A server may learn something new: after so long it is asked in the best parameters again, …
LIFETIME = timedelta(days=30)
#: … and so soon where a model was found to take no images, which depends on how its server was started.
WITHOUT_IMAGES = timedelta(days=1)


class CapabilityCache(Protocol):
    """Where it is kept: a storage's cache of results."""

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        """Return what was put under `key` and is within its lifetime."""
        ...

    async def put_result(self, key: str, payload: bytes, until: datetime) -> None:
        """Keep `payload` under `key`."""
        ...


class KnownCapabilities:
    """What is known of each model. It is `confirmed` once a call was answered."""

    def __init__(self, url: str, cache: CapabilityCache | None, *, is_openai: bool) -> None:
        self._url = url
        self._cache = cache
        # OpenAI deprecates `max_tokens`, and its newer models refuse it; others may not know the new name
        self._first = Capabilities(token_limit=MAX_COMPLETION_TOKENS) if is_openai else Capabilities()
        self._known: dict[str, Capabilities] = {}
        self._confirmed: dict[str, Capabilities] = {}
        self._learning = asyncio.Lock()
        self._loads = True

    def of(self, name: str) -> Capabilities:
        """Return what is known of a model."""
        return self._known.get(name, self._first)

    def is_confirmed(self, name: str) -> bool:
        """Tell whether a call to the model was answered, here or before."""
        return name in self._confirmed

    def replace(self, name: str, known: Capabilities, learnt: Capabilities) -> None:
        """Remember what a call with `known` has learnt, unless another call has changed it meanwhile."""
        if self.of(name) == known:
            self._known[name] = learnt

    async def confirm(self, name: str, known: Capabilities) -> None:
        """Keep what is known after an answer."""
        self._known[name] = known
        if self._confirmed.get(name) == known:
            return
        self._confirmed[name] = known
        if self._cache:
            lifetime = LIFETIME if known.images else WITHOUT_IMAGES
            with suppress(Unavailable):
                await self._cache.put_result(self._key(name), known.encode(), datetime.now(UTC) + lifetime)

    @asynccontextmanager
    async def learning(self, name: str) -> AsyncIterator[None]:
        """Let one call at a time learn about a model; nothing is waited for once it is known."""
        if name in self._confirmed:
            yield
            return
        async with self._learning:
            await self._load(name)
            if name not in self._confirmed:
                yield
                return
        yield

    async def _load(self, name: str) -> None:
        if name in self._confirmed or not self._cache or not self._loads:
            return
        with suppress(Unavailable):
            payload = await self._cache.get_result(self._key(name), datetime.now(UTC))
            if payload and (known := Capabilities.decode(payload)):
                self._known[name] = self._confirmed[name] = known

    def forget(self) -> None:
        """Learn everything again with the next calls, without what is stored."""
        self._loads = False
        self._known.clear()
        self._confirmed.clear()

    def _key(self, name: str) -> str:
        return f"capabilities:{sha256(f'{self._url} {name}'.encode()).hexdigest()}"
