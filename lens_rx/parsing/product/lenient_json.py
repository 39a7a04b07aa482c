"""JSON as shops write it: entities, comments, trailing commas, bare keys, line breaks within texts."""

from __future__ import annotations

import re
from html import unescape

import chompjs
import orjson

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

#: A value longer than this is read only where it is strict JSON.
MAX_REPAIR = 300_000

_WRAPPERS = re.compile(r"<!\[CDATA\[|\]\]>|<!--|-->")
#: Texts, which stay as they are, and names or calls in the place of a value.
_NAMES = re.compile(
    r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
    r"|(?<=[:\[,])\s*(void 0|!0|!1|new Date\([^)]*\)|[A-Za-z_$][\w$.]*(?:\([^()]*\))?)\s*(?=[,}\]])"
)
_CONSTANTS = frozenset({"true", "false", "null"})
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def loads(text: str) -> Json:
    """Return the value that `text` means, None where it means none. Never raises."""
    text = text.strip().strip("\ufeff;")
    try:
        value: Json = orjson.loads(text)
    except ValueError:
        return _repaired(text) if len(text) <= MAX_REPAIR else None
    return value


def _repaired(text: str) -> Json:
    """Read what is no strict JSON: a JavaScript literal, with HTML's comments and entities undone."""
    bare = _WRAPPERS.sub("", text).strip().strip(";/ \n")
    bare = bare if '"' in bare else unescape(bare)
    if bare[:1] in ("'", '"', "`"):
        return _string(bare)
    if "{" not in bare and "[" not in bare:
        return None
    try:
        value: Json = chompjs.parse_js_object(_NAMES.sub(_value, bare), loader_kwargs={"strict": False})
    except (ValueError, RecursionError):
        return None
    return value


def _value(token: re.Match[str]) -> str:
    """Return a token with null for a name: chompjs would read it as a text, as it does a constant set close."""
    if not token[1]:
        return token[0]
    return f" {token[1] if token[1] in _CONSTANTS else 'null'} "


def _string(text: str) -> str | None:
    """Return the content of a quoted JavaScript string, None where it does not end as it begins."""
    if len(text) < 2 or text[-1] != text[0]:
        return None
    return _ESCAPE.sub(_character, text[1:-1])


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _CONTROLS.get(escape[3], escape[3])
