"""The settings of access, and of how much one client may take, a part of `Settings`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, IPvAnyNetwork
from pydantic_settings import BaseSettings, NoDecode

from lens_rx.setting_types import PREFIX, Key, Origin, lower, lower_list, split_list


class AccessSettings(BaseSettings):
    """Tokens, proxies, origins, host names and connections."""

    auth: Annotated[Literal["auto", "token", "none"], BeforeValidator(lower)] = Field(
        default="auto",
        description="`token`: a token is asked for; `none`: none is; auto: one is where the service listens on more"
        " than loopback, or `LENS_RX_TOKENS_FILE` is set",
    )
    tokens_file: Path | None = Field(
        default=None, description="file of `lens-rx tokens`; none: tokens.json in the user's data directory"
    )
    token: Key | None = Field(
        default=None, description="token for the service that `lens-rx classify --server` talks to"
    )
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(split_list)] = Field(
        default=(),
        description="networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count, separated by commas,"
        " such as 172.16.0.0/12",
    )

    cors_origins: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(split_list)] = Field(
        default=("http://localhost:3001",), description="origins that may read, separated by commas; `*`: all"
    )
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(lower_list)] = Field(
        default=(),
        description="host names that the service is reached by, separated by commas; `*`: any; addresses, names without a"
        " dot, and those in .local, .internal and .home.arpa need no entry",
    )
    head_deadline_seconds: float = Field(
        default=20.0,
        validation_alias=f"{PREFIX}HEAD_DEADLINE",
        gt=0,
        description="seconds for the head of a request",
    )
    connections: int = Field(
        default=10_000, ge=1, description="open connections at most; fewer where file descriptors are short"
    )
    connections_per_client: int = Field(
        default=256, ge=1, description="open connections of one client at most; trusted proxies have no limit"
    )
