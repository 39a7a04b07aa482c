"""What a server says of its models: which it offers, and when each of them ends.

https://developers.openai.com/api/reference/resources/models/methods/retrieve
"""

from __future__ import annotations

import asyncio
from datetime import date

import structlog

from lens_rx.clients.llm.lazy_client import LazyClient
from lens_rx.clients.llm.lazy_openai import openai
from lens_rx.clients.llm.model_choice import ModelChoice, is_gone
from lens_rx.clients.protocols import CHECK_INTERVAL_SECONDS

#: Models that are listed for a user at most.
MAX_LISTED = 20
CALL_SECONDS = 15.0

_log = structlog.get_logger()


class ModelDirectory:
    """The models of the server that `client` asks, as far as it tells of them: foreign servers may not."""

    def __init__(self, client: LazyClient, choice: ModelChoice) -> None:
        self._client = client
        self._choice = choice

    async def check(self) -> None:
        """Read when each model ends, leave those that are gone, and log what an operator has to know."""
        for name in self._choice.names:
            try:
                async with asyncio.timeout(CALL_SECONDS):
                    client = await self._client.get()
                    model = await client.models.retrieve(name)
            except openai.AuthenticationError:
                self._choice.refuse_key(self._url)
                return
            except openai.APIStatusError as error:
                if is_gone(error) and not self._choice.leave(name):
                    _log.error("no model to ask", why=await self.unknown_model(name), url=self._url)
            except (openai.APIError, TimeoutError, ValueError, TypeError):
                continue  # a call will say what is wrong
            else:
                self._choice.accept_key()
                self._choice.set_end(name, _date(getattr(model, "shutdown_date", None)))

    async def watch(self) -> None:
        """Check now, and then daily, until it is cancelled."""
        while True:
            await self.check()
            await asyncio.sleep(CHECK_INTERVAL_SECONDS)

    async def unknown_model(self, name: str) -> str:
        """Return the message for a model that the server does not know, with those that it offers."""
        offered = await self._offered()
        listed = f" It offers {', '.join(offered)}." if offered else ""
        return f"The model's server does not know the model {name}.{listed} Check LENS_RX_MODEL."

    @property
    def _url(self) -> str:
        return self._client.url

    async def _offered(self) -> list[str]:
        """Return the names of the models that the server offers, empty where it does not say."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                client = await self._client.get()
                page = await client.models.list()
            names = sorted(str(it.id) for it in page.data)
        except (openai.APIError, TimeoutError, ValueError, TypeError, AttributeError):
            return []
        return names if len(names) <= MAX_LISTED else [*names[:MAX_LISTED], "…"]


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
