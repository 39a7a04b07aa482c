"""Keys of runs and of stage results. They are stored: what a key is made of stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import orjson

from lens_rx.facts import Options

#: The tenant of everybody where there are no tokens; its runs' keys have no prefix.
DEFAULT_TENANT = "default"
#: Stands between the tenant and the digest in the key of another tenant's run.
TENANT_SEPARATOR = "."


def key_of(*parts: object) -> str:
    """Return a key made of `parts`: SHA-256 over their JSON, in hex."""
    return sha256(orjson.dumps(parts, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()


def run_key(
    photo_hashes: Iterable[str], options: Options, pipeline: str, tenant: str = DEFAULT_TENANT
) -> str:
    """Return the key of a run over uploaded photos, in order, each named by the SHA-256 of its bytes.

    It begins with the tenant, `tenant.digest`, unless that is the default one.
    """
    said = [options.country, options.hint, options.producer, options.model, str(options.condition or "")]
    # without them the keys of earlier releases stay
    said += [options.size, options.variant] if options.size or options.variant else []
    digest = key_of(tenant, list(photo_hashes), said, pipeline)
    return digest if tenant == DEFAULT_TENANT else f"{tenant}{TENANT_SEPARATOR}{digest}"


def tenant_of(key: str) -> str:
    """Return the tenant that a run belongs to."""
    tenant, separator, _ = key.partition(TENANT_SEPARATOR)
    return tenant if separator else DEFAULT_TENANT
