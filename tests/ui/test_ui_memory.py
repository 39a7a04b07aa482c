"""What the page remembers over a reload, and how it is made to forget."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from sandbox_service import SandboxService
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")

_NOTES = """() => Object.entries({ ...localStorage, ...sessionStorage })
  .filter(([name]) => name.startsWith("lens_rx.list.")).map(([, note]) => JSON.parse(note))"""
_FILL = """async (count, letters) => {
  const { saveNote, loadNotes } = await import("/list-storage.js");
  const note = (n) => ({ mark: `${n}`, key: "k", names: [`${n}.jpg`], thumbs: ["x".repeat(letters)] });
  for (let n = 1; n <= count; n += 1) saveNote(n, note(n));
  return loadNotes().map(([number, { thumbs }]) => [number, (thumbs[0] || "").length]);
}"""


async def test_a_reload_forgets_nothing(ui: UiDriver, known_parka: Path, photos: Path):
    """Both things are back, newest first, with their pictures, all their facts, and what a screen reader needs."""
    await ui.choose(known_parka)
    await ui.wait_for_things()
    await ui.choose(photos / "05.heic")
    await ui.wait_for_things(2)
    await ui.wait_for("() => document.querySelectorAll('.thumb img').length === 2")
    before = [await ui.texts(part) for part in (".name", ".worth-price", ".card", "tbody tr")]
    await ui.reload()
    await ui.wait_for_things(2)
    assert [await ui.texts(part) for part in (".name", ".worth-price", ".card", "tbody tr")] == before
    assert await ui.evaluate("() => document.querySelector('.thumb img').naturalWidth") > 0
    assert await ui.texts(".no-thumb") == []
    heard = await ui.evaluate(
        "() => [...document.querySelectorAll('#announce p')].map((it) => it.textContent)"
    )
    assert heard == ["2 things from before the page was loaded again."]


async def test_a_run_goes_on_over_a_reload(ui: UiDriver, parka: Path):
    """A page that is loaded again as soon as a run has begun tells all of its facts once."""
    await ui.choose(parka)
    await ui.wait_for_message("Looking")
    await ui.reload()
    await ui.wait_for_things()
    told = await ui.download_facts()
    assert [fact["seq"] for fact in told] == list(range(1, len(told) + 1))
    assert await ui.texts(".name") == ["Norrvik Fjell Parka"]


async def test_a_run_that_the_service_has_no_more_is_explained_kindly(ui: UiDriver, parka: Path):
    """It keeps its name and its picture, says what can be done, and is looked at anew when its photo is added."""
    await ui.choose(parka)
    await ui.wait_for_things()
    key = json.loads(await ui.download(".json"))["key"]
    forgotten = "async (key) => (await fetch(`runs/${key}`, { method: 'DELETE' })).status"
    assert await ui.evaluate(forgotten, key) == 204
    await ui.reload()
    assert await ui.wait_for_things() == ["No longer there."]
    assert await ui.texts(".name") == ["Norrvik Fjell Parka"]
    assert "Add the photo again to look anew, or remove it." in (await ui.texts(".notices"))[0]
    assert await ui.texts(".retry, .again, .json, .stage") == []
    await ui.choose(parka)
    await ui.wait_for("() => document.querySelectorAll('.stage.ok').length === 7")
    assert len(await ui.texts(".thing")) == 1 and await ui.texts(".notices") == []


async def test_what_is_removed_is_forgotten(ui: UiDriver, photos: Path):
    """Neither a thing that was removed nor a file that was refused comes back; what was cleared is gone as well."""
    await ui.choose(photos / "01.jpg", photos / "08.jpg")
    await ui.wait_for_things(2)
    await ui.click(".remove")
    await ui.reload()
    await ui.wait_for_things()
    assert await ui.texts(".name") == ["Lumenfeld Arko"]
    ui.accept_dialogs()
    await ui.click("#clear")
    assert await ui.texts(".thing") == [] and await ui.evaluate(_NOTES) == []
    assert await ui.evaluate("() => document.activeElement.id") == "choose"
    assert "newest first" in (await ui.texts("#nothing"))[0]


async def test_a_file_that_is_no_photo_is_not_remembered(ui: UiDriver, broken_photo: Path):
    """What the service refused is not asked again after a reload."""
    await ui.choose(broken_photo)
    await ui.wait_for_things()
    assert await ui.evaluate(_NOTES) == []


async def test_no_photo_is_kept(ui: UiDriver, tmp_path: Path):
    """A note holds the run's key and a small picture of some thousand letters, not the photo that it was drawn from."""
    noise = Image.effect_noise((1600, 1200), 80).convert("RGB")
    noise.save(tmp_path / "noise.png")
    await ui.choose(tmp_path / "noise.png")
    await ui.wait_for_things()
    await ui.wait_for(f"() => ({_NOTES})().every((it) => it.thumbs.length)")
    [note] = await ui.evaluate(_NOTES)
    assert len(note["key"]) == 64 and note["names"] == ["noise.png"]
    assert note["thumbs"][0].startswith("data:image/jpeg;base64,") and len(note["thumbs"][0]) < 30_000
    assert "kept in this browser, for you alone, until you clear it. " in (await ui.texts("footer"))[0]


