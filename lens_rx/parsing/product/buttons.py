"""Recognise buy buttons, and buttons that cannot be pressed."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import ancestors, attribute, normalize_space
from lens_rx.parsing.product import shop_terms as words
from lens_rx.parsing.product.text_runs import TextRun

_BUY_NAME = re.compile(
    r"add-?_?to-?_?(?:cart|bag|basket|trolley)|addtocart|buy-?_?(?:now|button|btn)|btn-?_?buy|in-?_?den-?_?warenkorb",
    re.IGNORECASE,
)
#: Characters of a button's text, signs around it and all.
_MAX_BUTTON = 60
#: Elements of a button around a part of its text.
_PARTS_CLIMB = 3
#: Elements and texts in a button that has a label.
_MAX_NODES = 40


def is_buy_button(run: TextRun) -> bool:
    """Return whether a run is the text of a button that puts the product in the cart."""
    if len(run.text) > _MAX_BUTTON:
        return False
    text = run.text.strip(" .!+>»›→")
    if len(text) > 40 or run.place.region in ("nav", "footer", "header"):
        return False
    if is_buy_text(text) or _has_buy_text(run):
        return True
    button = run.node
    if button.tag == "span" and button.parent is not None:
        button = button.parent
    if button.tag not in ("button", "input", "a"):
        return False
    return _is_buy_class(f"{attribute(button, 'class')} {attribute(button, 'id')}")


def _has_buy_text(run: TextRun) -> bool:
    """Return whether a run is part of a button whose parts together are the text of a buy button."""
    button = next(
        (one for one in (run.node, *ancestors(run.node, _PARTS_CLIMB)) if one.tag == "button"), None
    )
    text = _text_of_button(button) if button is not None else ""
    return run.text != text and is_buy_text(text.strip(" .!+>»›→"))


def _text_of_button(button: LexborNode) -> str:
    """Return the text of a button, empty where it has more in it than a label."""
    nodes = list(islice(button.traverse(include_text=True), _MAX_NODES + 1))
    if len(nodes) > _MAX_NODES:
        return ""
    return normalize_space(" ".join(node.text_content or "" for node in nodes if node.is_text_node))


@lru_cache(maxsize=8192)
def _is_buy_class(names: str) -> bool:
    return _BUY_NAME.search(names) is not None


@lru_cache(maxsize=8192)
def is_buy_text(text: str) -> bool:
    """Return whether a whole text is that of a buy button."""
    return words.BUY.fullmatch(text) is not None


def is_disabled(run: TextRun) -> bool:
    """Return whether a run is the text of a button that cannot be pressed."""
    for one in (run.node, *ancestors(run.node, 2)):
        attributes = one.attributes
        if one.tag in ("button", "input", "a") and (
            "disabled" in attributes or attributes.get("aria-disabled") == "true"
        ):
            return True
    return False
