"""Pages whose meaning is the same though their form is another: their prices are still read."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from lens_rx.parsing.product import product_from_html

SAVED = Path(__file__).parents[2] / "saved" / "product"
SHARED = Path(__file__).parents[3] / "../shared/pages"
FOLDERS = [SHARED / "product", SHARED / "2026" / "product"]
#: Every so many of the shared pages are read, and the points of F1 that a mutation may cost.
STRIDE = 6
MOST_LOST = 0.03
#: Cards that make a list, and lists that are reordered.
LEAST_CARDS = 4
MOST_LISTS = 12

NAMES = re.compile(r"(\s(?:class|id)\s*=\s*)(?:\"([^\"]*)\"|'([^']*)')")
TAG = re.compile(r"<([a-z][a-z0-9-]*)((?:\s+[a-z][\w:-]*(?:=\"[^\"<>]*\")?)+)(\s*/?>)", re.IGNORECASE)
ATTRIBUTE = re.compile(r"\s+[a-z][\w:-]*(?:=\"[^\"<>]*\")?", re.IGNORECASE)
CODE = re.compile(r"<script\b(?![^>]*json)[^>]*>.*?</script>", re.DOTALL | re.IGNORECASE)
SCRIPT = re.compile(r"(<script\b.*?</script>)", re.DOTALL | re.IGNORECASE)


def rename_classes(html: str) -> str:
    """Give every class and id a name without meaning."""

    def renamed(match: re.Match[str]) -> str:
        names = (match[2] or match[3] or "").split()
        return f'{match[1]}"{" ".join(f"x{zlib.crc32(name.encode()):08x}" for name in names)}"'

    return NAMES.sub(renamed, html)


def reverse_attributes(html: str) -> str:
    """Reverse the order of the attributes in every tag outside of scripts."""

    def reordered(match: re.Match[str]) -> str:
        return f"<{match[1]}{''.join(reversed(ATTRIBUTE.findall(match[2])))}{match[3]}"

    parts = SCRIPT.split(html)
    return "".join(part if at % 2 else TAG.sub(reordered, part) for at, part in enumerate(parts))


def strip_code(html: str) -> str:
    """Take out the scripts that are code, and leave those that are data."""
    return CODE.sub("", html)


def strip_scripts(html: str) -> str:
    """Take out every script, those of data too."""
    return SCRIPT.sub("", html)


def reorder_cards(html: str) -> str:
    """Reverse the order of the cards of the first lists that do not hold the page's heading."""
    tree = LexborHTMLParser(html)
    left = MOST_LISTS
    for node in tree.css("ul,ol,div,section"):
        cards = [one for one in node.iter() if one.css_first("a[href]") is not None]
        forms = {(one.tag, one.attributes.get("class")) for one in cards}
        if len(cards) >= LEAST_CARDS and len(forms) == 1 and node.css_first("h1") is None:
            node.inner_html = "".join(one.html or "" for one in reversed(cards))
            left -= 1
        if not left:
            break
    return tree.html or ""


MUTATIONS: dict[str, Callable[[str], str]] = {
    "classes": rename_classes,
    "attributes": reverse_attributes,
    "code": strip_code,
    "scripts": strip_scripts,
    "cards": reorder_cards,
    "all": lambda html: rename_classes(reverse_attributes(strip_code(reorder_cards(html)))),
}


@cache
def saved_pages() -> list[tuple[str, str, list[str]]]:
    """Return our own pages with their address and price."""
    pages = []
    for folder in sorted(SAVED.iterdir()):
        expected = json.loads((folder / "expected.json").read_text())
        if "price" in expected["fields"]:
            price = expected["fields"]["price"]
            pages.append(((folder / "page.html").read_text(), expected["url"], [price] if price else []))
    return pages


@cache
def shared_pages() -> list[tuple[str, str, list[str]]]:
    """Return some of the real pages with their address and accepted prices."""
    pages = []
    for folder in FOLDERS:
        for name, row in list(json.loads((folder / "truth.json").read_text()).items())[::STRIDE]:
            wanted = row.get("price", [])
            prices = [one for one in (wanted if isinstance(wanted, list) else [wanted]) if one is not None]
            html = gzip.decompress((folder / name).read_bytes()).decode("utf-8", "replace")
            pages.append((html, row["url"], prices))
    return pages


def f1(pages: list[tuple[str, str, list[str]]], mutate: Callable[[str], str]) -> float:
    """Return the F1 of the prices of mutated pages."""
    right = given = wanted = 0
    for html, url, prices in pages:
        price = product_from_html(mutate(html), url).price
        amounts = [Decimal(one.strip()) for one in prices]
        right += price is not None and any(price in (amount, amount * 1000) for amount in amounts)
        given += price is not None
        wanted += bool(prices)
    return 2 * right / (given + wanted)


@cache
def unchanged(pages: Callable[[], list[tuple[str, str, list[str]]]]) -> float:
    return f1(pages(), str)


@pytest.mark.parametrize("mutation", [name for name in MUTATIONS if name != "scripts"])
def test_own_pages_without_their_form(mutation: str):
    """The prices of our own pages hang on no name of a class, order of attributes or cards, or code."""
    assert f1(saved_pages(), MUTATIONS[mutation]) >= unchanged(saved_pages) - MOST_LOST


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real pages are not beside the project")
@pytest.mark.parametrize("mutation", ["all", "scripts"])
def test_real_pages_without_their_form(mutation: str):
    """The prices of real pages hang on no name of a class, order of attributes or cards, nor on scripts alone."""
    assert f1(shared_pages(), MUTATIONS[mutation]) >= unchanged(shared_pages) - MOST_LOST
