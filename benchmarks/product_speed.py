"""How fast product pages are read, beside extruct and price-parser together, with how many prices are right.

    python benchmarks/product_speed.py [FOLDER …] [--every 8] [--rounds 2] [--pages 400]

A FOLDER holds saved pages with their truth (NAME.html.gz and truth.json; by default those of `page_quality.py`, of real
shops, where they are there, of which every eighth is read). The service reads all fields of a product, checks what the
page shows against its structured data, and tells lists from products. The peer reads JSON-LD, microdata and OpenGraph by
extruct and, where there is no price in them, parses that of the first elements named a price. CPU time, in turn; the
same for the pages kept for the tests, each with 500 other products and a long script below. Then the resident memory
after every tenth of `--pages` readings.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from page_quality import FOLDERS, Page, Score, peer_price, same_price
from tools.figures import report, report_paired, report_series
from tools.service import describe_machine

from lens_rx.facts import Product
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.product.reader import product_from_html

SAVED = Path(__file__).parents[1] / "tests" / "saved" / "product"
CARD = '<div class="card"><a href="/p/{0}"><img src="/i/{0}.jpg" alt=""><h3>Other thing {0}</h3></a><b>$ {0}.99</b></div>\n'
MEGABYTE = 1_000_000
PEER = "extruct + price-parser"


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page, its address and the accepted prices; None where the truth does not tell."""

    html: str
    url: str
    prices: list[str] | None


def real_pages(folder: Path, every: int) -> list[SavedPage]:
    """Return every so many pages of a folder with truth."""
    truths = json.loads((folder / "truth.json").read_text())
    found = []
    for name, truth in list(truths.items())[::every]:
        html = gzip.decompress((folder / name).read_bytes()).decode("utf-8", "replace")
        found.append(SavedPage(html, truth["url"], Page("", truth, html, Product()).want("price")))
    return found


def padded_pages() -> list[SavedPage]:
    """Return the tests' pages, with other products and a script below: a quarter of a megabyte each."""
    cards = "".join(CARD.format(number) for number in range(500))
    assets = ",".join(f'"/a/{number}.js"' for number in range(12_000))
    below = f"{cards}<script>window.assets = [{assets}]</script></body>"
    found = []
    for path in sorted(SAVED.glob("*/page.html")):
        html = path.read_text("utf-8", "replace").replace("</body>", below)
        found.append(SavedPage(html, "https://shop.example/p/1", None))
    return found


def own_price(page: SavedPage) -> object:
    """Return the price as the service reads it, with all other fields."""
    return product_from_html(page.html, page.url).price


def extruct_price(page: SavedPage) -> object:
    """Return the price as the peer reads it."""
    return peer_price(page.html, page.url)


def pages_a_second(read: Callable[[SavedPage], object], pages: Sequence[SavedPage]) -> float:
    """Return the pages read in a second of CPU."""
    spent = 0.0
    for page in pages:
        parse_html("")
        parse_html(" ")  # so that no reader finds the page parsed by the one before
        began = time.process_time()
        read(page)
        spent += time.process_time() - began
    return len(pages) / spent


def price_score(read: Callable[[SavedPage], object], pages: Sequence[SavedPage]) -> Score:
    """Return how many prices are right."""
    score = Score()
    for page in pages:
        if page.prices is not None:
            score.add(read(page), page.prices, same_price)
    return score


def compare(name: str, pages: Sequence[SavedPage], rounds: int, *, main: bool) -> None:
    """Print the speed beside the peer's, and how many prices are right."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(pages_a_second(own_price, pages))
        theirs.append(pages_a_second(extruct_price, pages))
    size = sum(len(it.html) for it in pages) / MEGABYTE
    title = f"{name} ({len(pages)}, {size:.0f} MB), for a second of CPU"
    target = ">= 5" if main else ""
    report_paired(title, ours, "pages", theirs, peer=PEER, target=target, main=main)
    scores = [price_score(read, pages) for read in (own_price, extruct_price)]
    if scores[0].wanted:
        print(f"  prices: {scores[0]}; {PEER}: {scores[1]}")
        ratio = [scores[0].f1 / scores[1].f1] if scores[1].f1 else []
        report(f"{name}: F1 of the price", scores[0].f1, peer=PEER, ratios=ratio, target=">= 1")


def memory(pages: Sequence[SavedPage], count: int) -> None:
    """Report the resident memory after every tenth of `count` readings."""
    points = []
    for number in range(count):
        product_from_html(pages[number % len(pages)].html, f"https://shop.example/{number}")
        if (number + 1) % max(count // 10, 1) == 0:
            points.append((float(number + 1), resident()))
    report_series("Memory over readings of product pages", "pages", "resident MiB", {"lens_rx": points})
    half = points[len(points) // 2]
    report(
        f"memory after {count} product pages", points[-1][1], "MiB",
        peer="after the first half", ratios=[points[-1][1] / half[1]], target="<= 1.05", main=False,
    )  # fmt: skip


def resident() -> float:
    """Return this process's resident memory in MiB; its peak where the system does not tell more."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="*", default=list(FOLDERS))
    parser.add_argument("--every", type=int, default=8, help="read one of so many pages")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--pages", type=int, default=400, help="readings over which memory is watched")
    options = parser.parse_args()
    print(describe_machine())
    real = [it for folder in options.folders if folder.is_dir() for it in real_pages(folder, options.every)]
    padded = padded_pages()
    if real:
        compare("reading product pages of real shops", real, options.rounds, main=True)
    compare("reading product pages with 500 other products below", padded[::4], options.rounds, main=not real)
    memory(real or padded, options.pages)


if __name__ == "__main__":
    main()
