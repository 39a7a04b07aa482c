"""One thing's card: what to pay and ask, corrected by keys alone, its comparables left out and brought back."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_directory import unseen_copy
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")

_HISTORY_ROWS = "() => document.querySelectorAll('.history li').length"
_FOCUSED_OFFER = "() => document.activeElement.closest('[data-offer]')?.dataset.offer || ''"


# lines on which the test tells the facts of a run and hears what is asked
_LINES_BY_HAND = """() => {
  window.asked = [];
  window.WebSocket = class {
    constructor() {
      window.line = this;
      setTimeout(() => this.onopen());
    }
    send(message) { if (typeof message === "string") window.asked.push(JSON.parse(message)); }
    close() {}
  };
  window.tell = (generation, facts) => {
    const say = (message) => window.line.onmessage({ data: JSON.stringify(message) });
    say({ key: "k", generation, replayed: false });
    facts.forEach(([kind, data], at) => say({ data_description: kind, data, seq: at + 1, observed_at: "2026-01-02T03:04:05Z" }));
  };
}"""
_OFFER = {
    "id": "0123456789ab",
    "price": 10,
    "currency": "EUR",
    "wear": "good",
    "basis": "asking",
    "marketplace": "ebay",
    "title": "A thing",
    "link": "https://shop.test/1",
    "kept": True,
    "reason": "",
}
_WORTH = {
    "price": 142.24,
    "min_range": 134.3,
    "max_range": 150.9,
    "currency": "EUR",
    "certainty": 0.9,
    "basis": "asking",
    "comparables": 3,
}
_NAME = {"producer": "Norrvik", "model": "Fjell Parka", "decided_by": "model"}
_TAKEN_UP = {"key": "k", "after": 4, "generation": 1}
_COMPLETE = {"outcome": "ok", "seconds": 1.0, "tokens": 0, "cost_usd": 0.0}
_FACTS = [
    ["model-producer", _NAME],
    ["price-evidence", [_OFFER]],
    ["estimated-price", _WORTH],
    ["complete", _COMPLETE],
]


async def state_begins(ui: UiDriver, words: str) -> str:
    """Return what the only thing says of itself, as soon as it begins with these words."""
    return await ui.wait_for(
        """(words) => {
          const said = document.querySelector(".state").textContent;
          return said.startsWith(words) && said;
        }""",
        words,
    )


async def offers_counted(ui: UiDriver) -> int:
    [title] = await ui.texts(".offers h3")
    return int(title.removeprefix("OFFERS (").removesuffix(")"))


@pytest.fixture(scope="module")
def reflex(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a photo of a camera, unseen before these tests, for which there is another candidate."""
    return unseen_copy(photos / "02.png", tmp_path_factory.mktemp("reflex"))


async def test_condition_and_size_are_corrected_in_a_form(ui: UiDriver, reflex: Path):
    """`s` opens the form at the condition; Enter takes what was said, at once, and print keeps the chart's legend."""
    await ui.choose(reflex)
    await ui.wait_for_things()
    dear = (await ui.texts(".worth-price"))[0]
    await ui.press("s", "a", "Enter")
    await state_begins(ui, "Corrected. The price was €")
    assert (await ui.texts(".worth-price"))[0] != dear and "of this condition (acceptable)" in (
        await ui.texts(".card")
    )[0]
    await ui.press("s", "Tab")
    await ui.tab.keyboard.type("24 mm")
    await ui.press("Enter")
    await ui.wait_for("() => document.querySelectorAll('.history li').length === 3")
    await ui.press("s")
    form = "() => [...document.querySelectorAll('.correct [name]')].map((it) => it.value)"
    assert await ui.evaluate(form) == ["Halvar", "Reflex M2", "acceptable", "24 mm", "", ""]
    await ui.press("Escape", "u", "u")
    await ui.wait_for("(dear) => document.querySelector('.worth-price').textContent === dear", dear)
    await ui.press("u")
    await ui.wait_for("() => document.querySelector('.state').textContent.includes('othing')")
    assert await ui.texts(".notices") == [] and await ui.texts(".worth-price") == [dear]
    await ui.send_command("Emulation.setEmulatedMedia", media="print")
    assert len(await ui.texts(".key")) == 6 and await ui.texts(".identity-tools, .change-offer") == []
    colour = "() => getComputedStyle(document.querySelector('.key'), '::before').printColorAdjust"
    assert await ui.evaluate(colour) == "exact"


