"""Whether a response is the page that was asked for, a page without results, or a wall.

Healthy pages of Google hold "enablejs", "/sorry/" and "captcha" too. So a page is classified by its address,
its size, its forms and links, and by whether the parser of its kind finds something in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lens_rx.facts import Outcome
from lens_rx.parsing.blocking.block_rules import is_blank, is_shell, wall_in, wall_in_address
from lens_rx.parsing.blocking.consent import asks_consent, is_consent_address, is_consent_wall
from lens_rx.parsing.blocking.page_summary import PageSummary, summarize
from lens_rx.parsing.google import lens as google_lens
from lens_rx.parsing.google import search as google_search
from lens_rx.parsing.html.links import is_google
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.html.urls import host_of, query_params
from lens_rx.parsing.marketplaces import MARKETPLACES

_LENS_TABS = frozenset({"26", "37", "44", "48"})
#: A results page with fewer links than this to other sites is no results page.
_FEW_LINKS = 5
_LITTLE_TEXT = 1_500


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """The outcome of reading a page (`ok`, `empty`, `blocked` or `drift`), and the wall that blocks it.

    Walls: `captcha consent shell pardon challenge forbidden rate_limit unavailable login`.
    """

    outcome: Outcome
    wall: str | None = None


@dataclass(frozen=True, slots=True)
class _Listing:
    """A kind of page that lists things: how its entries are found, and how it says that there are none."""

    entries: Callable[[str, str], Sequence[object]]
    says_none: Callable[[str], bool]


_LENS = _Listing(google_lens.matches_from_html, google_lens.says_none)
_SEARCH = _Listing(google_search.results_from_html, google_search.says_none)


def classify_page(html: str, url: str, status: int) -> PageVerdict:
    """Classify the page `html` that the final address `url` answered with the HTTP `status`. Never raises.

    A `status` of 0 means that no answer stands behind the document. A frame without content is a wall (`shell`) only
    with a status of 2xx: with any other the site is not known to have meant it.
    """
    wall = "consent" if is_consent_address(url) else wall_in_address(url)
    if wall is not None:
        return PageVerdict(Outcome.BLOCKED, wall)
    listing = _listing(url)
    return _of_page(html, url, status) if listing is None else _of_listing(listing, html, url, status)


def _of_listing(listing: _Listing, html: str, url: str, status: int) -> PageVerdict:
    """Classify a page that should list things by its entries; look for walls only where it has none."""
    if listing.entries(html, url):
        return PageVerdict(Outcome.OK)
    if status < 400 and listing.says_none(html):
        return PageVerdict(Outcome.EMPTY)
    tree = parse_html(html)
    summary = summarize(tree, url)
    wall = "consent" if asks_consent(tree) else wall_in(summary, status)
    if wall is None and _is_answer(status) and _is_degraded(summary):
        wall = "shell"
    return PageVerdict(Outcome.BLOCKED, wall) if wall else PageVerdict(Outcome.DRIFT)


def _of_page(html: str, url: str, status: int) -> PageVerdict:
    """Classify any other page: a wall, a frame without content, or what was asked for."""
    tree = parse_html(html)
    summary = summarize(tree, url)
    wall = wall_in(summary, status)
    if wall is None and not summary.has_product and is_consent_wall(tree):
        wall = "consent"
    if wall is None and _is_answer(status) and (is_shell(summary) or is_blank(summary)):
        wall = "shell"
    return PageVerdict(Outcome.BLOCKED, wall) if wall else PageVerdict(Outcome.OK)


def _is_answer(status: int) -> bool:
    return 200 <= status < 300


def _is_degraded(summary: PageSummary) -> bool:
    """Tell whether a results page that shows no result is a frame without content, not a new layout."""
    return summary.size < _LITTLE_TEXT and summary.outside < _FEW_LINKS


def _listing(url: str) -> _Listing | None:
    """Return what the address should list; None for a page that lists nothing, such as a product's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    market = next((market for market in MARKETPLACES if market.is_search(url)), None)
    if market is not None:
        return _Listing(market.offers_from_html, market.says_none)
    host, query = host_of(url), query_params(url)
    if parts.path.rstrip("/") != "/search" or not (is_google(host) or host.startswith(("lens.", "search."))):
        return None
    is_lens = "vsrid" in query or _LENS_TABS & set(query.get("udm", ())) or host.startswith("lens.")
    return _LENS if is_lens else _SEARCH
