"""The JSON schema of the data of `price-decision`."""

from __future__ import annotations

from lens_rx.pricing.decision.list_prices import HORIZONS, PLACES
from lens_rx.pricing.decision.verdict import Action
from lens_rx.web.json_schema import CURRENCY, TEXT, Schema, enum_schema, object_schema

_AMOUNT = {"type": "number", "minimum": 0, "description": "in `currency`"}
_CHANCE = {"type": "number", "minimum": 0, "maximum": 1, "description": "left out where it cannot be told"}
_LIST_PRICE = {
    "price": _AMOUNT,
    "net": {"type": "number", "description": "what is left before the purchase is paid"},
    **{f"chance_{days}": _CHANCE for days in HORIZONS},
}
_NAMES = [name for name, _ in PLACES]
DECISION: Schema = object_schema(
    {
        "currency": CURRENCY,
        "why": TEXT | {"description": "one sentence for users"},
    },
    {
        "pay_at_most": _AMOUNT | {"description": "0 where no price pays"},
        "plan_price": _AMOUNT | {"description": "the low price that it is reckoned with"},
        "list_at": enum_schema(*_NAMES),
        "country": TEXT,
        "marketplace": TEXT,
        "marketplaces": TEXT
        | {"description": "those whose fees are known in the country, separated by spaces"},
        "margin": {"type": "number", "description": "percent of the price"},
        "min_profit": _AMOUNT,
        "fees": TEXT,
        "tax": TEXT,
        "notes": TEXT,
        "cost": _AMOUNT,
        "verdict": enum_schema(*(action for action in Action if action))
        | {"description": "only where `cost` is given"},
        "negotiate_to": _AMOUNT,
        **{f"{name}_{part}": schema for name in _NAMES for part, schema in _LIST_PRICE.items()},
    },
)
