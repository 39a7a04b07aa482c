"""`lens-rx sandbox`, and services that share one."""

from __future__ import annotations

import json
from pathlib import Path

import aiohttp
import pytest
from calling import Call
from PIL import Image
from redis_server import free_port
from sandbox_service import FIVE, SandboxService


def test_photos_come_with_their_truth(photos: Path, truth: dict[str, dict]):
    """`sandbox photos` writes at least forty, each with what it shows; the first twelve lack nothing."""
    files = sorted(it.name for it in photos.iterdir() if it.name != "truth.json")
    assert len(files) >= 40
    assert files == sorted(truth)
    assert all(it["producer"] and it["model"] for it in truth.values())
    assert [name for name in files[:12] if truth[name].get("lacks")] == []
    with Image.open(photos / files[0]) as photo:
        assert min(photo.size) > 200


def test_photos_cannot_be_written_into_a_file(lens_rx: Call, tmp_path: Path):
    """A directory that cannot be made is a sentence, not a traceback."""
    (tmp_path / "file").touch()
    done = lens_rx("sandbox", "photos", tmp_path / "file")
    assert done.returncode == 2
    assert "file cannot be written" in done.stderr


def test_a_standalone_sandbox_serves_a_service(lens_rx: Call, photos: Path, standalone_sandbox: str):
    """`--sandbox-at` uses the sandbox that `sandbox serve` runs."""
    done = lens_rx("classify", photos / "03.jpg", "--sandbox-at", standalone_sandbox, "--json")
    assert {json.loads(line)["data_description"] for line in done.stdout.splitlines()} == FIVE, done.stderr


async def test_faults_of_a_standalone_sandbox_are_read_from_the_file(standalone_sandbox: str):
    """The faults named at the start are there, and the address that the start prints changes them."""
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{standalone_sandbox}/_faults") as answer:
            assert await answer.json() == {"model": {"delay": 0.01}}
        async with client.put(f"{standalone_sandbox}/_faults", json={"lens": {"delai": 1}}) as answer:
            assert answer.status == 400
            assert "delai: is not known here" in (await answer.json())["error"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"lens": {"block": "brick"}}', "does not name faults: lens.block"),
        ('{"lense": {}}', "does not name faults: lense: is not known here; known are lens, search"),
        ("{", "does not name faults: faults: Invalid JSON: EOF"),
        (None, "faults.json cannot be read: No such file"),
    ],
    ids=["block", "site", "no JSON", "no file"],
)
def test_wrong_faults_are_explained(lens_rx: Call, tmp_path: Path, content: str | None, words: str):
    """A faults file that is wrong ends the start with what is wrong in it."""
    if content is not None:
        (tmp_path / "faults.json").write_text(content)
    done = lens_rx("serve", "--sandbox", "--sandbox-faults", tmp_path / "faults.json", "--port", "0")
    assert done.returncode == 2
    assert words in done.stderr


def test_no_sandbox_there_is_explained(lens_rx: Call, photos: Path):
    """Nobody at `--sandbox-at` is a sentence and exit status 1."""
    done = lens_rx("classify", photos / "03.jpg", "--sandbox-at", f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert "There is no sandbox at" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_explained(lens_rx: Call, service: SandboxService):
    """A port that is taken is a sentence, for the service as for the sandbox."""
    port = service.url.rpartition(":")[2]
    for command in (["serve", "--sandbox", "--no-store"], ["sandbox", "serve"]):
        done = lens_rx(*command, "--port", port)
        assert done.returncode in (1, 2)
        assert "cannot be taken" in done.stderr
        assert "Traceback" not in done.stderr
