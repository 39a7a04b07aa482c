"""Chromium's start, with few imports: it takes as long as all the others of a node, which are imported meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts.errors import StageError
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.settings import Settings, uses_chromium

__all__ = ["BrowserPool", "open_browser"]

_log = structlog.get_logger()


@asynccontextmanager
async def open_browser(settings: Settings, endpoints: Endpoints) -> AsyncIterator[BrowserPool | None]:
    """Yield the browser, which starts in the background; None where there is to be none.

    A Chromium that does not start is logged and tried again: the node runs, and says that it is not ready.
    """
    if not uses_chromium(settings):
        yield None
        return
    browser = BrowserPool(settings, endpoints)
    try:
        starting = create_task(_start(browser))
        try:
            yield browser
        finally:
            await cancel_and_wait(starting)
    finally:
        await browser.aclose()


async def _start(browser: BrowserPool) -> None:
    try:
        await browser.start()
    except StageError as error:
        _log.error("Chromium does not start", why=str(error))
