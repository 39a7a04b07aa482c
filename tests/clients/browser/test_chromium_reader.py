"""Pages and searches read in a real Chromium."""

from __future__ import annotations

import pytest
from aiohttp import web
from local_pages import LocalWeb

from lens_rx.clients.browser import page_waiter as browser_results
from lens_rx.clients.browser.chromium_reader import ChromiumReader
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.google.chromium_search import ChromiumSearch
from lens_rx.facts import TextBox
from lens_rx.facts.errors import Blocked, NoResults, PolicyError, UpstreamError
from lens_rx.settings import Settings

PRODUCT = """<h1>Waxed jacket</h1><p>A long text about a jacket that keeps the rain out, made of waxed cotton, with
four pockets and a collar of corduroy, which will be worn for many years and can be waxed again at home.</p>
<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<b id=price>129,00 €</b>'), 100)</script>"""
HIDDEN = """<p>seen</p><p hidden>one</p><p style="visibility:hidden">two</p><p style="opacity:0">three</p>
<p style="position:absolute;left:-9999px">four</p><p style="font-size:0">five</p>
<p style="color:#fff;background:#fff">six</p><p style="position:absolute;width:1px;height:1px;overflow:hidden">seven</p>
<div style="opacity:0"><p>eight</p></div><p style="clip-path:inset(50%)">nine</p><template>ten</template>
<p style="color:white;background:black">seen as well</p>"""
CONSENT = """<div id=q><p>We and our partners use cookies and data to deliver and maintain services, and, if you choose,
to show personalised content. You can change your mind at any time in the settings.</p>
<button onclick="q.remove();show()">Reject all</button><button>Accept all</button></div>
<script>function show() { document.body.innerHTML = `<h1>Jacket</h1>` + `<p>It keeps the rain out.</p>`.repeat(20) }</script>"""
SEARCH = """<div id=search><div><a href="https://brand.example/jacket"><h3>Jacket by Brand</h3></a><span>Wax</span></div>
<div><a href="https://shop.example/jacket"><h3>Jacket at a shop</h3></a></div></div>"""


def reader_on(browser: BrowserPool, local_web: LocalWeb) -> ChromiumReader:
    return ChromiumReader(browser, local_web.world, Settings())


def boxes_by_text(boxes: tuple[TextBox, ...]) -> dict[str, TextBox]:
    return {box.text: box for box in boxes}


async def test_a_page_is_read_as_its_scripts_leave_it(browser: BrowserPool, local_web: LocalWeb):
    """What a script adds shortly after is part of the page."""
    local_web.pages["/p"] = PRODUCT
    page = await reader_on(browser, local_web).read(local_web.url("/p"))
    assert "129,00" in page.html
    assert (page.status, page.url) == (200, local_web.url("/p"))


async def test_the_snapshot_tells_how_text_looks(browser: BrowserPool, local_web: LocalWeb):
    """Each run of text has its place, size, weight, and whether it is struck out."""
    local_web.pages["/p"] = (
        "<body style='margin:0'><div style='position:absolute;left:50px;top:70px;font:700 30px/40px monospace'>"
        "€ 59</div><del>old <span>€ 99</span></del>"
    )
    page = await reader_on(browser, local_web).read(local_web.url("/p"))
    assert page.snapshot is not None
    assert page.snapshot.viewport_width > 600
    boxes = boxes_by_text(page.snapshot.boxes)
    price = boxes["€ 59"]
    assert (price.left, price.font_px, price.weight, price.struck) == (50, 30, 700, False)
    assert 60 <= price.top < 80
    assert price.width > 50
    assert boxes["€ 99"].struck
    assert boxes["old"].struck


async def test_hidden_text_is_left_out(browser: BrowserPool, local_web: LocalWeb):
    """Text that nobody sees, however it is hidden, does not come into the snapshot."""
    local_web.pages["/p"] = HIDDEN
    page = await reader_on(browser, local_web).read(local_web.url("/p"))
    assert page.snapshot is not None
    assert [box.text for box in page.snapshot.boxes] == ["seen", "seen as well"]


