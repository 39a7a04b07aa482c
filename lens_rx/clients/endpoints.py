"""Where the outside world is: the live web, or a sandbox on loopback. Only addresses differ."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

SANDBOX_SUFFIX = ".sandbox.test"
#: Hosts that stand for a site of many countries, by the label that all of them share.
STAND_INS = ("ebay", "mercari", "carousell", "vinted")


@dataclass(frozen=True, slots=True)
class Route:
    """Names that end in `suffix` are served at `address`:`port`, for Chromium and for HTTP alike."""

    suffix: str
    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of the outside. `name` goes into the key of a run, so that worlds never mix."""

    name: str = "live"
    lens_url: str = "https://www.google.com/"
    search_url: str = "https://www.google.com/search"
    route: Route | None = None

    @property
    def is_sandbox(self) -> bool:
        """True where nothing is real and nothing costs."""
        return self.route is not None

    def resolve(self, url: str) -> str:
        """Return where `url` is found in this world: itself, or the sandbox's stand-in for its host.

        A stand-in's name keeps the whole host, so that what reads the site or the country out of it still
        does: `www.ebay.co.uk` is `www.ebay.co.uk.sandbox.test`.
        """
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        stands_in = set(STAND_INS) & set(host.split("."))
        if self.route is None or not stands_in or host.endswith(self.route.suffix):
            return url
        return urlunsplit(("http", host + self.route.suffix, parts.path, parts.query, ""))


def sandbox_endpoints(port: int, catalogue_version: str, address: str = "127.0.0.1") -> Endpoints:
    """Return the world of a sandbox that listens on `address`:`port`."""
    return Endpoints(
        name=f"sandbox-{catalogue_version}",
        lens_url=f"http://lens{SANDBOX_SUFFIX}/",
        search_url=f"http://search{SANDBOX_SUFFIX}/search",
        route=Route(SANDBOX_SUFFIX, address, port),
    )