async def test_a_card_is_done_by_keys_alone(ui: UiDriver, reflex: Path):
    """Cost, a comparable, another name and the way back, by keys alone; the thing stays one."""
    await ui.choose(reflex)
    await ui.wait_for_things()
    told_before = await ui.evaluate(_HISTORY_ROWS)
    await ui.press("j", "c", "2", "0", "0", "Enter")
    await ui.wait_for_text(".verdict", "Buy at €200")
    assert await ui.evaluate("() => [document.activeElement.className, window.sockets]") == ["name", 1]
    counted = await offers_counted(ui)
    await ui.press("o", "ArrowDown", "x")
    assert "The price was €" in await state_begins(ui, "Left out.")
    assert await offers_counted(ui) == counted - 1
    left_out = await ui.evaluate(_FOCUSED_OFFER)
    assert left_out and "You left it out." in (await ui.texts("tr.left-out"))[0]
    await ui.press("x")
    await state_begins(ui, "Brought back.")
    assert await ui.evaluate(_FOCUSED_OFFER) == left_out and await offers_counted(ui) == counted
    await ui.press("Escape", "2")
    await state_begins(ui, "Corrected.")
    assert await ui.texts(".name") == ["Halvar Reflex M3"] and len(await ui.texts(".thing")) == 1
    assert "€200" in (await ui.texts(".pay-words"))[0]
    await ui.press("u")
    await state_begins(ui, "Taken back.")
    assert await ui.texts(".name") == ["Halvar Reflex M2"]
    await ui.press("r")
    await state_begins(ui, "Looked again.")
    await ui.press("h")
    history = await ui.texts(".history li")
    assert len(history) - max(told_before, 1) == 5 and "gpt-4o" in history[0] and "taken back" in history[-3]


async def test_margin_and_marketplace_are_chosen_once_for_all_things(ui: UiDriver, reflex: Path):
    """Both are reached by keys from the cost, change the decision at once, and are there again after a reload."""
    await ui.choose(reflex)
    await ui.wait_for_things()
    most = (await ui.texts(".verdict"))[0]
    await ui.press("j", "c", "Tab", "1", "2", "0", "Enter")
    assert "percentage" in (await ui.texts(".cost-remark"))[0]
    await ui.press("Backspace", "Backspace", "Backspace", "6", "0", "Enter")
    await ui.wait_for("(most) => document.querySelector('.verdict').innerText !== most", most)
    assert await ui.texts(".cost-remark") == [""]
    await ui.press("c", "Tab", "Tab", "v")
    sold_on_vinted = """() => [...document.querySelectorAll(".list-prices .small")].some((it) => it.innerText.includes("vinted"))"""
    await ui.wait_for(sold_on_vinted)
    most = (await ui.texts(".verdict"))[0]
    await ui.reload()
    await ui.wait_for_things()
    await ui.wait_for(sold_on_vinted)
    fields = "() => ['.margin', '.marketplace'].map((it) => document.querySelector(it).value)"
    assert await ui.evaluate(fields) == ["60", "vinted"] and await ui.texts(".verdict") == [most]


async def told_by_hand(ui: UiDriver, photo: Path) -> None:
    """Tell a thing with one offer, on lines by hand, until it has ended, then leave the offer out by a key."""
    await ui.evaluate(_LINES_BY_HAND)
    await ui.choose(photo)
    await ui.wait_for("() => !!window.line?.onmessage")
    await ui.evaluate("(facts) => { tell(1, facts); line.onclose({ code: 1000 }); }", _FACTS)
    await ui.wait_for_things()
    await ui.press("o", "x")
    await ui.wait_for("() => window.asked.length === 1")


async def test_a_change_whose_line_breaks_is_not_made_twice(ui: UiDriver, parka: Path):
    """What nobody knows to be taken is said, and looked at, but not asked for again; the card keeps what it shows."""
    await told_by_hand(ui, parka)
    await ui.evaluate("() => line.onclose({ code: 1006 })")
    await state_begins(ui, "The connection broke. Look whether your change is there")
    assert await ui.wait_for("() => window.asked.length > 1 && window.asked") == [
        {"key": "k", "dismiss": [_OFFER["id"]]},
        _TAKEN_UP,
    ]
    assert await ui.texts(".worth-price") == ["about €140"]


async def test_a_change_that_meets_another_shows_that_one(ui: UiDriver, parka: Path):
    """Who changes a run that somebody else changes is told so, and sees what becomes of it."""
    await told_by_hand(ui, parka)
    refusal = {"error": "It is looked at again.", "status": 409}
    await ui.evaluate("(it) => line.onmessage({ data: JSON.stringify(it) })", refusal)
    await state_begins(ui, "It is looked at again.")
    assert await ui.wait_for("() => window.asked.length > 1 && window.asked[1]") == _TAKEN_UP
    others = [*_FACTS[:2], ["estimated-price", _WORTH | {"price": 90}], _FACTS[3]]
    await ui.evaluate("(facts) => { tell(2, facts); line.onclose({ code: 1000 }); }", others)
    await ui.wait_for_text(".worth-price", "about €90")


