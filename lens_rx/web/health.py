"""`/healthz`, `/readyz`, `/suppliers` and `/metrics`: endpoints for operators and their monitoring."""

from __future__ import annotations

from aiohttp import web

from lens_rx.clients.protocols import Supplier, days_left
from lens_rx.web.context import APP_CONTEXT


async def healthz(_: web.Request) -> web.Response:
    """Answer 200 while the event loop runs."""
    return web.json_response({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    """Answer 200 when every part (storage, Chromium) is ready, else 503; the body names each."""
    parts = await request.app[APP_CONTEXT].ready()
    ready = all(parts.values())
    return web.json_response({"ready": ready, **parts}, status=200 if ready else 503)


async def suppliers(request: web.Request) -> web.Response:
    """Answer with the outside services that are configured, and when each is known to end.

    `warning` is true from 60 days before an end on, and for a service that is gone.
    """
    rows = [supplier_row(it) for it in request.app[APP_CONTEXT].suppliers()]
    return web.json_response({"suppliers": rows})


def supplier_row(supplier: Supplier) -> dict[str, object]:
    """Return a supplier as `/suppliers` tells of it."""
    ends = {"ends": supplier.ends.isoformat(), "days_left": days_left(supplier.ends)} if supplier.ends else {}
    return {
        "name": supplier.name,
        "used_for": supplier.used_for,
        "in_use": supplier.in_use,
        "available": supplier.available,
        **ends,
        "warning": supplier.ends_soon() or not supplier.available,
    }


async def metrics(request: web.Request) -> web.Response:
    """Return the metrics in Prometheus' text format."""
    text = request.app[APP_CONTEXT].metrics.render()
    return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
