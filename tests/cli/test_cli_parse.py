"""`lens-rx parse`: what a parser sees in a saved page."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lens_rx.cli.main import app

SAVED = Path(__file__).parents[1] / "saved"


def parse(*arguments: object) -> Any:
    done = CliRunner().invoke(app, ["parse", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_lens_is_read_as_matches():
    """A saved result page of Lens gives its matches, with title and link."""
    matches = parse("lens", SAVED / "lens/products_en.html")
    assert matches
    assert all(it["title"] and it["link"].startswith("http") for it in matches)


def test_search_is_read_as_results():
    """A saved result page of the search gives its results."""
    results = parse("search", SAVED / "search/organic_and_others.html")
    assert results
    assert all(it["title"] and it["link"].startswith("http") for it in results)


def test_a_product_page_is_read_with_its_price():
    """A saved product page gives amount and currency."""
    product = parse("product", SAVED / "product/json_ld_graph/page.html", "--url", "https://shop.example/p/1")
    truth = json.loads((SAVED / "product/json_ld_graph/expected.json").read_text())["fields"]
    assert (product["price"], product["currency"]) == (truth["price"], truth["currency"])


def test_ebay_is_read_as_offers():
    """A saved search of eBay gives its offers."""
    offers = parse("ebay", SAVED / "ebay/card_us_asking.html")
    assert offers
    assert all(it["title"] and it["marketplace"] for it in offers)


def test_a_wall_is_named_and_a_page_is_not():
    """`blocked` names the wall; a page that is none is ok; `--status` counts."""
    wall = parse("blocked", SAVED / "blocked/characters_captcha.html")
    assert wall["outcome"] == "blocked"
    assert wall["wall"]
    page = SAVED / "blocked/healthy_contact_form.html"
    assert parse("blocked", page)["outcome"] == "ok"
    assert parse("blocked", page, "--status", 429)["wall"] == "rate_limit"


def test_a_packed_page_is_unpacked(tmp_path: Path):
    """A .gz is read like what it holds."""
    page = SAVED / "ebay/card_us_asking.html"
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(page.read_bytes()))
    assert parse("ebay", tmp_path / "page.html.gz") == parse("ebay", page)


def test_standard_input_is_a_dash():
    """`-` reads the page from a pipe, in a real process."""
    page = SAVED / "ebay/card_us_asking.html"
    command = [sys.executable, "-m", "lens_rx", "parse", "ebay", "-"]
    done = subprocess.run(command, input=page.read_bytes(), capture_output=True, check=True, timeout=60)
    assert json.loads(done.stdout) == parse("ebay", page)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ebay", "nowhere.html"], "nowhere.html cannot be read: No such file"),
        (["ebay", "broken.gz"], "broken.gz is a broken .gz file"),
        (["amazon", "broken.gz"], "amazon"),
        (["product", "broken.gz", "--status", "many"], "--status"),
    ],
    ids=["no file", "broken gz", "unknown kind", "wrong status"],
)
def test_what_cannot_be_read_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
):
    """A file or a kind that is not there ends the command with 2 and a sentence."""
    monkeypatch.chdir(tmp_path)
    Path("broken.gz").write_bytes(gzip.compress(b"x" * 1000)[:20])
    done = CliRunner().invoke(app, ["parse", *arguments])
    assert done.exit_code == 2
    assert words in done.output.replace("\n", " ")


def test_a_page_of_noise_is_parsed_as_nothing(tmp_path: Path):
    """Bytes that are no page are no error of the command: a parser sees nothing in them."""
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 40)
    assert parse("ebay", tmp_path / "noise") == []
