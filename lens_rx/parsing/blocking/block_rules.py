"""Recognises the walls that sites put up: captchas, challenges, refusals, empty frames.

Honest pages carry the same words and scripts, so these count only on a page with little else to read.
"""

from __future__ import annotations

import re

from lens_rx.parsing.blocking.page_summary import PageSummary
from lens_rx.parsing.terms import LazyPattern, load_alternation, load_lists, load_pattern

_PACKAGE = "lens_rx.parsing.blocking"
Signatures = tuple[tuple[str, LazyPattern], ...]


def _signatures(name: str, *, end: str = "") -> Signatures:
    """Return one pattern a wall, in the order in which they are tried."""
    return tuple((wall, _list_pattern(name, wall, end)) for wall in load_lists(_PACKAGE, name))


def _list_pattern(name: str, wall: str, end: str) -> LazyPattern:
    return LazyPattern(lambda: re.compile(load_alternation(_PACKAGE, name, wall) + end, re.IGNORECASE))


_ADDRESSES = _signatures("wall_addresses")
#: A whole title, the site's name behind a dash or a bar aside.
_TITLES = _signatures("wall_titles", end=r"\W*(?:$|\s[|:–—-]\s.*)")
_MACHINERY = _signatures("wall_machinery")
_WIDGETS = _signatures("wall_widgets")
_CHECKS = _signatures("wall_checks")
_SENTENCES = _signatures("wall_sentences")
_NEEDS_SCRIPT = load_pattern(_PACKAGE, "page_requests", "script")
#: What a status alone says of a page that shows no product.
_STATUSES = {
    401: "login",
    403: "forbidden",
    405: "forbidden",
    418: "forbidden",
    429: "rate_limit",
    430: "rate_limit",
    451: "forbidden",
    498: "challenge",
    503: "unavailable",
    509: "rate_limit",
    999: "forbidden",
}

#: Characters of visible text: of a page that says nothing, of one without content, of a short notice.
_NOTHING = 10
_EMPTY = 120
_BARELY_A_SENTENCE = 800
#: Of the part between header and footer of a page that only carries a notice.
_SHORT_MAIN = 1_000
#: A page with more text is no wall, whatever its title: things are called "Forbidden", too.
_LONGEST_WALL = 6_000
_ADDRESS_CAP = 4_000


def wall_in_address(url: str) -> str | None:
    """Return the wall that a page's own address names."""
    return _first(_ADDRESSES, url[:_ADDRESS_CAP])


def wall_in(page: PageSummary, status: int) -> str | None:
    """Return the wall that the page is, by its title, machinery, words and status."""
    if page.has_product:
        return None
    is_short = page.size < _LONGEST_WALL
    whole_title = next((wall for wall, pattern in _TITLES if is_short and pattern.match(page.title)), None)
    wall = whole_title or (_thin_wall(page) if page.thin else None)
    if wall is None and page.main_size < _SHORT_MAIN:  # a notice in a shop's own header and footer
        wall = _first(_SENTENCES, page.main_text)
    return wall or _STATUSES.get(status)


def is_blank(page: PageSummary) -> bool:
    """Tell whether the page shows nothing of its own, and loads what would draw it from the data it carries."""
    return page.main_size < _NOTHING and not page.has_product and bool(page.loads)


def is_shell(page: PageSummary) -> bool:
    """Tell whether the page is an empty frame that a script would fill."""
    if not page.bare or page.has_state:
        return False
    if page.size < _EMPTY:
        return page.size < _NOTHING or bool(page.script or page.loads)
    return page.size < _BARELY_A_SENTENCE and _NEEDS_SCRIPT.search(page.text) is not None


def _thin_wall(page: PageSummary) -> str | None:
    widgets = f"{page.frames} {page.names}"
    machinery = f"{widgets} {page.loads} {page.script}"
    wall = _first(_MACHINERY, machinery) or _first(_SENTENCES, f"{page.title}. {page.text}")
    if wall or not page.bare:
        return wall
    return (
        _first(_WIDGETS, widgets) or _first(_CHECKS, machinery) or ("login" if page.asks_password else None)
    )


def _first(signatures: Signatures, text: str) -> str | None:
    return next((wall for wall, pattern in signatures if pattern.search(text)), None)
