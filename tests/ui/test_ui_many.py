"""Many photos at once: a few have their turn, the others wait, and all of them are a list."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")

# a service that asks to wait, and takes the photo the second time
_BUSY = """() => {
  window.asked = [];
  window.WebSocket = class {
    constructor() {
      window.asked.push(performance.now());
      const busy = window.asked.length === 1;
      const message = busy ? { error: "Too many photos are waiting.", status: 429, retry_after: 2 }
        : { error: "This is not a photo.", status: 415 };
      setTimeout(() => { this.onmessage({ data: JSON.stringify(message) }); this.onclose({ code: 1008 }); });
    }
    close() {}
  };
}"""


async def test_four_have_their_turn_and_the_others_wait(ui: UiDriver, tmp_path: Path):
    """Of nine files no more than four have their turn at once; the others wait, and each gets its turn."""
    letters = [tmp_path / f"{n}.jpg" for n in range(9)]
    for letter in letters:
        letter.write_bytes(b"\xff\xd8\xff" + f"Dear {letter.name}, you are no photo.".encode())
    await ui.choose(*letters)
    assert await ui.wait_for_things(9) == ["Not accepted."] * 9
    assert await ui.evaluate("() => [window.mostRunning, window.sockets]") == [4, 9]
    assert await ui.evaluate("() => window.said.includes('Waiting its turn.')")
    await ui.wait_for_text("#tally", "9 things: without result")


async def test_many_are_a_list_that_unfolds(ui: UiDriver, photos: Path):
    """Four things at once are lines with name and worth; each unfolds by its name, all by one button."""
    await ui.choose(*(photos / name for name in ("01.jpg", "02.png", "03.jpg", "04.webp")))
    await ui.wait_for_things(4)
    await ui.wait_for_text("#tally", "4 things: done")
    lines = csv.DictReader(io.StringIO(await ui.download("#list", ending="csv")))
    worth = sum(float(line["price"]) for line in lines)
    assert len(await ui.texts(".worth-price")) == 4
    said = re.fullmatch(r"4 things, about €([\d,]+)(; \d needs? a look)?", (await ui.texts("#sum"))[0])
    assert said and abs(float(said[1].replace(",", "")) - worth) <= worth / 100
    assert await ui.texts(".card, .stage, tbody tr") == []
    await ui.click(".name")
    assert await ui.evaluate("() => document.querySelector('.name').ariaExpanded") == "true"
    assert await ui.wait_for("() => !!document.querySelector('.picture svg')")
    assert len(await ui.texts(".picture")) == 1
    await ui.click("#fold")
    assert await ui.texts("#fold") == ["Unfold all"] and await ui.texts(".card") == []
    await ui.click("#fold")
    assert len(await ui.texts(".card-model-producer")) == 4


async def test_the_list_can_be_taken_away(ui: UiDriver, photos: Path, truth: dict):
    """The list is a CSV file with a line for each thing, in the order of the page."""
    await ui.choose(photos / "01.jpg", photos / "08.jpg")
    await ui.wait_for_things(2)
    lines = list(csv.DictReader(io.StringIO(await ui.download("#list", ending="csv"))))
    assert [line["photos"] for line in lines] == ["01.jpg", "08.jpg"]
    for line in lines:
        wanted = truth[line["photos"]]
        assert (line["producer"], line["model"]) == (wanted["producer"], wanted["model"])
        assert float(line["min_range"]) <= float(line["price"]) <= float(line["max_range"])


async def test_a_busy_service_is_asked_when_it_said(ui: UiDriver, parka: Path):
    """After 429 the page says so and waits as long as it was told to, even when the network comes back meanwhile."""
    await ui.evaluate(_BUSY)
    await ui.choose(parka)
    await ui.wait_for_message("Too many photos are waiting. Asked again in 2 s.")
    await ui.evaluate("() => dispatchEvent(new Event('online'))")
    await ui.wait_for_things()
    first, second = await ui.evaluate("() => window.asked")
    assert second - first >= 2000


async def test_the_next_thing_gets_the_focus_of_a_removed_one(ui: UiDriver, photos: Path):
    """Who removes things one after the other by keyboard stays in the list."""
    await ui.choose(photos / "01.jpg", photos / "08.jpg")
    await ui.wait_for_things(2)
    await ui.click(".remove")
    assert await ui.evaluate("() => document.activeElement.textContent") == "Lumenfeld Arko"
