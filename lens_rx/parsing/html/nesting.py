"""How deep the tags of a page nest, by the tokenizer's rules of HTML: scripts, comments and drawings included."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: A comment, or a tag with its attributes; a quoted value may hold any character (HTML 13.2.5).
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<slash>/?)(?P<name>[a-z][^\s/>]*+)"
    r"(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+))?)*+(?P<close>>?)",
    re.IGNORECASE | re.DOTALL,
)
#: Elements that never stay open: void ones, and those whose end tag HTML lets out.
_FLAT = frozenset(
    "area base br col embed hr img input link meta param source track wbr"
    " p li dt dd option optgroup tr td th thead tbody tfoot colgroup rt rp html head body".split()
)
#: Elements whose content is text up to their end tag.
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
#: HTML elements that end a drawing, and parts of a drawing that hold HTML (HTML 13.2.6.5).
_ENDS_DRAWING = frozenset(
    "b big blockquote body br center code dd div dl dt em embed font h1 h2 h3 h4 h5 h6 head hr i img li listing"
    " menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var".split()
)
_HOLDS_HTML = frozenset({"foreignobject", "desc", "title"})


def spans_below(html: str, limit: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each tag that nests deeper than `limit`, its end tags included."""
    depth = dropped = 0
    for start, end, step in _steps(html):
        if step < 0 and not dropped:
            depth = max(0, depth - 1)
        elif step > 0 and depth < limit:
            depth += 1
        elif step:
            dropped += step
            yield start, end


def _steps(html: str) -> Iterator[tuple[int, int, int]]:
    """Yield each tag's start and end with +1 where it opens an element and -1 where it closes one."""
    drawing: list[str] = []  # the open elements of the drawing around, outermost first
    at = 0
    while (token := _TOKEN.search(html, at)) is not None:
        at = token.end()
        if token["name"] is None:
            continue
        name = token["name"].lower()
        if token["slash"]:
            yield from _end(token, name, drawing)
            continue
        if drawing and (name in _ENDS_DRAWING or drawing[-1] in _HOLDS_HTML):
            drawing.clear()
        if not drawing and name in _RAW:
            at = _raw_end(html, name, at)
        elif not drawing and name in _FLAT:
            continue
        elif not (drawing and _closes_itself(html, token)):
            if drawing or name == "svg":
                drawing.append(name)
            yield token.start(), token.end(), 1


def _end(token: re.Match[str], name: str, drawing: list[str]) -> Iterator[tuple[int, int, int]]:
    """Yield the step of an end tag; one that is not the drawing's own may end it."""
    if name in drawing:
        del drawing[len(drawing) - 1 - drawing[::-1].index(name) :]
    else:
        drawing.clear()
    if name not in _FLAT and name not in _RAW - {"title"}:
        yield token.start(), token.end(), -1


def _closes_itself(html: str, token: re.Match[str]) -> bool:
    return bool(token["close"]) and html[token.end() - 2] == "/"


def _raw_end(html: str, name: str, at: int) -> int:
    """Return where the end tag of a raw text element that opened before `at` ends; the page's end without one."""
    found = re.compile(rf"</{name}(?=[\s/>])[^>]*>?", re.IGNORECASE).search(html, at)
    return found.end() if found else len(html)
