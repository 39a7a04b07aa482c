"""Signatures of webhooks as the Standard Webhooks specification 1.0.0 has them: HMAC-SHA256, `v1`."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence

from lens_rx.runs.keys import DEFAULT_TENANT

SECRET_PREFIX = "whsec_"  # noqa: S105 - what each secret begins with
MIN_SECRET_BYTES, MAX_SECRET_BYTES = 24, 64


def parse_secrets(text: str) -> tuple[bytes, ...]:
    """Return the secrets of a text, `whsec_` and base64 each, separated by blanks; raise `ValueError` for none and others."""
    return tuple(map(_parse_secret, text.split())) or (_parse_secret(""),)


def _parse_secret(word: str) -> bytes:
    try:
        secret = b64decode(word.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        secret = b""
    if not word.startswith(SECRET_PREFIX) or not MIN_SECRET_BYTES <= len(secret) <= MAX_SECRET_BYTES:
        raise ValueError(
            f"a secret is {SECRET_PREFIX} and base64 of {MIN_SECRET_BYTES} to {MAX_SECRET_BYTES} random bytes"
        )
    return secret


def tenant_secret(secret: bytes, tenant: str) -> bytes:
    """Return the secret that signs for a tenant, so that none can forge what another one gets."""
    if tenant == DEFAULT_TENANT:
        return secret
    return hmac.digest(secret, f"lens_rx webhooks {tenant}".encode(), "sha256")


def format_secret(secret: bytes) -> str:
    """Return a secret as receivers take it."""
    return SECRET_PREFIX + b64encode(secret).decode()


def signature_headers(secrets: Sequence[bytes], identity: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers of a webhook: its id, the seconds since 1970, a signature for each secret."""
    content = b"%b.%d.%b" % (identity.encode(), timestamp, body)
    digests = (hmac.digest(secret, content, "sha256") for secret in secrets)
    return {
        "Webhook-Id": identity,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": " ".join(f"v1,{b64encode(digest).decode()}" for digest in digests),
    }
