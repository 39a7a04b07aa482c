"""`lens-rx classify` against the real service on its sandbox."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calling import Call
from PIL import Image
from redis_server import free_port
from sandbox_service import FIVE, SandboxService


@pytest.fixture
def nothing(tmp_path: Path) -> Path:
    """Draw a picture of nothing that the sandbox knows."""
    path = tmp_path / "nothing.png"
    Image.effect_mandelbrot((640, 480), (-2, -1.5, 1, 1.5), 60).convert("RGB").save(path)
    return path


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_one_photo_is_printed_fact_by_fact(lens_rx: Call, service: SandboxService, photos: Path, truth: dict):
    """Facts stand on stdout for people, progress on stderr, and the exit status is 0."""
    done = lens_rx("classify", photos / "01.jpg", "--server", service.url)
    assert done.returncode == 0, done.stderr
    assert f"{truth['01.jpg']['producer']} – {truth['01.jpg']['model']}" in done.stdout
    assert "estimated-price" in done.stdout
    assert "identify ok" in done.stderr
    assert "progress" not in done.stdout


def test_a_service_is_started_where_none_is_named(lens_rx_process: Call, photos: Path):
    """`--sandbox` starts all that is needed, and ends it."""
    done = lens_rx_process("classify", photos / "02.png", "--sandbox", "--json")
    assert done.returncode == 0, done.stderr
    assert {it["data_description"] for it in lines(done.stdout)} == FIVE


def test_a_stored_run_is_replayed(lens_rx: Call, photos: Path, service: SandboxService, store: Path):
    """With a store, the same photo later gives the same facts, read at the same time, though Lens is away."""
    service.put_faults({"lens": {"status": 500}})
    done = lens_rx(
        "classify", photos / "04.webp", "--sandbox-at", service.sandbox_url, "--store", store, "--json"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == store.with_suffix(".jsonl").read_text()
    assert {it["data_description"] for it in lines(done.stdout)} == FIVE


def test_json_is_one_object_a_line_with_the_path_of_its_photo(
    lens_rx: Call, service: SandboxService, photos: Path
):
    """`--json` writes the default facts of each photo, and nothing else, each with its path."""
    paths = [photos / "01.jpg", photos / "03.jpg"]
    done = lens_rx("classify", *paths, "--server", service.url, "--json")
    told = lines(done.stdout)
    for path in paths:
        assert {it["data_description"] for it in told if it["photo"] == str(path)} == FIVE
    assert done.returncode == 0


def test_a_folder_is_its_photos(lens_rx: Call, service: SandboxService, photos: Path, tmp_path: Path):
    """Photos of a folder are found by their suffix; other files there are left alone."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "truth.json").write_text("{}")
    for name in ("01.jpg", "03.jpg"):
        (folder / name).symlink_to(photos / name)
    done = lens_rx("classify", folder, "--server", service.url, "--json")
    assert {it["photo"] for it in lines(done.stdout)} == {str(folder / "01.jpg"), str(folder / "03.jpg")}


def test_photos_of_one_thing_make_one_run(
    lens_rx: Call, service: SandboxService, photos: Path, nothing: Path
):
    """With `--one-thing` a second photo that shows nothing does no harm."""
    done = lens_rx("classify", photos / "01.jpg", nothing, "--one-thing", "--server", service.url, "--json")
    told = lines(done.stdout)
    assert {it["photo"] for it in told} == {str(photos / "01.jpg")}
    assert "model-producer" in {it["data_description"] for it in told}


def test_events_and_currency_are_asked_for(lens_rx: Call, service: SandboxService, photos: Path):
    """`--events` chooses kinds, `--currency` the amounts."""
    done = lens_rx(
        "classify", photos / "01.jpg", "--server", service.url, "--json",
        "--events", "estimated-price,complete", "--currency", "USD",
    )  # fmt: skip
    estimate, complete = lines(done.stdout)
    assert estimate["data"]["currency"] == "USD"
    assert complete["data"]["outcome"] == "ok"


def test_the_exit_status_says_how_many_succeeded(
    lens_rx: Call, service: SandboxService, photos: Path, nothing: Path
):
    """Some is 3, none is 1."""
    assert lens_rx("classify", photos / "01.jpg", nothing, "--server", service.url).returncode == 3
    assert lens_rx("classify", nothing, "--server", service.url).returncode == 1


def test_a_thing_without_a_price_is_no_success(lens_rx: Call, service: SandboxService, photos: Path):
    """A name for which nothing is offered has no price, and the exit status is 1."""
    named = ("--producer", "Norrvik", "--model", "Skog Parka")
    done = lens_rx("classify", photos / "01.jpg", *named, "--server", service.url)
    assert done.returncode == 1
    assert "model-producer" in done.stdout
    assert "estimated-price" not in done.stdout


@pytest.mark.parametrize(
    "options", [["--sandbox"], ["--sandbox-at", "http://127.0.0.1:9"], ["--pricing", "rules.toml"]]
)
def test_what_a_named_service_would_not_hear_of_is_refused(lens_rx: Call, options: list[str]):
    """`--server` and an option for a service that the command starts exclude each other."""
    done = lens_rx("classify", "1.jpg", "--server", "http://127.0.0.1:9", *options)
    assert done.returncode == 2
    assert f"{options[0]} is for a service that the command starts" in done.stderr


def test_a_refused_photo_is_reported_beside_the_others(
    lens_rx: Call, service: SandboxService, photos: Path, tmp_path: Path
):
    """A file that is no picture is refused in the service's words, and the others go on."""
    (tmp_path / "text.png").write_text("no picture")
    done = lens_rx("classify", tmp_path / "text.png", photos / "01.jpg", "--server", service.url)
    assert done.returncode == 3
    assert "text.png" in done.stderr
    assert "estimated-price" in done.stdout


def test_a_service_that_is_away_is_explained(lens_rx: Call, photos: Path):
    """Nobody at `--server` is a sentence, not a traceback."""
    done = lens_rx("classify", photos / "01.jpg", "--server", f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.jpg"], "There is no file nowhere.jpg."),
        (["."], "No photo was found there."),
        (["1.jpg"] * 9 + ["--one-thing"], "At most 8 photos"),
        ([], "Missing argument"),
    ],
    ids=["no file", "no photo", "too many", "none"],
)
def test_a_wrong_call_is_explained(
    lens_rx: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
):
    """What the command itself cannot mean ends it with 2."""
    monkeypatch.chdir(tmp_path)
    if "1.jpg" in arguments:
        (tmp_path / "1.jpg").touch()
    done = lens_rx("classify", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
