"""The stand-in for eBay's identity service and Browse API, as strict as their documentation.

https://developer.ebay.com/api-docs/buy/browse/resources/item_summary/methods/search,
https://developer.ebay.com/api-docs/buy/browse/resources/item_summary/methods/searchByImage
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import time
from collections.abc import Callable, Iterable, Sequence
from secrets import token_urlsafe
from typing import Any

from aiohttp import web

from lens_rx.sandbox.apis.ebay_items import CONDITIONS, item_summary
from lens_rx.sandbox.catalogue import Catalogue, Thing
from lens_rx.sandbox.faults import ApiFault, KeyFault
from lens_rx.sandbox.listings import Listing, Trap
from lens_rx.sandbox.responses import json_response
from lens_rx.sandbox.sites.listing_search import ListingIndex
from lens_rx.sandbox.sites.related import related_things

CLIENT_ID, SECRET = "LensRx-sandbox-PRD-1", "PRD-sandbox-secret-2"
SCOPE = "https://api.ebay.com/oauth/api_scope"
TOKEN_PATH = "/identity/v1/oauth2/token"  # noqa: S105  # a path
SEARCH_PATH = "/buy/browse/v1/item_summary/search"
TOKEN_SECONDS = 7_200.0
#: An assumption: eBay documents no limit of an image, and answers 12501 to one that it cannot read.
MAX_IMAGE_BYTES = 12_000_000
MAX_OFFSET = 9_999
MARKETPLACES = frozenset(
    f"EBAY_{site}" for site in "AT AU BE CA CH DE ES FR GB HK IE IT MY NL PH PL SG TW US".split()
)
SEARCH_PARAMETERS = frozenset(
    "q filter limit offset sort category_ids gtin epid fieldgroups aspect_filter auto_correct charity_ids"
    " compatibility_filter".split()
)
IMAGE_PARAMETERS = frozenset(
    "filter limit offset sort category_ids fieldgroups aspect_filter charity_ids".split()
)
#: The filters that are checked, and the values that each documents.
FILTERS = {
    "conditionIds": frozenset(
        "1000 1500 1750 2000 2010 2020 2030 2500 2750 2990 3000 3010 4000 5000 6000 7000".split()
    ),
    "buyingOptions": frozenset({"FIXED_PRICE", "AUCTION", "BEST_OFFER", "CLASSIFIED_AD"}),
}
Find = Callable[[bytes], Sequence[Thing]]


class EbayApi:
    """Mints tokens and answers both searches; `find` names the things that a photo shows."""

    def __init__(
        self,
        catalogue: Catalogue,
        find: Find,
        fault: Callable[[], ApiFault],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._catalogue = catalogue
        self._index = ListingIndex(catalogue, "ebay")
        self._find = find
        self._fault = fault
        self._now = now
        self._tokens: dict[str, float] = {}

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Return the routes below `prefix`."""
        return [
            web.post(prefix + TOKEN_PATH, self._mint),
            web.get(prefix + SEARCH_PATH, self._search),
            web.post(f"{prefix}{SEARCH_PATH}_by_image", self._search_by_image),
        ]

    def expire_tokens(self) -> None:
        """Let all tokens that were minted expire now."""
        self._tokens.clear()

    async def _mint(self, request: web.Request) -> web.Response:
        """Mint an application token by the client credentials grant."""
        keys = "Basic " + base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if request.headers.get("Authorization") != keys or self._fault().key is KeyFault.WRONG:
            body = {"error": "invalid_client", "error_description": "client authentication failed"}
            return json_response(body, status=401)
        if request.content_type != "application/x-www-form-urlencoded":
            return json_response({"error": "invalid_request"}, status=400)
        form = dict(await request.post())
        if form.get("grant_type") != "client_credentials":
            return json_response({"error": "unsupported_grant_type"}, status=400)
        if form != {"grant_type": "client_credentials", "scope": SCOPE}:
            return json_response({"error": "invalid_scope"}, status=400)
        token = f"v^1.1#i^1#{token_urlsafe(24)}"
        lasts = 1.0 if self._fault().key is KeyFault.EXPIRED else TOKEN_SECONDS
        self._tokens[token] = self._now() + lasts
        return json_response(
            {"access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Application Access Token"}
        )

    async def _search(self, request: web.Request) -> web.Response:
        if refusal := self._refuse(request, SEARCH_PARAMETERS):
            return refusal
        words = request.query.get("q", "")
        if not 1 <= len(words) <= 100:
            return ebay_error(400, 12001, "The call must have a valid 'q', 'category_ids', 'epid' or 'gtin'.")
        conditions = _filter_values(request, "conditionIds")
        hits = self._index.find(words, lambda it: _is_offered(it, conditions))
        return _page(request, [entry.listing for entry in hits.full])

    async def _search_by_image(self, request: web.Request) -> web.Response:
        if refusal := self._refuse(request, IMAGE_PARAMETERS):
            return refusal
        if request.content_type != "application/json":
            return ebay_error(415, 1007, "The Content-Type must be application/json.")
        try:
            body = await request.json()
            photo = base64.b64decode(body["image"], validate=True)
            if set(body) != {"image"} or not 0 < len(photo) <= MAX_IMAGE_BYTES:
                raise ValueError
            things = await asyncio.to_thread(self._find, photo)
        except (ValueError, KeyError, TypeError, OSError, binascii.Error):
            return ebay_error(400, 12501, "The image data is empty, is not Base64 encoded, or is invalid.")
        conditions = _filter_values(request, "conditionIds")
        return _page(request, [it for it in self._similar(things) if _is_offered(it, conditions)])

    def _similar(self, things: Sequence[Thing]) -> Iterable[Listing]:
        """Yield the listings of the thing, then some of things that look like it."""
        if things:
            near = related_things(self._catalogue.things, things[0], 2)
            yield from _listings(things[0])
            for other in (*things[1:], *near):
                yield from list(_listings(other))[:3]

    def _refuse(self, request: web.Request, parameters: frozenset[str]) -> web.Response | None:
        """Return the error for a request that the API would not take."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token, 0.0) <= self._now():
            return ebay_error(401, 1001, "Invalid access token", "OAuth")
        if self._fault().ended:
            return ebay_error(404, 2002, "Resource not found.")
        if self._fault().quota:
            return ebay_error(429, 2001, "The request limit has been reached for the resource.", "ACCESS")
        return _refuse_parameters(request, parameters)


def _refuse_parameters(request: web.Request, parameters: frozenset[str]) -> web.Response | None:
    if request.headers.get("X-EBAY-C-MARKETPLACE-ID", "EBAY_US") not in MARKETPLACES:
        return ebay_error(409, 12019, "Currently, the marketplace is not supported.")
    # eBay passes over what it does not know, a wrong filter with a warning; here both are errors, so that they are seen
    if not set(request.query) <= parameters:
        return ebay_error(400, 12031, "A parameter is not supported by this operation.")
    if not _is_filter(request.query.get("filter", "")):
        return ebay_error(400, 12002, "The filter value is invalid.")
    return _refuse_page(request.query.get("limit", "50"), request.query.get("offset", "0"))


def _refuse_page(limit: str, offset: str) -> web.Response | None:
    if not limit.isdecimal():
        return ebay_error(400, 12007, "The 'limit' value must be an integer value.")
    if not 1 <= int(limit) <= 200:
        return ebay_error(400, 12006, "The 'limit' value should be between 1 and 200 (inclusive).")
    if not offset.isdecimal():
        return ebay_error(400, 12005, "The 'offset' value must be an integer.")
    if int(offset) > MAX_OFFSET:
        return ebay_error(400, 12029, "The offset value must be less than 10,000.")
    if int(offset) % int(limit):
        return ebay_error(
            400, 12515, "The 'offset' value must be either zero or a multiple of the 'limit' value."
        )
    return None


def ebay_error(status: int, number: int, message: str, domain: str = "API_BROWSE") -> web.Response:
    """Return an error in the form of eBay's APIs."""
    error = {"errorId": number, "domain": domain, "category": "REQUEST", "message": message}
    return json_response({"errors": [error]}, status=status)


