"""eBay's application token, requested by the client credentials grant and used until it expires.

https://developer.ebay.com/api-docs/static/oauth-client-credentials-grant.html; an application may request
1,000 a day, so that one is shared by all calls.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import aiohttp
from pydantic import BaseModel, SecretStr

from lens_rx.clients.http.api_client import ApiClient
from lens_rx.facts.errors import Blocked, KeyRefused, UpstreamError

SCOPE = "https://api.ebay.com/oauth/api_scope"
#: A token is renewed so many seconds before its end, so that none expires during a call.
RENEW_EARLY_SECONDS = 60.0


class _TokenResponse(BaseModel):
    access_token: SecretStr
    expires_in: float
    token_type: str = ""


class ApplicationToken:
    """The current token of one application."""

    def __init__(
        self,
        client_id: str,
        secret: SecretStr,
        address: str,
        api: ApiClient,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client_id = client_id
        self._secret = secret
        self._url = f"{address}/identity/v1/oauth2/token"
        self._api = api
        self._now = now
        self._token: SecretStr | None = None
        self._expires_at = 0.0
        self._minting = asyncio.Lock()

    async def get(self, session: aiohttp.ClientSession) -> str:
        """Return a valid token; request a new one where there is none, once for all concurrent callers.

        Raises `KeyRefused`, `Blocked` where today's tokens are used up, `ParseError`.
        """
        async with self._minting:
            if self._token is None or self._now() >= self._expires_at:
                minted = await self._mint(session)
                self._token = minted.access_token
                self._expires_at = self._now() + max(minted.expires_in - RENEW_EARLY_SECONDS, 0.0)
            return self._token.get_secret_value()

    def discard(self, refused: str) -> None:
        """Discard the token `refused`, so that the next call requests a new one."""
        if self._token is not None and self._token.get_secret_value() == refused:
            self._token = None

    async def _mint(self, session: aiohttp.ClientSession) -> _TokenResponse:
        keys = aiohttp.encode_basic_auth(self._client_id, self._secret.get_secret_value())
        form = {"grant_type": "client_credentials", "scope": SCOPE}
        async with session.post(
            self._url, data=form, headers={"Authorization": keys}, allow_redirects=False
        ) as response:
            if response.status == 429:
                raise Blocked("The tokens of eBay's API are used up for today.", "rate_limit")
            if response.status >= 500:
                raise UpstreamError("eBay's token service is out of order.", transient=True)
            if response.status != 200:
                raise KeyRefused("eBay refused the keys of its API.")
            return self._api.parse(_TokenResponse, await self._api.read_body(response))
