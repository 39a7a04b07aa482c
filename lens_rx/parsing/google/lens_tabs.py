"""The tabs of a Google Lens result page: All, Visual matches, Exact matches, Products."""

from __future__ import annotations

from urllib.parse import urljoin

from lens_rx.parsing.google import no_results
from lens_rx.parsing.html.tree import attribute, parse_html
from lens_rx.parsing.html.urls import host_of, query_params
from lens_rx.parsing.terms import load_pattern

#: The tabs by their `udm`, those with the most matches first.
TABS = ("26", "44", "48", "37")
_IMAGE_GONE = load_pattern("lens_rx.parsing.google", "lens_phrases", "image_gone")


def says_image_gone(html: str) -> bool:
    """Return whether the page itself says, in whatever language, that the image is no longer available."""
    return no_results.says(parse_html(html), _IMAGE_GONE)


def tab_links(html: str, url: str) -> list[str]:
    """Return the addresses of the other tabs of the page read at `url`, as the page links to them."""
    current = _tab(url)
    found: dict[str, str] = {}
    for anchor in parse_html(html).css("a[href*='udm=']"):
        link = urljoin(url, attribute(anchor, "href"))
        if host_of(link) == host_of(url) and query_params(link).get("vsrid"):
            found.setdefault(_tab(link), link)
    return [found[tab] for tab in TABS if tab in found and tab != current]


def lens_language(html: str, url: str) -> str:
    """Return the language of a result page (ISO 639-1) by its address or markup, "" where neither says."""
    root = parse_html(html).root
    declared = attribute(root, "lang") if root is not None else ""
    return query_params(url).get("hl", [declared])[0][:2].lower()


def _tab(url: str) -> str:
    return query_params(url).get("udm", [TABS[0]])[0]