def _listings(thing: Thing) -> Iterable[Listing]:
    return (it for it in thing.listings if it.marketplace == "ebay" and it.trap in (Trap.NONE, Trap.OUTLIER))


def _is_offered(listing: Listing, conditions: frozenset[str]) -> bool:
    is_for_sale = listing.sold_days_ago is None
    return is_for_sale and (not conditions or CONDITIONS[listing.condition][0] in conditions)


def _is_filter(text: str) -> bool:
    """Return whether every filter is known and has only documented values."""
    parts = re.findall(r"(\w+):\{([^{}]*)\}(?:,|$)", text)
    written = ",".join(f"{name}:{{{values}}}" for name, values in parts)
    return written == text and all(
        set(values.split("|")) <= FILTERS.get(name, frozenset()) for name, values in parts
    )


def _filter_values(request: web.Request, name: str) -> frozenset[str]:
    found = re.search(rf"{name}:\{{([^{{}}]*)\}}", request.query.get("filter", ""))
    return frozenset(found[1].split("|")) if found else frozenset()


def _page(request: web.Request, listings: Sequence[Listing]) -> web.Response:
    limit, offset = int(request.query.get("limit", "50")), int(request.query.get("offset", "0"))
    unique = list({it.id: it for it in listings}.values())
    page = unique[offset : offset + limit]
    body: dict[str, Any] = {"href": str(request.url), "total": len(unique), "limit": limit, "offset": offset}
    return json_response(
        body | ({"itemSummaries": [item_summary(it) for it in page]} if page else {}), result=True
    )
