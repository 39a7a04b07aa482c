"""The stand-in for the Custom Search JSON API: checks every parameter, ends on its day.

https://developers.google.com/custom-search/v1/reference/rest/v1/cse/list
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from lens_rx.sandbox.faults import ApiFault, KeyFault
from lens_rx.sandbox.responses import json_response
from lens_rx.sandbox.sites.index import Document
from lens_rx.sandbox.sites.search import SearchIndex

KEY, ENGINE = "AIzaSandboxCustomSearchKey0000000000000", "0123456789abcdef0"
PATH = "/customsearch/v1"
PARAMETERS = frozenset(
    "alt c2coff cr cx dateRestrict exactTerms excludeTerms fields fileType filter gl highRange hl hq key lowRange lr"
    " num orTerms prettyPrint q rights safe searchType siteSearch siteSearchFilter sort start".split()
)
MAX_START = 91


class CustomSearchApi:
    """Answers web searches; `fault` returns the current faults."""

    def __init__(self, index: SearchIndex, fault: Callable[[], ApiFault]) -> None:
        self._index = index
        self._fault = fault

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Return the routes below `prefix`."""
        return [web.get(prefix + PATH, self._search)]

    async def _search(self, request: web.Request) -> web.Response:
        query, fault = request.query, self._fault()
        refusal = _refuse_key(request, fault) or _refuse_parameters(request)
        if refusal is not None:
            return refusal
        if fault.quota:
            return google_error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Queries'.")
        start, count = int(query.get("start", "1")), int(query.get("num", "10"))
        found = self._index.find(query["q"])
        page = found[start - 1 :][:count]
        body: dict[str, Any] = {
            "kind": "customsearch#search",
            "searchInformation": {"searchTime": 0.2, "totalResults": str(len(found))},
        }
        return json_response(body | ({"items": [_item(it) for it in page]} if page else {}), result=True)


def _refuse_key(request: web.Request, fault: ApiFault) -> web.Response | None:
    if fault.ended:
        return google_error(403, "PERMISSION_DENIED", "Custom Search API has been shut down.")
    if "key" not in request.query:
        return google_error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
    return refuse_google_key(request.query["key"], KEY, fault)


def refuse_google_key(key: str, right: str, fault: ApiFault) -> web.Response | None:
    """Return the error of Google's APIs for a key that is wrong or expired, None for a right one."""
    if fault.key is KeyFault.EXPIRED:
        return google_error(
            400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", "API_KEY_INVALID"
        )
    if key != right or fault.key is KeyFault.WRONG:
        return google_error(
            400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", "API_KEY_INVALID"
        )
    return None


def _refuse_parameters(request: web.Request) -> web.Response | None:
    query = request.query
    if unknown := sorted(set(query) - PARAMETERS):
        return google_error(
            400, "INVALID_ARGUMENT", f'Unknown name "{unknown[0]}": Cannot bind query parameter.'
        )
    if query.get("cx") != ENGINE or not query.get("q", "").strip():
        return google_error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
    if not re.fullmatch("[1-9]|10", query.get("num", "10")):
        return google_error(400, "INVALID_ARGUMENT", "Invalid value: num")
    if not re.fullmatch("[a-z]{2}", query.get("gl", "us")):
        return google_error(400, "INVALID_ARGUMENT", "Invalid value: gl")
    start = query.get("start", "1")
    if not start.isdecimal() or not 1 <= int(start) <= MAX_START:
        return google_error(400, "INVALID_ARGUMENT", "Invalid value: start")
    return None


def google_error(status: int, name: str, message: str, reason: str = "") -> web.Response:
    """Return an error in the form of Google's APIs."""
    error: dict[str, Any] = {"code": status, "message": message, "status": name}
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": reason, "domain": "googleapis.com"}]
    return json_response({"error": error}, status=status)


def _item(document: Document) -> dict[str, Any]:
    return {
        "kind": "customsearch#result",
        "title": document.title,
        "htmlTitle": document.title,
        "link": document.link,
        "displayLink": document.source,
        "snippet": document.snippet,
    }
