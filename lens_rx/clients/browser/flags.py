"""Chromium's command line."""

from __future__ import annotations

import asyncio
import os

import structlog

from lens_rx.clients.endpoints import Endpoints, Route
from lens_rx.settings import Settings

#: What Chromium would start or request by itself. Its omnibox alone is two processes a window: without
#: them four tabs take half the CPU time and 0.6 of the memory (Chromium 156).
_FEATURES_OFF = (
    "AiModeOmniboxEntryPoint",
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
    "--disable-client-side-phishing-detection",
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
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--hide-scrollbars",
    "--lang=en-US",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--window-size=1280,1600",
)

_log = structlog.get_logger()


async def chromium_flags(settings: Settings, endpoints: Endpoints, proxy: str) -> list[str]:
    """Return Chromium's flags; `proxy` is its access to the network where the endpoints have no route."""
    line = list(FLAGS)
    # a visible browser ends with its last window, so it keeps one beside the tabs
    line += ("--headless=new", "--no-startup-window") if settings.headless else ("about:blank",)
    if not await sandbox_works():
        _log.warning("chromium runs without its own sandbox: this user or kernel does not allow it")
        line.append("--no-sandbox")
    return line + (_route_flags(endpoints.route) if endpoints.route else _proxy_flags(proxy))


def _route_flags(route: Route) -> list[str]:
    """Return the flags that resolve the route's names to its address, and no other name."""
    return [f"--host-resolver-rules=MAP *{route.suffix} {route.address}:{route.port},MAP * ^NOTFOUND"]


def _proxy_flags(proxy: str) -> list[str]:
    """Return the flags that send everything, loopback too, through the proxy, and resolve no name."""
    return [
        f"--proxy-server={proxy}",
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ^NOTFOUND,EXCLUDE 127.0.0.1",
    ]


async def sandbox_works() -> bool:
    """Tell whether Chromium's own sandbox works here: not as root, and with user namespaces."""
    if os.geteuid() == 0:
        return False
    try:
        probe = await asyncio.create_subprocess_exec(
            *("unshare", "--user", "--map-root-user", "--pid", "--fork", "true"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    return await probe.wait() == 0
