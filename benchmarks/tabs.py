"""Pages a second in warm, reused tabs relative to a new tab for each page.

    python benchmarks/tabs.py [--pages 60]

Each page is small and has a style, a script that renders its content, and twelve images. Both ways use the same number
of tabs, the same Chromium and no images; the second opens and closes a session for every page.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from aiohttp import web
from tools.figures import report
from tools.service import describe_machine

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.endpoints import Endpoints, Route
from lens_rx.settings import Settings

SUFFIX = ".bench.test"
TABS = 4
PAGE = """<!doctype html><title>page</title><style>p{{margin:2px}}</style><main></main>{}<script>
for (let n = 0; n < 200; n++) document.querySelector('main').insertAdjacentHTML('beforeend', `<p>line ${{n}}</p>`);
</script>""".format("".join(f"<img src='/{n}.png' width=40 height=40>" for n in range(12)))


async def serve_pages() -> tuple[web.AppRunner, int]:
    """Start the server of the pages; return its runner and port."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


async def measure_pages_a_second(endpoints: Endpoints, pages: int, tab_uses: int) -> tuple[float, str]:
    """Return pages a second after a warm-up, and Chromium's version."""
    browser = BrowserPool(Settings(tabs=TABS, tab_uses=tab_uses), endpoints)
    await browser.start()

    async def visit(number: int) -> None:
        async with browser.tab() as tab:
            await tab.goto(f"http://www{SUFFIX}/{number}")
            assert "line 199" in await tab.html()

    try:
        await asyncio.gather(*(visit(number) for number in range(TABS)))
        started_at = time.perf_counter()
        await asyncio.gather(*(visit(number) for number in range(pages)))
        return pages / (time.perf_counter() - started_at), browser.version()
    finally:
        await browser.aclose()


async def main(pages: int) -> None:
    """Print both figures and their ratio."""
    runner, port = await serve_pages()
    endpoints = Endpoints(route=Route(SUFFIX, "127.0.0.1", port))
    warm, version = await measure_pages_a_second(endpoints, pages, tab_uses=10_000)
    fresh, _ = await measure_pages_a_second(endpoints, pages, tab_uses=1)
    await runner.cleanup()
    print(f"{version}; {describe_machine()}; {TABS} tabs, {pages} pages each way")
    title = f"pages a second in {TABS} warm tabs, used again"
    report(title, warm, "a second", peer="a fresh tab for each page", ratios=[warm / fresh])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=60, help="pages each way")
    asyncio.run(main(parser.parse_args().pages))
