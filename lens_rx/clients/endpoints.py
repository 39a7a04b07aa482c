"""The addresses of the outside services: the live web's, or those that a sandbox hands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class Route:
    """Host names that end in `suffix` are served at `address`:`port`, for Chromium and for HTTP alike."""

    suffix: str
    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of the outside services.

    `name` goes into the key of a run, so that results of different endpoints never mix. With a `route`
    nothing is real: a host that has one of the labels `stand_ins` is replaced by its stand-in, and the
    models are `models`, asked at `model_url` without a key and without costs. `lens_requests_per_second` is how often
    Lens is asked over plain HTTP at most. `api_keys` are the keys that the
    stand-ins of official APIs take: settings by their names, for each source.
    """

    name: str = "live"
    lens_url: str = "https://www.google.com/"
    lens_requests_per_second: float = 4.0
    search_url: str = "https://www.google.com/search"
    model_url: str = ""
    brave_url: str = "https://api.search.brave.com"
    custom_search_url: str = "https://customsearch.googleapis.com/customsearch/v1"
    vision_url: str = "https://vision.googleapis.com"
    ebay_api_url: str = "https://api.ebay.com"
    api_keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    models: tuple[str, ...] = ()
    route: Route | None = None
    stand_ins: frozenset[str] = frozenset()

    @property
    def is_sandbox(self) -> bool:
        """True where nothing is real and nothing costs."""
        return self.route is not None

    def resolve(self, url: str) -> str:
        """Return the address to read `url` at: itself, or that of the stand-in for its host.

        A stand-in's name keeps the whole host, so that the site and the country can still be read from it:
        `www.ebay.co.uk` becomes `www.ebay.co.uk` + the route's suffix.
        """
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if (
            self.route is None
            or self.stand_ins.isdisjoint(host.split("."))
            or host.endswith(self.route.suffix)
        ):
            return url
        return urlunsplit(("http", host + self.route.suffix, parts.path, parts.query, ""))