@pytest.mark.parametrize(
    ("count", "letters", "kept"),
    [
        (230, 10, [(n, 10) for n in range(230, 30, -1)]),
        (40, 90_000, [(n, 90_000 if n > 18 else 0) for n in range(40, 0, -1)]),
        (2, 200_000, [(2, 0), (1, 0)]),
    ],
)
async def test_the_memory_is_bounded(ui: UiDriver, count: int, letters: int, kept: list):
    """Two hundred notes and two million letters are kept: the oldest lose their pictures, as those too large do."""
    assert [tuple(note) for note in await ui.evaluate(_FILL, count, letters)] == kept


async def test_the_list_outlives_its_tab_and_is_shared(ui: UiDriver, service: SandboxService, photos: Path):
    """A new tab has the list; what is added in one is not lost by the other; what is removed is gone in both."""
    await ui.choose(photos / "01.jpg")
    await ui.wait_for_things()
    second = await ui.another_tab()
    await second.open(service.url)
    await second.wait_for_things()
    assert await second.texts(".name") == ["Norrvik Fjell Parka"]
    await second.choose(photos / "08.jpg")
    await second.wait_for_things(2)
    await ui.click(".name")  # saves anew what the first tab knows
    await second.tab.close()
    await ui.reload()
    await ui.wait_for_things(2)
    assert await ui.texts(".name") == ["Lumenfeld Arko", "Norrvik Fjell Parka"]
    third = await ui.another_tab()
    await third.open(service.url)
    await third.wait_for_things(2)
    await ui.click(".remove")
    await third.wait_for("() => document.querySelectorAll('.thing').length === 1")
    assert len(await ui.evaluate(_NOTES)) == 1
    assert second.errors == third.errors == []


async def test_the_list_of_the_older_page_is_taken_over(ui: UiDriver, known_parka: Path):
    """What an older release has stored for the tab is in the list, by the key of its run, and stored anew."""
    await ui.choose(known_parka)
    await ui.wait_for_things()
    await ui.evaluate(
        f"""() => {{
          const [note] = ({_NOTES})();
          localStorage.clear();
          sessionStorage.setItem("lens_rx.thing.1.7", JSON.stringify(note));
        }}"""
    )
    await ui.reload()
    assert (await ui.wait_for_things())[0].startswith("Known already")
    assert await ui.texts(".name") == ["Norrvik Fjell Parka"]
    assert await ui.evaluate("() => sessionStorage.length") == 0 and len(await ui.evaluate(_NOTES)) == 1


async def test_nothing_odd_in_the_memory_harms(ui: UiDriver):
    """Notes that somebody else has written, or half of them, are passed over, and no markup comes of them."""
    await ui.evaluate(
        """() => {
          sessionStorage.setItem("lens_rx.thing.1.1", "{");
          sessionStorage.setItem("lens_rx.thing.1.2", "null");
          sessionStorage.setItem("lens_rx.thing.1.3", JSON.stringify({ names: "x" }));
          sessionStorage.setItem("lens_rx.thing.1.4", JSON.stringify({ mark: "m", names: ["<img src=x>.jpg"], query: {},
            key: "", label: "<b>bold</b>", thumbs: ["https://elsewhere.test/x.png"] }));
        }"""
    )
    await ui.reload()
    assert await ui.wait_for_things() == ["Not sent."]
    assert await ui.texts(".name") == ["<b>bold</b>"]
    assert await ui.evaluate("() => document.querySelectorAll('.thing img, .thing b').length") == 0
