"""Which variant of a group the page shows: the one whose words its heading or its selected options name."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from lens_rx.parsing.html.tree import attribute, normalize_space, text_of
from lens_rx.parsing.product.claims import ProductClaim
from lens_rx.parsing.product.document import Document

_WORD = re.compile(r"\w+")
_SELECTED = (
    'option[selected],input[checked],[aria-checked="true"],[aria-selected="true"],[aria-pressed="true"]'
)
_MAX_SELECTED = 60
#: Characters of a text that names an option.
_MAX_OPTION = 60


def selected_variants(claim: ProductClaim, document: Document) -> list[ProductClaim]:
    """Return the variants all of whose own words stand in the heading or in the page's selected options."""
    words = [_words(f"{variant.name} {' '.join(variant.specs.values())}") for variant in claim.variants]
    if len(words) < 2:
        return []
    shared = frozenset.intersection(*words)
    known = _words(document.heading) | _words(" ".join(_selected_options(document.tree)))
    own = [(variant, theirs - shared) for variant, theirs in zip(claim.variants, words, strict=True)]
    return [variant for variant, theirs in own if theirs and theirs <= known]


def _selected_options(tree: LexborHTMLParser) -> list[str]:
    texts = []
    for node in tree.css(_SELECTED)[:_MAX_SELECTED]:
        values = (
            text_of(node),
            attribute(node, "value"),
            attribute(node, "aria-label"),
            attribute(node, "title"),
        )
        texts += [normalize_space(value) for value in values if value and len(value) <= _MAX_OPTION]
    return texts


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
