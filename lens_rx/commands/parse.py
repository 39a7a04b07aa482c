"""`lens-rx parse`: what a parser sees in a saved page; the tool with which a parser is mended."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic import TypeAdapter

from lens_rx.commands.options import fail
from lens_rx.marketplaces import ebay
from lens_rx.pages.blocked import verdict
from lens_rx.pages.google_lens import matches_from_html
from lens_rx.pages.google_search import results_from_html
from lens_rx.pages.product import product_from_html

#: What is read from a page: its text, its address, its status.
PARSERS: dict[str, Callable[[str, str, int], Any]] = {
    "lens": lambda html, url, _: matches_from_html(html, url),
    "search": lambda html, url, _: results_from_html(html, url),
    "product": lambda html, url, _: product_from_html(html, url),
    "ebay": lambda html, url, _: ebay.offers_from_html(html, url),
    "blocked": verdict,
}
#: Where a page of a kind would have come from, when nobody says.
ADDRESSES = {
    "lens": "https://www.google.com/search?vsrid=saved&udm=26",
    "search": "https://www.google.com/search?q=saved",
    "product": "https://shop.example/product",
    "ebay": "https://www.ebay.com/sch/i.html?_nkw=saved",
    "blocked": "https://shop.example/product",
}
Kind = StrEnum("Kind", {name: name for name in PARSERS})  # type: ignore[misc]  # a table is its source


def parse(
    kind: Annotated[Kind, typer.Argument(help="Which parser.")],
    file: Annotated[Path, typer.Argument(help="A saved page; .gz is unpacked; - is standard input.")],
    *,
    url: Annotated[str, typer.Option(help="The page's address.")] = "",
    status: Annotated[int, typer.Option(help="The page's HTTP status.")] = 200,
) -> None:
    """Print as JSON what a parser sees in a saved page."""
    seen = PARSERS[kind](_text(file), url or ADDRESSES[kind], status)
    value = TypeAdapter(type(seen)).dump_python(seen, mode="json")
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    typer.get_binary_stream("stdout").write(orjson.dumps(value, option=options))


def _text(file: Path) -> str:
    try:
        content = typer.get_binary_stream("stdin").read() if str(file) == "-" else file.read_bytes()
        return (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode(
            "utf-8", "replace"
        )
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror or error}.")
