"""An empty document after a fault is no wall: the site is asked again, and rests for nobody."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from local_pages import NETWORK, LocalWeb, kill_parts, pid_of

from lens_rx.clients.browser import page_waiter
from lens_rx.clients.browser.page_waiter import PageWaiter
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.session_retry import with_session_retry
from lens_rx.clients.browser.tab import Tab
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.facts import Page
from lens_rx.facts.errors import Blocked, UpstreamError


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give an empty page up sooner than for a real site."""
    monkeypatch.setattr(page_waiter, "EMPTY_SECONDS", 0.3)


async def begin(request: web.Request) -> web.StreamResponse:
    """Send the head of a page, and nothing more for ever."""
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    await response.write(b"<!doctype html><title>t</title>")
    await asyncio.Event().wait()
    return response


async def cut(request: web.Request) -> web.StreamResponse:
    """Send the head of a page, and break off."""
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    await response.write(b"<!doctype html><title>t</title>")
    assert request.transport is not None
    request.transport.abort()
    return response


async def results(tab: Tab) -> Page:
    """Wait for entries that never come."""
    return await PageWaiter(tab, lambda _: (), 8.0, scrolls=False).page()


async def test_a_page_that_breaks_off_fails_at_once(browser: BrowserPool, local_web: LocalWeb):
    """A site that breaks off in its document costs no deadline, is no wall, and the tab goes on."""
    local_web.pages |= {"/cut": cut, "/": "<p>page"}
    async with browser.tab() as tab:
        with pytest.raises(UpstreamError, match="broke off") as failure:
            await tab.goto(local_web.url("/cut"))
        assert failure.value.transient
        assert (tab.tainted, tab.unanswered) == (False, False)
        assert await tab.goto(local_web.url("/")) == 200


async def test_an_empty_document_after_a_killed_network_is_no_wall(browser: BrowserPool, local_web: LocalWeb):
    """Where the network process dies under a results page, the host does not rest, and the failure may pass."""
    local_web.pages |= {"/": "<p>page <a href=/search>go</a>", "/search": begin}
    cooldown, url = HostCooldown(60), local_web.url("/search")

    async def visit(tab: Tab) -> Page:
        # the page before was answered with 200: that says nothing of the next one
        await tab.goto(local_web.url("/"))
        await tab.click("() => document.querySelector('a')")
        await tab.wait_until("() => document.title === 't'")
        kill_parts(pid_of(browser), NETWORK)
        return await results(tab)

    with pytest.raises(UpstreamError) as failure:
        await with_session_retry(browser, cooldown, url, visit)
    assert failure.value.transient
    assert not isinstance(failure.value, Blocked)
    cooldown.check(url)


async def test_a_script_that_empties_the_page_later_is_judged_by_its_own_answer(
    browser: BrowserPool, local_web: LocalWeb
):
    """A document that no server sent is not judged by the answer to the one before."""
    local_web.pages["/"] = "<script>setTimeout(() => location = 'about:blank', 50)</script>"
    async with browser.tab() as tab:
        assert await tab.goto(local_web.url("/")) == 200
        await tab.wait_until("() => location.href === 'about:blank'")
        assert tab.document_status == 0
        with pytest.raises(UpstreamError, match="did not answer with a page"):
            await results(tab)


async def test_an_empty_answer_of_the_site_is_still_a_wall(browser: BrowserPool, local_web: LocalWeb):
    """An empty document that the site itself sent, whole and with 200, is the degraded page that it was."""
    local_web.pages["/search"] = "<script>document.title</script>"
    async with browser.tab() as tab:
        await tab.goto(local_web.url("/search"))
        with pytest.raises(Blocked) as wall:
            await results(tab)
    assert wall.value.wall == "shell"
