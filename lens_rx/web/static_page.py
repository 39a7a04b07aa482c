"""The page and its files, read from disk once; nothing else is served from there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from lens_rx.web.context import SERVICE, AppContext

TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
TEXTS = (".html", ".js", ".css")


def page_routes(static: Path) -> list[web.RouteDef]:
    """Return a route for each file of the page; `index.html` is `/`."""
    files = [path for path in sorted(static.iterdir()) if path.suffix in TYPES]
    named = [web.get(f"/{path.name}", _serving(path)) for path in files]
    return [web.get("/", _serving(static / "index.html")), *named]


def _serving(path: Path) -> Callable[[web.Request], Awaitable[web.Response]]:
    content = path.read_bytes()
    kind = TYPES[path.suffix] + ("; charset=utf-8" if path.suffix in TEXTS else "")
    tag = sha256(content).hexdigest()[:16]

    async def serve(request: web.Request) -> web.Response:
        headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == f'"{tag}"':
            return web.Response(status=304, headers=headers)
        if path.suffix != ".html":
            return web.Response(body=content, headers=headers | {"Content-Type": kind})
        body = _filled(content, request.app[SERVICE])
        return web.Response(body=body, headers={"Cache-Control": "no-cache", "Content-Type": kind})

    return serve


def _filled(content: bytes, service: AppContext) -> bytes:
    """Return the page with what it should know of the service in the places that are kept for it."""
    told = {
        "world": "sandbox" if service.sandbox else "live",
        "max_photo_bytes": service.settings.max_photo_bytes,
        "max_photos": service.settings.max_photos,
    }
    for name, value in told.items():
        content = content.replace(b"{{%b}}" % name.encode(), str(value).encode())
    return content
