"""The pool: warm tabs that are reused, bounded and replaced, over a Chromium that may be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from eventually import eventually
from local_pages import RENDERER, LocalWeb, kill_parts, never, pid_of

from lens_rx.clients.browser import pool
from lens_rx.clients.browser.cdp_session import ConnectionLost
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.process import find_chromium
from lens_rx.clients.browser.profile_directory import DIRECTORY_PREFIX, remove_leftovers
from lens_rx.clients.browser.tab import Tab
from lens_rx.facts.errors import StageTimeout, UpstreamError
from lens_rx.settings import Settings

MakeBrowser = Callable[..., Awaitable[BrowserPool]]


def directories() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob(f"{DIRECTORY_PREFIX}*"))


@pytest.fixture
def own_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lay temporary things where no other Chromium of this machine writes."""
    # not pytest's own: the name of a Chromium's socket has to be short
    with tempfile.TemporaryDirectory(prefix="own-") as directory:
        monkeypatch.setattr(tempfile, "tempdir", directory)
        monkeypatch.setenv("TMPDIR", directory)
        yield


def ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_a_long_path_of_temporary_files_hinders_nothing(
    make_browser: MakeBrowser, local_web: LocalWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Where Chromium's socket would have too long a name among the temporary files, it is elsewhere."""
    place = tmp_path / ("long" * 20)
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    local_web.pages["/"] = "<p>page"
    browser = await make_browser(tabs=1)
    async with browser.tab() as tab:
        await tab.goto(local_web.url("/"))
    assert list(place.iterdir()) == []


async def test_a_tab_is_used_again_with_its_cookies(browser: BrowserPool, local_web: LocalWeb):
    """The next caller gets the warm tab of the last one, cookies and all, on an empty page."""
    local_web.pages["/"] = "<script>document.cookie='a=1'</script>"
    async with browser.tab() as first:
        await first.goto(local_web.url("/"))
    await eventually(lambda: browser.tabs() == {"idle": 1, "busy": 0})
    async with browser.tab() as second:
        assert second is first
        assert (second.uses, second.url) == (2, "about:blank")
        await second.goto(local_web.url("/"))
        assert await second.evaluate("() => document.cookie") == "a=1"


async def test_a_fresh_tab_has_no_cookies(browser: BrowserPool, local_web: LocalWeb):
    """A fresh session takes the place of a warm tab and knows nothing of it."""
    local_web.pages |= {"/": "<script>document.cookie='a=1'</script>", "/bare": "<p>bare"}
    async with browser.tab() as first:
        await first.goto(local_web.url("/"))
    await eventually(lambda: browser.tabs()["idle"] == 1)
    async with browser.tab(fresh=True) as second:
        await second.goto(local_web.url("/bare"))
        assert await second.evaluate("() => document.cookie") == ""
        assert browser.tabs() == {"idle": 0, "busy": 1}


async def test_a_tab_is_replaced_after_its_uses(make_browser: MakeBrowser, local_web: LocalWeb):
    """A tab that opened as many pages as the setting allows is closed, and another one comes."""
    browser = await make_browser(tabs=1, tab_uses=2)
    local_web.pages["/"] = "<p>page"
    seen = []
    for _ in range(4):
        async with browser.tab() as tab:
            await tab.goto(local_web.url("/"))
            seen.append(tab.target_id)
    assert seen[0] == seen[1] != seen[2] == seen[3]


async def test_no_more_tabs_than_allowed(browser: BrowserPool, local_web: LocalWeb):
    """Callers beyond the number of tabs wait for their turn, and all get one."""
    local_web.pages["/"] = "<p>page"
    most = 0

    async def visit() -> int:
        nonlocal most
        async with browser.tab() as tab:
            most = max(most, browser.tabs()["busy"])
            return await tab.goto(local_web.url("/"))

    assert await asyncio.gather(*(visit() for _ in range(6))) == [200] * 6
    assert most == 2
    await eventually(lambda: browser.tabs() == {"idle": 2, "busy": 0})


async def test_a_cancelled_caller_gives_its_tab_back(make_browser: MakeBrowser, local_web: LocalWeb):
    """A run that is cancelled in the middle of a page leaves the pool as large as it was."""
    browser = await make_browser(tabs=1)
    local_web.pages |= {"/never": never, "/": "<p>page"}

    async def visit(path: str) -> int:
        async with browser.tab() as tab:
            return await tab.goto(local_web.url(path))

    hanging = asyncio.create_task(visit("/never"))
    await eventually(lambda: "/never" in local_web.asked)
    hanging.cancel()
    assert await visit("/") == 200
    assert hanging.cancelled()


async def test_a_slow_site_costs_its_tab_alone(make_browser: MakeBrowser, local_web: LocalWeb):
    """A page that never comes misses its deadline; its tab is replaced, the browser stays."""
    browser = await make_browser()
    local_web.pages |= {"/never": never, "/": "<p>page"}
    before = pid_of(browser)
    async with browser.tab() as tab:
        with pytest.raises(StageTimeout):
            await tab.goto(local_web.url("/never"), 0.5)
    await eventually(lambda: browser.tabs() == {"idle": 0, "busy": 0})
    async with browser.tab() as other:
        assert await other.goto(local_web.url("/")) == 200
        assert other is not tab
    assert pid_of(browser) == before


async def test_a_killed_browser_is_replaced(browser: BrowserPool, local_web: LocalWeb):
    """Who was using a killed browser is told at once that it may try again, and then succeeds."""
    local_web.pages |= {"/never": never, "/": "<p>page"}
    before = pid_of(browser)
    async with browser.tab() as tab:
        going = asyncio.create_task(tab.goto(local_web.url("/never")))
        await eventually(lambda: "/never" in local_web.asked)
        os.kill(before, signal.SIGKILL)
        with pytest.raises(UpstreamError) as failure:
            await going
    assert failure.value.transient
    async with browser.tab() as tab:
        assert await tab.goto(local_web.url("/")) == 200
    assert browser.ready
    assert pid_of(browser) != before
    assert ended(before)


async def test_a_killed_renderer_costs_its_tab_alone(browser: BrowserPool, local_web: LocalWeb):
    """A page whose process is killed fails at once, not for ever; the browser stays."""
    local_web.pages["/"] = "<p>page"
    before = pid_of(browser)
    async with browser.tab() as tab:
        await tab.goto(local_web.url("/"))
        waiting = asyncio.create_task(tab.evaluate("() => new Promise(() => {})"))
        await asyncio.sleep(0.1)
        kill_parts(before, RENDERER)
        with pytest.raises(UpstreamError) as failure:
            await waiting
    assert failure.value.transient
    async with browser.tab() as other:
        assert other is not tab
        assert await other.goto(local_web.url("/")) == 200
    assert pid_of(browser) == before


async def test_a_stopped_browser_is_killed_and_replaced(
    make_browser: MakeBrowser, local_web: LocalWeb, monkeypatch: pytest.MonkeyPatch
):
    """A browser that answers nothing any more misses a deadline, is killed, and another one comes."""
    browser = await make_browser()
    local_web.pages["/"] = "<p>page"
    before = pid_of(browser)
    async with browser.tab() as tab:
        os.killpg(before, signal.SIGSTOP)
        monkeypatch.setattr("lens_rx.clients.browser.chromium.COMMAND_SECONDS", 0.5)
        with pytest.raises(StageTimeout):
            await tab.goto(local_web.url("/"), 0.5)
    await eventually(lambda: ended(before))
    monkeypatch.undo()
    await eventually(lambda: browser.ready and pid_of(browser) != before)
    async with browser.tab() as tab:
        assert await tab.goto(local_web.url("/")) == 200
    assert ended(before)


async def test_a_chromium_that_does_not_start_is_said_and_tried_again(
    make_browser: MakeBrowser, local_web: LocalWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """After three failures callers are told what to do; once Chromium starts, all is well."""
    monkeypatch.setattr(pool, "RESTART_PAUSE_SECONDS", 0.5)
    program, count = tmp_path / "chromium", tmp_path / "count"
    program.write_text(
        f'#!/bin/sh\necho x >> {count}\n[ "$(wc -l < {count})" -gt 3 ] || exit 1\nexec {find_chromium(None)} "$@"\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    local_web.pages["/"] = "<p>page"
    browser = BrowserPool(Settings(chromium=str(program)), local_web.world)
    try:
        with pytest.raises(UpstreamError, match="ended at its start"):
            await browser.start()
        assert not browser.ready
        with pytest.raises(UpstreamError):
            async with browser.tab():
                pass
        await eventually(lambda: browser.ready)
        async with browser.tab() as tab:
            assert await tab.goto(local_web.url("/")) == 200
    finally:
        await browser.aclose()


@pytest.mark.parametrize(
    ("configured", "words"), [("/no/chromium", "LENS_RX_CHROMIUM"), (None, "apt install")]
)
def test_a_missing_chromium_is_said(configured: str | None, words: str, monkeypatch: pytest.MonkeyPatch):
    """Where there is no Chromium, the words say how to get one or where to name it."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UpstreamError, match=words):
        find_chromium(configured)


@pytest.mark.usefixtures("own_place")
async def test_nothing_is_left_behind(make_browser: MakeBrowser, local_web: LocalWeb):
    """After the end there is no process, no zombie and no directory of Chromium's."""
    before = set(psutil.Process().children(recursive=True))
    browser = await make_browser()
    local_web.pages["/"] = "<p>page"
    async with browser.tab() as tab:
        await tab.goto(local_web.url("/"))
    processes = set(psutil.Process().children(recursive=True)) - before
    assert len(processes) > 3
    assert len(directories()) == 1
    await browser.aclose()
    assert set(psutil.Process().children(recursive=True)) <= before
    assert directories() == set()
    assert not browser.ready


async def test_a_closed_browser_tells_who_still_waits(make_browser: MakeBrowser, local_web: LocalWeb):
    """Whoever uses or waits for a tab when all is closed fails at once instead of waiting."""
    browser = await make_browser(tabs=1)
    local_web.pages["/never"] = never

    async def visit() -> None:
        async with browser.tab() as tab:
            await tab.goto(local_web.url("/never"))

    visits = [asyncio.create_task(visit()) for _ in range(2)]
    await eventually(lambda: "/never" in local_web.asked)
    await browser.aclose()
    ends = await asyncio.gather(*visits, return_exceptions=True)
    assert [type(end) for end in ends] == [UpstreamError, UpstreamError]


@pytest.mark.usefixtures("own_place")
async def test_leftovers_of_a_dead_run_are_cleared(local_web: LocalWeb):
    """Chromium outlives a run that is killed; the next start ends it and removes its directory."""
    script = (
        "import asyncio\nfrom lens_rx.clients.browser.pool import BrowserPool\nfrom lens_rx.settings import Settings\n"
        "from lens_rx.clients.endpoints import Endpoints, Route\n"
        "async def main():\n b = BrowserPool(Settings(), Endpoints(route=Route('.pages.test', '127.0.0.1', 9)))\n"
        " await b.start()\n print(b._chromium.pid, flush=True)\n await asyncio.sleep(60)\nasyncio.run(main())\n"
    )
    run = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=subprocess.PIPE)
    assert run.stdout is not None
    while not (line := await run.stdout.readline()).strip().isdigit():
        assert line
    chromium = psutil.Process(int(line))
    run.kill()
    await run.wait()
    assert chromium.is_running()
    assert await asyncio.to_thread(remove_leftovers) == 1
    await eventually(lambda: ended(chromium.pid))
    assert directories() == set()


MOVING = "<p>first</p><script>SCRIPT; setInterval(() => { location.href = '/again?' + Math.random(); }, 30)</script>"


@pytest.mark.parametrize(
    ("script", "all_stop"), [("", True), ("clearTimeout = clearInterval = document.open = () => 0", False)]
)
async def test_a_tab_is_handed_on_to_who_waits(
    make_browser: MakeBrowser,
    local_web: LocalWeb,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    all_stop: bool,
):
    """The next page takes the place of the last one; one that does not let itself be stopped is left by an empty page."""
    moving = MOVING.replace("SCRIPT", script)
    local_web.pages |= {"/first": moving, "/again": moving, "/second": "<p>second</p>"}
    browser = await make_browser(tabs=1)
    ended: list[str] = []
    reset, stop = Tab.reset, Tab.stop

    async def recorded_reset(tab: Tab, seconds: float) -> None:
        ended.append("by an empty page")
        await reset(tab, seconds)

    async def recorded_stop(tab: Tab, seconds: float) -> bool:
        stopped = await stop(tab, seconds)
        if stopped:
            ended.append("by a stop")
        return stopped

    monkeypatch.setattr(Tab, "reset", recorded_reset)
    monkeypatch.setattr(Tab, "stop", recorded_stop)

    async def visit(path: str) -> int:
        async with browser.tab() as tab:
            await tab.goto(local_web.url(path))
            with suppress(ConnectionLost):  # the first page may go on before it is read
                return (await tab.html()).count("<p>second</p>")
            return 0

    paths = ("/first", "/second", "/second#part", "/first", "/second", "/first", "/second")
    assert await asyncio.gather(*map(visit, paths)) == [0, 1, 1, 0, 1, 0, 1]
    await eventually(lambda: browser.tabs() == {"idle": 1, "busy": 0}, 10)
    # each page is left in one way only; a page caught just as it goes on may be left by an empty one as well
    assert len(ended) <= len(paths)
    assert ended.count("by a stop") >= 3
    assert ended.count("by an empty page") >= (1 if all_stop else 4)


async def test_a_tab_that_hangs_is_not_handed_on(
    make_browser: MakeBrowser, local_web: LocalWeb, monkeypatch: pytest.MonkeyPatch
):
    """Who waits for a tab whose page does not answer gets another one."""
    monkeypatch.setattr("lens_rx.clients.browser.pool.HANDOVER_SECONDS", 0.3)
    local_web.pages |= {"/first": "<p>first</p>", "/second": "<p>second</p>"}
    browser = await make_browser(tabs=1)

    async def hang() -> str:
        async with browser.tab() as tab:
            await tab.goto(local_web.url("/first"))
            await tab.evaluate("() => { setTimeout(() => { for (;;); }); }")
            return tab.target_id

    async def visit() -> str:
        async with browser.tab() as tab:
            await tab.goto(local_web.url("/second"))
            assert "second" in await tab.html()
            return tab.target_id

    first, second = await asyncio.gather(hang(), visit())
    assert first != second
