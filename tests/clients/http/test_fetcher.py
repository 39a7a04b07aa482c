from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from lens_rx.clients.endpoints import Endpoints, Route
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.clients.http.fetcher import HttpFetcher
from lens_rx.clients.http.page_client import MAX_COOKIES
from lens_rx.clients.http.resolver import PublicResolver
from lens_rx.facts import PageKind
from lens_rx.facts.errors import Blocked, PolicyError, StageTimeout, UpstreamError
from lens_rx.parsing.html.urls import host_of
from lens_rx.parsing.product.reader import product_from_html
from lens_rx.sandbox.endpoints import sandbox_endpoints
from lens_rx.settings import Settings

SHOP = "http://shop.sandbox.test"
PROSE = "<p>The oak chair is turned by hand, and it rests for a year before it is sold to anybody.</p>" * 4
PAGE = f"<html><head><title>Oak chair</title></head><body><h1>Oak chair</h1>{PROSE}</body></html>"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Shop:
    """A real server whose one handler a test sets; remembers what it was asked."""

    def __init__(self) -> None:
        self.handler: Handler = healthy
        self.asked: list[web.Request] = []
        self.world = Endpoints()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        return await self.handler(request)

    def answers(self, body: str | bytes = PAGE, status: int = 200, **headers: str) -> None:
        async def handler(request: web.Request) -> web.StreamResponse:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            content = body.encode() if isinstance(body, str) else body
            return web.Response(body=content, status=status, headers={"Content-Type": "text/html", **named})

        self.handler = handler


async def healthy(request: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    shop = Shop()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", shop.handle)
    async with TestServer(application) as server:
        assert server.port is not None
        shop.world = sandbox_endpoints(server.port, "1")
        yield shop


@pytest.fixture
async def fetch(shop: Shop) -> AsyncIterator[HttpFetcher]:
    async with reading(shop) as fetch:
        yield fetch


def reading(shop: Shop, rest: HostCooldown | None = None, **settings: Any) -> HttpFetcher:
    return HttpFetcher(Settings(**settings), shop.world, rest)


async def test_page(shop: Shop, fetch: HttpFetcher):
    """A page is returned as it came, with its address and status."""
    page = await fetch.read(f"{SHOP}/p/1?a=b#here")
    assert (page.url, page.html, page.status) == (f"{SHOP}/p/1?a=b", PAGE, 200)
    assert shop.asked[0].host == "shop.sandbox.test"


async def test_stand_in(shop: Shop, fetch: HttpFetcher):
    """In the sandbox a marketplace's address leads to its stand-in."""
    page = await fetch.read("https://www.ebay.de/itm/1")
    assert page.url == shop.world.resolve("https://www.ebay.de/itm/1")
    assert (shop.asked[0].host or "").endswith(".sandbox.test")


async def test_headers(shop: Shop, fetch: HttpFetcher):
    """We come as an ordinary browser that speaks the language of the country."""
    async with reading(shop, country="FR") as french:
        await french.read(f"{SHOP}/")
    headers = shop.asked[0].headers
    assert headers["User-Agent"].startswith("Mozilla/5.0")
    assert headers["Accept-Language"] == "fr-FR,fr;q=0.9,en;q=0.8"
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert "aiohttp" not in str(headers)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://localhost/",
        "file:///etc/passwd",
        "http://a\\@b/",
        "http://[",
    ],
)
async def test_private_address(shop: Shop, fetch: HttpFetcher, url: str):
    """An address that is not public is refused, and nobody is asked."""
    with pytest.raises(PolicyError):
        await fetch.read(url)
    assert not shop.asked


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "//localhost/",
        "http://u@a.example/",
    ],
)
async def test_redirect_to_private(shop: Shop, fetch: HttpFetcher, location: str):
    """A redirect is checked as the first address was."""
    shop.answers(status=302, Location=location)
    with pytest.raises(PolicyError):
        await fetch.read(f"{SHOP}/")
    assert len(shop.asked) == 1


