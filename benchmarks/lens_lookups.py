"""Look-ups at Google Lens' stand-in: in Chromium, over plain HTTP with its session, and by a scraper with fixed waits.

    python benchmarks/lens_lookups.py [--rounds 3] [--photos 8]

The scraper is playwright's, written as those found in the wild are: it opens the page, waits, chooses the photo, waits,
scrolls, waits, and reads the links that have headings. The stand-in has no delay but that of its script, 0.3 to 0.6 s
until the cards are asked for, and it has seen all photos before, so that its recognition costs a hash. Everybody has one
tab for the seconds a look-up and four for the look-ups a second; the fast path has one session for both. All in turn
after a warm-up; each ratio is the median of those of the rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.async_api import Page, async_playwright
from tools.figures import report, report_paired
from tools.sandbox_process import SandboxProcess, chromium_arguments, running_sandbox
from tools.service import describe_machine

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.process import find_chromium
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.google.lens_client import open_lens
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.facts import Photo
from lens_rx.metrics import Metrics
from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.drawings.renderer import jpeg
from lens_rx.settings import Settings

TABS = 4
PHOTO_SIDE = 600
FEWEST_MATCHES = 12
#: Seconds that the scraper waits for the page, for the results, and after scrolling.
OPEN_SECONDS, RESULT_SECONDS, SCROLL_SECONDS = 1.0, 3.0, 1.5
LookUp = Callable[[Photo], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Measurement:
    """Seconds and CPU milliseconds a look-up one after the other, and look-ups a second, four at a time."""

    seconds: float
    cpu_ms: float
    rate: float


@asynccontextmanager
async def own_client(endpoints: Endpoints, way: str) -> AsyncIterator[LookUp]:
    """Look up through the service's own client, in Chromium (`browser`) or over HTTP once it has a session (`http`)."""
    settings = Settings(tabs=TABS, tab_uses=10_000, lens_http="auto" if way == "http" else "off")
    browser, metrics = BrowserPool(settings, endpoints), Metrics()
    await browser.start()

    async def look_up(photo: Photo) -> int:
        return len((await client.search_image(photo)).matches)

    try:
        async with open_lens(browser, endpoints, settings, HostCooldown(60), metrics) as client:
            yield look_up
        fallbacks = [
            it.value for it in metrics.lens_fallbacks.collect()[0].samples if it.name.endswith("_total")
        ]
        assert not sum(fallbacks), "look-ups over HTTP went on in the browser"
    finally:
        await browser.aclose()


