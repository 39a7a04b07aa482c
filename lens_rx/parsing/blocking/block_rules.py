"""Tells the walls that sites put up from honest pages, which carry the same words and scripts.

Words and machinery count only on a page with little else to read.
"""

from __future__ import annotations

from lens_rx.parsing.blocking.block_signatures import (
    ADDRESSES,
    CHECKS,
    MACHINERY,
    NEEDS_SCRIPT,
    SENTENCES,
    STATUSES,
    TITLES,
    WIDGETS,
    Signs,
)
from lens_rx.parsing.blocking.page_summary import PageSummary

#: Characters of visible text: of a page that says nothing, of one without content, of a short notice.
_NOTHING = 10
_EMPTY = 120
_BARELY_A_SENTENCE = 800
_ADDRESS_CAP = 4_000


def wall_in_address(url: str) -> str | None:
    """Return the wall that a page's own address names."""
    return _first(ADDRESSES, url[:_ADDRESS_CAP])


def wall_in(look: PageSummary, status: int) -> str | None:
    """Return the wall that the page is, by its title, machinery, words and status."""
    if look.has_product:
        return None
    whole_title = next((wall for wall, pattern in TITLES if pattern.match(look.title)), None)
    return whole_title or (_thin_wall(look) if look.thin else None) or STATUSES.get(status)


def is_shell(look: PageSummary) -> bool:
    """Tell whether the page is an empty frame that a script would fill."""
    if not look.bare or look.has_state:
        return False
    if look.size < _EMPTY:
        return look.size < _NOTHING or bool(look.script or look.loads)
    return look.size < _BARELY_A_SENTENCE and NEEDS_SCRIPT.search(look.text) is not None


def _thin_wall(look: PageSummary) -> str | None:
    widgets = f"{look.frames} {look.names}"
    machinery = f"{widgets} {look.loads} {look.script}"
    wall = _first(MACHINERY, machinery) or _first(SENTENCES, f"{look.title}. {look.text}")
    if wall or not look.bare:
        return wall
    return _first(WIDGETS, widgets) or _first(CHECKS, machinery) or ("login" if look.asks_password else None)


def _first(signs: Signs, text: str) -> str | None:
    return next((wall for wall, pattern in signs if pattern.search(text)), None)
