"""`/healthz`, `/readyz` and `/metrics`: endpoints for operators and their monitoring."""

from __future__ import annotations

from aiohttp import web

from lens_rx.web.context import APP_CONTEXT


async def healthz(_: web.Request) -> web.Response:
    """Answer 200 while the event loop runs."""
    return web.json_response({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    """Answer 200 when every part (storage, Chromium) is ready, else 503; the body names each."""
    parts = await request.app[APP_CONTEXT].ready()
    ready = all(parts.values())
    return web.json_response({"ready": ready, **parts}, status=200 if ready else 503)


async def metrics(request: web.Request) -> web.Response:
    """Return the metrics in Prometheus' text format."""
    text = request.app[APP_CONTEXT].metrics.render()
    return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
