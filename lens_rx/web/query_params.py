"""What a query says: the options of an item, and the view of its facts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lens_rx.facts import Condition, Options
from lens_rx.facts.errors import BadRequest
from lens_rx.settings import Settings
from lens_rx.web.view import View, make_view

#: Characters of a text that a user gives.
LONGEST_TEXT = 200
_COUNTRY = re.compile(r"[A-Z]{2}")
#: A place in a run: a `seq`, with its generation before it where that is known.
AFTER = r"([0-9]{1,9}-)?[0-9]{1,9}"


def options_of(query: Mapping[str, str], settings: Settings) -> Options:
    """Return the options; raise `BadRequest` for a value that cannot be meant."""
    country = (query.get("country") or settings.country).strip().upper()
    if country and not _COUNTRY.fullmatch(country):
        raise BadRequest("country must be two letters, such as DE.")
    return Options(
        country=country,
        hint=_text(query, "hint"),
        producer=_text(query, "producer"),
        model=_text(query, "model"),
        condition=_condition(query.get("condition", "")),
    )


def view_asked(query: Mapping[str, str], settings: Settings) -> View:
    """Return the view; raise `BadRequest` for an unknown currency or kind."""
    currency = (query.get("currency") or settings.currency).strip().upper()
    return make_view(query.get("events", "").strip(), currency)


def after_asked(query: Mapping[str, str]) -> tuple[int, int]:
    """Return the generation (0 where none is named) and `seq` to go on after; raise `BadRequest`."""
    place = query.get("after", "") or "0"
    if not re.fullmatch(AFTER, place):
        raise BadRequest("after must be the seq of a fact, such as 7, or generation-seq, such as 1-7.")
    generation, _, seq = place.rpartition("-")
    return int(generation or 0), int(seq)


def _text(query: Mapping[str, str], name: str) -> str:
    text = " ".join(query.get(name, "").split())
    if len(text) > LONGEST_TEXT:
        raise BadRequest(f"{name} may have {LONGEST_TEXT} characters at most.")
    if not text.isprintable():
        raise BadRequest(f"{name} must be plain text.")
    return text


def _condition(word: str) -> Condition | None:
    if not word:
        return None
    try:
        return Condition(word.strip().lower().replace(" ", "_").replace("-", "_"))
    except ValueError:
        raise BadRequest(f"condition must be one of {', '.join(Condition)}.") from None