async def test_a_question_for_consent_is_answered(browser: BrowserPool, local_web: LocalWeb):
    """A consent wall is not the content: it is answered, and what is behind it is read."""
    local_web.pages["/p"] = CONSENT
    page = await reader_on(browser, local_web).read(local_web.url("/p"))
    assert "<h1>Jacket</h1>" in page.html
    assert "Reject all" not in page.html.split("<script>")[0]


async def test_a_page_that_is_not_there_has_its_status(browser: BrowserPool, local_web: LocalWeb):
    """A 404 is a page like any other; a fault of the site is `UpstreamError` and may pass."""
    local_web.pages["/fault"] = broken
    reader = reader_on(browser, local_web)
    assert (await reader.read(local_web.url("/missing"))).status == 404
    with pytest.raises(UpstreamError) as failure:
        await reader.read(local_web.url("/fault"))
    assert failure.value.transient


async def broken(_: web.Request) -> web.StreamResponse:
    return web.Response(status=502, text="<p>Bad gateway", content_type="text/html")


async def test_a_wall_is_blocked_and_the_site_rests(browser: BrowserPool, local_web: LocalWeb):
    """A captcha instead of the page is said, and the site is not asked again for a while."""

    async def wall(_: web.Request) -> web.StreamResponse:
        text = "<title>Robot or human?</title><form id=captcha-form><div class=g-recaptcha></div></form>"
        return web.Response(text=text, content_type="text/html")

    local_web.pages |= {"/wall": wall, "/p": PRODUCT}
    reader = reader_on(browser, local_web)
    with pytest.raises(Blocked) as failure:
        await reader.read(local_web.url("/wall"))
    assert failure.value.wall == "captcha"
    with pytest.raises(Blocked, match="left alone"):
        await reader.read(local_web.url("/p"))
    assert "/p" not in local_web.asked


async def test_a_page_that_never_stands_still_is_read_as_it_is(
    browser: BrowserPool, local_web: LocalWeb, monkeypatch: pytest.MonkeyPatch
):
    """A page that changes for ever is watched for a while, then read."""
    monkeypatch.setattr("lens_rx.clients.browser.chromium_reader.SETTLE_SECONDS", 1.0)
    local_web.pages["/p"] = (
        PRODUCT + "<script>setInterval(()=>document.body.append(document.createElement('i')),20)</script>"
    )
    page = await reader_on(browser, local_web).read(local_web.url("/p"))
    assert "129,00" in page.html


async def test_private_pages_are_not_read(browser: BrowserPool, local_web: LocalWeb):
    """An address that is not public is refused before any site is asked."""
    with pytest.raises(PolicyError):
        await reader_on(browser, local_web).read("http://169.254.169.254/latest/meta-data")


async def test_a_search_finds_results(browser: BrowserPool, local_web: LocalWeb):
    """The organic results come in the engine's order, asked for the user's country."""
    seen: list[str] = []

    async def search(request: web.Request) -> web.StreamResponse:
        seen.append(request.rel_url.raw_query_string)
        return web.Response(text=f"<!doctype html><body>{SEARCH}", content_type="text/html")

    local_web.pages["/search"] = search
    engine = ChromiumSearch(browser, local_web.world, Settings())
    results = (await engine.search("brand jacket & more", "DE")).results
    assert [(result.title, result.link) for result in results] == [
        ("Jacket by Brand", "https://brand.example/jacket"),
        ("Jacket at a shop", "https://shop.example/jacket"),
    ]
    assert seen == ["q=brand+jacket+%26+more&hl=en&gl=de"]


async def test_a_search_without_results_is_empty(
    browser: BrowserPool, local_web: LocalWeb, monkeypatch: pytest.MonkeyPatch
):
    """Where the engine says that it found none, the search ends as `NoResults`."""
    monkeypatch.setattr(browser_results, "EMPTY_SECONDS", 0.5)
    local_web.pages["/search"] = (
        "<div id=search><p>Your search - <b>xyz</b> - did not match any documents.</p></div>"
    )
    with pytest.raises(NoResults):
        await ChromiumSearch(browser, local_web.world, Settings()).search("xyz", "")
