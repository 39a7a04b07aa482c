"""Several photos at once: which of them show one thing is proposed by their names, and mended before they are sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from sandbox_service import SandboxService
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: What things are sent, without sending them: the names of the photos of each.
_CATCH = """() => {
  window.sent = [];
  window.WebSocket = class {
    constructor() { this.photos = []; setTimeout(() => { this.onopen(); window.sent.push(this.photos); }); }
    send(photo) { this.photos.push(photo.name); }
    close() {}
  };
}"""
_GROUPS = """() => [...document.querySelectorAll("#tray-list [role=group]")]
  .map((group) => [...group.querySelectorAll(".tray-name")].map((name) => name.textContent).join(" "))"""
_NAMES = """async (names) => {
  const { groupByName } = await import("/photo-groups.js");
  return groupByName(names.map((name) => ({ name })), 8).map((group) => group.map(({ name }) => name));
}"""


def draw(folder: Path, *names: str) -> list[Path]:
    """Return small photos of these names."""
    for number, name in enumerate(names):
        Image.linear_gradient("L").resize((40, 40 + number)).save(folder / f"{name}.png")
    return [folder / f"{name}.png" for name in names]


async def open_tray(ui: UiDriver, photos: list[Path]) -> None:
    await ui.evaluate(_CATCH)
    await ui.drop(*photos)
    await ui.wait_for_tray()


#: Photos that are proposed as one thing, in each of several uploads.
PROPOSALS = [
    [["IMG_1a.jpg", "IMG_1b.jpg"], ["IMG_2a.jpg"]],
    [["jacket-1.jpg", "jacket-2.jpg"], ["boots-1.jpg"]],
    [["jacket (1).heic", "jacket (2).heic"], ["lamp1.jpg", "lamp2.jpg"]],
    [["A12-03_front.jpg", "A12-03_label.jpg"], ["A12-04_front.jpg"]],
    [["A12_IMG_0001.jpg", "A12_IMG_0002.jpg"], ["B7_IMG_0003.jpg"]],
    [["R3-F2-017 back.jpg", "R3-F2-017 jacket.jpg"], ["R3-F2-018 jacket.jpg"]],
    [["IMG_0001.JPG"], ["IMG_0002.JPG"], ["DSC00003.JPG"], ["PXL_20261128_101502123.jpg"]],
    [["20261128_101502.jpg"], ["20261128_101504.jpg"], ["IMG-20261128-WA0001.jpg"]],
    [["01.jpg"], ["02.jpg"], ["item-1.jpg"], ["item-2.jpg"], ["image.png"], ["photo.png"]],
    [["back.jpg", "front.jpg", "label.jpg"]],
    [["Rucksack_2.jpg", "Rucksack_10.jpg"], ["Tasche vorne.jpg"]],
]


async def test_names_say_what_belongs_together(ui: UiDriver):
    """A number, a letter or a view behind a name is one more photo; numbers of cameras, days and shelves are not."""
    for groups in PROPOSALS:
        assert await ui.evaluate(_NAMES, [name for group in groups for name in group]) == groups
    nine = await ui.evaluate(_NAMES, [f"jacket-{number}.jpg" for number in range(1, 10)])
    assert [len(group) for group in nine] == [8, 1]  # as many as may show one thing


async def test_forty_photos_are_mended_by_keyboard(ui: UiDriver, tmp_path: Path):
    """Of twelve things two have a photo of another; a few keys put them right, and Enter sends twelve things."""
    names = [f"A{thing:02}_{photo}" for thing in range(1, 13) for photo in range(1, 4)]
    await open_tray(ui, draw(tmp_path, *names, "A02_9", "A11_9", "A12_4", "A12_5"))
    assert await ui.texts("#tray-title") == ["40 photos, 12 things"]
    assert await ui.evaluate("() => document.activeElement.ariaLabel") == "A01_1.png, thing 1"
    await ui.press("ArrowDown", "Home", *["ArrowRight"] * 6, "3")  # A02_9 is of thing 3
    await ui.press("End", *["ArrowLeft"] * 5, "1", "Enter")  # A11_9 is of thing 1, not of 10 to 12
    groups = await ui.evaluate(_GROUPS)
    assert groups[0] == "A01_1 A01_2 A01_3 A11_9" and groups[2] == "A03_1 A03_2 A03_3 A02_9"
    await ui.press("Enter")
    await ui.wait_for("() => window.sent.length === 4")  # four at a time
    assert (await ui.evaluate("() => window.sent"))[2] == [f"{it}.png" for it in groups[2].split()]
    assert len(await ui.texts(".thing")) == 12 and await ui.texts("#tray") == []
    assert await ui.evaluate("() => document.activeElement.className") == "name"


async def test_things_are_split_joined_and_thinned_by_keys(ui: UiDriver, tmp_path: Path):
    """Marked photos become a thing of their own, things are joined, photos left out; each step can be taken back."""
    photos = draw(tmp_path, "a-1", "a-2", "a-3", "b-1", "c-1")
    await open_tray(ui, photos)
    await ui.drop(photos[0])  # waits here already
    await ui.press("Space", "ArrowRight", "Space", "n")
    assert await ui.evaluate(_GROUPS) == ["a-3", "a-1 a-2", "b-1", "c-1"]
    await ui.press("End", "j")
    assert await ui.evaluate(_GROUPS) == ["a-3", "a-1 a-2", "b-1 c-1"]
    await ui.press("Delete")
    assert await ui.evaluate(_GROUPS) == ["a-3", "a-1 a-2", "b-1"]
    await ui.tab.keyboard.down("Shift")
    await ui.press("Home", "ArrowRight")
    await ui.tab.keyboard.up("Shift")
    assert await ui.evaluate(_GROUPS) == ["a-1 a-2 a-3", "b-1"]
    for _ in range(4):
        await ui.click("#tray-undo")
    assert await ui.evaluate(_GROUPS) == ["a-1 a-2 a-3", "b-1", "c-1"]
    assert await ui.evaluate("() => document.getElementById('tray-undo').disabled")
    for how, groups in {
        "2": ["a-1 a-2", "a-3 b-1", "c-1"],
        "all": ["a-1 a-2 a-3 b-1 c-1"],
        "1": "a-1 a-2 a-3 b-1 c-1".split(),
    }.items():
        await ui.tab.select("#tray-grouping", how)
        assert await ui.evaluate(_GROUPS) == groups
    await ui.click("#tray-discard")
    assert await ui.texts("#tray, .thing") == [] and await ui.evaluate("() => window.sent") == []


async def test_a_photo_is_dragged_to_another_thing(ui: UiDriver, tmp_path: Path):
    """A photo that is dragged into another box is of that thing; into the empty one, of its own; no file is added."""
    await open_tray(ui, draw(tmp_path, "a-1", "a-2", "b-1"))
    drag = """(name, place) => {
      const dataTransfer = new DataTransfer();
      const photo = [...document.querySelectorAll(".tray-photo")].find((it) => it.textContent === name);
      const tell = (target, type) => target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
      tell(photo, "dragstart");
      const target = document.querySelector(`[data-thing="${place}"]`);
      for (const type of ["dragover", "drop"]) tell(target, type);
      tell(photo, "dragend");
    }"""
    await ui.evaluate(drag, "a-2", "2")
    assert await ui.evaluate(_GROUPS) == ["a-1", "b-1 a-2"]
    await ui.evaluate(drag, "b-1", "new")
    assert await ui.evaluate(_GROUPS) == ["a-1", "a-2", "b-1"]
    assert await ui.texts("#remark") == []


async def test_on_a_phone_photos_are_tapped(blank_ui: UiDriver, service: SandboxService, tmp_path: Path):
    """Tapped photos are moved by a list of the things; nothing is wider than the screen, and all is in reach of a thumb."""
    ui = blank_ui
    await ui.open(service.url, width=360, touch=True)
    await open_tray(ui, draw(tmp_path, *(f"thing {it}-{n}" for it in "abc" for n in range(1, 6))))
    await ui.click("[aria-label='thing b-5.png, thing 2']")
    await ui.tab.select("#tray-target", "3")
    assert (await ui.evaluate(_GROUPS))[2].endswith("thing b-5")
    await ui.click(".tray-photo")
    assert await ui.evaluate("() => document.documentElement.scrollWidth") <= 360
    assert (
        await ui.evaluate(
            """() => [...document.querySelectorAll("#tray button, #tray select, .tray-photo, #ask button, #ask select")]
          .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 44).map((it) => it.outerHTML)"""
        )
        == []
    )


async def test_refused_files_go_away_with_one_key(ui: UiDriver, tmp_path: Path, broken_photo: Path):
    """A text and an empty file are named and not sent; what the service refused goes with them, by Escape."""
    (tmp_path / "letter.png").write_text("Dear Sir or Madam, this is a text.")
    (tmp_path / "empty.jpg").touch()
    await ui.choose(broken_photo)
    await ui.wait_for_things()
    await ui.drop(tmp_path / "letter.png", tmp_path / "empty.jpg")
    await ui.wait_for("() => !document.getElementById('remark').hidden")
    assert await ui.texts("#remark, #refused, #dismiss") == [
        "letter.png is not a PNG, JPEG, WebP, HEIC, AVIF or GIF photo. Nothing can be read from empty.jpg.",
        "1 thing was not accepted.",
        "Remove it\nEsc",
    ]
    assert await ui.evaluate("() => window.sockets") == 1
    await ui.press("Escape")
    assert await ui.texts("#refusals, .thing") == []
    await ui.reload()
    assert await ui.texts(".thing") == []
