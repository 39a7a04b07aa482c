"""Facts to bytes and back, exactly: amounts stay decimals, times stay in UTC."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import orjson
from pydantic import TypeAdapter

from lens_rx.facts import (
    Caption,
    Complete,
    Estimate,
    Extra,
    Fact,
    Failed,
    Identity,
    MarketplaceOffers,
    Matches,
    Offers,
    PriceEvidence,
    ProducerPage,
    Progress,
    Retail,
)

#: Every kind of fact by the name under which it is stored. The names, and those of the fields, are in stores that
#: exist: a class may be renamed, its name here may not.
KINDS = MappingProxyType[str, type[Any]](
    {
        "Matches": Matches,
        "Caption": Caption,
        "Identity": Identity,
        "ProducerPage": ProducerPage,
        "Retail": Retail,
        "MarketplaceOffers": MarketplaceOffers,
        "Offers": Offers,
        "Estimate": Estimate,
        "PriceEvidence": PriceEvidence,
        "Extra": Extra,
        "Failed": Failed,
        "Progress": Progress,
        "Complete": Complete,
    }
)
_WITH_ADDED_FIELDS = frozenset({"Matches", "MarketplaceOffers", "Offers"})
#: Fields that releases after 0.1.0 added: stored only where they are set, so that older facts are written as before.
_ADDED_FIELDS = frozenset(
    {"price_is_upper_bound", "wanted", "business_seller", "location", "listed_at"}
    | {"found_by", "kind", "offer", "labels"}
)
_NAMES = {kind: name for name, kind in KINDS.items()}
_ADAPTERS = {name: TypeAdapter(kind) for name, kind in KINDS.items()}


def stored_name(fact: Fact) -> str:
    """Return the name under which facts of this kind are stored."""
    return _NAMES[type(fact)]


def encode(fact: Fact) -> bytes:
    """Return the fact as canonical JSON, `{"kind": …, "fact": {…}}`."""
    kind = stored_name(fact)
    value = _ADAPTERS[kind].dump_python(fact, mode="json")
    return orjson.dumps(
        {"kind": kind, "fact": _without_added(value) if kind in _WITH_ADDED_FIELDS else value}
    )


def _without_added(value: Any) -> Any:
    """Return a value without the fields of matches and offers that were added later and hold their default."""
    if isinstance(value, dict):
        return {
            name: _without_added(inner) for name, inner in value.items() if inner or name not in _ADDED_FIELDS
        }
    return [_without_added(inner) for inner in value] if isinstance(value, list) else value


def decode(payload: bytes) -> Fact:
    """Return the fact that `encode` wrote; raise `ValueError` for anything else."""
    try:
        envelope = orjson.loads(payload)
        fact: Fact = _ADAPTERS[envelope["kind"]].validate_python(envelope["fact"])
    except (KeyError, TypeError) as error:
        raise ValueError("not a kept fact") from error
    return fact
