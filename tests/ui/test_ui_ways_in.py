"""Photos come in by the chooser, by drop and by paste, and facts appear as cards."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sandbox_service import SandboxService
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_chosen_photo_becomes_cards(ui: UiDriver, parka: Path, truth: dict):
    """What it is, what it is worth, what it cost new: each fact is a card, and the offers are a table."""
    await ui.choose(parka)
    await ui.wait_for_things()
    cards = await ui.texts(".card")
    wanted = truth["01.jpg"]
    assert [card.split("\n")[0].lower() for card in cards] == [
        "what it is worth",
        "what it cost new",
        "what the photo shows",
        "the producer's page",
        "what it is",
    ]
    assert wanted["producer"] in cards[4] and wanted["model"] in cards[4]
    assert str(wanted["retail_price_eur"]) in cards[1]
    assert await ui.texts(".name") == [f"{wanted['producer']} {wanted['model']}"]
    assert len(await ui.texts("tbody tr")) > 5
    assert await ui.texts(".picture svg")


async def test_every_stage_lights_up(ui: UiDriver, parka: Path):
    """Each stage has a light; one that runs says so, and all say when they are done."""
    await ui.choose(parka)
    await ui.wait_for_things()
    assert "look-alikes" in await ui.evaluate("() => window.lights")
    assert await ui.evaluate("() => document.querySelectorAll('.stage.ok').length") == 7


async def test_no_offer_that_was_shown_early_is_lost(ui: UiDriver, parka: Path):
    """Marketplaces' offers come each as it ends; all of them are in the table, or left out with a reason."""
    await ui.choose(parka)
    await ui.wait_for_things()
    shown = await ui.evaluate("() => [...document.querySelectorAll('.offers a')].map((it) => it.href)")
    told = await ui.download_facts()
    kinds = [fact["data_description"] for fact in told]
    early = [fact["data"] for fact in told if fact["data_description"] == "offers-partial"]
    assert kinds.index("offers-partial") < kinds.index("second-hand-offers")
    assert {offer["link"] for offers in early for offer in offers} <= set(shown)
    assert "so far" not in (await ui.texts(".offers h3"))[0]


async def test_dropped_photos_are_a_thing_each(ui: UiDriver, photos: Path):
    """Two photos whose names say nothing else are proposed as two things, and are that with Enter, in their order."""
    await ui.drop(photos / "01.jpg", photos / "08.jpg")
    await ui.wait_for_tray()
    assert await ui.texts("#tray-title") == ["2 photos, 2 things"] and await ui.texts(".thing") == []
    await ui.press("Enter")
    await ui.wait_for_things(2)
    assert await ui.texts(".name") == ["Norrvik Fjell Parka", "Lumenfeld Arko"]


async def test_photos_that_belong_together_are_one_thing(ui: UiDriver, photos: Path):
    """With the box ticked, photos that are added together are one thing with a thumbnail each, none twice; then it is not."""
    await ui.click("#together")
    await ui.choose(photos / "01.jpg", photos / "05.heic", photos / "01.jpg")
    await ui.wait_for_things()
    assert await ui.wait_for(
        "() => document.querySelectorAll('.thumbs img').length === 2"
    )  # HEIC by the service
    assert sum(url.endswith("/thumbnail") for url in ui.requests) == 1
    assert not await ui.evaluate("() => document.getElementById('together').checked")


async def test_a_pasted_photo_is_looked_at(ui: UiDriver, parka: Path):
    """A photo in the clipboard becomes a thing."""
    await ui.paste(parka)
    await ui.wait_for_things()
    assert await ui.texts(".name") == ["Norrvik Fjell Parka"]


async def test_the_sample_is_one_press_away(ui: UiDriver):
    """In the sandbox a newcomer without a photo has one."""
    await ui.click("#sample")
    await ui.wait_for_things()
    assert len(await ui.texts(".worth-price")) == 1


async def test_the_same_photo_again_is_pointed_at(ui: UiDriver, parka: Path):
    """A photo that is on the page already does not stand there twice."""
    await ui.choose(parka)
    await ui.wait_for("() => !!document.querySelector('.thing')")
    await ui.choose(parka)
    assert (
        await ui.wait_for("() => document.querySelector('#remark').textContent") == "01.jpg is here already."
    )
    assert len(await ui.texts(".thing")) == 1


async def test_what_is_said_of_one_thing_is_not_said_of_the_next(ui: UiDriver, parka: Path, photos: Path):
    """Producer and model that the user gives stand for the next photo, and for that alone."""
    await ui.evaluate(
        "() => { for (const [name, words] of [['producer', 'Lumenfeld'], ['model', 'Arko'], ['currency', 'GBP']])"
        " document.getElementById(name).value = words; }"
    )
    await ui.choose(parka)
    await ui.wait_for_things()
    assert await ui.texts(".name") == ["Lumenfeld Arko"]
    assert "you said so" in (await ui.texts(".card-model-producer"))[0]
    assert await ui.evaluate(
        "() => ['producer', 'currency'].map((name) => document.getElementById(name).value)"
    ) == [
        "",
        "GBP",
    ]
    assert "£" in (await ui.texts(".worth-price"))[0]


async def test_all_can_be_taken_away(ui: UiDriver, service: SandboxService, parka: Path):
    """The JSON file holds every fact of the run, the CSV file every offer with its reason."""
    await ui.choose(parka)
    await ui.wait_for_things()
    told = json.loads(await ui.download(".json"))
    lines = (await ui.download(".csv")).splitlines()
    assert re.fullmatch(r"[0-9a-f]{64}", told["key"])
    assert [fact["seq"] for fact in told["facts"]] == list(range(1, len(told["facts"]) + 1))
    evidence = next(it["data"] for it in told["facts"] if it["data_description"] == "price-evidence")
    assert lines[0].startswith("price,currency,wear") and len(lines) == len(evidence) + 1


async def test_the_page_says_that_it_is_a_sandbox(ui: UiDriver):
    """The sign is in sight, and in the title of the tab."""
    assert "SANDBOX" in (await ui.texts(".sandbox-sign"))[0]
    assert (await ui.evaluate("() => document.title")).startswith("SANDBOX")


async def test_a_photo_is_taken_with_the_camera(ui: UiDriver):
    """A computer's camera opens in the page; what is shot becomes a thing, and the camera is let go."""
    await ui.click("#camera")
    await ui.wait_for("() => document.getElementById('finder').videoWidth")
    await ui.evaluate("() => { window.film = document.getElementById('finder').srcObject; }")
    await ui.click("#shoot")
    await ui.wait_for("() => document.getElementById('use').textContent === 'Use 1 photo'")
    await ui.click("#use")
    await ui.wait_for_things()
    assert re.fullmatch(r"(Not identified: )?camera-\d+\.jpg", (await ui.texts(".name"))[0])
    assert await ui.evaluate("() => film.getTracks().every((track) => track.readyState === 'ended')")
    assert await ui.texts("#shooting") == []
