"""`/healthz`, `/readyz`, `/metrics`: for those who operate the service."""

from __future__ import annotations

from aiohttp import web

from lens_rx.web.context import SERVICE


async def healthz(_: web.Request) -> web.Response:
    """Answer as long as the loop turns."""
    return web.json_response({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    """Tell whether photos can be worked on: Chromium and the log are there."""
    parts = await request.app[SERVICE].ready()
    ready = all(parts.values())
    return web.json_response({"ready": ready, **parts}, status=200 if ready else 503)


async def metrics(request: web.Request) -> web.Response:
    """Return the counters in Prometheus' text form."""
    text = request.app[SERVICE].metrics.text()
    return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
