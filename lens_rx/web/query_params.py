"""Parse query parameters: the options of a run, and the view of its facts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from lens_rx.facts import Condition, Options
from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest
from lens_rx.pricing import is_country, unknown_country_message
from lens_rx.pricing.decision import PriceRules, Terms, accepted_marketplaces
from lens_rx.rules_file import load_rules
from lens_rx.settings import Settings
from lens_rx.web.view import View, make_view

#: Characters of a free text option.
MAX_TEXT_LENGTH = 200
#: Percent: nothing is left to pay with from here on.
MAX_MARGIN = 100
#: An amount of money, or percent.
AMOUNT_PATTERN = r"[0-9]{1,9}(\.[0-9]{1,4})?"
_COUNTRY = re.compile(r"[A-Z]{2}")
#: A position in a run: `seq` or `generation-seq`.
POSITION_PATTERN = r"([0-9]{1,9}-)?[0-9]{1,9}"


#: The parameters that `parse_view` reads.
VIEW_PARAMETERS = frozenset({"events", "currency", "cost", "margin", "min_profit", "marketplace", "country"})


def check_parameters(query: Mapping[str, str], known: Collection[str] = ()) -> None:
    """Raise `BadRequest` where a query has a parameter that the address does not know; older addresses pass over them."""
    if unknown := sorted(set(query) - set(known)):
        takes = f"it knows {', '.join(sorted(known))}" if known else "it takes none"
        raise BadRequest(
            f"This address does not know the parameter {', '.join(unknown)}; {takes}.",
            code=ErrorCode.UNKNOWN_PARAMETER,
        )


def parse_options(query: Mapping[str, str], settings: Settings) -> Options:
    """Return the options; raise `BadRequest` for an invalid value."""
    if not query:  # most photos
        return Options(country=_parse_country(query, settings))
    return Options(
        country=_parse_country(query, settings),
        hint=parse_text(query, "hint"),
        producer=parse_text(query, "producer"),
        model=parse_text(query, "model"),
        condition=parse_condition(query.get("condition", "")),
        size=parse_text(query, "size"),
        variant=parse_text(query, "variant"),
    )


def parse_view(query: Mapping[str, str], settings: Settings) -> View:
    """Return the view; raise `BadRequest` for an unknown currency or kind, or invalid terms of a decision."""
    if not query:  # most replays
        return make_view("", settings.currency)
    currency = (query.get("currency") or settings.currency).strip().upper()
    rules = load_rules(settings.pricing)
    terms = Terms(
        cost=_parse_amount(query, "cost"),
        margin=_parse_margin(query),
        min_profit=_parse_amount(query, "min_profit"),
        marketplace=_parse_marketplace(query, rules),
        country=_parse_country(query, settings),
        rules=rules,
    )
    return make_view(query.get("events", "").strip(), currency, terms)


def _parse_amount(query: Mapping[str, str], name: str) -> Decimal | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    if not re.fullmatch(AMOUNT_PATTERN, text):
        raise _invalid(f"{name} must be an amount in the view's currency, such as 40 or 39.90.")
    return Decimal(text)


def _parse_margin(query: Mapping[str, str]) -> Decimal | None:
    text = query.get("margin", "").strip()
    if not text:
        return None
    if not re.fullmatch(AMOUNT_PATTERN, text) or Decimal(text) >= MAX_MARGIN:
        raise _invalid("margin must be percent of the price, from 0 to less than 100, such as 30.")
    return Decimal(text)


def _parse_marketplace(query: Mapping[str, str], rules: PriceRules) -> str:
    named = query.get("marketplace", "")
    name = named.strip().lower()
    if named and name not in (known := accepted_marketplaces(rules)):
        raise _invalid(f"marketplace must be one whose fees are known: {', '.join(known)}.")
    return name


def _parse_country(query: Mapping[str, str], settings: Settings) -> str:
    named = query.get("country", "")
    country = (named or settings.country).strip().upper()
    if (named or country) and not _COUNTRY.fullmatch(country):
        raise BadRequest("country must be two letters, such as DE.", code=ErrorCode.UNKNOWN_COUNTRY)
    if country and not is_country(country):
        raise BadRequest(unknown_country_message(country), code=ErrorCode.UNKNOWN_COUNTRY)
    return country


def parse_after(query: Mapping[str, str]) -> tuple[int, int]:
    """Return the generation (0 if none is named) and the `seq` to resume after; raise `BadRequest`."""
    place = query.get("after", "") or "0"
    if not re.fullmatch(POSITION_PATTERN, place):
        raise _invalid("after must be the seq of a fact, such as 7, or generation-seq, such as 1-7.")
    generation, _, seq = place.rpartition("-")
    return int(generation or 0), int(seq)


def parse_text(query: Mapping[str, str], name: str) -> str:
    """Return a free text, "" where it is not given; raise `BadRequest` for one that is long or not printable."""
    text = " ".join(query.get(name, "").split())
    if len(text) > MAX_TEXT_LENGTH:
        raise _invalid(f"{name} may have {MAX_TEXT_LENGTH} characters at most.")
    if not text.isprintable():
        raise _invalid(f"{name} must be plain text.")
    return text


def parse_condition(word: str) -> Condition | None:
    """Return the condition that a word names, None for ""; raise `BadRequest` for an unknown one."""
    if not word:
        return None
    try:
        return Condition(word.strip().lower().replace(" ", "_").replace("-", "_"))
    except ValueError:
        raise _invalid(f"condition must be one of {', '.join(Condition)}.") from None


def _invalid(message: str) -> BadRequest:
    return BadRequest(message, code=ErrorCode.INVALID_PARAMETER)
