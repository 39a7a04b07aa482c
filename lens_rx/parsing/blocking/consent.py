"""Recognises consent walls by their form and buttons."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import ancestors, attribute, normalize_space, text_of
from lens_rx.parsing.html.urls import host_of
from lens_rx.parsing.terms import load_pattern, load_terms

_PACKAGE = "lens_rx.parsing.blocking"
#: How buttons begin that turn down, and that agree; in lower case.
CONSENT_REJECT_WORDS = load_terms(_PACKAGE, "consent_buttons", "reject")
CONSENT_ACCEPT_WORDS = load_terms(_PACKAGE, "consent_buttons", "accept")
_OPTIONS = load_pattern(_PACKAGE, "page_requests", "consent_options")
_SUBJECT = load_pattern(_PACKAGE, "page_requests", "consent_subject")
_CONSENT_HOST = re.compile(r"^(?:consent|guce|cmp|privacy-?mgmt|choices)\.")
_CONSENT_FORM = re.compile(
    r"//(?:consent|guce)\.[a-z.]+/(?:save|s\b|v2/|m\b|ml\b|d\b)?|/collectconsent", re.IGNORECASE
)
_BUTTONS = "button, input[type=submit], input[type=button], [role=button], a"
_MOST_BUTTONS = 400
_MOST_TRIED = 4
_LONGEST_LABEL = 60
_WALL_TEXT = 60
#: What a page with a wall may say beside the question, in characters, and all in all.
_REST = 700
_WALL_AT_MOST = 8_000
#: Headings, pictures and links that may stand beside the question: a page under a panel has more.
_MOST_BESIDE = (0, 8, 40)


def is_consent_address(url: str) -> bool:
    """Tell whether an address is that of a site's consent page."""
    return _CONSENT_HOST.search(host_of(url)) is not None


def asks_consent(tree: LexborHTMLParser) -> bool:
    """Tell whether the page shows a question for consent: its form, or a button to agree beside another."""
    return _consent_form(tree) or _question(tree) is not None


def is_consent_wall(tree: LexborHTMLParser) -> bool:
    """Tell whether the page is little else than a question for consent; expects no scripts in `tree`."""
    size = len(text_of(tree.body))
    if _consent_form(tree) and size < _WALL_AT_MOST:
        return True
    question = _question(tree)
    if question is None or size - len(text_of(question)) >= _REST:
        return False
    beside = (len(tree.css(part)) - len(question.css(part)) for part in ("h1", "img", "a[href]"))
    return all(count <= most for count, most in zip(beside, _MOST_BESIDE, strict=True))


def says(label: str, words: tuple[str, ...]) -> bool:
    """Tell whether a button's label begins with one of `words`."""
    return 0 < len(label) <= _LONGEST_LABEL and label.casefold().startswith(words)


def _consent_form(tree: LexborHTMLParser) -> bool:
    return any(_CONSENT_FORM.search(attribute(form, "action")) for form in tree.css("form[action]"))


def _question(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the part of the page that holds the button to agree, one beside it, and words about data."""
    buttons = [(node, _label(node)) for node in tree.css(_BUTTONS)[:_MOST_BUTTONS]]
    others = {
        node.mem_id for node, label in buttons if says(label, CONSENT_REJECT_WORDS) or _offers_options(label)
    }
    accepts = [node for node, label in buttons if says(label, CONSENT_ACCEPT_WORDS)]
    parts = (_part(node, others) for node in accepts[:_MOST_TRIED])
    return next((part for part in parts if part is not None), None) if others else None


def _part(accept: LexborNode, others: set[int]) -> LexborNode | None:
    for around in ancestors(accept, 12):
        text = text_of(around)
        if len(text) > _WALL_AT_MOST:
            return None
        if len(text) >= _WALL_TEXT and _SUBJECT.search(text):
            near = {node.mem_id for node in around.css(_BUTTONS)[:_MOST_BUTTONS]}
            if near & others:
                return around
    return None


def _label(node: LexborNode) -> str:
    return text_of(node) or normalize_space(attribute(node, "value") or attribute(node, "aria-label"))


def _offers_options(label: str) -> bool:
    return 0 < len(label) <= _LONGEST_LABEL and _OPTIONS.search(label) is not None
