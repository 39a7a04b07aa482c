"""What breaks is said in plain words, and mended without a fact lost or doubled."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sandbox_service import SandboxService
from ui_driver import CuttableProxy, UiDriver

from lens_rx.settings import Settings

pytestmark = pytest.mark.asyncio(loop_scope="session")


def archive(service: SandboxService, key: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{service.url}/runs/{key}?events=all", timeout=5) as answer:
        return json.load(answer)["facts"]


def forget(service: SandboxService, key: str) -> None:
    request = urllib.request.Request(f"{service.url}/runs/{key}", method="DELETE")
    with urllib.request.urlopen(request, timeout=5):
        pass


async def test_a_cut_line_is_taken_up_again(
    blank_ui: UiDriver, service: SandboxService, proxy: CuttableProxy, parka: Path
):
    """The line is cut as the first stage starts, and as the name comes: the page has each fact once."""
    await blank_ui.open(proxy.url)
    proxy.cut_at = [b'"started"', b"model-producer"]
    await blank_ui.choose(parka)
    await blank_ui.wait_for_things()
    told = json.loads(await blank_ui.download(".json"))
    assert told["facts"] == archive(service, told["key"])
    assert proxy.cut_at == [] and await blank_ui.evaluate("() => window.sockets") >= 3


async def test_a_line_that_stays_away_is_waited_for(
    blank_ui: UiDriver, service: SandboxService, proxy: CuttableProxy, parka: Path
):
    """While nobody gets through the page says so, and it goes on by itself once the line is back."""
    await blank_ui.open(proxy.url)
    proxy.cut_at, proxy.stay_down = [b'"started"'], True
    await blank_ui.choose(parka)
    await blank_ui.wait_for_message("The connection broke")
    await blank_ui.wait_for("() => window.sockets > 2")
    proxy.down = False
    await blank_ui.wait_for_things()
    told = json.loads(await blank_ui.download(".json"))
    assert told["facts"] == archive(service, told["key"])


async def test_a_run_that_was_forgotten_begins_anew(
    blank_ui: UiDriver, service: SandboxService, proxy: CuttableProxy, parka: Path
):
    """A run that is gone when the line comes back is asked for with the photos, and told once."""
    await blank_ui.open(proxy.url)
    proxy.cut_at, proxy.stay_down = [b"model-producer"], True
    await blank_ui.choose(parka)
    await blank_ui.wait_for_message("The connection broke")
    forget(service, json.loads(await blank_ui.download(".json"))["key"])
    proxy.down = False
    await blank_ui.wait_for_things()
    told = await blank_ui.download_facts()
    assert [fact["seq"] for fact in told] == list(range(1, len(told) + 1))


async def test_a_failed_stage_says_so_and_can_be_tried_again(
    ui: UiDriver, service: SandboxService, parka: Path
):
    """A wall before look-alikes is named; once it is gone, "Try again" brings what was lacking."""
    service.put_faults({"lens": {"block": "captcha"}})
    await ui.choose(parka)
    await ui.wait_for_things()
    said = await ui.texts(".notices")
    assert "Look-alikes" in said[0] and "does not let us in" in said[0]
    assert (
        await ui.evaluate("() => document.querySelector('.stage.blocked').textContent")
        == "look-alikes: blocked"
    )
    service.put_faults({})
    # the site is left to rest a while, and the button asks again until it is over
    await ui.wait_for(
        """() => {
          document.querySelector(".notices:not([hidden]) .retry")?.click();
          return document.querySelectorAll(".stage.ok").length === 7;
        }"""
    )
    await ui.wait_for_things()
    assert await ui.texts(".notices") == []
    assert await ui.texts(".name") == ["Norrvik Fjell Parka"]


async def test_a_broken_photo_is_turned_away_in_words(ui: UiDriver, broken_photo: Path):
    """What the service refuses is told in words, with its file's name, and without a button that cannot help."""
    await ui.choose(broken_photo)
    assert await ui.wait_for_things() == ["Not accepted."]
    assert await ui.texts(".name") == ["broken.jpg"]
    assert "damaged" in (await ui.texts(".notices"))[0]
    assert await ui.texts(".retry, .stage, .again, .json") == []


async def test_a_photo_that_is_too_large_is_not_sent(ui: UiDriver, tmp_path: Path):
    """The page knows the service's limit, tells it, and names a larger file instead of sending it."""
    most = Settings().max_photo_bytes
    with (tmp_path / "huge.jpg").open("wb") as huge:
        huge.truncate(most + 100_000)
    await ui.choose(tmp_path / "huge.jpg")
    await ui.wait_for("() => !document.querySelector('#remark').hidden")
    assert await ui.texts("#remark") == [
        f"huge.jpg is too large: it has {most / 1e6 + 0.1:g} MB, and {most / 1e6:g} MB is the most."
    ]
    assert f"up to {most / 1e6:g} MB each" in (await ui.texts(".drop-hint"))[0]
    assert await ui.texts(".thing") == [] and await ui.evaluate("() => window.sockets") == 0


async def test_an_empty_file_is_named(ui: UiDriver, tmp_path: Path):
    """A file without a byte makes no thing; its name is said."""
    (tmp_path / "nothing.jpg").touch()
    await ui.choose(tmp_path / "nothing.jpg")
    await ui.wait_for("() => !document.querySelector('#remark').hidden")
    assert await ui.texts("#remark") == ["Nothing can be read from nothing.jpg."]
    assert await ui.texts(".thing") == []


async def test_a_photo_of_nothing_known_is_no_guess(ui: UiDriver, tmp_path: Path):
    """Nothing found is said as that, and a hint is asked for."""
    photo = tmp_path / "spiral.png"
    Image.effect_mandelbrot((640, 480), (-2, -1.5, 1, 1.5), 60).convert("RGB").save(photo)
    await ui.choose(photo)
    await ui.wait_for_things()
    assert await ui.texts(".name") == ["Not identified: spiral.png"]
    assert "hint" in (await ui.texts(".notices"))[0]
    assert await ui.texts(".worth, .card-estimated-price") == []


async def test_no_price_is_said_in_words(ui: UiDriver, photos: Path):
    """A thing with too few offers and no price new says so, where the price would stand."""
    await ui.choose(photos / "46.jpg")
    await ui.wait_for_things()
    assert await ui.texts(".worth-price") == ["No price"]
    assert "No price: too few offers and no price new." in (await ui.texts(".card-estimated-price"))[0]
    assert "None were found that fit." in (await ui.texts(".offers"))[0]
