"""The JSON schema of the data of `price-decision`."""

from __future__ import annotations

from typing import Any

from lens_rx.pricing.decision.list_prices import HORIZONS, PLACES
from lens_rx.pricing.decision.verdict import Action

_TEXT = {"type": "string"}
_AMOUNT = {"type": "number", "minimum": 0, "description": "in `currency`"}
_CHANCE = {"type": "number", "minimum": 0, "maximum": 1, "description": "left out where it cannot be told"}
_LIST_PRICE = {
    "price": _AMOUNT,
    "net": {"type": "number", "description": "what is left before the purchase is paid"},
    **{f"chance_{days}": _CHANCE for days in HORIZONS},
}
_NAMES = [name for name, _ in PLACES]
DECISION: dict[str, Any] = {
    "type": "object",
    "required": ["currency", "why"],
    "properties": {
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"},
        "why": {"type": "string", "description": "one sentence for users"},
        "pay_at_most": _AMOUNT | {"description": "0 where no price pays"},
        "plan_price": _AMOUNT | {"description": "the low price that it is reckoned with"},
        "list_at": {"type": "string", "enum": _NAMES},
        "country": _TEXT,
        "marketplace": _TEXT,
        "margin": {"type": "number", "description": "percent of the price"},
        "min_profit": _AMOUNT,
        "fees": _TEXT,
        "tax": _TEXT,
        "notes": _TEXT,
        "cost": _AMOUNT,
        "verdict": {
            "type": "string",
            "enum": [str(action) for action in Action if action],
            "description": "only where `cost` is given",
        },
        "negotiate_to": _AMOUNT,
        **{f"{name}_{part}": schema for name in _NAMES for part, schema in _LIST_PRICE.items()},
    },
}
