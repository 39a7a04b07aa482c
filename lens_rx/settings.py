"""All settings, each with its default, unit and environment name (`LENS_RX_` + the field's name)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode, SettingsConfigDict

from lens_rx.access_settings import AccessSettings
from lens_rx.chromium_settings import ChromiumSettings
from lens_rx.rules_file import check_rules_file
from lens_rx.setting_types import (
    PREFIX,
    Key,
    LensNames,
    SearchNames,
    Url,
    check_country,
    lower,
    lower_list,
    split_list,
    upper,
)
from lens_rx.webhook_settings import WebhookSettings

__all__ = ["PREFIX", "Settings", "accepted_variables", "uses_chromium", "variable"]


class Settings(ChromiumSettings, AccessSettings, WebhookSettings):
    """Read once at start from the environment; passed on as a value, never looked up again."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        env_ignore_empty=True,
        str_strip_whitespace=True,
    )

    # the model
    openai_api_key: Key | None = Field(
        default=None,
        validation_alias="OPENAI_API_KEY",
        description="key of the model's server; none: no model is asked",
    )
    openai_base_url: Url | None = Field(
        default=None, validation_alias="OPENAI_BASE_URL", description="any OpenAI-compatible server"
    )
    models: Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_list)] = Field(
        default=("gpt-4o", "gpt-6-luna"),
        validation_alias=f"{PREFIX}MODEL",
        min_length=1,
        description="names of models, best first, separated by commas; the first that is not gone is asked",
    )
    model_deadline_seconds: float = Field(
        default=40.0,
        validation_alias=f"{PREFIX}MODEL_DEADLINE",
        gt=0,
        description="seconds for one model call",
    )
    model_concurrency: int = Field(default=4, ge=1, description="model calls at the same time")

    # official interfaces that serve instead of scraping
    google_api_key: Key | None = Field(
        default=None, validation_alias="GOOGLE_API_KEY", description="Custom Search JSON API"
    )
    google_cse_id: str | None = Field(
        default=None, validation_alias="GOOGLE_CSE_ID", description="its search engine"
    )
    google_vision_api_key: Key | None = Field(
        default=None, validation_alias="GOOGLE_VISION_API_KEY", description="Cloud Vision, web detection"
    )
    brave_api_key: Key | None = Field(
        default=None, validation_alias="BRAVE_API_KEY", description="Brave Search API"
    )
    ebay_client_id: str | None = Field(
        default=None, validation_alias="EBAY_CLIENT_ID", description="eBay Browse API"
    )
    ebay_client_secret: Key | None = Field(
        default=None, validation_alias="EBAY_CLIENT_SECRET", description="its secret"
    )

    # which of them are used, in which order
    search: SearchNames = Field(
        default=(),
        description="web searches in order: brave, google (Custom Search), chromium, model; empty: those with a"
        " key, Chromium, and the model's own where Chromium is blocked",
    )
    lens: LensNames = Field(
        default=(),
        description="photo searches in order: chromium (Google Lens), vision, ebay; `all`: at once, merged; empty:"
        " Chromium, then those with a key",
    )

    # stages
    run_deadline_seconds: float = Field(
        default=90.0,
        validation_alias=f"{PREFIX}RUN_DEADLINE",
        gt=0,
        description="seconds after which a run's open stages fail as timeout",
    )
    stage_deadline_seconds: float = Field(
        default=45.0, validation_alias=f"{PREFIX}STAGE_DEADLINE", gt=0, description="seconds for one stage"
    )
    speculate: bool = Field(
        default=True,
        description="false: nothing is looked up for a name before it is certain; true: runs are faster, and a wrong guess "
        "costs a request to each marketplace",
    )
    attempts: int = Field(default=2, ge=1, le=5, description="tries of a look-up whose failure may pass")
    currency: Annotated[str, BeforeValidator(upper)] = Field(
        default="EUR",
        pattern="^[A-Z]{3}$",
        description="currency of a view that names none; without a country, marketplaces that sell in it are searched",
    )
    country: Annotated[str, BeforeValidator(upper), AfterValidator(check_country)] = Field(
        default="", pattern="^([A-Z]{2})?$", description="country of a request that names none"
    )
    marketplaces: Annotated[tuple[str, ...], NoDecode, BeforeValidator(lower_list)] = Field(
        default=(),
        description="marketplaces that are searched, separated by commas; none: all that sell in the country",
    )

    pricing: Annotated[Path | None, AfterValidator(check_rules_file)] = Field(
        default=None, description="TOML file of rules for decisions: margins, fees, brands that are not taken"
    )

    # intake
    max_photo_bytes: int = Field(default=20_000_000, gt=0, description="bytes of one uploaded photo")
    max_photo_pixels: int = Field(
        default=50_000_000, gt=0, description="pixels of one uploaded photo, read from its header"
    )
    max_photos: int = Field(default=8, ge=1, le=8, description="photos of one thing")
    photo_side: int = Field(default=2000, ge=200, description="longest side of the working copy, pixels")
    upload_deadline_seconds: float = Field(
        default=30.0,
        validation_alias=f"{PREFIX}UPLOAD_DEADLINE",
        gt=0,
        description="seconds of each period in which an upload has to reach `LENS_RX_UPLOAD_RATE`",
    )
    upload_rate: int = Field(
        default=10_000, ge=1, description="bytes a second that an upload has to bring at least"
    )

    # runs
    grace_seconds: float = Field(
        default=20.0,
        validation_alias=f"{PREFIX}GRACE",
        ge=0,
        description="seconds that a run goes on when nobody listens",
    )
    concurrency: int = Field(default=4, ge=1, description="runs at the same time on one node")
    queue: int = Field(default=64, ge=1, description="runs that wait at most; more get 429")
    queue_per_client: int = Field(default=16, ge=1, description="runs of one client that wait or run at most")
    drain_seconds: float = Field(
        default=20.0,
        validation_alias=f"{PREFIX}DRAIN",
        ge=0,
        description="seconds that open runs get at shutdown",
    )

    # what is kept
    store: Path | None = Field(default=None, description="SQLite file; none: the user's data directory")
    redis: str | None = Field(
        default=None, description="redis://, rediss:// or redis+sentinel:// address for many nodes"
    )
    redis_prefix: str = Field(default="lens_rx", description="first part of every Redis key")
    lease_seconds: float = Field(
        default=10.0,
        validation_alias=f"{PREFIX}LEASE",
        gt=0.5,
        description="seconds after which a silent worker loses its run",
    )
    kept_runs: int = Field(default=10_000, ge=1, description="finished runs kept at most")
    kept_bytes: int = Field(default=2_000_000_000, ge=1, description="bytes of facts kept at most")
    kept_days: float = Field(default=365.0, gt=0, description="days that a finished run is kept")
    look_days: float = Field(
        default=365.0, gt=0, description="days that lens and describe results stay fresh"
    )
    retail_days: float = Field(
        default=7.0, gt=0, description="days that producer and retail results stay fresh"
    )
    offers_days: float = Field(default=1.0, gt=0, description="days that offers stay fresh")
    failure_seconds: float = Field(
        default=60.0, ge=0, description="seconds that a failed look-up is not tried for another run"
    )

    # the web
    write_deadline_seconds: float = Field(
        default=60.0,
        validation_alias=f"{PREFIX}WRITE_DEADLINE",
        gt=0,
        description="seconds that a client may take to read one chunk",
    )
    heartbeat_seconds: float = Field(
        default=15.0,
        validation_alias=f"{PREFIX}HEARTBEAT",
        gt=0,
        description="seconds between signs of life on a quiet stream",
    )
    uvloop: bool = Field(
        default=False,
        description="true: a service and a worker run on uvloop, from the extra [uvloop], instead of asyncio's own loop",
    )
    log_json: bool = Field(default=False, description="true: log lines are JSON")
    log_level: Annotated[Literal["debug", "info", "warning", "error", "critical"], BeforeValidator(lower)] = (
        Field(default="info", description="debug, info, warning, error, critical")
    )


def uses_chromium(settings: Settings) -> bool:
    """Return whether there is to be a Chromium at all."""
    return (settings.chromium or "").lower() != "none"


def accepted_variables() -> frozenset[str]:
    """Return every name of an environment variable that is read: a setting with a name of its own keeps that of its field."""
    return frozenset(name for it in Settings.model_fields for name in (variable(it), f"{PREFIX}{it.upper()}"))


def variable(name: str) -> str:
    """Return the name of a setting's environment variable; that of a duration has no `_seconds`."""
    return str(Settings.model_fields[name].validation_alias or f"{PREFIX}{name.upper()}")
