"""JSON as shops write it: entities, comments, trailing commas, bare keys, line breaks within texts."""

from __future__ import annotations

import json
import re
from html import unescape

import orjson

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

#: A value longer than this is not repaired, only read as it is.
MAX_REPAIR = 300_000

_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'\w/])//[^\n]*", re.DOTALL)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BARE_KEY = re.compile(r"([{,]\s*)([A-Za-z_$][\w$]*)\s*:")
_STRING = re.compile(r"'((?:[^'\\\n]|\\.)*)'|(\"(?:[^\"\\]|\\.)*\")")
_LITERALS = re.compile(
    r"(?<=[:\[,])\s*(?:undefined|NaN|void 0|!0|!1|new Date\([^)]*\)|[A-Za-z_$][\w$.]*(?:\([^()]*\))?)\s*(?=[,}\]])"
)
_KEPT = frozenset({"true", "false", "null"})


def loads(text: str) -> Json:
    """Return the value that `text` means, None where it means none. Never raises."""
    text = text.strip().strip("\ufeff;")
    for attempt in (_strict, _relaxed, _unescaped, _literal):
        try:
            return attempt(text)
        except (ValueError, RecursionError):
            continue
    return None


def _strict(text: str) -> Json:
    value: Json = orjson.loads(text)
    return value


def _relaxed(text: str) -> Json:
    """Let line breaks and tabs stand in texts, and commas before a closing bracket."""
    value: Json = json.loads(_TRAILING_COMMA.sub(r"\1", _repairable(text)), strict=False)
    return value


def _unescaped(text: str) -> Json:
    """Undo comments, CDATA and HTML entities."""
    bare = _COMMENT.sub(
        "",
        _repairable(text).replace("<![CDATA[", "").replace("]]>", "").replace("<!--", "").replace("-->", ""),
    )
    value: Json = json.loads(
        _TRAILING_COMMA.sub(r"\1", unescape(bare) if "&quot;" in bare else bare), strict=False
    )
    return value


def _literal(text: str) -> Json:
    """Read a JavaScript object literal: single quotes, bare keys, names instead of values."""
    strings: list[str] = []

    def keep(match: re.Match[str]) -> str:
        strings.append(match[2] or json.dumps(match[1].replace("\\'", "'")))
        return f'"\x00{len(strings) - 1}\x00"'

    bare = _COMMENT.sub("", _STRING.sub(keep, _repairable(text)))
    bare = _LITERALS.sub(
        lambda found: found[0] if found[0].strip() in _KEPT else "null", _BARE_KEY.sub(r'\1"\2":', bare)
    )
    whole = re.sub(r'"\x00(\d+)\x00"', lambda found: strings[int(found[1])], _TRAILING_COMMA.sub(r"\1", bare))
    value: Json = json.loads(whole, strict=False)
    return value


def _repairable(text: str) -> str:
    if len(text) > MAX_REPAIR:
        raise ValueError("too long to be repaired")
    return text
