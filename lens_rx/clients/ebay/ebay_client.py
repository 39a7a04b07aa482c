"""The connection to eBay's APIs that all clients of them share: token, marketplace, limits, errors."""

from __future__ import annotations

import asyncio
from typing import Any

from lens_rx.clients.ebay.application_token import ApplicationToken
from lens_rx.clients.http.api_client import ApiClient, ApiResponse, retry_after_seconds
from lens_rx.facts.errors import Blocked, Discontinued, KeyRefused, UpstreamError
from lens_rx.parsing.marketplaces.ebay_sites import site
from lens_rx.settings import Settings

ADDRESS = "https://api.ebay.com"
#: Seconds that a limit of calls is waited for; a longer one ends the search.
MAX_WAIT_SECONDS = 3.0
_MAX_BYTES = 8_000_000
#: The `errorId` of an image that is empty, not Base64, or invalid.
_UNREADABLE_IMAGE = b"12501"


class EbayClient:
    """One application's access to eBay's APIs at `address`. Owns its connections: close it with `aclose()`."""

    def __init__(self, settings: Settings, address: str = ADDRESS) -> None:
        assert settings.ebay_client_id is not None
        assert settings.ebay_client_secret is not None
        self._address = address
        self._api = ApiClient("eBay's API", settings.page_deadline_seconds, _MAX_BYTES)
        self._token = ApplicationToken(
            settings.ebay_client_id, settings.ebay_client_secret, address, self._api
        )

    @property
    def api(self) -> ApiClient:
        """The connections, which parse the answers as well."""
        return self._api

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()

    async def check_key(self) -> None:
        """Raise `KeyRefused` where eBay does not accept the keys, and what else goes wrong."""
        async with self._api.session() as session:
            await self._token.get(session)

    async def send(self, method: str, path: str, country: str, **options: Any) -> bytes:
        """Return the body of an answer; once more where the token was revoked or the rate is limited briefly.

        `options` are those of aiohttp's `request`. Raises `Blocked` where the calls are used up, `KeyRefused`,
        `Discontinued`, `StageTimeout`, `ParseError` and `UpstreamError`.
        """
        async with self._api.session():
            response = await self._request(method, path, country, options)
            wait = retry_after_seconds(response.headers) if response.status == 429 else 0.0
            if response.status == 401 or (response.status == 429 and wait <= MAX_WAIT_SECONDS):
                await asyncio.sleep(wait)
                response = await self._request(method, path, country, options)
        _check_status(response)
        return response.body

    async def _request(self, method: str, path: str, country: str, options: dict[str, Any]) -> ApiResponse:
        async with self._api.session() as session:
            token = await self._token.get(session)
        headers = {
            "Authorization": f"Bearer {token}",
            "X-EBAY-C-MARKETPLACE-ID": site(country).marketplace_id,
            "Accept": "application/json",
        }
        response = await self._api.request(method, self._address + path, headers=headers, **options)
        if response.status == 401:
            self._token.discard(token)
        return response


def _check_status(response: ApiResponse) -> None:
    """Raise the error that a status means. The message is ours: that of the answer may repeat a key."""
    status = response.status
    if status == 200:
        return
    if status == 429:
        wait = retry_after_seconds(response.headers)
        raise Blocked("The calls of eBay's API are used up for now.", "rate_limit", wait)
    if status == 401:
        raise KeyRefused("eBay's API refused the keys.")
    if status == 403:  # the search by image was once open to approved developers alone
        raise KeyRefused("eBay's API does not let these keys use this search.")
    if status in (404, 405, 410):
        raise Discontinued("eBay's API does not offer this search.")
    if status == 400 and _UNREADABLE_IMAGE in response.body:
        raise UpstreamError("eBay's API could not read the photo.")
    if status in (400, 409):
        raise UpstreamError("eBay's API refused the search.")
    raise UpstreamError(f"eBay's API answered with status {status}.", transient=status >= 500)
