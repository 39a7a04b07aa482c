"""`lens-rx runs` on a SQLite store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from calling import Call
from sandbox_service import FIVE

from lens_rx.settings import Settings
from lens_rx.storage import storage_for


@pytest.fixture
def copy(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store of one's own with the run in it, in the current directory."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "copy.db"
    path.write_bytes(store.read_bytes())
    return path


def listed(lens_rx: Call, store: Path) -> list[list[str]]:
    done = lens_rx("runs", "list", "--store", store)
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def test_a_run_is_listed_and_shown(lens_rx: Call, copy: Path):
    """`list` names the run's key and state, `show` prints its facts by the key's first letters."""
    ((key, *_, generation),) = listed(lens_rx, copy)
    assert (len(key), generation) == (64, "1")
    done = lens_rx("runs", "show", key[:10], "--store", copy)
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert {it["data_description"] for it in facts} > FIVE
    assert [it["seq"] for it in facts] == list(range(1, len(facts) + 1))


def test_a_run_is_carried_to_another_store(lens_rx: Call, copy: Path, tmp_path: Path):
    """What `export` writes, `import` keeps; twice is once."""
    file, other = tmp_path / "runs.jsonl", tmp_path / "other.db"
    assert "1 runs" in lens_rx("runs", "export", file, "--store", copy).stdout
    assert "1 runs were new" in lens_rx("runs", "import", file, "--store", other).stdout
    assert "0 runs were new" in lens_rx("runs", "import", file, "--store", other).stdout
    key = listed(lens_rx, copy)[0][0]
    shown = [lens_rx("runs", "show", key, "--store", it).stdout for it in (copy, other)]
    assert shown[0] == shown[1]


def test_a_file_that_cannot_be_written_is_said_in_words(lens_rx: Call, copy: Path, tmp_path: Path):
    """An export into a place that is not there names it, and shows no stack."""
    done = lens_rx("runs", "export", tmp_path / "nowhere" / "runs.jsonl", "--store", copy)
    assert done.returncode == 1
    assert done.stderr.strip() == f"{tmp_path}/nowhere/runs.jsonl: No such file or directory."


def test_a_run_is_forgotten(lens_rx: Call, copy: Path):
    """A forgotten run is not listed any more."""
    key = listed(lens_rx, copy)[0][0]
    assert key in lens_rx("runs", "forget", key, "--store", copy).stdout
    assert listed(lens_rx, copy) == []


@pytest.mark.parametrize(
    ("arguments", "words", "status"),
    [
        (["show", "0000"], "No run has this key", 1),
        (["import", "nowhere.jsonl"], "There is no file nowhere.jsonl", 2),
        (["import", "broken.jsonl"], "Line 1 is not JSON", 1),
    ],
    ids=["no run", "no file", "broken"],
)
def test_what_is_not_there_is_explained(
    lens_rx: Call, copy: Path, arguments: list[str], words: str, status: int
):
    """A key or a file that is not there is a sentence."""
    Path("broken.jsonl").write_text("no JSON\n")
    done = lens_rx("runs", *arguments, "--store", copy)
    assert (done.returncode, words in done.stderr) == (status, True), done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def open_copy(copy: Path) -> Iterator[Path]:
    """Return the store while somebody else has it open, as a running service has."""
    with asyncio.Runner() as runner:
        storage = storage_for(Settings(), copy)
        runner.run(storage.start())
        yield copy
        runner.run(storage.aclose())


def test_a_store_in_use_is_read_and_not_written(lens_rx: Call, open_copy: Path, tmp_path: Path):
    """While a service holds the store its runs are listed, and what would change it says who stands in the way."""
    (tmp_path / "runs.jsonl").touch()
    ((key, *_),) = listed(lens_rx, open_copy)
    tries = [
        lens_rx("runs", *arguments, "--store", open_copy)
        for arguments in (["forget", key], ["import", tmp_path / "runs.jsonl"])
    ]
    assert [done.returncode for done in tries] == [1, 1]
    assert all("Another process uses this store" in done.stderr for done in tries)
    assert not any("Traceback" in done.stderr for done in tries)


def test_a_store_that_cannot_be_made_is_explained(lens_rx: Call, tmp_path: Path):
    """A store below a file is a sentence that names what helps."""
    (tmp_path / "file").touch()
    done = lens_rx("runs", "list", "--store", tmp_path / "file/below/runs.db")
    assert done.returncode == 2
    assert "Name another with --store" in done.stderr
