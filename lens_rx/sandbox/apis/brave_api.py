"""The stand-in for the Brave Search API: checks every header and parameter, answers from the sandbox's index.

https://api-dashboard.search.brave.com/api-reference/web/search/get
"""

from __future__ import annotations

import time
from collections.abc import Callable
from secrets import token_hex
from typing import Any

from aiohttp import web

from lens_rx.sandbox.faults import ApiFault, KeyFault
from lens_rx.sandbox.responses import json_response
from lens_rx.sandbox.sites.index import Document
from lens_rx.sandbox.sites.search import SearchIndex

KEY = "BSAsandboxkey000000000000000000"
PATH = "/res/v1/web/search"
COUNTRIES = frozenset(
    "AR AU AT BE BR CA CL DK FI FR DE GR HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH RU SA ZA ES SE CH TW TR GB US"
    " ALL".split()
)
LANGUAGES = frozenset(
    "ar eu bn bg ca zh-hans zh-hant hr cs da nl en en-gb et fi fr gl de el gu he hi hu is it jp kn ko lv lt ms ml mr"
    " nb pl pt-br pt-pt pa ro ru sr sk sl es sv ta te th tr uk vi".split()
)
RESULT_TYPES = frozenset("discussions faq infobox news query summarizer videos web locations".split())
#: The check of each documented parameter.
PARAMETERS: dict[str, Callable[[str], bool]] = {
    "q": lambda it: 1 <= len(it) <= 400 and 1 <= len(it.split()) <= 50,
    "country": COUNTRIES.__contains__,
    "search_lang": LANGUAGES.__contains__,
    "ui_lang": lambda it: len(it) == 5 and it[2] == "-",
    "count": lambda it: it.isdecimal() and 1 <= int(it) <= 20,
    "offset": lambda it: it.isdecimal() and 0 <= int(it) <= 9,
    "safesearch": {"off", "moderate", "strict"}.__contains__,
    "freshness": bool,
    "text_decorations": {"true", "false", "1", "0"}.__contains__,
    "spellcheck": {"true", "false", "1", "0"}.__contains__,
    "result_filter": lambda it: set(it.split(",")) <= RESULT_TYPES,
    "units": {"metric", "imperial"}.__contains__,
    "extra_snippets": {"true", "false", "1", "0"}.__contains__,
    "operators": {"true", "false", "1", "0"}.__contains__,
}
#: Requests a second and a month of the plan; 0 is no limit, as in most plans.
LIMITS = (50, 0)
#: Requests a month of a plan that has such a limit, which the fault `quota` has used up.
QUOTA = 2_000
MONTH_SECONDS = 2_592_000


class BraveApi:
    """Answers web searches; `fault` returns the current faults."""

    def __init__(self, index: SearchIndex, fault: Callable[[], ApiFault]) -> None:
        self._index = index
        self._fault = fault

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Return the routes below `prefix`."""
        return [web.get(prefix + PATH, self._search)]

    async def _search(self, request: web.Request) -> web.Response:
        fault = self._fault()
        refusal = _refuse_headers(request, fault) or _refuse_parameters(request)
        if refusal is not None:
            return refusal
        if fault.quota:
            return self._with_limits(
                _error(429, "QUOTA_LIMITED", "Request quota limit exceeded for plan."), monthly_limit=QUOTA
            )
        count, offset = int(request.query.get("count", "20")), int(request.query.get("offset", "0"))
        found = self._index.find(request.query["q"])
        page = found[offset * count : (offset + 1) * count]
        more = len(found) > (offset + 1) * count
        body: dict[str, Any] = {
            "type": "search",
            "query": {"original": request.query["q"], "more_results_available": more},
        }
        if page:
            results = [_result(document) for document in page]
            body["web"] = {"type": "search", "results": results, "family_friendly": True}
        return self._with_limits(json_response(body, result=True))

    def _with_limits(self, response: web.Response, monthly_limit: int = LIMITS[1]) -> web.Response:
        """Add the documented headers, one value for each limit; nothing is left of a monthly one."""
        response.headers["X-RateLimit-Limit"] = f"{LIMITS[0]}, {monthly_limit}"
        response.headers["X-RateLimit-Policy"] = f"{LIMITS[0]};w=1, {monthly_limit};w={MONTH_SECONDS}"
        response.headers["X-RateLimit-Remaining"] = f"{LIMITS[0] - 1}, 0"
        response.headers["X-RateLimit-Reset"] = f"1, {MONTH_SECONDS // 2}"
        return response


def _refuse_headers(request: web.Request, fault: ApiFault) -> web.Response | None:
    """Return the error for a missing or wrong header, None where all are right."""
    token = request.headers.get("X-Subscription-Token")
    if token is None:
        return _invalid("header", "x-subscription-token")
    if token != KEY or fault.key is KeyFault.WRONG:
        return _error(422, "SUBSCRIPTION_TOKEN_INVALID", "The provided subscription token is invalid.")
    if fault.key is KeyFault.EXPIRED:
        return _error(404, "SUBSCRIPTION_NOT_FOUND", "No subscription found.")
    if request.headers.get("Accept", "*/*") not in ("application/json", "*/*"):
        return _invalid("header", "accept")
    return None


def _refuse_parameters(request: web.Request) -> web.Response | None:
    """Return the error for a parameter that is missing, not documented or out of range."""
    if "q" not in request.query:
        return _invalid("query", "q")
    for name, value in request.query.items():
        if name not in PARAMETERS or not PARAMETERS[name](value):
            return _invalid("query", name)
    return None


def _invalid(*place: str) -> web.Response:
    errors = [{"type": "value_error", "loc": list(place), "msg": "Input is not valid."}]
    return _error(422, "VALIDATION", "Unable to validate request parameter(s)", errors=errors)


def _error(status: int, code: str, detail: str, **meta: Any) -> web.Response:
    error = {"id": token_hex(16), "status": status, "code": code, "detail": detail, "meta": meta}
    body = {"type": "ErrorResponse", "error": error, "time": int(time.time())}
    return json_response(body, status=status)


def _result(document: Document) -> dict[str, Any]:
    """Return one result as the API writes it, the fields that are not read included."""
    return {
        "title": document.title.replace("&", "&amp;"),
        "url": document.link,
        "is_source_local": False,
        "is_source_both": False,
        "description": document.snippet.replace("&", "&amp;"),
        "language": document.language or "en",
        "family_friendly": True,
        "type": "search_result",
        "subtype": "generic",
        "profile": {"name": document.source, "url": document.link, "long_name": document.source},
    }
