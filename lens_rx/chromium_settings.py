"""The settings of Chromium and of the pages that are read, a part of `Settings`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings

from lens_rx.setting_types import PREFIX, lower


class ChromiumSettings(BaseSettings):
    """What Chromium may do, and how pages are read."""

    chromium: str | None = Field(
        default=None, description="path of Chromium; empty: found on PATH; `none`: works without one"
    )
    chromium_sandbox: bool = Field(
        default=True,
        description="false: pages run without Chromium's own sandbox, as they do in any case where root starts it",
    )
    headless: bool = Field(default=True, description="false: a visible window, which Google blocks less")
    tabs: int = Field(default=4, ge=1, le=32, description="warm tabs")
    media: bool = Field(default=False, description="true: tabs load pictures, fonts and films as well")
    tab_uses: int = Field(default=50, ge=1, description="pages a tab opens before it is replaced")
    lens_http: Annotated[Literal["off", "auto"], BeforeValidator(lower)] = Field(
        default="off",
        description="auto: Lens is asked over plain HTTP with the session of a tab in which it has answered, and in"
        " Chromium where that is not good enough",
    )
    page_deadline_seconds: float = Field(
        default=20.0,
        validation_alias=f"{PREFIX}PAGE_DEADLINE",
        gt=0,
        description="seconds for one page in Chromium or by HTTP",
    )
    cooldown_seconds: float = Field(
        default=60.0,
        validation_alias=f"{PREFIX}REST_SECONDS",
        ge=0,
        description="how long a site is not asked after it blocked a request",
    )
    page_bytes: int = Field(default=8_000_000, gt=0, description="bytes of a page that are read at most")