@asynccontextmanager
async def scraper(endpoints: Endpoints) -> AsyncIterator[LookUp]:
    """Look up by playwright with fixed waits, in four pages that are used again."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(find_chromium(None)), args=chromium_arguments(endpoints)
        )
        idle: asyncio.Queue[Page] = asyncio.Queue()
        for _ in range(TABS):
            idle.put_nowait(await (await browser.new_context(locale="en-US")).new_page())

        async def look_up(photo: Photo) -> int:
            page = await idle.get()
            try:
                return await scrape(page, endpoints.lens_url, photo)
            finally:
                idle.put_nowait(page)

        yield look_up
        await browser.close()


async def scrape(page: Page, url: str, photo: Photo) -> int:
    """Return the number of links that the scraper finds for a photo."""
    await page.goto(url)
    await page.wait_for_timeout(1000 * OPEN_SECONDS)
    if await page.locator('button[aria-label="Reject all"]').count():
        await page.click('button[aria-label="Reject all"]')
        await page.wait_for_timeout(1000 * OPEN_SECONDS)
    await page.click('[aria-label="Search by image"]')
    await page.set_input_files("input[type=file]", str(photo.path))
    await page.wait_for_timeout(1000 * RESULT_SECONDS)
    await page.evaluate("window.scrollBy(0, document.body.scrollHeight)")
    await page.wait_for_timeout(1000 * SCROLL_SECONDS)
    return await page.locator('a[href^="http"]:has([role=heading])').count()


async def measure(look_up: LookUp, photos: Sequence[Photo], sandbox: SandboxProcess) -> Measurement:
    """Look up each photo once after the other, then all of them, four at a time."""

    async def check(photo: Photo) -> None:
        assert await look_up(photo) >= FEWEST_MATCHES, "a look-up has found too little"

    await asyncio.gather(*(check(photo) for photo in photos[:TABS]))
    cpu, began = sandbox.own_cpu_seconds(), perf_counter()
    for photo in photos:
        await check(photo)
    seconds, cpu = perf_counter() - began, sandbox.own_cpu_seconds() - cpu
    gate = asyncio.Semaphore(TABS)

    async def in_turn(photo: Photo) -> None:
        async with gate:
            await check(photo)

    began = perf_counter()
    await asyncio.gather(*(in_turn(photo) for photo in (*photos, *photos)))
    rate = 2 * len(photos) / (perf_counter() - began)
    return Measurement(seconds / len(photos), 1000 * cpu / len(photos), rate)


def draw_photos(directory: Path, number: int) -> list[Photo]:
    """Draw photos of things of the catalogue."""
    photos = []
    for index, thing in enumerate(catalogue().things[:number]):
        path = directory / f"{index}.jpg"
        path.write_bytes(jpeg(thing, PHOTO_SIDE))
        photos.append(Photo(f"{index:064d}", path, PHOTO_SIDE, PHOTO_SIDE))
    return photos


WAYS = {
    "browser": lambda endpoints: own_client(endpoints, "browser"),
    "http": lambda endpoints: own_client(endpoints, "http"),
    "scraper": scraper,
}


async def main(rounds: int, number: int) -> None:
    """Print the figures of all ways, measured in turn."""
    measured: dict[str, list[Measurement]] = {name: [] for name in WAYS}
    with TemporaryDirectory() as directory:
        photos = draw_photos(Path(directory), number)
        async with running_sandbox() as sandbox:
            async with own_client(sandbox.endpoints, "browser") as look_up:
                await asyncio.gather(*map(look_up, photos))  # which the stand-in has seen then
            for turn in range(rounds):
                for name, way in WAYS.items():
                    async with way(sandbox.endpoints) as look_up:
                        measured[name].append(await measure(look_up, photos, sandbox))
                    it = measured[name][-1]
                    print(
                        f"round {turn + 1}  {name:8}  {it.seconds:6.3f} s and {it.cpu_ms:4.0f} ms CPU a look-up,"
                        f" {it.rate:5.1f} look-ups/s (load {os.getloadavg()[0]:.1f})",
                        flush=True,
                    )
    print(f"{describe_machine()}, {number} photos")
    report_all(measured)


def report_all(measured: dict[str, list[Measurement]]) -> None:
    """Report the medians and their ratios to the peers."""
    seconds = {name: [it.seconds for it in them] for name, them in measured.items()}
    rates = {name: [it.rate for it in them] for name, them in measured.items()}
    peer = "a scraper with fixed waits"
    # on a machine that does other things as well it takes longer: the CPU time above says how much of it is ours
    report(
        "a look-up at Lens in Chromium, one after the other",
        statistics.median(seconds["browser"]),
        "s",
        target="<= 1",
    )
    report_paired(
        "the same, beside a scraper", seconds["browser"], "s", seconds["scraper"], peer=peer, main=False
    )
    report_paired(
        "look-ups at Lens a second in Chromium, four tabs",
        rates["browser"],
        "/s",
        rates["scraper"],
        peer=peer,
    )
    report_paired(
        "a look-up at Lens over plain HTTP",
        seconds["http"],
        "s",
        seconds["browser"],
        peer="in Chromium",
        main=False,
    )
    report_paired(
        "look-ups at Lens a second over plain HTTP", rates["http"], "/s", rates["browser"],
        peer="in Chromium with four tabs", target=">= 5",
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of all ways")
    parser.add_argument("--photos", type=int, default=8, help="distinct photos")
    options = parser.parse_args()
    asyncio.run(main(options.rounds, options.photos))