class Names(AbstractResolver):
    """Answers with the addresses that a test gives, one list a question."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._answers.pop(0)
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["10.0.0.1"], ["8.8.8.8", "192.168.0.1"], ["::1"]])
async def test_name_of_private_address(addresses: list[str]):
    """A public name that leads to a private address is refused."""
    async with HttpFetcher(Settings(), Endpoints(), resolver=Names(addresses)) as fetch:
        with pytest.raises(PolicyError):
            await fetch.read("http://rebind.example/")


async def test_rebinding():
    """What is connected to is what was checked: a name that answers otherwise later is checked again."""
    resolver = PublicResolver(resolver=Names(["8.8.8.8"], ["127.0.0.1"]))
    assert [result["host"] for result in await resolver.resolve("rebind.example", 80)] == ["8.8.8.8"]
    with pytest.raises(PolicyError):
        await resolver.resolve("rebind.example", 80)


async def test_routed_names_alone():
    """Only the sandbox's names lead to the sandbox's place."""
    resolver = PublicResolver(Route(".sandbox.test", "127.0.0.1", 4711), Names(["127.0.0.1"]))
    [found] = await resolver.resolve("lens.sandbox.test", 80)
    assert (found["host"], found["port"]) == ("127.0.0.1", 4711)
    with pytest.raises(PolicyError):
        await resolver.resolve("sandbox.test.example", 80)


async def test_redirects(shop: Shop, fetch: HttpFetcher):
    """Up to five redirects are followed, relative ones too, with the cookies of the way."""

    async def handler(request: web.Request) -> web.StreamResponse:
        step = int(request.path.strip("/") or 0)
        if step == 5:
            assert request.cookies == {f"at{n}": "x" for n in range(5)}
            return await healthy(request)
        response = web.Response(status=(301, 302, 303, 307, 308)[step], headers={"Location": f"/{step + 1}"})
        response.set_cookie(f"at{step}", "x")
        return response

    shop.handler = handler
    page = await fetch.read(f"{SHOP}/")
    assert page.url == f"{SHOP}/5"


@pytest.mark.parametrize("there", ["/", "/{n}"])
async def test_redirect_loop(shop: Shop, fetch: HttpFetcher, there: str):
    """A site that redirects for ever is given up after five times, as broken."""

    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": there.format(n=len(shop.asked))})

    shop.handler = handler
    with pytest.raises(UpstreamError, match="circle" if there == "/" else "too often"):
        await fetch.read(f"{SHOP}/")
    assert len(shop.asked) == 6


async def test_slow_drip(shop: Shop):
    """The deadline is one for the whole page, however slowly it drips."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while True:
            await response.write(b"<p>")
            await asyncio.sleep(0.02)

    shop.handler = handler
    async with reading(shop, page_deadline_seconds=0.3) as fetch:
        with pytest.raises(StageTimeout):
            await fetch.read(f"{SHOP}/")


async def test_hang(shop: Shop):
    """A site that never answers misses the deadline."""

    async def handler(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    shop.handler = handler
    async with reading(shop, page_deadline_seconds=0.2) as fetch:
        with pytest.raises(StageTimeout):
            await fetch.read(f"{SHOP}/")


@pytest.mark.parametrize("packing", ["", "gzip", "deflate", "length"])
async def test_too_large(shop: Shop, packing: str):
    """A page above the cap is refused, packed or not, announced or not, and is not kept in memory."""
    body = b"<p>" + b" " * 3_000_000
    packed = {"gzip": gzip.compress, "deflate": zlib.compress}.get(packing, bytes)(body)

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        if packing == "length":
            response.content_length = len(packed)
        else:
            response.headers["Content-Encoding"] = packing or "identity"
            response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(packed)
        return response

    shop.handler = handler
    async with reading(shop, page_bytes=1_000_000) as fetch:
        with pytest.raises(PolicyError, match="larger"):
            await fetch.read(f"{SHOP}/")


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda body: zlib.compress(body)[2:-4]])
async def test_packed(shop: Shop, fetch: HttpFetcher, pack: Callable[[bytes], bytes]):
    """A packed page is unpacked: gzip, deflate, and deflate as some servers misread it."""
    packed = pack(PAGE.encode())
    shop.answers(packed, Content_Encoding="gzip" if packed[:2] == b"\x1f\x8b" else "deflate")
    assert (await fetch.read(f"{SHOP}/")).html == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "br"])
async def test_bad_packing(shop: Shop, fetch: HttpFetcher, encoding: str):
    """A page that cannot be unpacked is broken."""
    shop.answers(b"this is not packed at all", Content_Encoding=encoding)
    with pytest.raises(UpstreamError):
        await fetch.read(f"{SHOP}/")


@pytest.mark.parametrize(
    ("body", "media"),
    [
        ("Stühle 99 €".encode(), "text/html"),
        ("Stühle 99 €".encode(), "text/html; charset=utf-8"),
        ("Stühle 99 €".encode(), "text/html; charset=iso-8859-1"),
        ("Stühle 99 €".encode("cp1252"), "text/html; charset=iso-8859-1"),
        ("Stühle 99 €".encode("cp1252"), "text/html; charset=utf-8"),
        ("Stühle 99 €".encode("cp1252"), "text/html; charset=no-such"),
        ('<meta charset="windows-1252">Stühle 99 €'.encode("cp1252"), "text/html"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-15">Stühle 99 €'.encode(
                "iso-8859-15"
            ),
            "text/html",
        ),
        ("\ufeffStühle 99 €".encode(), "text/html; charset=iso-8859-1"),
        ("\ufeffStühle 99 €".encode("utf-16-le"), "text/html"),
        ("Stühle 99 €".encode("utf-16"), "text/html; charset=utf-16"),
    ],
)
async def test_charset(shop: Shop, fetch: HttpFetcher, body: bytes, media: str):
    """A page is decoded by its mark, its header or its own word, and a wrong word is seen through."""
    shop.answers(body, Content_Type=media)
    assert "Stühle 99 €" in (await fetch.read(f"{SHOP}/")).html


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("椅子 12,800円", "shift_jis"),
        ("椅子 12,800円", "euc-jp"),
        ("椅子 12,800円", "iso-2022-jp"),
        ("стул 990 руб", "windows-1251"),
        ("의자 9,900원", "euc-kr"),
        ("椅子 ¥990", "gb2312"),
    ],
)
async def test_foreign_charset(shop: Shop, fetch: HttpFetcher, text: str, charset: str):
    """Pages of other alphabets are decoded by their own word."""
    shop.answers(
        f'<html><head><meta charset="{charset}"></head><body>{text}{PROSE}'.encode(charset, "replace")
    )
    assert text.replace("¥", "") in (await fetch.read(f"{SHOP}/")).html.replace("¥", "").replace("?", "")


