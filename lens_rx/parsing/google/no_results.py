"""Recognises, in many languages, a page that says that nothing matches."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import ancestors, normalize_space
from lens_rx.parsing.terms import LazyPattern, load_pattern

_SAYS_NONE = load_pattern("lens_rx.parsing.google", "no_results")
#: Elements of the page's own words; a sentence in the title of a result is never one.
_STATEMENTS = "[role=heading], [role=alert], [role=status], h1, h2, h3, p, div, span"
_BLOCKS = "div, p, ul, ol, table, section, a h3, a [role=heading]"
_SHORTEST = 4
_LONGEST = 400
_MOST = 4_000


def says_none(tree: LexborHTMLParser) -> bool:
    """Tell whether a sentence of the page's own, outside any link, says that nothing matches."""
    return says(tree, _SAYS_NONE)


def says(tree: LexborHTMLParser, pattern: LazyPattern) -> bool:
    """Return whether a sentence of the page's own, outside any link, matches `pattern`."""
    statements = {text: node for node in tree.css(_STATEMENTS)[:_MOST] if (text := _statement(node))}
    return any(pattern.search(text) and _is_own(node) for text, node in statements.items())


def _statement(node: LexborNode) -> str:
    """Return the text of an element that holds no other part of the page; "" for any other."""
    if any(child.css_first(_BLOCKS) is not None for child in node.iter()):
        return ""
    text = normalize_space(node.text(separator=" "))
    return text if _SHORTEST <= len(text) < _LONGEST else ""


def _is_own(node: LexborNode) -> bool:
    return all(around.tag not in ("a", "template", "noscript") for around in ancestors(node))
