"""The model that the settings name, or the endpoints."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.llm.capability_store import CapabilityCache
from lens_rx.clients.llm.openai_model import OpenAIModel
from lens_rx.settings import Settings


def model_of(
    settings: Settings,
    endpoints: Endpoints,
    model_url: str | None,
    *,
    cache: CapabilityCache | None = None,
    on_gone: Callable[[str], None] = lambda _: None,
) -> OpenAIModel | None:
    """Return the model: the one at `model_url`, that of the endpoints, that of the settings, or none.

    A user's key is sent to a live server, and beside a sandbox only to a server that was named for it.
    """
    new = partial(OpenAIModel, settings, cache=cache, on_gone=on_gone)
    if model_url:
        path = urlsplit(model_url).path.strip("/")
        return new(base_url=model_url if path else f"{model_url.rstrip('/')}/v1")
    if endpoints.model_url:
        return new(base_url=endpoints.model_url, names=endpoints.models, is_free=True)
    if settings.openai_api_key or settings.openai_base_url:
        return new()
    return None
