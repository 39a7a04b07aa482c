"""How every site of the sandbox answers: pages from templates, JSON, and the mark of a result."""

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
    """Return the template filled with `values`, which are text, never markup."""
    return _TEMPLATES.get_template(template).render(values)


def page(template: str, *, status: int = 200, result: bool = False, **values: Any) -> web.Response:
    """Return a page made of `template`; `result` marks what a look-up came for."""
    return _marked(
        web.Response(text=render(template, **values), status=status, content_type="text/html"), result=result
    )


def data(value: Any, *, status: int = 200, result: bool = False) -> web.Response:
    """Return `value` as JSON; `result` marks what a look-up came for."""
    return _marked(web.json_response(value, status=status), result=result)


def _marked(answer: web.Response, *, result: bool) -> web.Response:
    answer[_CARRIES_RESULT] = result
    return answer


def carries_result(answer: web.StreamResponse) -> bool:
    """Tell whether an answer holds what a look-up came for; faults strike no others."""
    return bool(answer.get(_CARRIES_RESULT, False))


@cache
def words(name: str) -> dict[str, dict[str, Any]]:
    """Return what the sites of that name say, by language and key, from `words/NAME.json`."""
    text = files("lens_rx.sandbox").joinpath("words", f"{name}.json").read_text("utf-8")
    spoken: dict[str, dict[str, Any]] = json.loads(text)
    return spoken


class Mangler:
    """Gives every name of a page an obfuscated one that rotates from page to page, as big sites do."""

    def __init__(self, seed: object) -> None:
        self._random = random.Random(repr(seed))
        self._names: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Return the page's stand-in for `name`: six letters and digits, the same one each time."""
        if name not in self._names:
            letters = string.ascii_letters + string.digits
            first = self._random.choice(string.ascii_letters)
            self._names[name] = first + "".join(self._random.choices(letters, k=5))
        return self._names[name]


@lru_cache(maxsize=512)
def filler(size: int, seed: object) -> str:
    """Return `size` characters that look like minified script and mean nothing."""
    return "".join(
        random.Random(repr(seed)).choices(string.ascii_letters + string.digits + "+/;,(){}", k=size)
    )


def language_of(request: web.Request, known: tuple[str, ...]) -> str:
    """Return the first language of `Accept-Language` that is `known`, else the first known one."""
    wanted = request.headers.get("Accept-Language", "").split(",")
    spoken = (part.split(";")[0].strip()[:2].lower() for part in wanted)
    return next((language for language in spoken if language in known), known[0])
