"""Availability from the visible page."""

from __future__ import annotations

import re
from functools import lru_cache

from lens_rx.parsing.html.tree import ancestors
from lens_rx.parsing.product import shop_terms as words
from lens_rx.parsing.product.buttons import is_disabled
from lens_rx.parsing.product.landmarks import Landmarks
from lens_rx.parsing.product.price_texts import element_names
from lens_rx.parsing.product.stock_terms import in_stock, offers_notification, sold_out
from lens_rx.parsing.product.text_runs import PageText, TextRun
from lens_rx.parsing.product.visible_prices import CLEAR, VisiblePrice

Stock = tuple[str | None, str]

#: The source of an unmistakable "sold out": the product's own disabled button.
DISABLED_BUTTON = "disabled button"
#: Number of runs before and after the heading that describe the product as a whole.
_BEFORE, _AFTER = 10, 150
#: Number of runs before those, in which a box to buy may stand that says the product is sold out.
_BUY_BOX = 10
#: Number of runs after the price that still describe its product.
_FAR = 60
#: Number of runs after the heading from which a buy button says less than a text.
_FAR_BUTTON = 80
#: Repeated this often, "sold out" describes sizes or colours.
_CHOICES = 3
#: Characters of a text about stock.
_MOST = 90
_OUT_NAME = re.compile(r"(?<![a-z])(?:out-?_?of-?_?stock|sold-?_?out|unavailable)(?![a-z])", re.IGNORECASE)
_IN_NAME = re.compile(r"(?<![a-z])in-?_?stock(?![a-z])", re.IGNORECASE)
#: Class names by which a text waits unseen for its time.
_WAITING = frozenset({"hidden", "hide", "d-none", "is-hidden", "u-hidden", "ng-hide", "display-none", "none", "invisible", "uk-hidden"})  # fmt: skip


def visible_stock(page: PageText, landmarks: Landmarks, prices: list[VisiblePrice]) -> Stock:
    """Return `InStock`, `OutOfStock` or None, and the source; an enabled buy button overrules texts.

    `prices` are the page's amounts, best first: texts beside another amount describe another offer.
    """
    if any(_is_own_button(buy, landmarks) for buy in landmarks.buy_buttons):
        return "InStock", "buy button"
    near = _runs_around_heading(page, landmarks)
    if certain := _certainly_sold_out(near, page, landmarks):
        return certain
    own = [
        run
        for run in near
        if not landmarks.leads_away(run.place.href) and not _is_of_other_offer(run, prices)
    ]
    stated = _stock_of_texts(own)
    if _is_sold_out_before(page, landmarks) and (stated is None or stated[0] != "OutOfStock"):
        return "OutOfStock", "visible text"
    if stated is not None:
        return stated
    return ("InStock", "buy button") if landmarks.buy_buttons else _stock_of_other_buttons(near, landmarks)


def _is_own_button(buy: int, landmarks: Landmarks) -> bool:
    """Return whether a buy button stands no farther behind the heading than the product's own does."""
    if landmarks.related_start is not None and buy >= landmarks.related_start:
        return False
    return landmarks.heading is None or buy <= landmarks.heading + _FAR_BUTTON


def _certainly_sold_out(near: list[TextRun], page: PageText, landmarks: Landmarks) -> Stock | None:
    """Return "sold out" where the product's own button or an element around the heading says so."""
    if any(is_disabled(run) and sold_out(run.text) for run in near):
        return "OutOfStock", DISABLED_BUTTON
    return ("OutOfStock", "class name") if _is_in_sold_out_element(page, landmarks) else None


def _is_sold_out_before(page: PageText, landmarks: Landmarks) -> bool:
    """Return whether a text some way before the heading says that the product is sold out."""
    end = max((landmarks.heading or 0) - _BEFORE, 0)
    runs = page.runs[max(end - _BUY_BOX, 0) : end]
    return any(sold_out(run.text) and _may_state_stock(run, landmarks) for run in runs)


def _stock_of_texts(runs: list[TextRun]) -> Stock | None:
    """Return the availability that the runs' texts state, else their class names; the first statement counts."""
    for says_out, says_in, source in (
        (_says_sold_out, _says_in_stock, "visible text"),
        (_has_sold_out_name, _has_in_stock_name, "class name"),
    ):
        out = [run.order for run in runs if says_out(run)]
        had = [run.order for run in runs if says_in(run)]
        if 0 < len(out) < _CHOICES and not (had and had[0] < out[0]):
            return "OutOfStock", source
        if had:
            return "InStock", source
    return None


def _stock_of_other_buttons(runs: list[TextRun], landmarks: Landmarks) -> Stock:
    """Return the availability implied by other buttons: to be notified, to contact the seller, to buy once a choice is made."""
    if any(offers_notification(run.text) for run in runs):
        return "OutOfStock", "button to wait"
    if any(words.CONTACT.fullmatch(run.text.strip(" .!»›→")) for run in runs):
        return "InStock", "contact button"
    return ("InStock", "buy button that waits") if landmarks.waiting_buttons else (None, "")


def _says_sold_out(run: TextRun) -> bool:
    return sold_out(run.text)


def _says_in_stock(run: TextRun) -> bool:
    return in_stock(run.text)


def _has_sold_out_name(run: TextRun) -> bool:
    return _matches(element_names(run.node), _OUT_NAME)


def _has_in_stock_name(run: TextRun) -> bool:
    return _matches(element_names(run.node), _IN_NAME)


def _is_in_sold_out_element(page: PageText, landmarks: Landmarks) -> bool:
    """Return whether an element around the heading has a class such as `sold-out`."""
    if landmarks.heading is None:
        return False
    return any(
        _matches(element_names(one), _OUT_NAME) for one in ancestors(page.runs[landmarks.heading].node)
    )


@lru_cache(maxsize=4096)
def _matches(names: str, pattern: re.Pattern[str]) -> bool:
    return pattern.search(names) is not None


def _is_of_other_offer(run: TextRun, prices: list[VisiblePrice]) -> bool:
    """Return whether a run is far after the best amount, or another amount is between them."""
    best = prices[0] if prices and prices[0].score >= CLEAR else None
    if best is None or run.order < best.order:
        return False
    between = (one for one in prices if best.order < one.order < run.order)
    return run.order > best.order + _FAR or any(
        one.amount != best.amount and one.score > 0 for one in between
    )


def _runs_around_heading(page: PageText, landmarks: Landmarks) -> list[TextRun]:
    heading = landmarks.heading or 0
    end = min(landmarks.related_start or len(page.runs), heading + _AFTER)
    return [run for run in page.runs[max(heading - _BEFORE, 0) : end] if _may_state_stock(run, landmarks)]


def _may_state_stock(run: TextRun, landmarks: Landmarks) -> bool:
    """Return whether a run can describe the whole product: short, visible, in no list of options or cards."""
    place = run.place
    if place.hidden or place.struck or len(run.text) > _MOST or place.region in ("nav", "footer", "aside"):
        return False
    above = (run.node, *ancestors(run.node, 3))
    if any(
        one.tag in ("option", "select", "label") or _is_hidden_class(one.attributes.get("class"))
        for one in above
    ):
        return False
    return not landmarks.in_card(run)


def _is_hidden_class(names: str | None) -> bool:
    return names is not None and not _WAITING.isdisjoint(names.lower().split())
