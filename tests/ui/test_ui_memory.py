"""What the page remembers over a reload, and how it is made to forget."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from ui_driver import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

_NOTES = "() => Object.values(sessionStorage).map((note) => JSON.parse(note))"
_FILL = """async (count, letters) => {
  const { saveNote, loadNotes } = await import("/tab-storage.js");
  const note = (n) => ({ mark: `${n}`, names: [`${n}.jpg`], thumbs: ["x".repeat(letters)] });
  for (let n = 1; n <= count; n += 1) saveNote(n, note(n));
  return loadNotes().map(([number, { thumbs }]) => [number, (thumbs[0] || "").length]);
}"""


async def test_a_reload_forgets_nothing(desk: Desk, parka: Path, photos: Path):
    """Both things are back, newest first, with their pictures, all their facts, and what a screen reader needs."""
    await desk.choose(parka)
    await desk.things()
    await desk.choose(photos / "05.heic")
    await desk.things(2)
    before = [await desk.texts(part) for part in (".name", ".worth-price", ".card", "tbody tr")]
    await desk.reload()
    await desk.things(2)
    assert [await desk.texts(part) for part in (".name", ".worth-price", ".card", "tbody tr")] == before
    assert await desk.see("() => document.querySelector('.thumb img').naturalWidth") > 0
    assert await desk.texts(".no-thumb") == ["HEIC"]
    heard = await desk.see("() => [...document.querySelectorAll('#announce p')].map((it) => it.textContent)")
    assert heard == ["2 things from before the page was loaded again."]


async def test_a_run_goes_on_over_a_reload(desk: Desk, parka: Path):
    """A page that is loaded again as soon as a run has begun tells all of its facts once."""
    await desk.choose(parka)
    await desk.said("Looking")
    await desk.reload()
    await desk.things()
    told = await desk.facts()
    assert [fact["seq"] for fact in told] == list(range(1, len(told) + 1))
    assert await desk.texts(".name") == ["Norrvik Fjell Parka"]


async def test_a_run_that_the_service_has_no_more_is_told_kindly(desk: Desk, parka: Path):
    """It keeps its name and its picture, says what can be done, and is looked at anew when its photo is added."""
    await desk.choose(parka)
    await desk.things()
    key = json.loads(await desk.downloaded(".json"))["key"]
    forgotten = "async (key) => (await fetch(`runs/${key}`, { method: 'DELETE' })).status"
    assert await desk.see(forgotten, key) == 204
    await desk.reload()
    assert await desk.things() == ["No longer there."]
    assert await desk.texts(".name") == ["Norrvik Fjell Parka"]
    assert "Add the photo again to look anew, or remove it." in (await desk.texts(".notices"))[0]
    assert await desk.texts(".retry, .again, .json, .stage") == []
    await desk.choose(parka)
    await desk.until("() => document.querySelectorAll('.stage.ok').length === 7")
    assert len(await desk.texts(".thing")) == 1 and await desk.texts(".notices") == []


async def test_what_is_removed_is_forgotten(desk: Desk, photos: Path):
    """Neither a thing that was removed nor a file that was refused comes back; what was cleared is gone as well."""
    await desk.choose(photos / "01.jpg", photos / "08.jpg")
    await desk.things(2)
    await desk.press(".remove")
    await desk.reload()
    await desk.things()
    assert await desk.texts(".name") == ["Lumenfeld Arko"]
    desk.answer_dialogs()
    await desk.press("#clear")
    assert await desk.texts(".thing") == [] and await desk.see(_NOTES) == []
    assert await desk.see("() => document.activeElement.id") == "choose"
    assert "newest first" in (await desk.texts("#nothing"))[0]


async def test_a_file_that_is_no_photo_is_not_remembered(desk: Desk, not_a_photo: Path):
    """What the service refused is not asked again after a reload."""
    await desk.choose(not_a_photo)
    await desk.things()
    assert await desk.see(_NOTES) == []


async def test_no_photo_is_kept(desk: Desk, tmp_path: Path):
    """A note holds the run's key and a small picture of some thousand letters, not the photo that it was drawn from."""
    noise = Image.effect_noise((1600, 1200), 80).convert("RGB")
    noise.save(tmp_path / "noise.png")
    await desk.choose(tmp_path / "noise.png")
    await desk.things()
    [note] = await desk.until(
        "() => { const notes = Object.values(sessionStorage).map((note) => JSON.parse(note));"
        " return notes.every((it) => it.thumbs.length) && notes; }"
    )
    assert len(note["key"]) == 64 and note["names"] == ["noise.png"]
    assert note["thumbs"][0].startswith("data:image/jpeg;base64,") and len(note["thumbs"][0]) < 30_000
    assert "kept in this tab until you close it" in (await desk.texts("footer"))[0]


@pytest.mark.parametrize(
    ("count", "letters", "kept"),
    [(130, 10, [(n, 10) for n in range(130, 30, -1)]), (40, 90_000, None), (2, 200_000, [(2, 0), (1, 0)])],
)
async def test_the_memory_is_bounded(desk: Desk, count: int, letters: int, kept: list | None):
    """A hundred notes and two million letters are kept, the newest; a picture that is too large is left away."""
    notes = [tuple(note) for note in await desk.see(_FILL, count, letters)]
    assert len(notes) < count or kept
    if kept:
        assert notes == kept
    assert sum(size for _, size in notes) <= 2_000_000 and notes[0][0] == count


async def test_nothing_odd_in_the_memory_harms(desk: Desk):
    """Notes that somebody else has written, or half of them, are passed over, and no markup comes of them."""
    await desk.see(
        """() => {
          sessionStorage.setItem("lens_rx.thing.1.1", "{");
          sessionStorage.setItem("lens_rx.thing.1.2", "null");
          sessionStorage.setItem("lens_rx.thing.1.3", JSON.stringify({ names: "x" }));
          sessionStorage.setItem("lens_rx.thing.1.4", JSON.stringify({ mark: "m", names: ["<img src=x>.jpg"], query: {},
            key: "", label: "<b>bold</b>", thumbs: ["https://elsewhere.test/x.png"] }));
        }"""
    )
    await desk.reload()
    assert await desk.things() == ["Not sent."]
    assert await desk.texts(".name") == ["<b>bold</b>"]
    assert await desk.see("() => document.querySelectorAll('.thing img, .thing b').length") == 0
