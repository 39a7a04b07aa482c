"""The JSON schemas of facts, one a kind: what `/openapi.json` promises, and tests hold real facts to."""

from __future__ import annotations

from typing import Any

from lens_rx.facts import Basis, Condition, Decider, EstimateBasis, Outcome
from lens_rx.web.fact_wire import KINDS, FactKind

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
SECONDS: Schema = {"type": "number", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
PRICE: Schema = {
    "type": "number",
    "minimum": 0,
    "description": "in `currency`; left out where it is not known",
}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"}
LINK: Schema = {"type": "string", "format": "uri"}


def words(*known: str) -> Schema:
    """Return the schema of one word of a list."""
    return {"type": "string", "enum": list(known)}


def row(required: Schema, optional: Schema | None = None) -> Schema:
    """Return the schema of an object: properties that are always there, and properties that may be."""
    return {"type": "object", "required": list(required), "properties": required | (optional or {})}


def rows(of: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": of}


OFFER_ROW: Schema = {
    "link": LINK,
    "title": TEXT,
    "wear": {"type": "string", "description": "the grade in words, else what the seller wrote"},
    "currency": CURRENCY,
    "marketplace": TEXT,
    "basis": words(*Basis),
}
OFFERS = rows(row(OFFER_ROW, {"price": PRICE}))
WEIGHED: Schema = OFFER_ROW | {
    "kept": {"type": "boolean"},
    "weight": SHARE,
    "reason": {"type": "string", "description": "why it was left out, or weighed as it is"},
    "amount_read": {"type": "number", "description": "as it stood on the page"},
    "currency_read": CURRENCY,
    "image": TEXT,
}

#: What `data` is, by `data_description`.
DATA: dict[str, Schema] = {
    "model-producer": row({"producer": TEXT, "model": TEXT, "decided_by": words(*Decider)}),
    "producer-url": row({"link": LINK, "title": TEXT}),
    "retail-price-details": row(
        {
            "producer_url": LINK,
            "original_name": TEXT,
            "description": TEXT,
            "material": TEXT,
            "specs": {"type": "string", "description": "`name: value` pairs between semicolons"},
            "currency": CURRENCY,
            "availability": words("InStock", "OutOfStock", ""),
            "read_from": {"type": "string", "description": "where on the page the price stood"},
        },
        {"price": PRICE},
    ),
    "second-hand-offers": OFFERS,
    "estimated-price": row(
        {
            "certainty": SHARE,
            "currency": CURRENCY,
            "basis": words(*EstimateBasis),
            "comparables": COUNT,
        },
        {"price": PRICE, "min_range": PRICE, "max_range": PRICE},
    ),
    "error": row(
        {
            "stage": {"type": "string", "description": "a stage, a part of one, or `transport`"},
            "outcome": words(*(it for it in Outcome if it is not Outcome.OK)),
            "message": {"type": "string", "description": "for users"},
        }
    ),
    "visual-matches": rows(
        row(
            {"title": TEXT, "link": LINK, "source": TEXT, "thumbnail": TEXT, "exact": {"type": "boolean"}},
            {"price": PRICE},
        )
    ),
    "image-description": row(
        {
            "category": TEXT,
            "colour": TEXT,
            "material": TEXT,
            "visible_text": TEXT,
            "condition": words(*Condition),
            "sentence": TEXT,
        }
    ),
    "offers-partial": OFFERS,
    "price-evidence": rows(row(WEIGHED, {"price": PRICE})),
    "extra": rows({"type": "object", "additionalProperties": {"type": ["string", "number"]}}),
    "progress": row({"stage": TEXT, "state": words("started", "skipped", *Outcome), "seconds": SECONDS}),
    "complete": row(
        {"outcome": words(*Outcome), "seconds": SECONDS, "tokens": COUNT, "cost_usd": {"type": "number"}}
    ),
}


def name_of(kind: str) -> str:
    """Return the component's name of a kind: `model-producer` is `ModelProducerFact`."""
    return "".join(word.capitalize() for word in kind.split("-")) + "Fact"


def _fact(kind: FactKind) -> Schema:
    fact = row(
        {
            "data": DATA[kind.description],
            "data_type": {"const": kind.data_type},
            "data_description": _described(kind.description),
        },
        {
            "seq": {"type": "integer", "minimum": 1, "description": "its place in the generation"},
            "observed_at": {"type": "string", "format": "date-time", "description": "when it was read"},
        },
    )
    if kind.description != "error":  # one of the transport is not in the log, and so has no place there
        fact["required"] += ["seq", "observed_at"]
    return fact


def _described(kind: str) -> Schema:
    if kind != "extra":
        return {"const": kind}
    return {"type": "string", "not": {"enum": [it for it in DATA if it != "extra"]}}


def _ref(kind: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name_of(kind)}"}


def fact_schemas() -> dict[str, Schema]:
    """Return the components: `Fact`, which is one of its kinds, and each kind by its name."""
    named = [kind for kind in DATA if kind != "extra"]
    mapping = {kind: _ref(kind)["$ref"] for kind in named}
    fact = {
        "oneOf": [_ref(kind) for kind in DATA],
        "discriminator": {"propertyName": "data_description", "mapping": mapping},
    }
    return {"Fact": fact} | {name_of(kind.description): _fact(kind) for kind in KINDS.values()}
