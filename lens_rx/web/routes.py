"""The application: every route, one line each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Middleware

from lens_rx.web.access_control import check_access
from lens_rx.web.auth import AUTHENTICATOR, Authenticator
from lens_rx.web.classify import classify
from lens_rx.web.comparables_endpoint import change_comparables
from lens_rx.web.context import APP_CONTEXT, AppContext
from lens_rx.web.corrections_endpoint import correct_run
from lens_rx.web.health import healthz, metrics, readyz, suppliers
from lens_rx.web.login import login_routes
from lens_rx.web.middleware import (
    REQUEST_ID,
    add_response_headers,
    answer_preflight,
    answer_to_error,
    handle_expect,
    make_request_id,
)
from lens_rx.web.openapi import openapi
from lens_rx.web.outcome_endpoint import calibration, report_outcome
from lens_rx.web.refresh_endpoint import refresh_run
from lens_rx.web.run_endpoints import delete_run, get_run, run_events
from lens_rx.web.static_page import page_routes
from lens_rx.web.thumbnail_endpoint import make_thumbnail
from lens_rx.web.undo_endpoint import undo_change
from lens_rx.web.webhook_endpoints import list_dead_webhooks, retry_webhook
from lens_rx.web.websocket import handle_websocket

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _make_middleware(context: AppContext, authenticator: Authenticator | None) -> Middleware:
    hosts = context.settings.hosts

    @web.middleware
    async def handle_request(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Give a request its id, answer it where it may be answered, and answer every exception as JSON."""
        request[REQUEST_ID] = make_request_id()
        try:
            if (preflight := answer_preflight(request)) is not None:
                return preflight
            answer = check_access(request, hosts, authenticator)
            return await handler(request) if answer is None else answer
        except Exception as error:  # noqa: BLE001  # counted, logged where it is ours, and told to the client
            return answer_to_error(request, error)

    return handle_request


def create_app(
    context: AppContext,
    static: Path,
    authenticator: Authenticator | None = None,
    more_routes: Iterable[web.RouteDef] = (),
) -> web.Application:
    """Return the application; `static` is the folder of the page. Without `authenticator` no token is asked for."""
    app = web.Application(middlewares=[_make_middleware(context, authenticator)])
    app[APP_CONTEXT] = context
    app[AUTHENTICATOR] = authenticator
    app.on_response_prepare.append(add_response_headers)
    app.add_routes(
        [
            web.post("/", classify, expect_handler=handle_expect),
            web.post("/classify", classify, expect_handler=handle_expect),
            web.post("/thumbnail", make_thumbnail, expect_handler=handle_expect),
            web.get("/ws", handle_websocket),
            web.get("/runs/{key}/events", run_events),
            web.get("/runs/{key}", get_run),
            web.delete("/runs/{key}", delete_run),
            web.post("/runs/{key}/corrections", correct_run),
            web.post("/runs/{key}/comparables", change_comparables),
            web.post("/runs/{key}/undo", undo_change),
            web.post("/runs/{key}/refresh", refresh_run),
            web.post("/runs/{key}/outcome", report_outcome),
            web.get("/calibration", calibration),
            web.get("/webhooks/dead", list_dead_webhooks),
            web.post("/webhooks/dead/{id}/retry", retry_webhook),
            web.get("/healthz", healthz),
            web.get("/readyz", readyz),
            web.get("/suppliers", suppliers),
            web.get("/metrics", metrics),
            web.get("/openapi.json", openapi),
            *login_routes(static),
            *page_routes(static),
            *more_routes,
        ]
    )
    return app
