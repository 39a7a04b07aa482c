"""The `openai` client of one server, made when it is first asked for."""

from __future__ import annotations

import asyncio

from lens_rx.clients.llm.lazy_openai import openai


class LazyClient:
    """The connections to the server at `url`. Who asks first waits until `openai` is imported, 0.5 s of CPU."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url if url.endswith("/") else f"{url}/"
        self._key = key
        self._lock = asyncio.Lock()
        self._client: openai.AsyncOpenAI | None = None

    async def get(self) -> openai.AsyncOpenAI:
        """Return the client, made in a thread; it has no deadline and tries nothing twice, since its callers do."""
        async with self._lock:
            if self._client is None:
                self._client = await asyncio.to_thread(self._make)
            return self._client

    async def aclose(self) -> None:
        """Close the connections, where there are any."""
        if self._client:
            await self._client.close()

    def _make(self) -> openai.AsyncOpenAI:
        from lens_rx.clients.llm.bounded_client import BoundedClient

        client = openai.AsyncOpenAI(
            api_key=self._key or "none",
            base_url=self.url,  # named, for the client takes an empty OPENAI_BASE_URL as an address
            timeout=None,  # a whole call has one deadline
            max_retries=0,  # the client would wait a minute where a server asks it to
            http_client=BoundedClient(),
        )
        _ = client.chat.completions  # imported when it is first used, which would hold up the event loop
        return client
