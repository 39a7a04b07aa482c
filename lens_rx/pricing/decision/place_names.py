"""Names of countries and marketplaces in a rules file: what is wrong with one, and what it may have meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from lens_rx.pricing.countries import is_country, unknown_country_message
from lens_rx.pricing.country_names import nearest_country
from lens_rx.pricing.decision.fee_table import ANY_COUNTRY, as_list

COUNTRY_KEYS, MARKETPLACE_KEYS = ("country", "sold_in"), ("marketplace", "sold_on")


def place_problems(
    name: str, table: Mapping[str, Any], marketplaces: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the key and what is wrong for each unknown country and marketplace in a table of this name."""
    for key in COUNTRY_KEYS:
        for code in as_list(table.get(key, [])):
            if not is_country(code.upper()) and not (name == "fee" and code == ANY_COUNTRY):
                yield key, _country_problem(key, code)
    for key in () if name == "fee" else MARKETPLACE_KEYS:  # a fee may be that of a new marketplace
        for market in as_list(table.get(key, [])):
            if market.strip() and market.casefold().strip() not in marketplaces:
                yield key, _marketplace_problem(key, market, marketplaces)


def _country_problem(key: str, code: str) -> str:
    if len(code) == len("DE") and code.isalpha():
        problem = unknown_country_message(code.upper())
        return f"{key}: {problem}" if key != "country" else problem
    near = nearest_country(code)
    return f"{key} must be two letters, such as DE.{f' Do you mean {near}?' if near else ''}"


def _marketplace_problem(key: str, name: str, known: Collection[str]) -> str:
    near = get_close_matches(name.casefold(), known, 1)
    meant = f"Do you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}."
    return f"{key}: there is no marketplace {name}; one of your own needs a [[fee]]. {meant}"
