"""Facts to bytes and back, exactly: amounts stay decimals, times stay in UTC."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import orjson
from pydantic import TypeAdapter

from lens_rx.facts import (
    Caption,
    Complete,
    DecisionBasis,
    Estimate,
    Extra,
    Fact,
    Failed,
    Identity,
    IdentityCandidates,
    MarketplaceOffers,
    Matches,
    Offers,
    PriceEvidence,
    ProducerPage,
    Progress,
    Retail,
)
from lens_rx.facts.changes import RunHistory

#: Every kind of fact by the name under which it is stored. The names, and those of the fields, are in stores that
#: exist: a class may be renamed, its name here may not.
KINDS = MappingProxyType[str, type[Any]](
    {
        "Matches": Matches,
        "Caption": Caption,
        "Identity": Identity,
        "IdentityCandidates": IdentityCandidates,
        "ProducerPage": ProducerPage,
        "Retail": Retail,
        "MarketplaceOffers": MarketplaceOffers,
        "Offers": Offers,
        "Estimate": Estimate,
        "PriceEvidence": PriceEvidence,
        "DecisionBasis": DecisionBasis,
        "Extra": Extra,
        "Failed": Failed,
        "Progress": Progress,
        "RunHistory": RunHistory,
        "Complete": Complete,
    }
)
_ADDED_OFFER_FIELDS = frozenset(
    {"price_is_upper_bound", "wanted", "business_seller", "location", "listed_at", "size"}
    | {"found_by", "kind", "offer", "labels"}
    | {"exclusions", "restored", "photos"}
)
#: Fields that releases after 0.1.0 added: stored only where they are set, so that older facts are written as before.
_ADDED_FIELDS = MappingProxyType(
    {
        "Matches": _ADDED_OFFER_FIELDS,
        "MarketplaceOffers": _ADDED_OFFER_FIELDS | {"has_ids"},
        "Offers": _ADDED_OFFER_FIELDS,
        "PriceEvidence": _ADDED_OFFER_FIELDS | {"terms", "has_ids", "group", "group_log_sd"},
        "Identity": frozenset({"answered_by", "sources"}),
        "ProducerPage": frozenset({"doubt", "alternatives"}),
        "Estimate": frozenset(
            {"doubts", "sale_low", "sale_high", "identity_certainty", "price_certainty"}
            | {"condition", "condition_chances", "retail", "rates_on"}
        ),
        "Complete": frozenset({"model"}),
    }
)
#: How `encode` begins.
_BEFORE_KIND = b'{"kind":"'
_CONTAINERS = (dict, list)
_NAMES = {kind: name for name, kind in KINDS.items()}
_ADAPTERS = {name: TypeAdapter(kind) for name, kind in KINDS.items()}


def stored_name(fact: Fact) -> str:
    """Return the name under which facts of this kind are stored."""
    return _NAMES[type(fact)]


def encode(fact: Fact) -> bytes:
    """Return the fact as canonical JSON, `{"kind": …, "fact": {…}}`."""
    kind = stored_name(fact)
    value = _ADAPTERS[kind].dump_python(fact, mode="json")
    added = _ADDED_FIELDS.get(kind)
    if added:
        _remove_added(value, added)
    return orjson.dumps({"kind": kind, "fact": value})


def _remove_added(value: dict[str, Any] | list[Any], added: frozenset[str]) -> None:
    """Remove, in place and at any depth, the fields that were added later and hold their default."""
    if isinstance(value, dict):
        for name in added.intersection(value):
            if not value[name]:
                del value[name]
        value = list(value.values())
    for inner in value:
        if isinstance(inner, _CONTAINERS):
            _remove_added(inner, added)


def peek_kind(payload: bytes) -> type[Any] | None:
    """Return the class of a stored fact without decoding it; None where only `decode` can tell."""
    if not payload.startswith(_BEFORE_KIND):
        return None
    start = len(_BEFORE_KIND)
    return KINDS.get(payload[start : payload.find(b'"', start)].decode())


def decode(payload: bytes) -> Fact:
    """Return the fact that `encode` wrote; raise `ValueError` for anything else."""
    try:
        envelope = orjson.loads(payload)
        fact: Fact = _ADAPTERS[envelope["kind"]].validate_python(envelope["fact"])
    except (KeyError, TypeError) as error:
        raise ValueError("not a kept fact") from error
    return fact
