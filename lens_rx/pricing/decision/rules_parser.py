"""The text of a rules file (TOML) to `PriceRules`; every error names the line and the key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from lens_rx.facts import Money
from lens_rx.pricing.decision.fee_table import (
    FEE_AMOUNTS,
    FEE_TEXTS,
    as_list,
    fee_table,
    fold_words,
    known_marketplaces,
    marketplace_names,
    parse_fee,
)
from lens_rx.pricing.decision.place_names import place_problems
from lens_rx.pricing.decision.price_rules import BUILT_IN, Policy, PriceRule, PriceRules
from lens_rx.pricing.decision.sale_costs import TaxScheme
from lens_rx.pricing.exchange_rates import convert

AMOUNTS = frozenset({"min_profit", "floor", "ceiling", "rounding", "ending", "shipping", "refurbishing"})
PERCENTS = frozenset({"margin", "negotiate", "vat_percent"})
CHOICES: Mapping[str, tuple[str, ...]] = {
    "tax": tuple(TaxScheme),
    "seller": ("business", "private"),
}
TEXT_LISTS = frozenset({"brand", "category", "sold_on", "sold_in"})
POLICY_KEYS = AMOUNTS | PERCENTS | CHOICES.keys() | {"days_to_sell", "marketplace", "country", "buy"}
#: No country: it is known before rules are looked at, which go by it (`sold_in`).
RULE_KEYS = (POLICY_KEYS - {"country"}) | TEXT_LISTS | {"price_from", "price_to"}
DEFAULT_KEYS = POLICY_KEYS | {"currency", "brands_not_taken"}
FEE_KEYS = frozenset({*FEE_TEXTS, *FEE_AMOUNTS, "since", "category"})
FEE_REQUIRED = ("marketplace", "currency", "percent", "since")
TABLES = {"defaults": DEFAULT_KEYS, "rule": RULE_KEYS, "fee": FEE_KEYS}
_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z_]+)\s*\]\]?")


class RulesError(ValueError):
    """A rules file that cannot be used; the message names the line and the key."""


def parse_rules(text: str) -> PriceRules:
    """Return the rules of a file's text; raise `RulesError`."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"This is no TOML: {error}.") from None
    reader = _Reader(text)
    for name, content in document.items():
        reader.check_table(name, content)
    fees = tuple(parse_fee(table, is_own=True) for table in document.get("fee", []))
    reader.check_places(document, marketplace_names(fees))
    defaults = document.get("defaults", {})
    currency = str(defaults.get("currency", "EUR")).upper()
    not_taken = fold_words(defaults.get("brands_not_taken", []))
    rules = [reader.rule(table, at) for at, table in enumerate(document.get("rule", []))]
    if not_taken:
        rules.append(PriceRule(Policy(buy=False), brands=not_taken))
    return PriceRules(
        currency,
        BUILT_IN.merged(reader.policy("defaults", 0, defaults)),
        tuple(rules),
        fees,
    )


