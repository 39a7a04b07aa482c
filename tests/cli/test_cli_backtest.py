"""`lens-rx backtest` and the options of decisions, as a user calls them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import typer
from calling import Call
from sandbox_service import FIVE, SandboxService

from lens_rx.cli.backtest_report import fail_without_sales, print_report, read_history
from lens_rx.pricing.decision import Terms
from lens_rx.pricing.decision.sales_history import backtest

HISTORY = "Einkauf;Angebot;Verkauf;Datum\n40,00;99,90;89,50;01.03.2026\n25;60;48,5;02.03.2026\n1;2;;\n"


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    """Write a history as a German spreadsheet does."""
    path = tmp_path / "sales.csv"
    path.write_bytes(HISTORY.encode("cp1252"))
    return path


def test_a_history_is_told_in_words_and_as_json(lens_rx: Call, sales: Path):
    """Error, range and profit stand in the report, lines that are left out are named, and JSON has the figures."""
    done = lens_rx("backtest", sales, "--marketplace", "kleinanzeigen", "--country", "DE")
    assert done.returncode == 0, done.stderr
    assert "2 read, 1 lines left out" in done.stdout and "line 4: no amount in sold" in done.stdout
    assert "Profit        as it was: 2 for 65.00 EUR, profit 61.35 EUR" in done.stdout
    figures = json.loads(lens_rx("backtest", sales, "--marketplace", "kleinanzeigen", "--json").stdout)
    assert (figures["sales"], figures["actual"]["profit"]) == (2, 61.35)


def test_what_was_read_otherwise_and_what_has_no_fee_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """The report names what names were read as, places without a known fee, and whole amounts of yen."""
    path = tmp_path / "sales.csv"
    path.write_text("bought,sold,marketplace,country\n1000,2500,Etsy,Japan\n")
    history = read_history(path)
    print_report(backtest(history.sales, Terms(), "JPY", date(2026, 11, 20)), history, "JPY")
    said = capsys.readouterr().out
    assert "Names         Japan is read as JP\n" in said
    assert "Fees          none are known of etsy in JP; 1 sales are reckoned without\n" in said
    assert "as it was: 1 for 1,000 JPY, profit 1,500 JPY (150%)\n" in said


def test_a_file_without_a_usable_sale_is_refused_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Who gets no report learns what is wrong with the lines."""
    path = tmp_path / "sales.csv"
    path.write_text("bought,sold\n10,1.200\n")
    with pytest.raises(typer.Exit):
        fail_without_sales(path, read_history(path))
    assert "can be used.\nline 2: 1.200 in sold may be 1200 or 1.2\n" in capsys.readouterr().err


def test_wrong_rules_are_refused_with_their_line(lens_rx: Call, sales: Path, tmp_path: Path):
    """Named by option or by the environment, a wrong file ends the command with 2, the line and the key."""
    rules = tmp_path / "rules.toml"
    rules.write_text("[defaults]\nmargn = 20\n")
    message = f"{rules}: Line 2: there is no key margn"
    for done in (
        lens_rx("backtest", sales, "--pricing", rules),
        lens_rx("serve", "--pricing", rules),
        lens_rx("status", LENS_RX_PRICING=str(rules)),
    ):
        assert (done.returncode, message in done.stderr) == (2, True)


def test_a_photo_is_judged_at_a_cost(lens_rx: Call, service: SandboxService, photos: Path):
    """`--cost` adds the decision to the default facts, in words and as JSON."""
    options = ("--server", service.url, "--cost", "5", "--margin", "20")
    done = lens_rx("classify", photos / "01.jpg", *options)
    assert done.returncode == 0, done.stderr
    assert "price-decision  buy: At 5" in done.stdout and "List at: fast " in done.stdout
    told = [
        json.loads(line)
        for line in lens_rx("classify", photos / "01.jpg", *options, "--json").stdout.splitlines()
    ]
    assert {it["data_description"] for it in told} == FIVE | {"price-decision"}
    wrong = lens_rx("classify", photos / "01.jpg", "--cost", "cheap")
    assert (wrong.returncode, "cost must be an amount" in wrong.stderr) == (2, True)
