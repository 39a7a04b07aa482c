"""`lens-rx status` and `warmup`: is everything there that a run needs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from calling import Call
from redis_server import free_port
from sandbox_service import SandboxService

from lens_rx.storage.sqlite.database_file import FileLock


def test_all_is_there_in_the_sandbox(lens_rx: Call):
    """Chromium's version, the form in which the model answers, the log and the world are told."""
    done = lens_rx("status", "--sandbox")
    told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert done.returncode == 0, done.stdout + done.stderr
    assert told["world"].startswith("SANDBOX")
    assert told["chromium"].startswith("Chrome/")
    assert "json_schema" in told["model"]
    assert told["log"].startswith("sqlite")


def test_a_store_in_use_is_no_failure(lens_rx: Call, tmp_path: Path):
    """Beside a service that runs the store is told to be in use, and the exit status is 0."""
    lock = FileLock(tmp_path / "runs.db")
    lock.acquire()
    try:
        done = lens_rx("status", "--store", tmp_path / "runs.db", LENS_RX_CHROMIUM="none")
    finally:
        lock.release()
    assert done.returncode == 0, done.stdout
    assert f"sqlite: {tmp_path / 'runs.db'}, in use by a service that runs" in done.stdout


def test_a_name_that_is_no_marketplace_is_told(lens_rx: Call):
    """A name in the setting that nothing reads is told, with those that are known."""
    done = lens_rx("status", LENS_RX_CHROMIUM="none", LENS_RX_MARKETPLACES="ebay,vintde")
    assert "LENS_RX_MARKETPLACES: vintde is not searched; known are carousell, depop, ebay" in done.stderr
    assert "ebay is not searched" not in done.stderr


def test_a_chromium_that_is_missing_is_reported_with_what_to_do(lens_rx: Call):
    """Without Chromium the exit status is 1, and the line says what to install or set."""
    done = lens_rx("status", "--sandbox", LENS_RX_CHROMIUM="/nowhere/chromium")
    assert done.returncode == 1
    assert "NOT THERE" in done.stdout
    assert "LENS_RX_CHROMIUM" in done.stdout


def test_a_live_world_without_a_key_says_who_decides(lens_rx: Call):
    """No key is no failure: the line says that titles decide."""
    done = lens_rx("status", OPENAI_API_KEY="", OPENAI_BASE_URL="")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "world     live" in done.stdout
    assert "titles decide" in done.stdout


def test_a_model_that_is_away_is_reported(lens_rx: Call):
    """A server that does not answer is told, with exit status 1."""
    away = f"http://127.0.0.1:{free_port()}"
    done = lens_rx("status", "--sandbox", "--model-at", away)
    assert done.returncode == 1
    assert "model     NOT THERE" in done.stdout
    assert f"asked at {away}/v1/ for gpt-4o" in done.stdout


def table(text: str) -> dict[str, list[str]]:
    """Return the rows of the table of suppliers by name; columns are two spaces apart at least."""
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("supplier "))
    rows = [re.split(r"\s{2,}", line) for line in lines[first:] if "  " in line]
    assert rows[0] == ["supplier", "configured", "reachable", "used for", "known end"]
    return {row[0]: row[1:] for row in rows[1:]}


def test_suppliers_are_a_table_with_their_ends(lens_rx: Call):
    """Without a key each official API is there as not configured, with its use and its known end."""
    rows = table(lens_rx("status", OPENAI_API_KEY="", OPENAI_BASE_URL="").stdout)
    assert rows["Chromium"] == ["yes", "yes", "photo search, web search, pages", "-"]
    assert rows["Brave Search API"] == ["no", "-", "web search", "-"]
    assert rows["Cloud Vision"] == ["no", "-", "photo search", "-"]
    assert rows["eBay Browse API"] == ["no", "-", "offers, photo search", "-"]
    assert rows["Custom Search JSON API"][:3] == ["no", "-", "web search"]
    assert re.fullmatch(r"2027-01-01 \(-?\d+ days\)", rows["Custom Search JSON API"][3])


def test_the_models_end_is_read_from_its_server(lens_rx: Call, service: SandboxService):
    """The table says when the model's server lets the model end, and that it answers."""
    service.put_faults({"model": {"shutdown_dates": {"gpt-4o": "2999-01-14"}}})
    rows = table(lens_rx("status", "--sandbox-at", service.sandbox_url).stdout)
    assert rows["gpt-4o"][:3] == ["yes", "yes", "model"]
    assert rows["gpt-4o"][3].startswith("2999-01-14 (")


def test_without_chromium_the_status_is_well(lens_rx: Call, service: SandboxService):
    """`LENS_RX_CHROMIUM=none` is a choice, no failure, and so is a model that ends soon, which is warned of."""
    end = datetime.now(UTC).date() + timedelta(days=40)
    service.put_faults({"model": {"shutdown_dates": {"gpt-4o": str(end)}}})
    done = lens_rx("status", "--sandbox-at", service.sandbox_url, LENS_RX_CHROMIUM="none")
    assert done.returncode == 0, done.stdout
    assert "chromium  none: LENS_RX_CHROMIUM says so" in done.stdout
    assert table(done.stdout)["Chromium"][:2] == ["no", "-"]
    assert f"gpt-4o: WARNING: it ends on {end}, in 40 days" in done.stdout


def test_warmup_leaves_the_log_alone(lens_rx: Call):
    """`warmup` asks Chromium and the model, and opens no store."""
    done = lens_rx("warmup", "--sandbox")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "chromium" in done.stdout
    assert "log" not in done.stdout


@pytest.mark.parametrize(
    ("variable", "value"),
    [("LENS_RX_TABS", "many"), ("LENS_RX_PAGE_DEADLINE", "-1")],
)
def test_a_wrong_setting_is_explained(lens_rx: Call, variable: str, value: str):
    """A setting that cannot be read is named, and nothing is started."""
    done = lens_rx("status", **{variable: value})
    assert done.returncode == 2
    assert "A setting in the environment is wrong" in done.stderr
    assert variable.removeprefix("LENS_RX_").lower() in done.stderr.lower()
