"""The HTTP client under `openai`: answers of a bounded size, no redirects, nothing packed.

A model's server gets photos, and is no more trusted than any page: what it answers must not fill the memory, and
what it was sent goes nowhere else.
"""

from __future__ import annotations

from typing import Any

import httpx2
import openai

from lens_rx.facts.errors import PolicyError

#: Bytes of an answer at most; the longest list of models has less than a million.
MAX_RESPONSE_BYTES = 4_000_000


class BoundedClient(openai.DefaultAsyncHttpxClient):
    """Reads each answer whole, up to `MAX_RESPONSE_BYTES`; raises `PolicyError` for what it does not take."""

    def __init__(self) -> None:
        super().__init__(timeout=None, follow_redirects=False)

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send a request and return its answer, read."""
        request.headers["Accept-Encoding"] = "identity"
        response = await super().send(request, **{**options, "stream": True})
        try:
            _check_head(response)
            body = await _read(response)
        finally:
            await response.aclose()
        return httpx2.Response(response.status_code, headers=response.headers, content=body, request=request)


def _check_head(response: httpx2.Response) -> None:
    if response.is_redirect:
        raise PolicyError(
            "The model's server redirects to another address, where photos are not sent. Check OPENAI_BASE_URL."
        )
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise PolicyError("The model's server packed its answer although it was asked not to.")


async def _read(response: httpx2.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            raise PolicyError(f"The model's answer is larger than {MAX_RESPONSE_BYTES // 1_000_000} MB.")
    return bytes(body)
