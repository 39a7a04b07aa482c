"""A Chromium of which a part stands still or is gone heals: two pages do not come, then it is replaced."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

import psutil
import pytest
from eventually import eventually
from local_pages import NETWORK, RENDERER, ZYGOTE, LocalWeb, kill_parts, never, parts, pid_of

from lens_rx.clients.browser import chromium as chromium_module
from lens_rx.clients.browser import process as process_module
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.process import ChromiumProcess
from lens_rx.facts.errors import StageError, StageTimeout, UpstreamError

MakeBrowser = Callable[..., Awaitable[BrowserPool]]


@pytest.fixture(autouse=True)
def short_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a healthy Chromium less time; a loaded machine still answers within it."""
    monkeypatch.setattr(chromium_module, "HEALTH_SECONDS", 2.0)
    monkeypatch.setattr(chromium_module, "COMMAND_SECONDS", 2.0)
    monkeypatch.setattr(process_module, "WATCH_SECONDS", 0.1)


def zombies() -> set[int]:
    """Return the ended processes, below this one, that nobody waited for."""
    below = psutil.Process().children(recursive=True)
    return {it.pid for it in below if it.is_running() and it.status() == psutil.STATUS_ZOMBIE}


async def visit(browser: BrowserPool, local_web: LocalWeb, seconds: float = 1.0) -> int | None:
    """Return the status of a page in a tab, None where it did not come."""
    try:
        async with browser.tab() as tab:
            return await tab.goto(local_web.url("/"), seconds)
    except StageError:
        return None


async def visits_until_healed(browser: BrowserPool, local_web: LocalWeb) -> int:
    """Return how many visits failed before one succeeded."""
    async with asyncio.timeout(60):
        failures = 0
        while await visit(browser, local_web) is None:
            failures += 1
    return failures


@pytest.mark.parametrize("kind", [NETWORK, ZYGOTE])
async def test_a_stopped_part_costs_two_pages(make_browser: MakeBrowser, local_web: LocalWeb, kind: str):
    """Where a process of Chromium's is stopped (SIGSTOP), two pages fail, and no other after them."""
    browser = await make_browser(tabs=1, tab_uses=1, page_deadline_seconds=2.0)
    local_web.pages["/"] = "<p>page"
    assert await visit(browser, local_web, 5.0) == 200
    before = pid_of(browser)
    for process in parts(before, kind):
        process.send_signal(signal.SIGSTOP)
    failures = await visits_until_healed(browser, local_web)
    assert failures <= 2
    assert pid_of(browser) != before
    assert [await visit(browser, local_web, 5.0) for _ in range(2)] == [200, 200]


async def test_a_killed_zygote_leaves_no_zombies(make_browser: MakeBrowser, local_web: LocalWeb):
    """Without what starts its renderers a Chromium is replaced at once, and every process of it is reaped."""
    browser = await make_browser(tabs=2)
    local_web.pages |= {"/": "<p>page", "/never": never}
    before, had = pid_of(browser), zombies()
    async with browser.tab() as tab:
        waiting = asyncio.create_task(tab.goto(local_web.url("/never")))
        await eventually(lambda: "/never" in local_web.asked)
        kill_parts(before, ZYGOTE)
        with pytest.raises(UpstreamError):
            await waiting
    await eventually(lambda: browser.ready and pid_of(browser) != before)
    assert await visit(browser, local_web, 10.0) == 200
    await eventually(lambda: zombies() <= had)
    with pytest.raises(ProcessLookupError):
        os.killpg(before, 0)


async def test_orphans_are_reaped_while_chromium_lives(make_browser: MakeBrowser, local_web: LocalWeb):
    """A renderer that lost its zygote and ends is reaped before its Chromium is."""
    browser = await make_browser(tabs=1)
    local_web.pages["/"] = "<p>page"
    assert browser._chromium is not None
    browser._chromium._process._zygotes = []  # whose end is not noticed
    assert await visit(browser, local_web, 10.0) == 200
    had, orphans = zombies(), parts(pid_of(browser), RENDERER)
    assert orphans
    kill_parts(pid_of(browser), ZYGOTE)
    for orphan in orphans:
        orphan.kill()
    await eventually(lambda: not any(orphan.is_running() for orphan in orphans))
    assert {it.pid for it in orphans}.isdisjoint(zombies() - had)


async def test_a_chromium_killed_at_its_start_leaves_no_zombies(
    make_browser: MakeBrowser, local_web: LocalWeb, monkeypatch: pytest.MonkeyPatch
):
    """Crash handlers of a Chromium that was never ready are reaped by the next one."""
    had = zombies()
    monkeypatch.setattr(ChromiumProcess, "find_children", _not_found)
    browser = await make_browser(tabs=1)
    local_web.pages["/"] = "<p>page"
    assert await visit(browser, local_web, 10.0) == 200
    before = pid_of(browser)
    handlers = [it for it in psutil.Process().children() if it.name().startswith("chrome_crashpad")]
    assert handlers
    os.kill(before, signal.SIGKILL)
    await eventually(lambda: browser.ready and pid_of(browser) != before)
    assert await visit(browser, local_web, 10.0) == 200
    await eventually(lambda: not any(it.is_running() for it in handlers))
    await eventually(lambda: zombies() <= had)


async def _not_found(_: ChromiumProcess) -> None:
    """Know of no process that Chromium started."""


async def test_slow_sites_replace_nothing(make_browser: MakeBrowser, local_web: LocalWeb):
    """Many pages in a row that do not come for their site's fault cost no healthy Chromium."""
    browser = await make_browser(tabs=2)
    local_web.pages |= {"/never": never, "/": "<p>page"}
    before = pid_of(browser)
    for _ in range(4):
        async with browser.tab() as tab:
            with pytest.raises(StageTimeout):
                await tab.goto(local_web.url("/never"), 0.2)
    assert await visit(browser, local_web, 10.0) == 200
    assert pid_of(browser) == before
    assert browser._checking is not None
    await browser._checking
    assert browser.ready


async def test_one_that_opens_nothing_is_never_ready(
    make_browser: MakeBrowser, local_web: LocalWeb, monkeypatch: pytest.MonkeyPatch
):
    """A Chromium that starts, and answers, but opens no page is not said to be ready."""
    monkeypatch.setattr(chromium_module, "HEALTH_SECONDS", 0.5)
    monkeypatch.setattr("lens_rx.clients.browser.health_page._ANSWER", b"")
    with pytest.raises(UpstreamError, match="opens no page"):
        await make_browser()
    assert local_web.asked == []
