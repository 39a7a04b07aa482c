"""`lens-rx correct` against the real service, and over a store of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calling import Call
from sandbox_service import FIVE, SandboxService


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def run_key(lens_rx: Call, store: Path) -> str:
    return lens_rx("runs", "list", "--store", store).stdout.split()[0]


def test_a_run_of_a_store_is_corrected(
    lens_rx: Call, service: SandboxService, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The first letters of a key are enough; facts stand on stdout, and `runs show` has the new generation."""
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "copy.db"
    copy.write_bytes(store.read_bytes())
    key = run_key(lens_rx, copy)
    where = ("--sandbox-at", service.sandbox_url, "--store", copy)
    done = lens_rx("correct", key[:10], "--condition", "for parts", *where)
    assert done.returncode == 0, done.stderr
    assert f"{key[:12]}  estimated-price" in done.stdout
    shown = {
        it["data_description"]: it["data"]
        for it in lines(lens_rx("runs", "show", key, "--store", copy).stdout)
    }
    assert shown["estimated-price"]["condition"] == "for_parts"
    assert [it["author"] for it in shown["run-history"]][1:] == ["user"]


def test_a_run_of_a_service_is_changed(lens_rx: Call, service: SandboxService, photos: Path):
    """At a service a comparable is left out and that is taken back; `--json` has the key in each line."""
    server = ("--server", service.url, "--json", "--events", "all")
    told = lines(lens_rx("classify", photos / "04.webp", "--size", "M", *server).stdout)
    (evidence,) = (it["data"] for it in told if it["data_description"] == "price-evidence")
    key = told[0]["key"]
    done = lens_rx("correct", key, "--dismiss", evidence[0]["id"], *server)
    assert done.returncode == 0, done.stderr
    changed = {it["data_description"]: it for it in lines(done.stdout)}
    assert changed["price-evidence"]["data"][0]["reason"] == "You left it out."
    assert {it["key"] for it in changed.values()} == {key}
    back = lens_rx("correct", key, "--undo", "--server", service.url, "--json")
    assert {it["data_description"] for it in lines(back.stdout)} == FIVE
    again = lens_rx("correct", key, "--undo", "--server", service.url)
    assert (again.returncode, again.stderr.strip()) == (1, "There is nothing to take back.")


def test_a_change_is_told_with_a_decision_where_a_cost_is_given(
    lens_rx: Call, service: SandboxService, photos: Path
):
    """`--cost` and its like add the decision to what follows from the change, as with `classify`."""
    server = ("--server", service.url, "--json")
    key = lines(lens_rx("classify", photos / "03.jpg", *server).stdout)[0]["key"]
    done = lens_rx("correct", key, "--condition", "good", "--cost", "1", "--country", "DE", *server)
    told = {it["data_description"]: it["data"] for it in lines(done.stdout)}
    assert told["price-decision"]["cost"] == 1.0
    assert told["price-decision"]["country"] == "DE"
    assert "estimated-price" in told


def test_a_wrong_call_is_told_in_words(lens_rx: Call, tmp_path: Path):
    """No change, or two of them, is a wrong call; a key that no run has is told."""
    store = ("--store", tmp_path / "none.db")
    for arguments in ((), ("--undo", "--model", "Skog")):
        done = lens_rx("correct", "abc", *arguments, *store)
        assert done.returncode == 2
        assert "Say one change" in done.stderr
    assert lens_rx("correct", "abc", "--undo", *store).returncode == 1
