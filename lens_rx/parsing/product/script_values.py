"""The JSON and JavaScript values in a page's scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator

from selectolax.lexbor import LexborHTMLParser

from lens_rx.parsing.product.lenient_json import Json, loads

#: Characters of script that are read, scripts, values tried in each, objects looked at.
MAX_SCRIPT = 1_500_000
_MAX_SCRIPTS = 300
_MAX_VALUES = 40
_MAX_LITERAL = 60_000
_MAX_LITERALS = 250_000
#: Shortest text that is looked at for JSON within, and what may stand before it.
LEAST_JSON = 40
_MAX_PREFIX = 20
_TEXT = r"\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"
_QUOTED = re.compile(_TEXT)
#: The next bracket that stands in no text.
_BRACKET = re.compile(rf"(?:[^\"'{{}}\[\]]++|{_TEXT}|[\"'])*+([{{}}\[\]])")
_STEP = {"{": 1, "[": 1, "}": -1, "]": -1}
_PRODUCT_KEYS = ("price", "Price", "PRICE", "sku", "Sku", "SKU")
_DECODER = json.JSONDecoder(strict=False)
_OPENING = re.compile(r"[{\[]")
#: Where a value may begin, by the character before it: one pattern each, as a lone first character is found fastest.
_STARTS = (re.compile(r"=\s*(?=[{\[\"'])"), re.compile(r"\(\s*(?=[{\[\"'])"))
_ASSIGNED_TO = re.compile(r"[\w$\])\"']\s*$")
_CALLED = re.compile(r"(?:JSON\.parse|[.\w](?:push|init|track|setup|render|create)\w*)$")
_AFTER_NAME = re.compile(r"\(\s*['\"]\w+['\"],\s*(?=[{\[\"'])")
#: Longest name of a variable or function before a value.
_MAX_NAME = 60
#: How JSON begins; most literals of JavaScript do not.
_JSON_START = re.compile(r"\"|\{\s*[\"}]|\[\s*[\"{\[\]\dtfn-]")


def script_values(tree: LexborHTMLParser, skip: Container[int] = ()) -> Iterator[Json]:
    """Yield the objects and lists in the page's scripts that may hold a price.

    JSON in a script whose `mem_id` is in `skip` is left out; it counts as read all the same.
    """
    budget = MAX_SCRIPT
    for script in tree.css("script:not([src])")[:_MAX_SCRIPTS]:
        kind = (script.attributes.get("type") or "").lower()
        text = "" if "ld+json" in kind or budget <= 0 else script.text()
        if not text or not _may_hold_product(text):
            continue
        text = text[:budget]
        budget -= len(text)
        if "json" in kind:
            if script.mem_id not in skip:
                yield loads(text)
        else:
            yield from _assigned_values(text)


def _may_hold_product(text: str) -> bool:
    return any(map(text.__contains__, _PRODUCT_KEYS))


def _assigned_values(text: str) -> Iterator[Json]:
    at = spent = tried = 0
    for sign, first in sorted(found.span() for start in _STARTS for found in start.finditer(text)):
        if tried >= _MAX_VALUES or spent > _MAX_LITERALS:
            return
        start = _value_start(text, sign, first, at) if sign >= at else -1
        if start < 0:
            continue
        value, at, cost = _decode(text, start)
        tried += 1
        spent += cost
        if isinstance(value, str) and value[:1] in "{[":
            value = loads(value)
        if isinstance(value, dict | list):
            yield value


def _value_start(text: str, sign: int, first: int, at: int) -> int:
    """Return where a value begins that is assigned, or given to a function that takes data; -1 where none does.

    `sign` is where its "=" or "(" stands, `first` what follows it, `at` where the value before it ends.
    """
    is_call = text[sign] == "("
    before = _CALLED if is_call else _ASSIGNED_TO
    if before.search(text, max(sign - _MAX_NAME, at), sign):
        return first
    named = _AFTER_NAME.match(text, sign) if is_call else None
    return named.end() if named else -1


def _decode(text: str, start: int) -> tuple[Json, int, int]:
    """Return the value that starts at `start`, where it ends, and the characters read as a literal."""
    try:
        value, end = _DECODER.raw_decode(text, start) if _JSON_START.match(text, start) else (None, start)
    except (ValueError, RecursionError):
        end = start
    if end == start:
        literal = _literal(text, start)
        value = loads(literal) if _may_hold_product(literal) else None
        return value, start + max(len(literal), 1), len(literal) or _MAX_LITERAL
    return value, end, 0


def _literal(text: str, start: int) -> str:
    """Return the bracketed or quoted text at `start`, empty where it does not close within `_MAX_LITERAL`."""
    if text[start] in "\"'":
        quoted = _QUOTED.match(text, start, start + _MAX_LITERAL)
        return quoted[0] if quoted else ""
    depth, end = 0, start
    while token := _BRACKET.match(text, end, start + _MAX_LITERAL):
        depth += _STEP[token[1]]
        end = token.end()
        if depth <= 0:
            return text[start:end]
    return ""


def decoded_text(text: str) -> Json:
    """Return the JSON that a text in a script holds, as frameworks escape their state; None where it holds none."""
    start = _OPENING.search(text, 0, _MAX_PREFIX + 1)
    if start is None or not LEAST_JSON <= len(text) <= _MAX_LITERAL or not _may_hold_product(text):
        return None
    return _decode(text, start.start())[0]
