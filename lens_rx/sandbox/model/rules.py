"""The rules that fill a schema: one for each kind of property, chosen by the property's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from lens_rx.sandbox.model import page_rules
from lens_rx.sandbox.model.evidence import Evidence, normalize_words

Schema = Mapping[str, Any]
Rule = Callable[[Evidence], object]


def answer(schema: Schema, evidence: Evidence) -> dict[str, object]:
    """Return an object of the schema, filled from the evidence."""
    defined = schema.get("$defs", {})
    return {
        name: _value(name, part, evidence, defined) for name, part in schema.get("properties", {}).items()
    }


def _value(name: str, schema: Schema, evidence: Evidence, defined: Schema) -> object:
    """Return a property's value by the rule for its name, in the schema's type."""
    schema = defined.get(schema.get("$ref", "").removeprefix("#/$defs/"), schema)
    rule = next((rule for key, rule in RULES.items() if key in name.casefold()), None)
    found = rule(evidence) if rule else None
    if choices := schema.get("enum"):
        return _choose(str(found or ""), choices)
    kinds = [schema, *schema.get("anyOf", ())]
    return next((value for kind in kinds if (value := _coerce(found, kind)) is not None), None)


def _coerce(found: object, schema: Schema) -> object:
    """Return a value in the schema's type, or that type's empty value; None for null."""
    kind = schema.get("type")
    if kind == "array":
        return found if isinstance(found, list) else []
    if kind in ("integer", "number"):
        return found if isinstance(found, int) else 0
    if kind == "string":
        return found if isinstance(found, str) else ""
    return {"boolean": False, "object": {}}.get(str(kind))


def _choose(found: str, choices: list[str]) -> str:
    """Return the choice that equals the value, else `unknown`, else the last."""
    fallbacks = {"used": "good", "refurbished": "very_good"}
    for wanted in (found, fallbacks.get(found, ""), "unknown"):
        if wanted in choices:
            return wanted
    return choices[-1]


def _category(evidence: Evidence) -> str:
    if evidence.seen:
        return evidence.seen.kind
    thing = evidence.find_thing(" ".join(evidence.name or ()))
    return evidence.labelled.get("kind", "") or (thing.kind if thing else "")


def _visible_text(evidence: Evidence) -> str:
    thing = evidence.seen
    return f"{thing.producer} {thing.look.get('print', thing.model)}" if thing else ""


def _sentence(evidence: Evidence) -> str:
    """Return a sentence that describes the recognised thing."""
    thing = evidence.seen
    if thing is None:
        return "Nothing that could be named." if evidence.has_images else ""
    wear = thing.condition.value.replace("_", " ")
    return f"A {thing.producer} {thing.model}, a {thing.colour} {thing.kind} of {thing.material}, in {wear} condition."


def _description(evidence: Evidence) -> str:
    return _sentence(evidence) if evidence.has_images else page_rules.description(evidence.lines)


def _material(evidence: Evidence) -> str:
    if evidence.has_images:
        return evidence.seen.material if evidence.seen else ""
    return page_rules.material(evidence.lines)


def _currency(evidence: Evidence) -> str:
    code = re.search(r"[A-Z]{3}", page_rules.price(evidence.lines))
    return code.group() if code else ""


def _supporting(evidence: Evidence) -> list[int]:
    """Return the numbers of the lines that contain the name of `evidence.name`."""
    words = [normalize_words(word) for word in evidence.name or ()]
    return [
        number
        for number, line in evidence.numbered.items()
        if words and all(w in normalize_words(line) for w in words)
    ]


def _link(evidence: Evidence) -> object:
    """Return the number of the line whose host is the producer's name and whose title names the model."""
    wanted = evidence.labelled.get("thing", "")
    thing = evidence.find_thing(wanted)
    producer, model = (thing.producer, thing.model) if thing else _split_name(wanted)
    for number, line in evidence.numbered.items():
        title, _, link = line.rpartition("|")
        host = normalize_words(urlsplit(link.strip()).hostname or "").replace(" ", "").partition(".")[0]
        if (
            producer
            and normalize_words(producer).replace(" ", "") == host
            and normalize_words(model) in normalize_words(title)
        ):
            return number
    return 0


def _split_name(name: str) -> tuple[str, str]:
    first, _, rest = name.partition(" ")
    return first, rest


#: The first rule whose key is part of a property's name is used.
RULES: Final[Mapping[str, Rule]] = {
    "supporting": _supporting,
    "original_name": lambda evidence: page_rules.name(evidence.lines),
    "producer": lambda evidence: evidence.name[0] if evidence.name else "",
    "brand": lambda evidence: evidence.name[0] if evidence.name else "",
    "model": lambda evidence: evidence.name[1] if evidence.name else "",
    "category": _category,
    "kind": _category,
    "colour": lambda evidence: evidence.seen.colour if evidence.seen else "",
    "color": lambda evidence: evidence.seen.colour if evidence.seen else "",
    "material": _material,
    "text": _visible_text,
    "condition": lambda evidence: evidence.seen.condition.value if evidence.seen else "unknown",
    "sentence": _sentence,
    "description": _description,
    "price": lambda evidence: page_rules.price(evidence.lines),
    "currency": _currency,
    "link": _link,
    "choice": _link,
}
