"""The page by keyboard, by screen reader, on a phone, in the dark, and without motion."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sandbox_service import SandboxService
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")

_SIGHT = (Path(__file__).parent / "visibility.js").read_text().split("\n", 1)[1]
_FOCUSED = "() => document.activeElement.id || document.activeElement.textContent.trim()"
_NAMELESS = """() => [...document.querySelectorAll("button, a, input, select, [role=region], [role=img]")]
  .filter((it) => it.checkVisibility())
  .filter((it) => !(it.labels?.length || it.textContent.trim() || it.getAttribute("aria-label")))
  .map((it) => it.outerHTML)"""


# a line on which the test itself tells the facts
_TOLD_BY_HAND = """() => {
  window.WebSocket = class {
    constructor() { window.line = this; }
    send() {}
    close() {}
  };
  let seq = 0;
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  window.tell = async (facts) => {
    for (const [kind, data] of facts) {
      seq += 1;
      window.line.onmessage({ data: JSON.stringify({ data_description: kind, data, seq, observed_at: "2026-01-02T03:04:05Z" }) });
    }
    await drawn();
  };
  window.begin = () => window.line.onmessage({ data: JSON.stringify({ key: "k", generation: 1, replayed: false }) });
}"""
_OFFER = {
    "price": 10,
    "currency": "EUR",
    "wear": "good",
    "basis": "asking",
    "marketplace": "ebay",
    "title": "A thing",
    "link": "https://shop.test/1",
}
_WORTH = {"price": 9, "min_range": 8, "max_range": 10, "certainty": 0.5, "currency": "EUR", "basis": "asking"}


async def focused(ui: UiDriver) -> str:
    return await ui.evaluate(_FOCUSED)


async def walk(ui: UiDriver, most: int = 80) -> list[str]:
    """Go through the page by Tab and return where it leads, until it leaves the page."""
    places: list[str] = []
    for _ in range(most):
        await ui.tab.keyboard.press("Tab")
        if await ui.evaluate("() => document.activeElement === document.body"):
            return places
        places.append(await focused(ui))
    raise AssertionError(f"the keyboard is caught: {places}")


async def chooser_opened(ui: UiDriver) -> asyncio.Future[dict]:
    opened: asyncio.Future[dict] = asyncio.get_running_loop().create_future()
    await ui.send_command("Page.setInterceptFileChooserDialog", enabled=True)
    ui.tab._client.on("Page.fileChooserOpened", opened.set_result)
    return opened


async def test_a_photo_is_priced_by_keyboard_alone(ui: UiDriver, parka: Path):
    """Tab leads to the chooser, Enter opens it; the offers are sorted without a mouse and the focus stays."""
    opened = await chooser_opened(ui)
    await ui.tab.keyboard.press("Tab")
    assert await focused(ui) == "choose"
    assert (
        await ui.evaluate("() => getComputedStyle(document.querySelector('#drop')).outlineStyle") == "solid"
    )
    await ui.tab.keyboard.press("Enter")
    chooser = await asyncio.wait_for(opened, 10)
    await ui.send_command("DOM.setFileInputFiles", files=[str(parka)], backendNodeId=chooser["backendNodeId"])
    await ui.wait_for_things()
    places = await walk(ui)
    assert {"camera", "sample", "together", "Price", "Wear", "Title", "Copy JSON", "Remove"} <= set(places)
    await ui.evaluate("() => document.querySelector('th[data-by=title] button').focus()")
    await ui.tab.keyboard.press("Enter")
    await ui.tab.keyboard.press("Space")
    assert await focused(ui) == "Title"
    assert await ui.evaluate("() => document.querySelector('[aria-sort]').outerHTML.includes('descending')")
    titles = [title.lower() for title in await ui.texts("td.title")]
    assert titles == sorted(titles, reverse=True)


async def test_the_focus_outlives_facts_that_come(ui: UiDriver, parka: Path):
    """A head of the table keeps the focus, and a fold stays open, while later facts are drawn."""
    await ui.evaluate(_TOLD_BY_HAND)
    await ui.choose(parka)
    await ui.wait_for("() => !!window.line")
    rejected = _OFFER | {"link": "https://shop.test/2", "kept": False, "reason": "replica"}
    early = [["offers-partial", [_OFFER]], ["price-evidence", [_OFFER | {"kept": True}, rejected]]]
    await ui.evaluate("async (facts) => { begin(); await tell(facts); }", early)
    await ui.evaluate("() => document.querySelector('th[data-by=wear] button').focus()")
    await ui.click(".rejected summary")
    await ui.evaluate(
        "async (facts) => tell(facts)", [["second-hand-offers", [_OFFER]], ["estimated-price", _WORTH]]
    )
    assert await ui.texts(".offers h3") == ["OFFERS (1)"] and await ui.texts(".worth-price") == ["about €9"]
    assert await focused(ui) == "Wear"
    assert await ui.evaluate("() => document.querySelector('.rejected').open")


async def test_removing_a_thing_does_not_lose_the_keyboard(ui: UiDriver, broken_photo: Path):
    """After a thing is removed the focus is on the chooser, not nowhere."""
    await ui.choose(broken_photo)
    await ui.wait_for_things()
    await ui.click(".remove")
    assert await focused(ui) == "choose"
    assert await ui.texts(".thing") == []


async def test_everything_has_a_name(ui: UiDriver, known_parka: Path):
    """Every control and picture has a name, each thing that of what it is, and there is one h1."""
    await ui.choose(known_parka)
    await ui.wait_for_things()
    assert await ui.evaluate(_NAMELESS) == []
    assert (
        await ui.evaluate(
            "() => document.getElementById(document.querySelector('.thing').getAttribute('aria-labelledby')).textContent"
        )
        == "Norrvik Fjell Parka"
    )
    assert await ui.evaluate("() => document.querySelectorAll('h1').length") == 1
    price = (await ui.texts(".worth-price"))[0]
    label = await ui.evaluate("() => document.querySelector('.plot svg').getAttribute('aria-label')")
    assert label.startswith(f"Worth {price}, ")


async def test_a_screen_reader_hears_what_matters_once(ui: UiDriver, parka: Path):
    """One polite place says what was added, what it is and what it is worth; nothing else interrupts."""
    await ui.choose(parka)
    await ui.wait_for_things()
    heard = await ui.evaluate(
        "() => [...document.querySelectorAll('#announce p')].map((line) => line.textContent)"
    )
    assert heard[:2] == ["1 thing is looked at.", "This is Norrvik Fjell Parka."]
    assert len(heard) == 3 and heard[2].startswith("Norrvik Fjell Parka is worth about €")
    assert (
        await ui.evaluate(
            "() => document.querySelectorAll('[aria-live], [role=alert], [role=status]').length"
        )
        == 1
    )


@pytest.mark.parametrize("dark", [False, True])
async def test_all_texts_stand_out(
    blank_ui: UiDriver, service: SandboxService, three: list[Path], dark: bool
):
    """By day and by night every text, of results, of failures and of what is lacking, has the contrast of AA."""
    service.put_faults({"lens": {"drift": True}})
    await blank_ui.open(service.url, dark=dark)
    await blank_ui.choose(*three)
    await blank_ui.wait_for_things(3)
    await blank_ui.evaluate(
        "() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
    )
    assert await blank_ui.texts(".notices") and await blank_ui.texts(".picture text")
    assert await blank_ui.evaluate(_SIGHT) == []


async def test_a_phone_does_not_scroll_sideways(blank_ui: UiDriver, service: SandboxService, photos: Path):
    """At 390 pixels, and at 320, all but the table fits the screen, and buttons are as large as fingertips."""
    ui = blank_ui
    await ui.open(service.url, width=390, touch=True)
    await ui.choose(photos / "05.heic", photos / "01.jpg")
    await ui.wait_for_things(2)
    for width in (390, 320):
        await ui.tab.setViewport({"width": width, "height": 800, "isMobile": True, "hasTouch": True})
        assert await ui.evaluate("() => document.documentElement.scrollWidth") <= width
    assert (
        await ui.evaluate(
            """() => [...document.querySelectorAll("button, summary, .drop, .check, label.button, td.title > *")]
          .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 44).map((it) => it.outerHTML)"""
        )
        == []
    )


@pytest.mark.parametrize(("calm", "motion"), [(True, "none"), (False, "pulse")])
async def test_who_wants_no_motion_sees_none(
    blank_ui: UiDriver, service: SandboxService, calm: bool, motion: str
):
    """A running stage does not pulse for those who asked for calm; its words and its dots remain."""
    await blank_ui.open(service.url, calm=calm)
    seen = await blank_ui.evaluate(
        """async () => {
          const { stageItems, initialStages } = await import("/stages.js");
          const light = stageItems({ ...initialStages(), lens: { state: "started", seconds: 0 } })[0];
          document.body.append(light);
          return [getComputedStyle(light).animationName, getComputedStyle(light, "::after").content, light.textContent];
        }"""
    )
    assert seen == [motion, '" …"', "look-alikes: running"]
