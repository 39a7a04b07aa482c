"""HTML as a tree, the addresses in it, and its visible text."""

from lens_rx.parsing.html.tree import attribute, normalize_space, parse_html, text_of
from lens_rx.parsing.html.urls import host_of, public_host_of

__all__ = ["attribute", "host_of", "normalize_space", "parse_html", "public_host_of", "text_of"]
