"""The page and its files, read from disk once at start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from html import escape
from pathlib import Path

from aiohttp import web

from lens_rx.pricing.decision import accepted_marketplaces
from lens_rx.rules_file import load_rules
from lens_rx.web.access_control import is_session, list_owner
from lens_rx.web.context import APP_CONTEXT

CONTENT_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
TEXT_SUFFIXES = (".html", ".js", ".css")
#: Served by its own handlers.
LOGIN_PAGE = "login.html"


def page_routes(static: Path) -> list[web.RouteDef]:
    """Return a route for each file of the page; `/` serves `index.html`, `/docs` the interface."""
    files = [
        path for path in sorted(static.iterdir()) if path.suffix in CONTENT_TYPES and path.name != LOGIN_PAGE
    ]
    named = [web.get(f"/{path.name}", _file_handler(path)) for path in files]
    pages = {"/": "index.html", "/docs": "docs.html"}
    return [*(web.get(path, _file_handler(static / name)) for path, name in pages.items()), *named]


def _file_handler(path: Path) -> Callable[[web.Request], Awaitable[web.Response]]:
    content = path.read_bytes()
    kind = CONTENT_TYPES[path.suffix] + ("; charset=utf-8" if path.suffix in TEXT_SUFFIXES else "")
    tag = sha256(content).hexdigest()[:16]

    async def serve(request: web.Request) -> web.Response:
        headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == f'"{tag}"':
            return web.Response(status=304, headers=headers)
        if path.suffix != ".html":
            return web.Response(body=content, headers=headers | {"Content-Type": kind})
        body = _fill_placeholders(content, request)
        return web.Response(body=body, headers={"Cache-Control": "no-cache", "Content-Type": kind})

    return serve


def _fill_placeholders(content: bytes, request: web.Request) -> bytes:
    """Return the page with the service's settings in place of `{{name}}` placeholders."""
    context = request.app[APP_CONTEXT]
    values = {
        "session": "cookie" if is_session(request) else "none",
        "owner": list_owner(request),
        "world": "sandbox" if context.sandbox else "live",
        "max_photo_bytes": context.settings.max_photo_bytes,
        "max_photos": context.settings.max_photos,
        "country": escape(context.settings.country),
        "currency": escape(context.settings.currency),
        "marketplaces": escape(" ".join(accepted_marketplaces(load_rules(context.settings.pricing)))),
    }
    for name, value in values.items():
        content = content.replace(b"{{%b}}" % name.encode(), str(value).encode())
    return content
