"""A stand-in for eBay's identity service and Browse API, as strict as their documentation."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Callable
from itertools import count
from typing import Any

from aiohttp import web

CLIENT_ID, SECRET = "LensRx-app-PRD-1", "PRD-secret-2"
SCOPE = "https://api.ebay.com/oauth/api_scope"
SITES = frozenset(
    f"EBAY_{site}" for site in "AT AU BE CA CH DE ES FR GB HK IE IT MY NL PH PL SG TW US".split()
)
PARAMETERS = frozenset(
    {"q", "filter", "limit", "offset", "sort", "category_ids", "gtin", "epid", "fieldgroups"}
)
#: The filters that are used here, and the values that each documents.
FILTERS = {
    "conditionIds": frozenset(
        "1000 1500 1750 2000 2010 2020 2030 2500 2750 2990 3000 3010 4000 5000 6000 7000".split()
    ),
    "buyingOptions": frozenset({"FIXED_PRICE", "AUCTION", "BEST_OFFER", "CLASSIFIED_AD"}),
}


async def _in_two_halves(request: web.Request, body: bytes) -> web.StreamResponse:
    """Send an answer as a network may: not all of it at once."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(body[:20])
    await asyncio.sleep(0.02)
    await response.write(body[20:])
    await response.write_eof()
    return response


def failure(status: int, number: int, domain: str, message: str, **headers: str) -> web.Response:
    error = {"errorId": number, "domain": domain, "category": "REQUEST", "message": message}
    return web.json_response({"errors": [error]}, status=status, headers=headers)


class EbayStandIn:
    """Mints tokens and answers searches; `before` may answer a search in its place."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.total: int | None = None
        self.lifetime = 7200
        self.before: Callable[[int], web.StreamResponse | None] = lambda _: None
        self.minting: Callable[[], web.Response | None] = lambda: None
        self.minted = 0
        self.searches: list[web.Request] = []
        self._valid: set[str] = set()
        self._numbers = count(1)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/identity/v1/oauth2/token", self._mint)
        app.router.add_get("/buy/browse/v1/item_summary/search", self._search)
        return app

    def revoke(self) -> None:
        self._valid.clear()

    async def _mint(self, request: web.Request) -> web.StreamResponse:
        keys = "Basic " + base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if request.headers.get("Authorization") != keys:
            body = {"error": "invalid_client", "error_description": "client authentication failed"}
            return web.json_response(body, status=401)
        if request.content_type != "application/x-www-form-urlencoded":
            return web.json_response({"error": "invalid_request"}, status=400)
        if answer := self.minting():
            return answer
        form = await request.post()
        if dict(form) != {"grant_type": "client_credentials", "scope": SCOPE}:
            return web.json_response({"error": "invalid_scope"}, status=400)
        self.minted += 1
        token = f"v^1.1#{self.minted}"
        self._valid.add(token)
        told = {"access_token": token, "expires_in": self.lifetime, "token_type": "Application Access Token"}
        return await _in_two_halves(request, json.dumps(told).encode())

    async def _search(self, request: web.Request) -> web.StreamResponse:
        self.searches.append(request)
        if answer := self.before(next(self._numbers)):
            return answer
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._valid:
            return failure(401, 1001, "OAuth", "Invalid access token")
        return self._refusal(request) or web.json_response(self._found(request))

    def _refusal(self, request: web.Request) -> web.Response | None:
        query = request.query
        if request.headers.get("X-EBAY-C-MARKETPLACE-ID") not in SITES:
            return failure(409, 12023, "API_BROWSE", "The marketplace is not supported.")
        if not set(query) <= PARAMETERS:
            return failure(400, 12000, "API_BROWSE", "A parameter is not known.")
        if not 1 <= len(query.get("q", "")) <= 100:
            return failure(400, 12001, "API_BROWSE", "The call must have a valid 'q' parameter.")
        limit, offset = int(query.get("limit", "50")), int(query.get("offset", "0"))
        if not 1 <= limit <= 200 or offset % limit:
            return failure(
                400, 12002, "API_BROWSE", "The 'limit' is 1 to 200, the 'offset' a multiple of it."
            )
        if not _is_filter(query.get("filter", "")):
            return failure(400, 12004, "API_BROWSE", "The 'filter' value is not valid.")
        return None

    def _found(self, request: web.Request) -> dict[str, Any]:
        found: dict[str, Any] = {
            "href": str(request.url),
            "total": len(self.items) if self.total is None else self.total,
            "limit": int(request.query.get("limit", "50")),
            "offset": int(request.query.get("offset", "0")),
        }
        page = self.items[found["offset"] :][: found["limit"]]
        if found["total"] > found["offset"] + len(page):
            found["next"] = str(request.url.update_query(offset=found["offset"] + found["limit"]))
        return found | ({"itemSummaries": page} if page else {})


def _is_filter(text: str) -> bool:
    """Tell whether every filter of a search is known, and has only values that it documents."""
    parts = re.findall(r"(\w+):\{([^{}]*)\}(?:,|$)", text)
    written = ",".join(f"{name}:{{{values}}}" for name, values in parts)
    return written == text and all(
        set(values.split("|")) <= FILTERS.get(name, set()) for name, values in parts
    )


def summary(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return one item as the API writes it, the fields that are not read included."""
    written = {
        "itemId": f"v1|{110_000_000_000 + number}|0",
        "legacyItemId": str(110_000_000_000 + number),
        "title": "Canon AE-1 35mm Film Camera",
        "leafCategoryIds": ["15230"],
        "image": {"imageUrl": "https://i.ebayimg.com/images/g/x/s-l225.jpg"},
        "price": {
            "value": "89.90",
            "currency": "EUR",
            "convertedFromValue": "97.00",
            "convertedFromCurrency": "USD",
        },
        "itemHref": f"https://api.ebay.com/buy/browse/v1/item/v1%7C{110_000_000_000 + number}%7C0",
        "seller": {"username": "somebody", "feedbackPercentage": "100.0", "feedbackScore": 12},
        "condition": "Gebraucht",
        "conditionId": "3000",
        "shippingOptions": [
            {"shippingCostType": "FIXED", "shippingCost": {"value": "5.49", "currency": "EUR"}}
        ],
        "buyingOptions": ["FIXED_PRICE", "BEST_OFFER"],
        "itemWebUrl": f"https://www.ebay.de/itm/{110_000_000_000 + number}?hash=item1&amdata=enc",
        "itemLocation": {"postalCode": "10***", "country": "DE"},
        "adultOnly": False,
    }
    return {name: value for name, value in (written | changes).items() if value is not None}
