"""Photos come in by the chooser, by drop and by paste, and facts appear as cards."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sandbox_service import SandboxService
from ui_driver import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_chosen_photo_becomes_cards(desk: Desk, parka: Path, truth: dict):
    """What it is, what it is worth, what it cost new: each fact is a card, and the offers are a table."""
    await desk.choose(parka)
    await desk.things()
    cards = await desk.texts(".card")
    wanted = truth["01.jpg"]
    assert [card.split("\n")[0].lower() for card in cards] == [
        "what it is worth",
        "what it is",
        "what it cost new",
        "what the photo shows",
        "the producer's page",
    ]
    assert wanted["producer"] in cards[1] and wanted["model"] in cards[1]
    assert str(wanted["retail_price_eur"]) in cards[2]
    assert await desk.texts(".name") == [f"{wanted['producer']} {wanted['model']}"]
    assert len(await desk.texts("tbody tr")) > 5
    assert await desk.texts(".picture svg")


async def test_every_stage_lights_up(desk: Desk, parka: Path):
    """Each stage has a light; one that runs says so, and all say when they are done."""
    await desk.choose(parka)
    await desk.things()
    assert "look-alikes" in await desk.see("() => window.lights")
    assert await desk.see("() => document.querySelectorAll('.stage.ok').length") == 7


async def test_no_offer_that_was_told_early_is_lost(desk: Desk, parka: Path):
    """Marketplaces' offers come each as it ends; all of them are in the table, or left out with a reason."""
    await desk.choose(parka)
    await desk.things()
    shown = await desk.see("() => [...document.querySelectorAll('.offers a')].map((it) => it.href)")
    told = await desk.facts()
    kinds = [fact["data_description"] for fact in told]
    early = [fact["data"] for fact in told if fact["data_description"] == "offers-partial"]
    assert kinds.index("offers-partial") < kinds.index("second-hand-offers")
    assert {offer["link"] for offers in early for offer in offers} <= set(shown)
    assert "so far" not in (await desk.texts(".offers h3"))[0]


async def test_dropped_photos_are_a_thing_each(desk: Desk, photos: Path):
    """Two photos that are dropped together are two things, in their order."""
    await desk.drop(photos / "01.jpg", photos / "08.jpg")
    await desk.things(2)
    assert await desk.texts(".name") == ["Norrvik Fjell Parka", "Lumenfeld Arko"]


async def test_photos_that_belong_together_are_one_thing(desk: Desk, photos: Path):
    """With the box ticked, photos that are added together are one thing with a thumbnail each, none twice."""
    await desk.press("#together")
    await desk.choose(photos / "01.jpg", photos / "05.heic", photos / "01.jpg")
    await desk.things()
    assert await desk.see("() => document.querySelectorAll('.thumbs > *').length") == 2
    assert await desk.until("() => document.querySelector('.no-thumb')?.textContent") == "HEIC"


async def test_a_pasted_photo_is_looked_at(desk: Desk, parka: Path):
    """A photo in the clipboard becomes a thing."""
    await desk.paste(parka)
    await desk.things()
    assert await desk.texts(".name") == ["Norrvik Fjell Parka"]


async def test_the_sample_is_one_press_away(desk: Desk):
    """In the sandbox a newcomer without a photo has one."""
    await desk.press("#sample")
    await desk.things()
    assert len(await desk.texts(".worth-price")) == 1


async def test_the_same_photo_again_is_pointed_at(desk: Desk, parka: Path):
    """A photo that is on the page already does not stand there twice."""
    await desk.choose(parka)
    await desk.until("() => !!document.querySelector('.thing')")
    await desk.choose(parka)
    assert (
        await desk.until("() => document.querySelector('#remark').textContent") == "01.jpg is here already."
    )
    assert len(await desk.texts(".thing")) == 1


async def test_what_is_said_of_one_thing_is_not_said_of_the_next(desk: Desk, parka: Path, photos: Path):
    """Producer and model that the user gives stand for the next photo, and for that alone."""
    await desk.see(
        "() => { for (const [name, words] of [['producer', 'Lumenfeld'], ['model', 'Arko'], ['currency', 'GBP']])"
        " document.getElementById(name).value = words; }"
    )
    await desk.choose(parka)
    await desk.things()
    assert await desk.texts(".name") == ["Lumenfeld Arko"]
    assert "you said so" in (await desk.texts(".card-model-producer"))[0]
    assert await desk.see(
        "() => ['producer', 'currency'].map((name) => document.getElementById(name).value)"
    ) == [
        "",
        "GBP",
    ]
    assert "£" in (await desk.texts(".worth-price"))[0]


async def test_all_can_be_taken_away(desk: Desk, service: SandboxService, parka: Path):
    """The JSON file holds every fact of the run, the CSV file every offer with its reason."""
    await desk.choose(parka)
    await desk.things()
    told = json.loads(await desk.downloaded(".json"))
    lines = (await desk.downloaded(".csv")).splitlines()
    assert re.fullmatch(r"[0-9a-f]{64}", told["key"])
    assert [fact["seq"] for fact in told["facts"]] == list(range(1, len(told["facts"]) + 1))
    evidence = next(it["data"] for it in told["facts"] if it["data_description"] == "price-evidence")
    assert lines[0].startswith("price,currency,wear") and len(lines) == len(evidence) + 1


async def test_the_page_says_that_it_is_a_sandbox(desk: Desk):
    """The sign is in sight, and in the title of the tab."""
    assert "SANDBOX" in (await desk.texts(".sandbox-sign"))[0]
    assert (await desk.see("() => document.title")).startswith("SANDBOX")


async def test_a_photo_is_shot_at_the_desk(desk: Desk):
    """A computer's camera opens in the page; what is shot becomes a thing, and the camera is let go."""
    await desk.press("#camera")
    await desk.until("() => document.getElementById('finder').videoWidth")
    await desk.see("() => { window.film = document.getElementById('finder').srcObject; }")
    await desk.press("#shoot")
    await desk.until("() => document.getElementById('use').textContent === 'Use 1 photo'")
    await desk.press("#use")
    await desk.things()
    assert re.fullmatch(r"(Not identified: )?camera-\d+\.jpg", (await desk.texts(".name"))[0])
    assert await desk.see("() => film.getTracks().every((track) => track.readyState === 'ended')")
    assert await desk.texts("#shooting") == []
