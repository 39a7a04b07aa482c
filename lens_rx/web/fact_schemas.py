"""The JSON schema of each kind of fact: published in `/openapi.json`, and checked against real facts in tests."""

from __future__ import annotations

from lens_rx.facts import Basis, Condition, Decider, EstimateBasis, MatchKind, Outcome
from lens_rx.web.decision_schema import DECISION
from lens_rx.web.fact_wire import KINDS, FactKind
from lens_rx.web.history_schema import HISTORY
from lens_rx.web.json_schema import (
    COUNT,
    CURRENCY,
    TEXT,
    Schema,
    array_schema,
    enum_schema,
    object_schema,
    schema_ref,
)

SECONDS: Schema = {"type": "number", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
PRICE: Schema = {
    "type": "number",
    "minimum": 0,
    "description": "in `currency`; left out where it is not known",
}
SALE: Schema = PRICE | {"description": "four of five single sales of this condition lie between these two"}
LINK: Schema = {"type": "string", "format": "uri"}


OFFER_ROW: Schema = {
    "link": LINK,
    "title": TEXT,
    "wear": {"type": "string", "description": "the grade in words, else what the seller wrote"},
    "currency": CURRENCY,
    "marketplace": TEXT,
    "basis": enum_schema(*Basis),
}
COMPARABLE_ID: Schema = {
    "type": "string",
    "pattern": "^[0-9a-f]{12}$",
    "description": "by which it is left out of the estimate, or brought back; not in rows of release 0.1.0",
}
OFFERS = array_schema(object_schema(OFFER_ROW, {"price": PRICE, "id": COMPARABLE_ID}))
CHECKED_OFFERS = array_schema(
    object_schema(
        OFFER_ROW,
        {
            "price": PRICE,
            "kept": {
                "type": "integer",
                "enum": [0, 1],
                "description": "0: no price of the thing; both are left out where it was not checked",
            },
            "reason": TEXT | {"description": "why it is not, empty where it is"},
        },
    )
)
EVIDENCE_ROW: Schema = OFFER_ROW | {
    "kept": {"type": "boolean"},
    "weight": SHARE,
    "reason": {"type": "string", "description": "why it was left out, or weighed as it is"},
    "amount_read": {"type": "number", "description": "as it stood on the page"},
    "currency_read": CURRENCY,
    "image": TEXT,
}
#: How a price came into the estimate; left out where it did not, and of estimates that were stored before.
EVIDENCE_TERMS: Schema = {
    "condition": enum_schema(*Condition),
    "amount_high_read": {"type": "number", "description": "the upper end, where the page gives a range"},
    "rate": {"type": "number", "description": "units of `computed_in` for one of `currency_read`"},
    "amount_converted": {
        "type": "number",
        "description": "in `computed_in` of the estimate, the middle of a range",
    },
    "factor": {"type": "number", "description": "brings it to the condition of the estimate"},
    "amount_adjusted": {"type": "number", "description": "in the condition of the estimate"},
    "log_sd": {"type": "number", "description": "its standard deviation, as a logarithm"},
    "own_log_sd": {"type": "number", "description": "the part that offers of its condition do not share"},
    "counts_as": enum_schema(*Basis),
    "outlier_odds": {"type": "number"},
    "age_years": {"type": "number", "description": "before the newest sale"},
    "group": TEXT | {"description": "another size or variant, whose offers deviate together"},
    "group_log_sd": {"type": "number", "description": "by how much they do"},
}

#: The schema of `data`, by `data_description`.
DATA_SCHEMAS: dict[str, Schema] = {
    "model-producer": object_schema(
        {"producer": TEXT, "model": TEXT, "decided_by": enum_schema(*Decider)},
        {
            "answered_by": TEXT
            | {"description": "the language model that decided; only beside other events"},
            "sources": COUNT | {"description": "independent sources of titles that bear the name"},
        },
    ),
    "identity-candidates": array_schema(
        object_schema(
            {
                "producer": TEXT,
                "model": TEXT,
                "sources": COUNT | {"description": "independent sources of titles that bear the name"},
                "decided": {"type": "boolean"},
                "title": TEXT | {"description": "the first title that bears it"},
            }
        )
    ),
    "producer-url": object_schema(
        {"link": LINK, "title": TEXT},
        {
            "sure": enum_schema("no") | {"description": "only beside other events, where there is a doubt"},
            "doubt": TEXT | {"description": "why it is not sure that the site is the producer's own"},
        },
    ),
    "retail-price-details": object_schema(
        {
            "producer_url": LINK,
            "original_name": TEXT,
            "description": TEXT,
            "material": TEXT,
            "specs": {"type": "string", "description": "`name: value` pairs between semicolons"},
            "currency": CURRENCY,
            "availability": enum_schema("InStock", "OutOfStock", ""),
            "read_from": {"type": "string", "description": "where on the page the price stood"},
        },
        {"price": PRICE},
    ),
    "second-hand-offers": CHECKED_OFFERS,
    "estimated-price": object_schema(
        {
            "certainty": SHARE,
            "currency": CURRENCY,
            "basis": enum_schema(*EstimateBasis),
            "comparables": COUNT,
        },
        {
            "price": PRICE,
            "min_range": PRICE,
            "max_range": PRICE,
            "sale_min": SALE,
            "sale_max": SALE,
            "identity_certainty": SHARE | {"description": "that the name is right"},
            "price_certainty": SHARE | {"description": "that the price is right, given the name"},
            "condition": enum_schema(*Condition) | {"description": "the condition that it is for"},
            "condition_chances": TEXT | {"description": "`condition chance` pairs between semicolons"},
            "computed_in": CURRENCY,
            "retail_converted": {"type": "number", "description": "the price new, where it rests on that"},
            "rates_on": {"type": "string", "format": "date", "description": "the day of the exchange rates"},
            "doubts": TEXT | {"description": "what makes it less sure; only beside other events"},
        },
    ),
    "error": object_schema(
        {
            "stage": {"type": "string", "description": "a stage, a part of one, or `transport`"},
            "outcome": enum_schema(*(it for it in Outcome if it is not Outcome.OK)),
            "message": {"type": "string", "description": "for users"},
        }
    ),
    "visual-matches": array_schema(
        object_schema(
            {"title": TEXT, "link": LINK, "source": TEXT, "thumbnail": TEXT, "exact": {"type": "boolean"}},
            {"price": PRICE, "found_by": TEXT, "kind": enum_schema(*MatchKind)},
        )
    ),
    "image-description": object_schema(
        {
            "category": TEXT,
            "colour": TEXT,
            "material": TEXT,
            "visible_text": TEXT,
            "condition": enum_schema(*Condition),
            "sentence": TEXT,
        }
    ),
    "offers-partial": OFFERS,
    "price-evidence": array_schema(
        object_schema(EVIDENCE_ROW, {"price": PRICE, "id": COMPARABLE_ID} | EVIDENCE_TERMS)
    ),
    "price-decision": DECISION,
    "run-history": HISTORY,
    "extra": array_schema({"type": "object", "additionalProperties": {"type": ["string", "number"]}}),
    "progress": object_schema(
        {"stage": TEXT, "state": enum_schema("started", "skipped", *Outcome), "seconds": SECONDS}
    ),
    "complete": object_schema(
        {
            "outcome": enum_schema(*Outcome),
            "seconds": SECONDS,
            "tokens": COUNT,
            "cost_usd": {"type": "number"},
        },
        {"model": TEXT | {"description": "the language model that answered last"}},
    ),
}


def component_name(kind: str) -> str:
    """Return the name of a kind's schema component: `ModelProducerFact` for `model-producer`."""
    return "".join(word.capitalize() for word in kind.split("-")) + "Fact"


def _fact_schema(kind: FactKind) -> Schema:
    fact = object_schema(
        {
            "data": DATA_SCHEMAS[kind.description],
            "data_type": {"const": kind.data_type},
            "data_description": _description_schema(kind.description),
        },
        {
            "seq": {"type": "integer", "minimum": 1, "description": "its place in the generation"},
            "observed_at": {"type": "string", "format": "date-time", "description": "when it was read"},
        },
    )
    if kind.description != "error":  # an error of the transport is not stored, and so has neither
        fact["required"] += ["seq", "observed_at"]
    return fact


def _description_schema(kind: str) -> Schema:
    if kind != "extra":
        return {"const": kind}
    return {"type": "string", "not": {"enum": [it for it in DATA_SCHEMAS if it != "extra"]}}


def fact_schemas() -> dict[str, Schema]:
    """Return the schema components: one for each kind, and `Fact`, which is any of them."""
    named = [kind for kind in DATA_SCHEMAS if kind != "extra"]
    mapping = {kind: schema_ref(component_name(kind))["$ref"] for kind in named}
    fact = {
        "oneOf": [schema_ref(component_name(kind)) for kind in DATA_SCHEMAS],
        "discriminator": {"propertyName": "data_description", "mapping": mapping},
    }
    return {"Fact": fact} | {component_name(kind.description): _fact_schema(kind) for kind in KINDS.values()}
