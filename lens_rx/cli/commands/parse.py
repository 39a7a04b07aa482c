"""`lens-rx parse`: what a parser sees in a saved page; the tool with which a parser is mended."""

from __future__ import annotations

import gzip
import zlib
from enum import StrEnum
from pathlib import Path
from pkgutil import resolve_name
from typing import Annotated

import typer

from lens_rx.cli.options import fail

#: The parser of each kind, a function of a page's text and address; only the one asked for is imported.
PARSERS = {
    "lens": "lens_rx.parsing.google.lens:matches_from_html",
    "search": "lens_rx.parsing.google.search:results_from_html",
    "product": "lens_rx.parsing.product.reader:product_from_html",
    "ebay": "lens_rx.parsing.marketplaces.ebay:offers_from_html",
    "blocked": "lens_rx.parsing.blocking:classify_page",
}
#: Where a page of a kind would have come from, when nobody says.
DEFAULT_URLS = {
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
    page = _read_page(file), url or DEFAULT_URLS[kind]

    import orjson
    from pydantic import TypeAdapter

    parser = resolve_name(PARSERS[kind])
    parsed = parser(*page, status) if kind == "blocked" else parser(*page)
    value = TypeAdapter(type(parsed)).dump_python(parsed, mode="json")
    layout = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    typer.get_binary_stream("stdout").write(orjson.dumps(value, option=layout))


def _read_page(file: Path) -> str:
    try:
        content = typer.get_binary_stream("stdin").read() if str(file) == "-" else file.read_bytes()
        return (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode(
            "utf-8", "replace"
        )
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror or error}.")
    except (EOFError, zlib.error):
        fail(f"{file} is a broken .gz file.")
