"""Many photos at once: a few have their turn, the others wait, and all of them are a list."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from ui_driver import Desk

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


async def test_four_have_their_turn_and_the_others_wait(desk: Desk, tmp_path: Path):
    """Of nine files no more than four have their turn at once; the others wait, and each gets its turn."""
    letters = [tmp_path / f"{n}.jpg" for n in range(9)]
    for letter in letters:
        letter.write_text(f"Dear {letter.name}, you are no photo.")
    await desk.choose(*letters)
    assert await desk.things(9) == ["Not accepted."] * 9
    assert await desk.see("() => [window.mostRunning, window.sockets]") == [4, 9]
    assert await desk.see("() => window.said.includes('Waiting its turn.')")
    assert await desk.texts("#tally") == ["9 things: without result"]


async def test_many_are_a_list_that_unfolds(desk: Desk, photos: Path):
    """Four things at once are lines with name and worth; each unfolds by its name, all by one button."""
    await desk.choose(*(photos / name for name in ("01.jpg", "02.png", "03.jpg", "04.webp")))
    await desk.things(4)
    assert await desk.texts("#tally") == ["4 things: done"]
    worths = [float(price.removeprefix("€")) for price in await desk.texts(".worth-price")]
    assert len(worths) == 4 and await desk.texts("#sum") == [f"together worth €{sum(worths):,.2f}"]
    assert await desk.texts(".card, .stage, tbody tr") == []
    await desk.press(".name")
    assert await desk.see("() => document.querySelector('.name').ariaExpanded") == "true"
    assert await desk.until("() => !!document.querySelector('.picture svg')")
    assert len(await desk.texts(".picture")) == 1
    await desk.press("#fold")
    assert await desk.texts("#fold") == ["Unfold all"] and await desk.texts(".card") == []
    await desk.press("#fold")
    assert len(await desk.texts(".card-model-producer")) == 4


async def test_the_list_can_be_taken_away(desk: Desk, photos: Path, truth: dict):
    """The list is a CSV file with a line for each thing, in the order of the page."""
    await desk.choose(photos / "01.jpg", photos / "08.jpg")
    await desk.things(2)
    lines = list(csv.DictReader(io.StringIO(await desk.downloaded("#list", ending="csv"))))
    assert [line["photos"] for line in lines] == ["01.jpg", "08.jpg"]
    for line in lines:
        wanted = truth[line["photos"]]
        assert (line["producer"], line["model"]) == (wanted["producer"], wanted["model"])
        assert float(line["min_range"]) <= float(line["price"]) <= float(line["max_range"])


async def test_a_busy_service_is_asked_when_it_said(desk: Desk, parka: Path):
    """After 429 the page says so and waits as long as it was told to, even when the network comes back meanwhile."""
    await desk.see(_BUSY)
    await desk.choose(parka)
    await desk.said("Too many photos are waiting. Asked again in 2 s.")
    await desk.see("() => dispatchEvent(new Event('online'))")
    await desk.things()
    first, second = await desk.see("() => window.asked")
    assert second - first >= 2000


async def test_the_next_thing_gets_the_focus_of_a_removed_one(desk: Desk, photos: Path):
    """Who removes things one after the other by keyboard stays in the list."""
    await desk.choose(photos / "01.jpg", photos / "08.jpg")
    await desk.things(2)
    await desk.press(".remove")
    assert await desk.see("() => document.activeElement.textContent") == "Lumenfeld Arko"
