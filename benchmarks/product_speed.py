"""How fast product pages are read, beside extruct and price-parser together, with how many prices are right.

    python benchmarks/product_speed.py [FOLDER …] [--every 8] [--rounds 2] [--pages 400]

A FOLDER holds saved pages with their truth (NAME.html.gz and truth.json; by default those of `page_quality.py`, of real
shops, where they are there, of which every eighth is read). The service reads all fields of a product, checks what the
page shows against its structured data, and tells lists from products. The peer reads structured data by extruct and,
where there is no price in it, parses that of the first elements that lxml finds named a price. It comes twice: once as
extruct's README calls it (`extruct.extract(html, base_url=url)`, so for all syntaxes), which is what the target is held
against, since whoever does not know a shop must look for all of them; and once for JSON-LD, microdata and OpenGraph
alone, which is how it is tuned for shops. CPU time, in turn; the same for the pages kept for the tests, each with 500
other products and a long script below. Then the resident memory after every tenth of `--pages` readings.
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

from page_quality import FOLDERS, Page, Score, same_price
from tools.figures import report, report_paired, report_series
from tools.price_peer import DEFAULTS, THREE_SYNTAXES, peer_price
from tools.service import describe_machine

from lens_rx.facts import Product
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.product.reader import product_from_html

SAVED = Path(__file__).parents[1] / "tests" / "saved" / "product"
CARD = '<div class="card"><a href="/p/{0}"><img src="/i/{0}.jpg" alt=""><h3>Other thing {0}</h3></a><b>$ {0}.99</b></div>\n'
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to call extruct, what the names of its figures end with, and what the service's speed is to be beside it."""

    name: str
    syntaxes: tuple[str, ...]
    suffix: str = ""
    target: str = ""


PEERS = (
    Peer("extruct by its defaults + price-parser", DEFAULTS, target=">= 5"),
    Peer("extruct for three syntaxes + price-parser", THREE_SYNTAXES, ", three syntaxes"),
)


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


def read_all(read: Callable[[SavedPage], object], pages: Sequence[SavedPage]) -> tuple[float, Score]:
    """Return the pages read in a second of CPU, and how many prices are right."""
    spent, score = 0.0, Score()
    for page in pages:
        parse_html("")
        parse_html(" ")  # so that no reader finds the page parsed by the one before
        began = time.process_time()
        price = read(page)
        spent += time.process_time() - began
        if page.prices is not None:
            score.add(price, page.prices, same_price)
    return len(pages) / spent, score


def compare(name: str, pages: Sequence[SavedPage], peer: Peer, rounds: int, *, main: bool) -> None:
    """Print the speed beside a peer's, and how many prices are right."""

    def peers_price(page: SavedPage) -> object:
        return peer_price(page.html, page.url, peer.syntaxes)

    for page in pages[::8]:  # so that what is built once in a process counts for neither
        own_price(page)
        peers_price(page)
    pairs = [(read_all(own_price, pages), read_all(peers_price, pages)) for _ in range(rounds)]
    ours, theirs = [own for (own, _), _ in pairs], [other for _, (other, _) in pairs]
    size = sum(len(it.html) for it in pages) / MEGABYTE
    title = f"{name} ({len(pages)}, {size:.0f} MB), for a second of CPU{peer.suffix}"
    target = peer.target if main else ""
    report_paired(title, ours, "pages", theirs, peer=peer.name, target=target, main=main)
    (_, own_score), (_, peer_score) = pairs[-1]
    if own_score.wanted:
        print(f"  prices: {own_score}; {peer.name}: {peer_score}")
        ratio = [own_score.f1 / peer_score.f1] if peer_score.f1 else []
        report(
            f"{name}: F1 of the price{peer.suffix}", own_score.f1, peer=peer.name, ratios=ratio, target=">= 1"
        )


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
    for peer in PEERS:
        if real:
            compare("reading product pages of real shops", real, peer, options.rounds, main=True)
        title = "reading product pages with 500 other products below"
        compare(title, padded[::4], peer, options.rounds, main=not real)
    memory(real or padded, options.pages)


if __name__ == "__main__":
    main()
