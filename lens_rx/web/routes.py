"""Every address, a line each."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from lens_rx.web.classify import classify
from lens_rx.web.context import SERVICE, AppContext
from lens_rx.web.health import healthz, metrics, readyz
from lens_rx.web.middleware import errors_as_json, expectation, on_prepare, preflights, request_ids
from lens_rx.web.openapi import openapi
from lens_rx.web.run_endpoints import delete_run, get_run, run_events
from lens_rx.web.static_page import page_routes
from lens_rx.web.websocket import socket


def web_app(service: AppContext, static: Path) -> web.Application:
    """Return the application over its parts; `static` holds the page."""
    app = web.Application(middlewares=[request_ids, preflights, errors_as_json])
    app[SERVICE] = service
    app.on_response_prepare.append(on_prepare)
    app.add_routes(
        [
            web.post("/", classify, expect_handler=expectation),
            web.post("/classify", classify, expect_handler=expectation),
            web.get("/ws", socket),
            web.get("/runs/{key}", get_run),
            web.get("/runs/{key}/events", run_events),
            web.delete("/runs/{key}", delete_run),
            web.get("/healthz", healthz),
            web.get("/readyz", readyz),
            web.get("/metrics", metrics),
            web.get("/openapi.json", openapi),
            *page_routes(static),
        ]
    )
    return app
