"""Chromium's command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import structlog

from lens_rx.clients.browser.health_page import HealthPage
from lens_rx.clients.browser.switch_check import (
    REQUIRED_SWITCHES,
    WEBRTC_SWITCHES,
    missing_guards,
    unknown_switches,
)
from lens_rx.clients.endpoints import Endpoints, Route
from lens_rx.facts.errors import UpstreamError
from lens_rx.settings import Settings

#: What Chromium would start or request by itself. Its omnibox alone is two processes a window: without
#: them four tabs take half the CPU time and 0.6 of the memory (Chromium 156).
_FEATURES_OFF = (
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "SpareRendererForSitePerProcess",
    "Translate",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
)
FLAGS = (
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-back-forward-cache",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    f"--disable-features={','.join(_FEATURES_OFF)}",
    "--disable-hang-monitor",
    "--disable-quic",
    "--disable-renderer-backgrounding",
    "--disable-search-engine-choice-screen",
    "--disable-sync",
    *(f"--{switch}=disable_non_proxied_udp" for switch in WEBRTC_SWITCHES),
    "--hide-scrollbars",
    "--lang=en-US",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--window-size=1280,1600",
)

_log = structlog.get_logger()


def chromium_flags(settings: Settings, endpoints: Endpoints, proxy: str, health: HealthPage) -> list[str]:
    """Return Chromium's flags; `proxy` is its access to the network where the endpoints have no route."""
    line = list(FLAGS)
    # a visible browser ends with its last window, so it keeps one beside the tabs
    line += ("--headless=new", "--no-startup-window") if settings.headless else ("about:blank",)
    if not uses_own_sandbox(settings):
        line.append("--no-sandbox")
    return line + (_route_flags(endpoints.route, health) if endpoints.route else _proxy_flags(proxy))


def uses_own_sandbox(settings: Settings) -> bool:
    """Tell whether Chromium's own sandbox is on: as `settings` say, and never for root, who cannot have it."""
    return settings.chromium_sandbox and os.geteuid() != 0


def describe_own_sandbox(settings: Settings) -> str:
    """Return whether Chromium's own sandbox is on, and if not why, in words."""
    if uses_own_sandbox(settings):
        return "its own sandbox is on"
    why = "LENS_RX_CHROMIUM_SANDBOX says so" if not settings.chromium_sandbox else "this user is root"
    return f"its own sandbox is OFF: {why}"


def check_guards(executable: Path, flags: Sequence[str]) -> None:
    """Raise `UpstreamError` where Chromium does not know a flag that guards the network."""
    names = {f"--{name}" for switch in REQUIRED_SWITCHES for name in switch}
    unknown = unknown_switches(executable, [flag for flag in flags if flag.partition("=")[0] in names])
    if unknown is None:
        _log.warning(
            "chromium's flags cannot be checked: its program is another one", program=executable.name
        )
    elif missing := missing_guards(unknown):
        raise UpstreamError(
            f"This Chromium does not know --{', --'.join(missing)}, without which pages could reach private addresses."
            " Install another version (Debian: apt install chromium) or name one with LENS_RX_CHROMIUM."
        )


def log_unknown_flags(executable: Path, flags: Sequence[str]) -> None:
    """Log which flags Chromium does not know; its whole program may have to be read for that."""
    if unknown := unknown_switches(executable, flags):
        _log.warning("chromium does not know some of its flags, which have no effect", flags=unknown)


def _route_flags(route: Route, health: HealthPage) -> list[str]:
    """Return the flags that resolve the route's names to its address, and no other name but the health page's."""
    rules = (
        f"MAP {health.host} 127.0.0.1:{health.port}",
        f"MAP *{route.suffix} {route.address}:{route.port}",
        "MAP * ^NOTFOUND",
    )
    return [f"--host-resolver-rules={','.join(rules)}"]


def _proxy_flags(proxy: str) -> list[str]:
    """Return the flags that send everything, loopback too, through the proxy, and resolve no name."""
    return [
        f"--proxy-server={proxy}",
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ^NOTFOUND,EXCLUDE 127.0.0.1",
    ]
