"""What a client accepts, by its `Accept` header (RFC 9110, 12.5.1), and what it prefers, by `Prefer` (RFC 7240)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aiohttp import web

_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
#: A comma or semicolon within a quoted value separates nothing.
_PART = re.compile(r"""(?:"(?:\\.|[^"\\])*"|[^,"])+""")
_PARAMETER = re.compile(r"""(?:"(?:\\.|[^"\\])*"|[^;"])+""")


def accepted_types(request: web.Request) -> list[str]:
    """Return the media ranges that the client accepts, in lower case, the preferred ones first; none: it said nothing."""
    return media_ranges(request.headers.getall("Accept", ()))


def media_ranges(values: Iterable[str]) -> list[str]:
    """Return the media ranges of `Accept` headers, by their q-values, then as they stand; those of q=0 are left out."""
    ranges = [_parse_range(part) for part in _split(_PART, ", ".join(values))]
    return [name for name, quality in sorted(ranges, key=lambda it: -it[1]) if quality > 0]


def covers(media_range: str, media_type: str) -> bool:
    """Return whether a media range is a type, or all types of its kind, or all."""
    kind, _, subtype = media_range.partition("/")
    return media_range in (media_type, "*/*") or (subtype == "*" and kind == media_type.partition("/")[0])


def prefers(request: web.Request, preference: str) -> bool:
    """Return whether a `Prefer` header has a preference, such as `respond-async`."""
    if "Prefer" not in request.headers:  # most requests
        return False
    parts = _split(_PART, ", ".join(request.headers.getall("Prefer")))
    names = (part.partition(";")[0].partition("=")[0].strip().lower() for part in parts)
    return preference in names


def _parse_range(part: str) -> tuple[str, float]:
    """Return a media range and its quality, which is 1 where none, or none that can be read, is said."""
    name, *parameters = _split(_PARAMETER, part) or ("",)
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q" and _QUALITY.fullmatch(value.strip()):
            return name.lower(), float(value)
    return name.lower(), 1.0


def _split(pattern: re.Pattern[str], text: str) -> Sequence[str]:
    """Return the parts of a header's value that hold something."""
    return [stripped for part in pattern.findall(text) if (stripped := part.strip())]
