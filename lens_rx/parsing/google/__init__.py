"""Google's pages: `lens.matches_from_html` for a Lens result page, `search.results_from_html` for a web search."""

from lens_rx.parsing.google import lens, search

__all__ = ["lens", "search"]
