"""Responses of the sandbox's sites: HTML from templates and JSON, marked where they carry a result."""

from __future__ import annotations

import json
import random
import string
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

_CARRIES_RESULT: web.ResponseKey[bool] = web.ResponseKey("carries_result", bool)

_TEMPLATES = Environment(
    loader=PackageLoader("lens_rx.sandbox"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, **values: Any) -> str:
    """Render a template; `values` are escaped."""
    return _TEMPLATES.get_template(template).render(values)


def html_response(template: str, *, status: int = 200, result: bool = False, **values: Any) -> web.Response:
    """Return a rendered template as a response; `result` marks it as the result of a look-up."""
    return _mark_result(
        web.Response(text=render(template, **values), status=status, content_type="text/html"), result=result
    )


def json_response(value: Any, *, status: int = 200, result: bool = False) -> web.Response:
    """Return `value` as a JSON response; `result` marks it as the result of a look-up."""
    return _mark_result(web.json_response(value, status=status), result=result)


def _mark_result(response: web.Response, *, result: bool) -> web.Response:
    response[_CARRIES_RESULT] = result
    return response


def carries_result(response: web.StreamResponse) -> bool:
    """Return whether a response is marked as a result; faults apply to no others."""
    return bool(response.get(_CARRIES_RESULT, False))


@cache
def phrases(name: str) -> dict[str, dict[str, Any]]:
    """Return the phrases of `phrases/NAME.json`, by language and key."""
    text = files("lens_rx.sandbox").joinpath("phrases", f"{name}.json").read_text("utf-8")
    spoken: dict[str, dict[str, Any]] = json.loads(text)
    return spoken


class NameObfuscator:
    """Replaces CSS class names by random ones that differ from page to page, as large sites do."""

    def __init__(self, seed: object) -> None:
        self._random = random.Random(repr(seed))
        self._names: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Return six letters and digits for `name`, the same within one page."""
        if name not in self._names:
            letters = string.ascii_letters + string.digits
            first = self._random.choice(string.ascii_letters)
            self._names[name] = first + "".join(self._random.choices(letters, k=5))
        return self._names[name]


@lru_cache(maxsize=512)
def filler_text(size: int, seed: object) -> str:
    """Return `size` random characters that resemble minified script."""
    return "".join(
        random.Random(repr(seed)).choices(string.ascii_letters + string.digits + "+/;,(){}", k=size)
    )


def preferred_language(request: web.Request, known: tuple[str, ...]) -> str:
    """Return the first language of `Accept-Language` that is `known`, else the first known one."""
    wanted = request.headers.get("Accept-Language", "").split(",")
    spoken = (part.split(";")[0].strip()[:2].lower() for part in wanted)
    return next((language for language in spoken if language in known), known[0])
