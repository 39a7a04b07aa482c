"""Recognise buy buttons, and buttons that cannot be pressed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, islice

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import ancestors, normalize_space
from lens_rx.parsing.product import shop_terms as words
from lens_rx.parsing.product.document import Elements
from lens_rx.parsing.product.text_runs import TextRun

_BUY_NAME = re.compile(
    r"add-?_?to-?_?(?:cart|bag|basket|trolley)|addtocart|buy-?_?(?:now|button|btn)|btn-?_?buy|in-?_?den-?_?warenkorb",
    re.IGNORECASE,
)
#: Characters of a button's text with signs around it, and without.
_MAX_BUTTON, _MAX_LABEL = 60, 40
_SIGNS = " .!+>»›→"
#: Elements and texts in a button that has a label.
_MAX_NODES = 40


def find_buy_buttons(runs: Sequence[TextRun], by_tag: Elements) -> list[TextRun]:
    """Return the runs that are the text of a button that puts the product in the cart, in order."""
    short = [run for run in runs if len(run.text) <= _MAX_BUTTON]
    texts = frozenset(filter(_is_buy_label, {run.text for run in short}))
    elements = _buy_elements(by_tag)
    return [
        run for run in short if (run.text in texts or run.node.mem_id in elements) and _may_be_button(run)
    ]


def _may_be_button(run: TextRun) -> bool:
    is_short = len(run.text.strip(_SIGNS)) <= _MAX_LABEL
    return is_short and run.place.region not in ("nav", "footer", "header")


def _is_buy_label(text: str) -> bool:
    label = text.strip(_SIGNS)
    return len(label) <= _MAX_LABEL and is_buy_text(label)


def _buy_elements(by_tag: Elements) -> frozenset[int]:
    """Return the elements (by `mem_id`) of buy buttons in which a text says nothing of its own.

    These are the parts of a button whose text as a whole is that of one, and elements with the class of one.
    """
    found: set[int] = set()
    for button in by_tag["button"]:
        nodes = list(islice(button.traverse(include_text=True), _MAX_NODES + 1))
        if len(nodes) <= _MAX_NODES and _is_buy_label(_text_of_nodes(nodes)):
            found.update(node.mem_id for node in nodes)
    for element in chain(by_tag["button"], by_tag["input"], by_tag["a"]):
        attributes = element.attributes
        if _is_buy_name(attributes.get("class") or "") or _is_buy_name(attributes.get("id") or ""):
            found.add(element.mem_id)
            found.update(node.mem_id for node in element.iter() if node.tag == "span")
    return frozenset(found)


def _text_of_nodes(nodes: list[LexborNode]) -> str:
    return normalize_space(" ".join(node.text_content or "" for node in nodes if node.is_text_node))


@lru_cache(maxsize=8192)
def _is_buy_name(names: str) -> bool:
    return _BUY_NAME.search(names) is not None


def is_buy_text(text: str) -> bool:
    """Return whether a whole text is that of a buy button."""
    return words.BUY.matches_whole(text)


def is_disabled(run: TextRun) -> bool:
    """Return whether a run is the text of a button that cannot be pressed."""
    for one in (run.node, *ancestors(run.node, 2)):
        attributes = one.attributes
        if one.tag in ("button", "input", "a") and (
            "disabled" in attributes or attributes.get("aria-disabled") == "true"
        ):
            return True
    return False
