"""What a node starts in. Chromium, which takes longest, starts first: so this module imports little.

Who opens the surroundings imports the rest of a node within them, by `import_in_thread`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from lens_rx.cli.garbage import garbage_left_alone
from lens_rx.cli.sandbox_loader import endpoints_at, sandbox_in_thread
from lens_rx.clients.endpoints import Endpoints
from lens_rx.settings import Settings
from lens_rx.wiring.browser_start import BrowserPool, open_browser

if TYPE_CHECKING:
    from lens_rx.sandbox.faults import Faults
    from lens_rx.sandbox.server import Sandbox


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """What a command says of the service to run: live or sandbox, model, store, and whether it has a worker.

    `shared_port`: other processes listen on its port as well.
    """

    settings: Settings
    sandbox: bool = False
    sandbox_at: str | None = None
    faults: Faults | None = None
    model_at: str | None = None
    store: Path | None = None
    worker: bool = True
    shared_port: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a node starts in: its endpoints, the sandbox that was started for it, the settings that fit, its browser."""

    endpoints: Endpoints
    sandbox: Sandbox | None
    settings: Settings
    browser: BrowserPool | None


@asynccontextmanager
async def open_surroundings(options: ServiceOptions) -> AsyncIterator[Surroundings]:
    """Yield the endpoints and a browser that starts in the background."""
    async with AsyncExitStack() as stack:
        endpoints, sandbox = await stack.enter_async_context(open_endpoints(options))
        settings = with_sandbox_limits(options.settings) if endpoints.is_sandbox else options.settings
        opened = open_browser(settings, endpoints)
        browser = await stack.enter_async_context(opened) if options.worker else None
        yield Surroundings(endpoints, sandbox, settings, browser)


@asynccontextmanager
async def open_endpoints(options: ServiceOptions) -> AsyncIterator[tuple[Endpoints, Sandbox | None]]:
    """Yield the endpoints to use: the live ones, or those of a sandbox that runs elsewhere or is started here."""
    if options.sandbox_at:
        yield await endpoints_at(options.sandbox_at), None
    elif options.sandbox:
        async with sandbox_in_thread(options.faults) as sandbox:
            yield sandbox.endpoints, sandbox
    else:
        yield Endpoints(), None


def with_sandbox_limits(settings: Settings) -> Settings:
    """Return the settings for a sandbox: its faults come and go, so a blocked site rests only a moment."""
    return settings.model_copy(update={"cooldown_seconds": min(settings.cooldown_seconds, 1.0)})


async def import_in_thread(module: str) -> None:
    """Import a module while the event loop goes on."""
    with garbage_left_alone():
        await asyncio.to_thread(import_module, module)
