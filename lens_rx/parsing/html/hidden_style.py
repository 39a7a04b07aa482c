"""Whether an element's own style takes its text out of sight, as far as that can be told without rendering."""

from __future__ import annotations

import re
from functools import lru_cache

_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]*)")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*(px|pt|em|rem|%|vw|vh)?")
#: Pixels of a unit, near enough to tell what is out of sight.
_PIXELS = {"px": 1.0, "pt": 1.3, "em": 16.0, "rem": 16.0, "%": 10.0, "vw": 10.0, "vh": 10.0}
_OFFSETS = ("left", "right", "top", "bottom", "text-indent", "margin-left", "margin-top")
#: Offsets that move a text off the page, and letters too small to be read, in pixels.
_OFF_PAGE, _ILLEGIBLE = -100.0, 2.0
#: Margins pull whole blocks around; only very large ones move them off the page.
_MARGIN_OFF_PAGE = -900.0
_FAINTEST = 0.05
_CLIPPED = re.compile(
    r"rect\(\s*(?:0|1px)\D|inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0|polygon\(\s*0(?:px)? 0(?:px)?\s*,\s*0(?:px)? 0"
)
_MOVED = re.compile(r"scale[xy]?\(\s*0(?:\.0+)?\s*[,)]|translate[xy3d]*\([^)]*-\d{3,}")
_OPENS = re.compile(r"height|all")
_WHITES = frozenset({"white", "#fff", "#ffffff", "#ffff", "#ffffffff", "rgb(255,255,255)", "snow", "#fefefe"})
_TRANSPARENT = re.compile(r"transparent|(?:rgba|hsla)\(.*,0?\.?0*\)|#[0-9a-f]{3}0|#[0-9a-f]{6}00")


@lru_cache(maxsize=4096)
def is_hidden_style(style: str) -> bool:
    """Return whether a `style` attribute hides the text of its element from every reader."""
    declared = _declarations(style)
    return (
        declared.get("display") == "none"
        or declared.get("visibility") in ("hidden", "collapse")
        or _pixels(declared.get("opacity", ""), default=1.0) <= _FAINTEST
        or 0 <= _pixels(declared.get("font-size", ""), default=99.0) <= _ILLEGIBLE
        or any(_is_off_page(name, declared.get(name, "")) for name in _OFFSETS)
        or _CLIPPED.search(declared.get("clip", "") or declared.get("clip-path", "")) is not None
        or _MOVED.search(declared.get("transform", "")) is not None
        or (_has_no_room(declared) and not _opens(declared))
        or _has_colour_of_background(declared)
    )


@lru_cache(maxsize=4096)
def is_white_on_nothing(style: str) -> bool:
    """Return whether a text is white where its element sets no background: invisible on most pages, not on all."""
    declared = _declarations(style)
    return _colour(declared.get("color", "")) in _WHITES and not _background(declared)


@lru_cache(maxsize=4096)
def is_collapsed(style: str) -> bool:
    """Return whether a text stands in a box without height that opens, such as an accordion's: not drawn until then."""
    declared = _declarations(style)
    return _has_no_room(declared) and _opens(declared)


def _opens(declared: dict[str, str]) -> bool:
    return (
        _OPENS.search(f"{declared.get('transition', '')} {declared.get('transition-property', '')}")
        is not None
    )


@lru_cache(maxsize=4096)
def _declarations(style: str) -> dict[str, str]:
    found = _DECLARATION.findall(style.lower().replace("!important", ""))
    return {name: value.strip() for name, value in found}


def _pixels(value: str, *, default: float) -> float:
    """Return a length in pixels, or a plain number; `default` for any other value."""
    found = _NUMBER.fullmatch(value) if value else None
    return float(found[1]) * _PIXELS.get(found[2] or "px", 1.0) if found else default


def _is_off_page(name: str, value: str) -> bool:
    limit = _MARGIN_OFF_PAGE if name.startswith("margin") else _OFF_PAGE
    return _pixels(value, default=0.0) <= limit


def _has_no_room(declared: dict[str, str]) -> bool:
    """Return whether a text stands in a box without height or width, beyond which nothing is drawn."""
    sizes = (declared.get(name, "") for name in ("height", "max-height", "width", "max-width"))
    tiny = any(_pixels(size, default=99.0) <= 1 for size in sizes)
    return tiny and declared.get("overflow") in ("hidden", "clip")


def _has_colour_of_background(declared: dict[str, str]) -> bool:
    colour, background = _colour(declared.get("color", "")), _background(declared)
    is_same = bool(colour) and (colour == background or (colour in _WHITES and background in _WHITES))
    return is_same or (bool(colour) and _TRANSPARENT.fullmatch(colour) is not None)


def _background(declared: dict[str, str]) -> str:
    return _colour(declared.get("background-color", "") or declared.get("background", ""))


def _colour(value: str) -> str:
    return re.sub(r"\s", "", value)
