"""Chromium reaches public addresses alone, whatever a page tells it to open."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from eventually import eventually
from local_pages import LocalWeb, Names

from lens_rx.clients.browser.egress_proxy import EgressProxy
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.facts.errors import PolicyError, UpstreamError


async def test_a_public_page_is_read_through_the_guard(live_browser: BrowserPool, local_web: LocalWeb):
    """Pages come through whole, also large ones, and names are looked up by the guard alone."""
    local_web.pages["/"] = "x" * 3_000_000
    async with live_browser.tab() as tab:
        assert await tab.goto("http://public.example/") == 200
        assert len(await tab.html()) > 3_000_000


@pytest.mark.parametrize(
    "url",
    [
        "http://private.example/",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://[::ffff:169.254.169.254]/",
        "http://public.example:8080/",
        "http://user@public.example/",
    ],
)
async def test_private_addresses_are_refused(live_browser: BrowserPool, local_web: LocalWeb, url: str):
    """A private address is refused, however it is written and whoever gave its name."""
    async with live_browser.tab() as tab:
        with pytest.raises(PolicyError):
            await tab.goto(url)
    assert "/" not in local_web.asked


async def test_what_a_page_opens_is_guarded_too(live_browser: BrowserPool, local_web: LocalWeb, names: Names):
    """A redirect, a frame and a request of a page's script end at the guard as well."""
    port = local_web.port
    local_web.pages["/"] = (
        f"<iframe src='http://private.example/frame'></iframe><script>"
        f"fetch('http://127.0.0.1:{port}/secret',{{mode:'no-cors'}}).then(()=>window.end='in',()=>window.end='out')</script>"
    )
    local_web.pages["/go"] = "<script>location='http://private.example/'</script>"
    async with live_browser.tab() as tab:
        await tab.goto("http://public.example/")
        assert await tab.wait_until("() => window.end") == "out"
        await tab.goto("http://public.example/go")
        await eventually(lambda: tab.url.startswith("chrome-error:"), 5)
    assert not {"/secret", "/frame"} & set(local_web.asked)
    assert "private.example" in names.asked


async def test_a_host_that_is_nowhere_is_no_refusal(live_browser: BrowserPool):
    """A name that leads nowhere is a fault of the site, which may pass."""
    async with live_browser.tab() as tab:
        with pytest.raises(UpstreamError) as failure:
            await tab.goto("http://nowhere.example/")
    assert failure.value.transient


@pytest.mark.parametrize(
    "greeting", [b"GET / HTTP/1.1\r\n\r\n", b"\x04\x01\x00P", b"\x05\x01\x00\x05\x02\x00\x01\0\0\0\0\0P", b""]
)
async def test_nonsense_ends_the_line(names: Names, greeting: bytes):
    """Whatever else connects to the guard is cut off, and the guard goes on."""
    guard = EgressProxy(names)
    await guard.start()
    host, port = guard.address.removeprefix("socks5://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(greeting)
    if not greeting:
        writer.write_eof()
    async with asyncio.timeout(5):
        with contextlib.suppress(ConnectionResetError):
            assert b"\x00\x00\x00\x01" not in await reader.read()
    writer.close()
    await guard.aclose()
    assert names.asked == []