class _Reader:
    """Checks and reads the tables of one text."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def check_table(self, name: str, content: Any) -> None:
        """Raise `RulesError` for an unknown table or key, or a value of the wrong kind."""
        if name not in TABLES:
            raise self._error(name, 0, "", f"there is no table {name}; known: defaults, [[rule]], [[fee]]")
        tables = content if isinstance(content, list) else [content]
        if (name == "defaults") is isinstance(content, list) or not all(
            isinstance(it, dict) for it in tables
        ):
            form = "[defaults]" if name == "defaults" else f"[[{name}]]"
            raise self._error(name, 0, "", f"write it as {form}")
        for at, table in enumerate(tables):
            for key, value in table.items():
                self._check_key(name, at, key, value)
            missing = [key for key in FEE_REQUIRED if name == "fee" and table.get(key, "") == ""]
            if missing:
                raise self._error(name, at, "", f"a fee needs {', '.join(missing)}")

    def check_places(self, document: Mapping[str, Any], marketplaces: Collection[str]) -> None:
        """Raise `RulesError` for an unknown country or marketplace, which would take fees and tax off silently."""
        for name, content in document.items():
            for at, table in enumerate(content if isinstance(content, list) else [content]):
                for key, problem in place_problems(name, table, marketplaces):
                    raise self._error(name, at, key, problem)

    def _check_key(self, table: str, at: int, key: str, value: Any) -> None:
        if key not in TABLES[table]:
            known = ", ".join(sorted(TABLES[table]))
            raise self._error(table, at, key, f"there is no key {key}; known: {known}")
        if problem := _problem(key, value):
            raise self._error(table, at, key, f"{key} {problem}")

    def policy(self, name: str, at: int, table: Mapping[str, Any]) -> Policy:
        """Return the policy of a table."""
        said: dict[str, Any] = {}
        for key in POLICY_KEYS & table.keys():
            value = table[key]
            number = key in AMOUNTS or key in PERCENTS or key == "days_to_sell"
            said[key] = Decimal(value) if number else value
        if "tax" in said:
            said["tax"] = TaxScheme(said["tax"])
        if "country" in said:
            said["country"] = said["country"].upper()
        if "marketplace" in said:
            said["marketplace"] = said["marketplace"].casefold().strip()
        if "ending" in said and "rounding" in said and said["ending"] >= said["rounding"]:
            raise self._error(name, at, "ending", "ending must be less than rounding")
        return Policy(**said)

    def rule(self, table: Mapping[str, Any], at: int) -> PriceRule:
        """Return one rule."""
        low, high = table.get("price_from"), table.get("price_to")
        if low is not None and high is not None and low >= high:
            raise self._error("rule", at, "price_to", "price_to must be more than price_from")
        lists = {key: fold_words(table.get(key, [])) for key in TEXT_LISTS}
        return PriceRule(
            self.policy("rule", at, table),
            brands=lists["brand"],
            categories=lists["category"],
            price_from=None if low is None else Decimal(low),
            price_to=None if high is None else Decimal(high),
            sold_on=lists["sold_on"],
            sold_in=frozenset(country.upper() for country in lists["sold_in"]),
        )

    def _error(self, table: str, at: int, key: str, problem: str) -> RulesError:
        end = "" if problem.endswith((".", "?")) else "."
        return RulesError(f"Line {self._line(table, at, key)}: {problem}{end}")

    def _line(self, table: str, at: int, key: str) -> int:
        """Return the number of the line of a key in the `at`-th table of a name, of the table where it has no line."""
        seen, inside, place = -1, False, 1
        for number, line in enumerate(self._lines, 1):
            header = _HEADER.match(line)
            if header:
                seen += header[1] == table
                inside = header[1] == table and seen == at
                place = number if inside else place
            elif re.match(rf"\s*[\"']?{re.escape(key or table)}[\"']?\s*=", line) and (inside or not key):
                return number
        return place


def _problem(key: str, value: Any) -> str:
    """Return what is wrong with a value, "" where nothing is."""
    if key in CHOICES:
        return "" if value in CHOICES[key] else f"must be one of {', '.join(CHOICES[key])}, not {value!r}"
    if key in TEXT_LISTS or key == "brands_not_taken":
        texts = as_list(value) if isinstance(value, str | list) else [None]
        return "" if all(isinstance(it, str) for it in texts) else "must be a text, or a list of texts"
    if key == "buy":
        return "" if isinstance(value, bool) else "must be true or false"
    if key == "since":
        return "" if type(value) is date else "must be a day, such as 2026-02-01"
    if key in ("marketplace", "country", "seller", "currency", "source"):
        return _text_problem(key, value)
    return _number_problem(key, value)


def _text_problem(key: str, value: Any) -> str:
    if not isinstance(value, str):
        return "must be a text"
    if key == "marketplace" and value.isspace():
        return "must have letters"
    if key == "currency" and convert(Money(Decimal(1), "EUR"), value.upper(), date.max) is None:
        return "must be an ISO 4217 code with a published rate, such as EUR"
    return ""


def _number_problem(key: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        return "must be a number"
    if value < 0:
        return "must not be negative"
    if (key in PERCENTS or key.endswith("percent")) and value >= 100:
        return "must be less than 100 (percent)"
    return "must be more than 0" if key in ("rounding", "days_to_sell") and not value else ""


def accepted_marketplaces(rules: PriceRules) -> tuple[str, ...]:
    """Return the marketplaces that a request may name: those of the table, and those of the rules."""
    return known_marketplaces((*fee_table(), *rules.own_fees))
