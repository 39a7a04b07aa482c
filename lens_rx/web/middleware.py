"""What every request and answer gets: an id, errors as JSON, CORS and security headers."""

from __future__ import annotations

from itertools import count
from secrets import token_hex

import structlog
from aiohttp import HttpVersion11, web

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import RequestError, Unauthorized
from lens_rx.settings import Settings
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.descriptors import is_out_of_descriptors, out_of_descriptors
from lens_rx.web.request_origin import is_cors_origin

EXPOSED_HEADERS = "X-Run-Key, X-Replayed, X-Request-Id, Retry-After, Location, Preference-Applied"
#: Thumbnails of look-alikes are data addresses; nothing is loaded from elsewhere.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: Of every response that does not say otherwise.
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Vary": "Origin",
}
#: How a client proves who it is; browsers do not ask their user for it.
CHALLENGE = 'Bearer realm="lens_rx"'

REQUEST_ID: web.RequestKey[str] = web.RequestKey("request_id", str)

#: Random, so that ids of several nodes and of earlier processes differ; a number a request costs less than chance.
_PROCESS_ID = token_hex(8)
_request_numbers = count(1)
_log = structlog.get_logger()


def error_response(code: ErrorCode, message: str, retry_after: int | None = None) -> web.Response:
    """Return `{"error": message, "code": code}` with the code's status; `retry_after` is in seconds."""
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    return web.json_response({"error": message, "code": code}, status=code.status, headers=headers)


def refusal_response(refusal: RequestError) -> web.Response:
    """Return the answer to a request that is refused."""
    return error_response(refusal.code, str(refusal), refusal.retry_after)


def answer_to_error(request: web.Request, error: Exception) -> web.Response:
    """Return the answer to an exception, as JSON with its status, and count it; raise a redirect, which is none."""
    metrics = request.app[APP_CONTEXT].metrics
    match error:
        case RequestError():
            metrics.count_error("http", error)
            response = refusal_response(error)
            if isinstance(error, Unauthorized):
                response.headers["WWW-Authenticate"] = CHALLENGE
        case OSError() if is_out_of_descriptors(error):
            metrics.count_error("http", error)
            response = refusal_response(out_of_descriptors())
        case web.HTTPException(status=status) if status < 400:
            raise error
        case web.HTTPException():
            metrics.count_error("http", error)
            response = _answer_to_http_error(error)
        case _:
            metrics.errors.labels("http", "InternalError").inc()
            _log.error("request broke", request=request[REQUEST_ID], path=request.path, exc_info=error)
            response = error_response(
                ErrorCode.INTERNAL_ERROR, "Something went wrong here. It is logged under this request's id."
            )
    return response


def _answer_to_http_error(answer: web.HTTPException) -> web.Response:
    response = error_response(_error_code(answer), _error_message(answer))
    response.set_status(answer.status)
    if "Allow" in answer.headers:
        response.headers["Allow"] = answer.headers["Allow"]
    return response


def _error_code(answer: web.HTTPException) -> ErrorCode:
    """Return the code of an error of aiohttp's own."""
    known = {
        404: ErrorCode.NOT_FOUND,
        405: ErrorCode.METHOD_NOT_ALLOWED,
        413: ErrorCode.TOO_LARGE,
        417: ErrorCode.EXPECTATION_FAILED,
        421: ErrorCode.UNKNOWN_HOST,
    }
    fallback = ErrorCode.BAD_REQUEST if answer.status < 500 else ErrorCode.INTERNAL_ERROR
    return known.get(answer.status, fallback)


def _error_message(answer: web.HTTPException) -> str:
    known = {
        404: "There is nothing at this address.",
        405: "This address does not take this method.",
        421: "This host name is not one of the service's own. LENS_RX_HOSTS names those that are.",
    }
    return known.get(answer.status, f"{answer.reason}.")


def make_request_id() -> str:
    """Return an id under which a request is logged, unlike that of any other."""
    return f"{_PROCESS_ID}{next(_request_numbers):016x}"


async def add_response_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers of every response, streams and errors included."""
    add_headers(response, request, request.app[APP_CONTEXT].settings)


def add_headers(response: web.StreamResponse, request: web.BaseRequest, settings: Settings) -> None:
    """Add the request's id, the security headers, and CORS headers for allowed origins."""
    headers = response.headers
    headers["X-Request-Id"] = request.get(REQUEST_ID) or make_request_id()
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    origin = request.headers.get("Origin", "")
    if origin and is_cors_origin(origin, settings):
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS


async def handle_expect(request: web.Request) -> web.Response | None:
    """Answer `Expect: 100-continue` with 100, any other expectation with 417."""
    if request.version < HttpVersion11:
        return None
    if request.headers["Expect"].lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the response itself has not begun
        return None
    request.app[APP_CONTEXT].metrics.errors.labels("http", "HTTPExpectationFailed").inc()
    return error_response(ErrorCode.EXPECTATION_FAILED, "Expect may say 100-continue, and nothing else.")


def answer_preflight(request: web.Request) -> web.Response | None:
    """Return the answer to a CORS preflight request, None for any other request."""
    if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
        return None
    wanted = request.headers.get("Access-Control-Request-Headers", "")
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
            "Access-Control-Allow-Headers": wanted or "Content-Type",
            "Access-Control-Max-Age": "600",
        },
    )
