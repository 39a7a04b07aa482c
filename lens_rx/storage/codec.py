"""Facts to bytes and back, exactly: amounts stay decimals, times stay in UTC."""

from __future__ import annotations

from typing import Any, get_args

import orjson
from pydantic import TypeAdapter

from lens_rx.facts import Fact

#: Every kind of fact by the name under which it is kept.
KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Fact)}


_ADAPTERS = {name: TypeAdapter(kind) for name, kind in KINDS.items()}


def encode(fact: Fact) -> bytes:
    """Return the fact as canonical JSON, `{"kind": …, "fact": {…}}`."""
    kind = type(fact).__name__
    return orjson.dumps({"kind": kind, "fact": _ADAPTERS[kind].dump_python(fact, mode="json")})


def decode(payload: bytes) -> Fact:
    """Return the fact that `encode` wrote; raise `ValueError` for anything else."""
    try:
        envelope = orjson.loads(payload)
        fact: Fact = _ADAPTERS[envelope["kind"]].validate_python(envelope["fact"])
    except (KeyError, TypeError) as error:
        raise ValueError("not a kept fact") from error
    return fact
