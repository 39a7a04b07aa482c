"""What a tab does with whatever pages throw at it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from local_pages import LocalWeb, never

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.tab import Tab
from lens_rx.facts.errors import PolicyError, StageTimeout, UpstreamError
from lens_rx.settings import Settings

MakeBrowser = Callable[..., Awaitable[BrowserPool]]

FILE_INPUT = "() => document.querySelector('input[type=file]')"


async def page_targets(browser: BrowserPool) -> int:
    assert browser._chromium is not None
    targets = await browser._chromium._call("Target.getTargets")
    return sum(target["type"] == "page" and "/pop" in target["url"] for target in targets["targetInfos"])


async def test_dialogs_are_dismissed(browser: BrowserPool, local_web: LocalWeb):
    """A page that alerts, confirms and prompts goes on as if the user had closed each."""
    local_web.pages["/"] = (
        "<script>alert(1);window.said=[confirm('?'),prompt('?')];onbeforeunload=e=>e.preventDefault()</script>"
    )
    local_web.pages["/next"] = "<p>next"
    async with browser.tab() as tab:
        await tab.goto(local_web.url("/"))
        assert await tab.evaluate("() => window.said") == [False, None]
        assert await tab.click("() => document.body") is True
        assert await tab.goto(local_web.url("/next")) == 200


async def test_pop_ups_are_closed(browser: BrowserPool, local_web: LocalWeb):
    """Windows that a page opens beside itself are closed; the tab stays where it is."""
    local_web.pages |= {
        "/": "<a href='/pop2' target=_blank rel=noopener>x</a><script>window.open('/pop1')</script>",
        "/pop1": never,
        "/pop2": "<p>pop",
    }
    async with browser.tab() as tab:
        await tab.goto(local_web.url("/"))
        assert await tab.click("() => document.querySelector('a')")
        async with asyncio.timeout(5):
            while "/pop2" not in local_web.asked or await page_targets(browser):
                await asyncio.sleep(0.05)
        assert tab.url == local_web.url("/")


async def test_downloads_are_denied(browser: BrowserPool, local_web: LocalWeb):
    """An address that leads to a file is refused, nothing of it is kept, and the tab can go on."""

    async def file(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 9, headers={"Content-Disposition": "attachment; filename=secret.bin"})

    local_web.pages |= {"/file": file, "/": "<p>page"}
    async with browser.tab() as tab:
        with pytest.raises(PolicyError, match="file"):
            await tab.goto(local_web.url("/file"))
        assert await tab.goto(local_web.url("/")) == 200
    assert browser._chromium is not None
    assert not list(browser._chromium._process._directory.rglob("*secret*"))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "data:text/html,x",
        "view-source:http://a.test/",
        "chrome://version",
        "http://10.0.0.1/",
    ],
)
async def test_other_addresses_are_refused(browser: BrowserPool, url: str):
    """Only public http and https addresses are opened."""
    async with browser.tab() as tab:
        with pytest.raises(PolicyError):
            await tab.goto(url)


async def test_statuses_are_told(browser: BrowserPool, local_web: LocalWeb):
    """A page has the status that its server gave; an answer without content is a fault of the site."""

    async def fault(_: web.Request) -> web.Response:
        return web.Response(status=503)

    local_web.pages |= {"/": "<p>page", "/fault": fault}
    async with browser.tab() as tab:
        assert await tab.goto(local_web.url("/")) == 200
        assert await tab.goto(local_web.url("/missing")) == 404
        with pytest.raises(UpstreamError, match="503") as failure:
            await tab.goto(local_web.url("/fault"))
        assert failure.value.transient
        with pytest.raises(UpstreamError, match=r"^elsewhere\.example cannot be reached"):
            await tab.goto("http://elsewhere.example/")


async def test_a_page_that_never_ends_misses_its_deadline(browser: BrowserPool, local_web: LocalWeb):
    """A document that drips for ever is given up, and its tab with it."""

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while True:
            await response.write(b"<p>more")
            await asyncio.sleep(0.05)

    local_web.pages["/"] = drip
    async with browser.tab() as tab:
        with pytest.raises(StageTimeout):
            await tab.goto(local_web.url("/"), 1.0)
        assert tab.tainted


@pytest.mark.parametrize(("media", "asked"), [(False, 0), (True, 1)])
async def test_pictures_are_loaded_where_wanted(
    make_browser: MakeBrowser, local_web: LocalWeb, media: bool, asked: int
):
    """Pictures that nobody looks at are not asked for, unless the setting wants them."""
    browser = await make_browser(media=media)
    local_web.pages["/"] = "<img src='/picture.png'><script>onload=()=>{window.loaded=1}</script>"
    async with browser.tab() as tab:
        await tab.goto(local_web.url("/"))
        await tab.wait_until("() => window.loaded")
    assert local_web.asked.count("/picture.png") == asked


async def opened(tab: Tab, local_web: LocalWeb, page: str) -> None:
    local_web.pages["/"] = page
    await tab.goto(local_web.url("/"))


READ_FILE = (
    "<script>oninput=async e=>{window.read=e.target.files[0].name+await e.target.files[0].text()}</script>"
)


async def test_a_file_is_given_to_an_input(browser: BrowserPool, local_web: LocalWeb, tmp_path: Path):
    """A photo reaches a hidden input, and the page sees it as if a user had chosen it."""
    (tmp_path / "photo.txt").write_text("pixels")
    async with browser.tab() as tab:
        await opened(tab, local_web, f"<input type=file style='display:none'>{READ_FILE}")
        assert await tab.upload(tmp_path / "photo.txt", FILE_INPUT)
        assert await tab.wait_until("() => window.read") == "photo.txtpixels"


async def test_a_file_is_given_to_a_chooser(browser: BrowserPool, local_web: LocalWeb, tmp_path: Path):
    """A photo reaches a file chooser whose input stands nowhere in the document."""
    (tmp_path / "photo.txt").write_text("pixels")
    async with browser.tab() as tab:
        page = (
            "<button onclick=\"const i=document.createElement('input');i.type='file';"
            'i.oninput=window.oninput;i.click()">choose</button>'
        )
        await opened(tab, local_web, READ_FILE + page)
        assert not await tab.upload(tmp_path / "photo.txt", FILE_INPUT)
        await tab.click("() => document.querySelector('button')")
        await tab.wait_for_chooser(FILE_INPUT)
        assert await tab.upload(tmp_path / "photo.txt", FILE_INPUT)
        assert await tab.wait_until("() => window.read") == "photo.txtpixels"


async def test_waiting_goes_on_across_navigations(browser: BrowserPool, local_web: LocalWeb):
    """What is waited for may come on the page after the next one."""
    local_web.pages |= {
        "/": "<script>setTimeout(()=>location='/b',100)</script>",
        "/b": "<script>setTimeout(()=>location='/c',100)</script>",
        "/c": "<script>window.here=1</script>",
    }
    async with browser.tab() as tab:
        await tab.goto(local_web.url("/"))
        assert await tab.wait_until("() => window.here") == 1
        assert tab.url == local_web.url("/c")
        with pytest.raises(StageTimeout):
            await tab.wait_until("() => false", seconds=0.5)
        assert not tab.tainted


async def test_a_page_is_cut_after_so_many_characters(make_browser: MakeBrowser, local_web: LocalWeb):
    """However large a page is, no more of it is read than the setting says."""
    browser = await make_browser(page_bytes=1000)
    async with browser.tab() as tab:
        await opened(tab, local_web, "x" * 3_000_000)
        assert len(await tab.html()) == 1000


async def test_a_hung_script_misses_its_deadline(browser: BrowserPool, local_web: LocalWeb):
    """A page that keeps its process busy for ever is given up, and the pool goes on."""
    local_web.pages["/"] = "<p>page"
    async with browser.tab() as tab:
        await tab.goto(local_web.url("/"))
        with pytest.raises(StageTimeout):
            await tab.evaluate("() => { for (;;); }", seconds=0.5)
    async with browser.tab() as other:
        assert await other.goto(local_web.url("/")) == 200


async def test_a_failing_script_is_a_typed_failure(browser: BrowserPool, local_web: LocalWeb):
    """What a page's script throws comes out as `UpstreamError`, and is no reason to throw the tab away."""
    async with browser.tab() as tab:
        await opened(tab, local_web, "<p>page")
        with pytest.raises(UpstreamError):
            await tab.evaluate("() => { throw new Error('x') }")
        assert not tab.tainted


class VanishingSession:
    """A session whose browser is lost while it answers, as one that is closed at that moment."""

    def __init__(self) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.tab: Tab | None = None

    def on(self, event: str, handler: Callable[[dict[str, Any]], None]) -> None: ...

    def mark_lost(self) -> None:
        if not self.lost.done():
            self.lost.set_result(None)

    async def call(self, *_: object, **__: object) -> dict[str, Any]:
        assert self.tab
        self.tab.mark_lost()
        return {"loaderId": "1"}


async def test_a_tab_that_is_lost_while_it_is_emptied_is_not_waited_for():
    """What is expected of a page does not come any more: the call fails at once, not at its deadline."""
    session = VanishingSession()
    session.tab = Tab(session, "target", "context", Settings(), None)  # type: ignore[arg-type]
    async with asyncio.timeout(5):
        with pytest.raises(UpstreamError, match="lost on the way"):
            await session.tab.reset(60.0)