@pytest.mark.parametrize("media", ["application/pdf", "image/jpeg", "application/octet-stream"])
async def test_no_text(shop: Shop, fetch: HttpFetcher, media: str):
    """What is no text is an empty page, which the product's parser calls no HTML."""
    shop.answers(b"%PDF-1.7 ...", Content_Type=media)
    page = await fetch.read(f"{SHOP}/manual")
    assert (page.html, page.status) == ("", 200)
    assert product_from_html(page.html, page.url).kind is PageKind.NOT_HTML


async def test_not_found(shop: Shop, fetch: HttpFetcher):
    """A page that is not there comes with its status."""
    shop.answers("<html><body><h1>Not found</h1></body></html>", status=404)
    assert (await fetch.read(f"{SHOP}/p/9")).status == 404


async def test_fault(shop: Shop, fetch: HttpFetcher):
    """A fault of the site may pass."""
    shop.answers("<html><body><h1>Internal error</h1></body></html>", status=500)
    with pytest.raises(UpstreamError) as raised:
        await fetch.read(f"{SHOP}/")
    assert raised.value.transient


async def test_cut_line(shop: Shop, fetch: HttpFetcher):
    """A site that cuts the line is broken, in words that name it without an address of ours."""

    async def handler(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    shop.handler = handler
    with pytest.raises(UpstreamError) as raised:
        await fetch.read(f"{SHOP}/")
    assert raised.value.transient
    assert "127.0.0.1" not in str(raised.value)
    assert str(raised.value).startswith(host_of(SHOP))


async def test_wall_and_rest(shop: Shop):
    """A host that showed a wall is left alone, and only as long as the setting says."""
    now = [0.0]
    rest = HostCooldown(60, lambda: now[0])
    shop.answers('<html><body><form id="captcha-form" action="/x"></form></body></html>', status=429)
    async with reading(shop, rest) as fetch:
        for _ in range(3):
            with pytest.raises(Blocked) as raised:
                await fetch.read(f"{SHOP}/")
            assert raised.value.wall == "captcha"
        assert len(shop.asked) == 1
        shop.answers()
        await fetch.read("http://other.sandbox.test/")
        now[0] = 120.0
        await fetch.read(f"{SHOP}/")
    assert len(shop.asked) == 3


@pytest.mark.parametrize(
    ("body", "status", "wall"),
    [
        ('<html><body><div id="root"></div><script src="/app.js"></script></body></html>', 200, "shell"),
        (
            "<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>",
            403,
            "forbidden",
        ),
    ],
)
async def test_walls_for_plain_clients(shop: Shop, body: str, status: int, wall: str):
    """A wall that a browser may pass lets nobody rest: the browser, which shares the rest, still asks."""
    rest = HostCooldown(60)
    shop.answers(body, status)
    async with reading(shop, rest) as fetch:
        with pytest.raises(Blocked) as raised:
            await fetch.read(f"{SHOP}/app")
        assert raised.value.wall == wall
        rest.check(f"{SHOP}/app")
        shop.answers()
        assert (await fetch.read(f"{SHOP}/p")).html == PAGE


async def test_cookies_are_bounded(shop: Shop, fetch: HttpFetcher):
    """A site cannot fill our memory with cookies."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = await healthy(request)
        for n in range(90):
            response.set_cookie(f"c{n}", "x")
        return response

    shop.handler = handler
    for n in range(30):
        await fetch.read(f"http://shop{n}.sandbox.test/")
    assert fetch._pages._opened is not None
    assert len(fetch._pages._opened.cookie_jar) <= MAX_COOKIES + 90


async def test_many_at_once(shop: Shop, fetch: HttpFetcher):
    """Pages of many hosts are read side by side."""
    pages = await asyncio.gather(*(fetch.read(f"http://shop{n}.sandbox.test/{n}") for n in range(40)))
    assert [page.url for page in pages] == [f"http://shop{n}.sandbox.test/{n}" for n in range(40)]


async def test_cancelled(shop: Shop, fetch: HttpFetcher):
    """Who no longer wants a page gets rid of it at once, and the next page is read as ever."""
    entered = asyncio.Event()

    async def handler(request: web.Request) -> web.StreamResponse:
        entered.set()
        await asyncio.Event().wait()
        raise AssertionError

    shop.handler = handler
    task = asyncio.create_task(fetch.read(f"{SHOP}/"))
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    shop.answers()
    assert (await fetch.read(f"{SHOP}/")).status == 200
