"""Keys of runs and of stage results. They are stored: what a key is made of stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import orjson

from lens_rx.facts import Options

TENANT = "default"


def key_of(*parts: object) -> str:
    """Return a key made of `parts`: SHA-256 over their JSON, in hex."""
    return sha256(orjson.dumps(parts, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()


def run_key(photo_hashes: Iterable[str], options: Options, pipeline: str) -> str:
    """Return the key of a run over uploaded photos, in order, each named by the SHA-256 of its bytes."""
    said = [options.country, options.hint, options.producer, options.model, str(options.condition or "")]
    return key_of(TENANT, list(photo_hashes), said, pipeline)
