"""Shop pages a second in four tabs of Chromium, beside playwright with four reused pages and selenium with four drivers.

    python benchmarks/shop_pages.py [--rounds 3] [--pages 60]

Everybody opens the same product pages of the practice web's shops in the same program of Chromium, waits for the parsed
document, takes its HTML, and loads no pictures, fonts and films: playwright by a route, as its documentation shows,
selenium by Chromium's preference. Each has its own cookies in each tab. All in turn, after a warm-up; each ratio is the
median of those of the rounds. The CPU time a page is that of the whole of Chromium and its driver, without the shops'.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from queue import Queue
from shutil import which
from time import perf_counter

from playwright.async_api import Page, Route, async_playwright
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from tools.figures import report, report_paired
from tools.sandbox_process import SandboxProcess, chromium_arguments, running_sandbox
from tools.service import describe_machine

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.process import find_chromium
from lens_rx.clients.endpoints import Endpoints
from lens_rx.sandbox.catalogue import catalogue
from lens_rx.settings import Settings

TABS = 4
WARM_UP_PAGES = 12
UNWANTED = ("image", "font", "media")
Visit = Callable[[str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Measurement:
    """Pages a second, and milliseconds of CPU a page."""

    pages_a_second: float
    cpu_ms: float


@asynccontextmanager
async def tabs(endpoints: Endpoints) -> AsyncIterator[Visit]:
    """Visit pages in the tabs of a `BrowserPool`."""
    browser = BrowserPool(Settings(tabs=TABS, tab_uses=10_000), endpoints)
    await browser.start()

    async def visit(url: str) -> str:
        async with browser.tab() as tab:
            await tab.goto(url)
            return await tab.html()

    try:
        yield visit
    finally:
        await browser.aclose()


@asynccontextmanager
async def playwright_pages(endpoints: Endpoints) -> AsyncIterator[Visit]:
    """Visit pages in four pages of playwright, which are used again."""

    async def block(route: Route) -> None:
        if route.request.resource_type in UNWANTED:
            await route.abort()
        else:
            await route.continue_()

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(find_chromium(None)), args=chromium_arguments(endpoints)
        )
        idle: asyncio.Queue[Page] = asyncio.Queue()
        for _ in range(TABS):
            page = await (await browser.new_context()).new_page()
            await page.route("**/*", block)
            idle.put_nowait(page)

        async def visit(url: str) -> str:
            page = await idle.get()
            try:
                await page.goto(url, wait_until="domcontentloaded")
                return await page.content()
            finally:
                idle.put_nowait(page)

        yield visit
        await browser.close()


@asynccontextmanager
async def selenium_drivers(endpoints: Endpoints) -> AsyncIterator[Visit]:
    """Visit pages in a pool of four drivers of selenium."""
    program = which("chromedriver")
    if program is None:
        raise SystemExit("selenium needs Debian's chromium-driver: apt install chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(find_chromium(None))
    options.page_load_strategy = "eager"
    for argument in ("--headless=new", *chromium_arguments(endpoints)):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.images": 2})
    idle: Queue[webdriver.Chrome] = Queue()

    def visit_in_thread(url: str) -> str:
        driver = idle.get()
        try:
            driver.get(url)
            return str(driver.page_source)
        finally:
            idle.put(driver)

    with ThreadPoolExecutor(TABS) as threads:
        drivers = list(
            threads.map(lambda _: webdriver.Chrome(options=options, service=Service(program)), range(TABS))
        )
        for driver in drivers:
            idle.put(driver)
        loop = asyncio.get_running_loop()
        yield lambda url: loop.run_in_executor(threads, visit_in_thread, url)
        for driver in drivers:
            driver.quit()


async def measure(visit: Visit, urls: Sequence[str], pages: int, shops: SandboxProcess) -> Measurement:
    """Visit so many pages, four at a time."""

    async def check(url: str) -> None:
        assert "</h1>" in await visit(url), f"{url} has not come"

    await asyncio.gather(*(check(urls[n % len(urls)]) for n in range(WARM_UP_PAGES)))
    cpu, began = shops.own_cpu_seconds(), perf_counter()
    await asyncio.gather(*(check(urls[n % len(urls)]) for n in range(pages)))
    seconds, cpu = perf_counter() - began, shops.own_cpu_seconds() - cpu
    return Measurement(pages / seconds, 1000 * cpu / pages)


WAYS = {"tabs": tabs, "playwright": playwright_pages, "selenium": selenium_drivers}


async def main(rounds: int, pages: int) -> None:
    """Print the figures of all ways, measured in turn."""
    urls = [it.url for it in catalogue().things if it.shop and it.retail]
    measured: dict[str, list[Measurement]] = {name: [] for name in WAYS}
    async with running_sandbox() as shops:
        for number in range(rounds):
            for name, way in WAYS.items():
                async with way(shops.endpoints) as visit:
                    measured[name].append(await measure(visit, urls, pages, shops))
                it = measured[name][-1]
                print(
                    f"round {number + 1}  {name:10}  {it.pages_a_second:5.1f} pages/s  {it.cpu_ms:4.0f} ms CPU a page"
                    f"  (load {os.getloadavg()[0]:.1f})",
                    flush=True,
                )
    print(f"{describe_machine()}, {TABS} tabs, {pages} pages a round")
    rates = {name: [it.pages_a_second for it in them] for name, them in measured.items()}
    costs = {name: [it.cpu_ms for it in them] for name, them in measured.items()}
    for peer, target in (("playwright", ">= 1"), ("selenium", ">= 1.2")):
        report_paired(
            f"shop pages a second in 4 tabs, beside {peer}", rates["tabs"], "pages/s", rates[peer],
            peer=f"{peer} with four reused {'pages' if peer == 'playwright' else 'drivers'}", target=target,
        )  # fmt: skip
        ratios = [theirs / ours for ours, theirs in zip(costs["tabs"], costs[peer], strict=True)]
        report(
            f"CPU a shop page: {peer}'s by ours", sorted(costs["tabs"])[rounds // 2], "ms",
            peer=f"of {peer}'s CPU time", ratios=ratios, main=False,
        )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of all ways")
    parser.add_argument("--pages", type=int, default=60, help="pages a way and round")
    options = parser.parse_args()
    asyncio.run(main(options.rounds, options.pages))
