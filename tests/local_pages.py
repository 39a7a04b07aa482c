"""A small web on loopback for the browser to visit, and the browser itself."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import psutil
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.endpoints import Endpoints, Route
from lens_rx.facts.errors import PolicyError
from lens_rx.sandbox.faults import Faults
from lens_rx.sandbox.server import Sandbox
from lens_rx.settings import Settings

SUFFIX = ".pages.test"
#: What the command line of a process of Chromium's holds.
NETWORK, ZYGOTE, RENDERER = "network.mojom.NetworkService", "--type=zygote", "--type=renderer"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LocalWeb:
    """Serves what a test puts into `pages`, by path, under any host that ends in `SUFFIX`."""

    def __init__(self) -> None:
        self.pages: dict[str, str | Answer] = {}
        self.asked: list[str] = []
        self.port = 0

    @property
    def world(self) -> Endpoints:
        return Endpoints(
            name="test",
            lens_url=self.url("/", "lens"),
            search_url=self.url("/search", "search"),
            route=Route(SUFFIX, "127.0.0.1", self.port),
        )

    def url(self, path: str, host: str = "www") -> str:
        return f"http://{host}{SUFFIX}{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        page = self.pages.get(
            request.path, web.Response(status=404, text="<p>There is no such page here.</p>")
        )
        if isinstance(page, str):
            return web.Response(text=f"<!doctype html><title>t</title>{page}", content_type="text/html")
        return await page(request) if callable(page) else page


async def never(_: web.Request) -> web.StreamResponse:
    """Answer nothing."""
    await asyncio.Event().wait()
    raise AssertionError


def pid_of(browser: BrowserPool) -> int:
    """Return the process of the Chromium that the browser has now."""
    assert browser._chromium is not None
    return browser._chromium.pid


def parts(pid: int, kind: str) -> list[psutil.Process]:
    """Return the processes of a Chromium whose command line holds `kind`."""
    found = []
    for process in psutil.Process(pid).children(recursive=True):
        try:
            if any(kind in word for word in process.cmdline()):
                found.append(process)
        except psutil.Error:  # it has just ended
            continue
    return found


def kill_parts(pid: int, kind: str) -> None:
    for process in parts(pid, kind):
        with suppress(psutil.NoSuchProcess):  # it has just ended
            process.kill()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_web() -> AsyncIterator[LocalWeb]:
    site = LocalWeb()
    app = web.Application(client_max_size=20_000_000)
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.port = runner.addresses[0][1]
    yield site
    await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_browser(shared_web: LocalWeb) -> AsyncIterator[BrowserPool]:
    browser = BrowserPool(settings_of_browser(), shared_web.world)
    await browser.start()
    yield browser
    await browser.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox()
    await sandbox.start()
    yield sandbox
    await sandbox.aclose()


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    """Return the module's sandbox, where nothing is broken."""
    shared_sandbox.fault_injector.current = Faults()
    return shared_sandbox


@pytest.fixture
def local_web(shared_web: LocalWeb) -> LocalWeb:
    """Return the module's web without pages."""
    shared_web.pages.clear()
    shared_web.asked.clear()
    return shared_web


@pytest_asyncio.fixture(loop_scope="module")
async def make_browser(local_web: LocalWeb) -> AsyncIterator[Callable[..., Awaitable[BrowserPool]]]:
    """Start browsers on the local web with the given settings; they are closed after the test."""
    browsers: list[BrowserPool] = []

    async def make(**values: Any) -> BrowserPool:
        browser = BrowserPool(settings_of_browser(**values), local_web.world)
        browsers.append(browser)
        await browser.start()
        return browser

    yield make
    for browser in browsers:
        await browser.aclose()


def settings_of_browser(**values: Any) -> Settings:
    return Settings(**{"tabs": 2, "page_deadline_seconds": 20.0, **values})


@pytest_asyncio.fixture(loop_scope="module")
async def browser(shared_browser: BrowserPool, local_web: LocalWeb) -> AsyncIterator[BrowserPool]:
    """Return the module's browser, for tests that leave it running, with new tabs for each of them."""
    await shared_browser.wait_started()  # a test may have killed its Chromium
    yield shared_browser
    await close_tabs(shared_browser)


async def close_tabs(browser: BrowserPool) -> None:
    """Close the tabs that a test leaves, with their pages and cookies."""
    await browser._background.join()
    while browser._chromium and browser._idle:
        await browser._chromium.close(browser._idle.pop())


class Names(AbstractResolver):
    """Public hosts are the local web; what is called private is refused, as the real resolver does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.asked: list[str] = []

    async def resolve(
        self,
        host: str,
        port: int = 0,  # noqa: ARG002 # the protocol's
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host.startswith("private"):
            raise PolicyError("The address is not public.")
        if host.startswith("nowhere"):
            raise OSError
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0)
        ]

    async def close(self) -> None: ...


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_names(shared_web: LocalWeb) -> Names:
    return Names(shared_web.port)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_live_browser(shared_names: Names) -> AsyncIterator[BrowserPool]:
    browser = BrowserPool(Settings(tabs=1), Endpoints(), shared_names)
    await browser.start()
    yield browser
    await browser.aclose()


@pytest.fixture
def names(shared_names: Names, local_web: LocalWeb) -> Names:
    shared_names.asked.clear()
    return shared_names


@pytest_asyncio.fixture(loop_scope="module")
async def live_browser(shared_live_browser: BrowserPool, names: Names) -> AsyncIterator[BrowserPool]:
    """Return the module's browser behind its guard, with new tabs for each test."""
    yield shared_live_browser
    await close_tabs(shared_live_browser)