async def test_photos_of_different_things_are_grouped_anew(ui: UiDriver, three: list[Path]):
    """`g` gives the photos of a thing back to the boxes in which they are grouped, where the keyboard goes on."""
    await ui.evaluate(_LINES_BY_HAND)
    await ui.click("#together")
    await ui.choose(*three[:2])
    await ui.wait_for("() => !!window.line?.onmessage")
    assert len(await ui.texts(".thing")) == 1 and await ui.texts(".regroup") != []
    await ui.press("g")
    await ui.wait_for_tray()
    assert len(await ui.texts("#tray-list [role=group]")) == 2 and await ui.texts(".thing") == []
    assert await ui.evaluate("() => document.querySelector('#tray').contains(document.activeElement)")


async def test_keys_are_left_to_whoever_types(ui: UiDriver, broken_photo: Path):
    """In a field a key is a letter; elsewhere `?` lists the keys, and they can be switched off for good."""
    await ui.choose(broken_photo)
    await ui.wait_for_things()
    await ui.evaluate(
        "() => { document.querySelector('#options').open = true; document.querySelector('#hint').focus(); }"
    )
    await ui.tab.keyboard.type("x?j1u")
    assert await ui.evaluate("() => document.querySelector('#hint').value") == "x?j1u"
    assert await ui.texts(".keys") == []
    await ui.evaluate("() => document.activeElement.blur()")
    await ui.press("?")
    assert "leave out, or bring back" in (await ui.texts(".keys"))[0]
    await ui.click("#keys-on")
    await ui.press("Escape", "j")
    assert (
        await ui.texts(".keys") == []
        and await ui.evaluate("() => document.activeElement.className") != "name"
    )
    await ui.reload()
    assert await ui.evaluate("() => document.querySelector('#keys-on').checked") is False


async def test_what_was_left_out_is_brought_back(ui: UiDriver):
    """A rejected offer has its reason and a button; which row the focus is on outlives that the row moves."""
    bad = _OFFER | {"id": "ba9876543210", "title": "A replica", "kept": False, "reason": "replica"}
    seen = await ui.evaluate(
        """async (offer, bad) => {
          const { OffersTable } = await import("/offers-table.js");
          const root = document.createElement("div");
          document.body.append(root);
          const asked = [];
          const table = new OffersTable(root, { dismiss: (id) => asked.push(["dismiss", id]), restore: (id) => asked.push(["restore", id]) });
          table.show({ "price-evidence": [offer, bad] }, { state: "ok" });
          root.querySelector("details").open = true;
          const row = root.querySelector("li");
          row.focus();
          table.toggle(row);
          table.show({ "price-evidence": [offer, { ...bad, kept: true, reason: "" }] }, { state: "ok" });
          return [asked, document.activeElement.localName, document.activeElement.dataset.offer];
        }""",
        _OFFER,
        bad,
    )
    assert seen == [[["restore", bad["id"]]], "tr", bad["id"]]


async def test_amounts_are_rounded_for_people(ui: UiDriver):
    """About as many digits as an estimate is worth; what a price itself has is kept, what is typed is understood."""
    seen = await ui.evaluate(
        """async () => {
          const { roughMoney, listMoney, parseAmount } = await import("/amounts.js");
          const rough = [0.4, 7.3, 37.3, 142.24, 147.6, 1287, 14224].map((amount) => roughMoney(amount, "EUR"));
          const lists = [[130.57, 142.24], [129.99, 139.99]].map((prices) => listMoney(prices, "EUR"));
          return [rough, lists, ["40", "39,90", "€ 1.200", "1,200.50", "abc", ""].map(parseAmount)];
        }"""
    )
    assert seen == [
        ["€0.40", "€7", "€37", "€140", "€150", "€1,300", "€14,000"],
        [["€130", "€140"], ["€129.99", "€139.99"]],
        ["40", "39.90", "1200", "1200.50", None, ""],
    ]


async def test_marks_say_how_far_a_price_can_be_relied_on(ui: UiDriver):
    """A folded thing tells certainty, basis and what is blocked; a doubtful stage is not green and says why."""
    thing = {
        "facts": {
            "model-producer": _NAME,
            "estimated-price": _WORTH | {"certainty": 0.6, "identity_certainty": 0.6},
        },
        "errors": [{"stage": "offers.ebay-sold", "outcome": "blocked", "message": ""}],
        "ended": True,
    }
    marks, reasons, stages = await ui.evaluate(
        """async (thing) => {
          const { marksOf, reasonsToLook, stageDoubts } = await import("/marks.js");
          const { stageItems, initialStages } = await import("/stages.js");
          const done = Object.fromEntries(Object.keys(initialStages()).map((name) => [name, { state: "ok", seconds: 1 }]));
          const items = stageItems(done, stageDoubts(thing)).filter((it) => !it.matches(".ok"));
          return [marksOf(thing).map(({ text }) => text), reasonsToLook(thing), items.map((it) => it.textContent)];
        }""",
        thing,
    )
    assert marks == ["needs a look", "certainty medium", "asked, 3 offers", "ebay blocked"]
    assert reasons == ["It is not sure what it is.", "Ebay did not let us in."]
    assert stages == ["name: not sure", "offers: ebay blocked", "worth: not sure"]
