"""Facts to bytes and back, exactly: amounts stay decimals, times stay in UTC."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

import orjson
from pydantic import TypeAdapter

from lens_rx.facts import Fact

#: Every kind of fact by the name under which it is kept.
KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Fact)}


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def encode(fact: Fact) -> bytes:
    """Return the fact as canonical JSON, `{"kind": …, "fact": {…}}`."""
    kind = type(fact)
    value = _adapter(kind).dump_python(fact, mode="json")
    return orjson.dumps({"kind": kind.__name__, "fact": value})


def decode(payload: bytes) -> Fact:
    """Return the fact that `encode` wrote; raise `ValueError` for anything else."""
    try:
        envelope = orjson.loads(payload)
        kind = KINDS[envelope["kind"]]
        fact: Fact = _adapter(kind).validate_python(envelope["fact"])
    except (KeyError, TypeError) as error:
        raise ValueError("not a kept fact") from error
    return fact
