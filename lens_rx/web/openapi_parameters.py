"""The parameters of requests in the OpenAPI document: exactly what is accepted, so far as a schema can say it."""

from __future__ import annotations

from datetime import UTC, datetime

from lens_rx.facts import Condition
from lens_rx.pricing import convertible_currencies, countries
from lens_rx.pricing.decision import PriceRules, accepted_marketplaces
from lens_rx.web.change_bodies import REFRESH_WORDS
from lens_rx.web.fact_wire import ALL_KINDS, DEFAULT_KINDS
from lens_rx.web.json_schema import Schema, blank_or, enum_schema, word_schema
from lens_rx.web.openapi_parts import PLAIN_TEXT, Parameters, parameter
from lens_rx.web.query_params import AMOUNT_PATTERN, MAX_TEXT_LENGTH, POSITION_PATTERN

_TEXT: Schema = PLAIN_TEXT | {"maxLength": MAX_TEXT_LENGTH}
_AMOUNT = blank_or(AMOUNT_PATTERN)
_PERCENT = blank_or(r"0{0,7}[0-9]{1,2}(\.[0-9]{1,4})?")
_KIND = f"({'|'.join(sorted(ALL_KINDS))})"
_EVENTS = blank_or(rf"all|default|{_KIND}(\s*,\s*{_KIND})*")

REFRESH: Parameters = [
    parameter(
        "refresh",
        enum_schema(*REFRESH_WORDS, ""),
        "looks again though the run is fresh; `1` is `all`, the photo included",
    )
]
KEY: Parameters = [parameter("key", {"type": "string"}, "of a run: its `X-Run-Key`", "path")]
LAST_EVENT: Parameters = [
    parameter("Last-Event-ID", {"type": "string"}, "`generation-seq`: goes on behind it", "header"),
    parameter(
        "after",
        {"type": "string", "pattern": f"^({POSITION_PATTERN})?$"},
        "the same, `seq` or `generation-seq`",
    ),
]
PHOTO_COUNT: Parameters = [
    parameter("photos", {"type": "integer", "minimum": 1, "maximum": 8}, "binary messages that will come")
]


def view_parameters() -> Parameters:
    """Return those of the view of facts: kinds, currency, and terms of decisions."""
    kinds, usual = ", ".join(sorted(ALL_KINDS)), ", ".join(sorted(DEFAULT_KINDS))
    currencies = convertible_currencies(datetime.now(UTC).date())
    return [
        parameter("events", _EVENTS, f"`all`, or kinds separated by commas: {kinds}; by default {usual}"),
        parameter(
            "currency",
            word_schema(*currencies) | {"pattern": "^([A-Za-z]{3})?$"},
            "ISO 4217, of all prices, in upper or lower case",
        ),
        parameter("cost", _AMOUNT, "what is asked for the thing; `price-decision` then has a `verdict`"),
        parameter("margin", _PERCENT, "of the price it sells at, that is to be left"),
        parameter("min_profit", _AMOUNT, "that is to be left at least"),
        parameter(
            "marketplace",
            word_schema(*accepted_marketplaces(PriceRules())),
            "where it is to be sold, whose fees are reckoned with; those of the service's rules, too",
        ),
    ]


def country_parameters() -> Parameters:
    """Return the country."""
    return [
        parameter(
            "country",
            word_schema(*countries()) | {"pattern": "^([A-Za-z]{2})?$"},
            "where it is sold: ISO 3166-1, in upper or lower case",
        )
    ]


def option_parameters() -> Parameters:
    """Return those of a run: what is said of the thing."""
    return [
        *country_parameters(),
        parameter("hint", _TEXT, "words that help to name the thing"),
        parameter("producer", _TEXT, "with `model`: the look-up and the naming are skipped"),
        parameter("model", _TEXT, "with `producer`: the look-up and the naming are skipped"),
        parameter("condition", word_schema(*Condition), "overrules what the photo shows"),
        parameter("size", _TEXT, "such as M, EU 42, W32 L34: offers of another size weigh less or go"),
        parameter(
            "variant", _TEXT, "colour, capacity, edition, generation: offers of another one weigh less or go"
        ),
    ]
