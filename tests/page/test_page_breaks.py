"""What breaks is said in plain words, and mended without a fact lost or doubled."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, Line
from PIL import Image
from practice import Practice

pytestmark = pytest.mark.asyncio(loop_scope="session")


def archive(practice: Practice, key: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{practice.url}/runs/{key}?events=all", timeout=5) as answer:
        return json.load(answer)["facts"]


def forget(practice: Practice, key: str) -> None:
    request = urllib.request.Request(f"{practice.url}/runs/{key}", method="DELETE")
    with urllib.request.urlopen(request, timeout=5):
        pass


async def test_a_cut_line_is_taken_up_again(empty_desk: Desk, practice: Practice, line: Line, parka: Path):
    """The line is cut in the middle, twice, and stays away a while: the page has each fact once."""
    practice.put_faults({"lens": {"delay": 0.7}, "marketplace": {"delay": 4}})
    desk = empty_desk
    await desk.open(line.url)
    # offers are kept by country: nobody has asked for those of Portugal yet, so the run lasts
    await desk.see("() => { document.getElementById('country').value = 'PT'; }")
    await desk.choose(parka)
    await desk.until("() => !!document.querySelector('.stage.started')")
    line.down = True
    line.cut()
    await desk.until("() => /line broke/.test(document.querySelector('.state').textContent)")
    line.down = False
    await desk.until("() => !!document.querySelector('.card-model-producer:not([hidden])')")
    line.cut()
    await desk.things()
    told = json.loads(await desk.downloaded(".json"))
    assert told["facts"] == archive(practice, told["key"])
    assert await desk.see("() => window.sockets") >= 3


async def test_a_run_that_was_forgotten_begins_anew(
    empty_desk: Desk, practice: Practice, line: Line, parka: Path
):
    """A run that is gone when the line comes back is asked for with the photos, and told once."""
    practice.put_faults({"marketplace": {"delay": 4}})
    desk = empty_desk
    await desk.open(line.url)
    # offers are kept by country: nobody has asked for those of Finland yet, so the run lasts
    await desk.see("() => { document.getElementById('country').value = 'FI'; }")
    await desk.choose(parka)
    await desk.until("() => !!document.querySelector('.card-model-producer:not([hidden])')")
    key = json.loads(await desk.downloaded(".json"))["key"]
    line.down = True
    line.cut()
    await desk.until("() => /line broke/.test(document.querySelector('.state').textContent)")
    forget(practice, key)
    line.down = False
    await desk.things()
    told = await desk.facts()
    assert [fact["seq"] for fact in told] == list(range(1, len(told) + 1))


async def test_a_failed_stage_says_so_and_can_be_tried_again(desk: Desk, practice: Practice, parka: Path):
    """A wall before look-alikes is named; once it is gone, "Try again" brings what was lacking."""
    practice.put_faults({"lens": {"block": "captcha"}})
    await desk.choose(parka)
    await desk.things()
    said = await desk.texts(".notices")
    assert "Look-alikes" in said[0] and "does not let us in" in said[0]
    assert (
        await desk.see("() => document.querySelector('.stage.blocked').textContent") == "look-alikes: blocked"
    )
    practice.put_faults({})
    await desk.see("() => new Promise((done) => setTimeout(done, 1200))")  # the site is left to rest for 1 s
    await desk.press(".retry")
    await desk.until("() => document.querySelectorAll('.stage.ok').length === 7")
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
