"""How fast product pages are read, beside extruct, and whether memory stays flat.

Usage: product_speed.py [FOLDER] [--pages 10000]

FOLDER holds saved pages (*.html, *.html.gz; by default those kept for the tests, each with 500 other
products and a long script below: a quarter of a megabyte, three quarters of it script, as is usual). Prints CPU milliseconds for a megabyte of page: of our
whole reading, of the parse alone, and of extruct (JSON-LD, microdata, OpenGraph) where it is installed
(`pip install lens-rx[bench]`); the slowest page; then the resident memory after every tenth of the pages.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import platform
import resource
import time
from collections.abc import Callable
from pathlib import Path

from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.product.reader import product_from_html

SAVED = Path(__file__).parents[1] / "tests" / "saved" / "product"
URL = "https://shop.example/p/1"
CARD = '<div class="card"><a href="/p/{0}"><img src="/i/{0}.jpg" alt=""><h3>Other thing {0}</h3></a><b>$ {0}.99</b></div>\n'
MEGABYTE = 1_000_000


def text_of(path: Path) -> str:
    """Return a saved page, unpacked."""
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8", "replace")


def pages_of(folder: Path | None) -> list[str]:
    """Return the pages of a folder, or our own with other products and a script below."""
    if folder is not None:
        return [text_of(path) for path in sorted((*folder.rglob("*.html"), *folder.rglob("*.html.gz")))]
    cards = "".join(CARD.format(number) for number in range(500))
    assets = ",".join(f'"/a/{number}.js"' for number in range(12_000))
    script = f"<script>window.assets = [{assets}]</script>"
    below = f"{cards}{script}"
    return [text_of(path).replace("</body>", f"{below}</body>") for path in sorted(SAVED.glob("*/page.html"))]


def cpu(read: Callable[[str], object], pages: list[str]) -> tuple[float, float]:
    """Return CPU milliseconds a megabyte over all pages, and milliseconds of the slowest page."""
    spent = []
    for page in pages:
        started = time.process_time()
        read(page)
        spent.append((time.process_time() - started) * 1000)
    return sum(spent) / (sum(map(len, pages)) / MEGABYTE), max(spent)


def peers() -> dict[str, Callable[[str], object]]:
    """Return what is measured, by name; extruct where it is installed."""
    found: dict[str, Callable[[str], object]] = {
        "lens_rx, all fields": lambda page: product_from_html(page, URL),
        "lens_rx, parse alone": parse_html,
    }
    if importlib.util.find_spec("extruct"):
        extruct = importlib.import_module("extruct")
        syntaxes = ["json-ld", "microdata", "opengraph"]
        found["extruct"] = lambda page: extruct.extract(
            page, base_url=URL, syntaxes=syntaxes, errors="ignore"
        )
    return found


def memory(pages: list[str], count: int) -> None:
    """Print the resident memory after every tenth of `count` readings."""
    for number in range(count):
        product_from_html(pages[number % len(pages)], f"{URL}{number}")
        if (number + 1) % max(count // 10, 1) == 0:
            print(f"  {number + 1:6d} pages  {resident():6.0f} MiB")


def resident() -> float:
    """Return this process's resident memory in MiB; its peak where the system does not tell more."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--pages", type=int, default=10_000)
    options = parser.parse_args()
    pages = pages_of(options.folder)
    size = sum(map(len, pages)) / MEGABYTE
    print(
        f"CPython {platform.python_version()}, {platform.machine()}: {len(pages)} pages, {size:.1f} MB, CPU time"
    )
    speed = {name: cpu(read, pages) for name, read in peers().items()}
    ours = speed["lens_rx, all fields"][0]
    for name, (per_megabyte, slowest) in speed.items():
        print(
            f"  {name:22s} {per_megabyte:7.1f} ms/MB  slowest {slowest:6.0f} ms  ours is {ours / per_megabyte:.2f} times"
        )
    memory(pages, options.pages)


if __name__ == "__main__":
    main()
