"""Words that titles add to the name of a thing, folded: state, trade, size, colour."""

from __future__ import annotations

import re
from typing import Final

from lens_rx.matching.categories import categories_in
from lens_rx.parsing.terms import load_lists

_LISTS: Final = load_lists("lens_rx.matching", "stopwords")
#: State, trade, sizes, articles and prepositions.
STOPWORDS: Final = frozenset(_LISTS["noise"])
COLOURS: Final = frozenset(_LISTS["colours"])
#: Words that may be in the title of anything: those above, materials, and what articles and pictures are called.
_GENERIC: Final = STOPWORDS.union(COLOURS, _LISTS["materials"], _LISTS["editorial"])
#: Explicit sizes: "Size M", "Gr. 42", "EU 42", "UK 9.5", "W32 L34".
SIZES: Final = re.compile(
    r"\b(?:(?:size|sz|gr(?:ö|oe|o)(?:ß|ss)e|gr|taille|talla|taglia|maat|rozmiar)\b[ .:]*[a-z]{0,2} ?[\d/.,]*"
    r"|(?:eu|uk|us|fr|it|de) ?\d{1,2}(?:[.,]5)?|w ?\d{2} ?(?:[x/] ?)?l ?\d{2}|\d{2} ?x ?\d{2})(?!\w)",
    re.IGNORECASE,
)


def is_generic(word: str) -> bool:
    """Return whether a folded word may be in the title of anything: category, colour, material, state, trade."""
    return word in _GENERIC or bool(categories_in(word))
