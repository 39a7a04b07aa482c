"""The settings of webhooks, a part of `Settings`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from lens_rx.runs.webhook_signature import parse_secrets
from lens_rx.setting_types import PREFIX


def check_secrets(secret: SecretStr) -> SecretStr:
    """Return secrets that can sign."""
    parse_secrets(secret.get_secret_value())
    return secret


class WebhookSettings(BaseSettings):
    """The secret of signatures, the deadline of a delivery, and how many are open."""

    webhook_secret: Annotated[SecretStr, AfterValidator(check_secrets)] | None = Field(
        default=None,
        description="signs webhooks: `whsec_` and base64 of 24 to 64 random bytes; two separated by a blank sign with both,"
        " for a change; none: `callback=` is refused",
    )
    webhook_deadline_seconds: float = Field(
        default=15.0,
        validation_alias=f"{PREFIX}WEBHOOK_DEADLINE",
        gt=0,
        description="seconds for one delivery of a webhook",
    )
    async_requests: int = Field(
        default=1000,
        ge=1,
        description="requests with `Prefer: respond-async` that are open at most, a quarter of them of one client; more"
        " get 429",
    )


def webhook_secrets(settings: WebhookSettings) -> tuple[bytes, ...]:
    """Return the secrets that sign webhooks, none where there are none."""
    secret = settings.webhook_secret
    return parse_secrets(secret.get_secret_value()) if secret else ()
