"""What breaks is said in plain words, and mended without a fact lost or doubled."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sandbox_service import SandboxService
from ui_driver import Desk, Line

from lens_rx.settings import Settings

pytestmark = pytest.mark.asyncio(loop_scope="session")


def archive(service: SandboxService, key: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{service.url}/runs/{key}?events=all", timeout=5) as answer:
        return json.load(answer)["facts"]


def forget(service: SandboxService, key: str) -> None:
    request = urllib.request.Request(f"{service.url}/runs/{key}", method="DELETE")
    with urllib.request.urlopen(request, timeout=5):
        pass


async def test_a_cut_line_is_taken_up_again(
    empty_desk: Desk, service: SandboxService, line: Line, parka: Path
):
    """The line is cut as the first stage starts, and as the name comes: the page has each fact once."""
    await empty_desk.open(line.url)
    line.cut_at = [b'"started"', b"model-producer"]
    await empty_desk.choose(parka)
    await empty_desk.things()
    told = json.loads(await empty_desk.downloaded(".json"))
    assert told["facts"] == archive(service, told["key"])
    assert line.cut_at == [] and await empty_desk.see("() => window.sockets") >= 3


async def test_a_line_that_stays_away_is_waited_for(
    empty_desk: Desk, service: SandboxService, line: Line, parka: Path
):
    """While nobody gets through the page says so, and it goes on by itself once the line is back."""
    await empty_desk.open(line.url)
    line.cut_at, line.stay_down = [b'"started"'], True
    await empty_desk.choose(parka)
    await empty_desk.said("The line broke")
    await empty_desk.until("() => window.sockets > 2")
    line.down = False
    await empty_desk.things()
    told = json.loads(await empty_desk.downloaded(".json"))
    assert told["facts"] == archive(service, told["key"])


async def test_a_run_that_was_forgotten_begins_anew(
    empty_desk: Desk, service: SandboxService, line: Line, parka: Path
):
    """A run that is gone when the line comes back is asked for with the photos, and told once."""
    await empty_desk.open(line.url)
    line.cut_at, line.stay_down = [b"model-producer"], True
    await empty_desk.choose(parka)
    await empty_desk.said("The line broke")
    forget(service, json.loads(await empty_desk.downloaded(".json"))["key"])
    line.down = False
    await empty_desk.things()
    told = await empty_desk.facts()
    assert [fact["seq"] for fact in told] == list(range(1, len(told) + 1))


async def test_a_failed_stage_says_so_and_can_be_tried_again(
    desk: Desk, service: SandboxService, parka: Path
):
    """A wall before look-alikes is named; once it is gone, "Try again" brings what was lacking."""
    service.put_faults({"lens": {"block": "captcha"}})
    await desk.choose(parka)
    await desk.things()
    said = await desk.texts(".notices")
    assert "Look-alikes" in said[0] and "does not let us in" in said[0]
    assert (
        await desk.see("() => document.querySelector('.stage.blocked').textContent") == "look-alikes: blocked"
    )
    service.put_faults({})
    # the site is left to rest a while, and the button asks again until it is over
    await desk.until(
        """() => {
          document.querySelector(".notices:not([hidden]) .retry")?.click();
          return document.querySelectorAll(".stage.ok").length === 7;
        }"""
    )
    await desk.things()
    assert await desk.texts(".notices") == []
    assert await desk.texts(".name") == ["Norrvik Fjell Parka"]


async def test_a_text_named_png_is_turned_away_in_words(desk: Desk, not_a_photo: Path):
    """What is no photo is refused in words, with its file's name, and without a button that cannot help."""
    await desk.choose(not_a_photo)
    assert await desk.things() == ["Not accepted."]
    assert await desk.texts(".name") == ["letter.png"]
    assert "not a PNG, JPEG" in (await desk.texts(".notices"))[0]
    assert await desk.texts(".retry, .stage, .again, .json") == []


async def test_a_photo_that_is_too_large_is_not_sent(desk: Desk, tmp_path: Path):
    """The page knows the service's limit, tells it, and names a larger file instead of sending it."""
    most = Settings().max_photo_bytes
    with (tmp_path / "huge.jpg").open("wb") as huge:
        huge.truncate(most + 100_000)
    await desk.choose(tmp_path / "huge.jpg")
    await desk.until("() => !document.querySelector('#remark').hidden")
    assert await desk.texts("#remark") == [
        f"huge.jpg is too large: it has {most / 1e6 + 0.1:g} MB, and {most / 1e6:g} MB is the most."
    ]
    assert f"up to {most / 1e6:g} MB each" in (await desk.texts(".drop-hint"))[0]
    assert await desk.texts(".thing") == [] and await desk.see("() => window.sockets") == 0


async def test_an_empty_file_is_named(desk: Desk, tmp_path: Path):
    """A file without a byte makes no thing; its name is said."""
    (tmp_path / "nothing.jpg").touch()
    await desk.choose(tmp_path / "nothing.jpg")
    await desk.until("() => !document.querySelector('#remark').hidden")
    assert await desk.texts("#remark") == ["Nothing can be read from nothing.jpg."]
    assert await desk.texts(".thing") == []


async def test_a_photo_of_nothing_known_is_no_guess(desk: Desk, tmp_path: Path):
    """Nothing found is said as that, and a hint is asked for."""
    photo = tmp_path / "spiral.png"
    Image.effect_mandelbrot((640, 480), (-2, -1.5, 1, 1.5), 60).convert("RGB").save(photo)
    await desk.choose(photo)
    await desk.things()
    assert await desk.texts(".name") == ["Not identified: spiral.png"]
    assert "hint" in (await desk.texts(".notices"))[0]
    assert await desk.texts(".worth, .card-estimated-price") == []


async def test_no_price_is_said_in_words(desk: Desk, photos: Path):
    """A thing with too few offers and no price new says so, where the price would stand."""
    await desk.choose(photos / "46.jpg")
    await desk.things()
    assert await desk.texts(".worth-price") == ["No price"]
    assert "No price: too few offers and no price new." in (await desk.texts(".card-estimated-price"))[0]
    assert "None were found that fit." in (await desk.texts(".offers"))[0]
