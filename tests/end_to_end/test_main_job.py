"""A photo goes in, facts stream out: real Chromium, real sockets, the real `openai` client."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import aiohttp
import orjson
import pytest
from PIL import Image
from sandbox_service import FIVE, SandboxService, classify
from shared_directory import unseen_copy


@pytest.fixture
async def client(service: SandboxService) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(service.url, timeout=aiohttp.ClientTimeout(110)) as session:
        yield session


def by_kind(facts: list[dict]) -> dict[str, dict]:
    return {fact["data_description"]: fact["data"] for fact in facts}


async def test_a_photo_is_identified_and_priced(client: aiohttp.ClientSession, photos: Path, truth: dict):
    """All five facts come, and they are true: the thing, its price new to the cent, its worth within 20 %."""
    wanted = truth["01.jpg"]
    facts = by_kind(await classify(client, photos / "01.jpg", events="all"))
    assert set(facts) >= FIVE
    named = facts["model-producer"]
    assert (named["producer"], named["model"]) == (wanted["producer"], wanted["model"])
    assert facts["retail-price-details"]["price"] == pytest.approx(wanted["retail_price_eur"], abs=0.01)
    assert facts["estimated-price"]["price"] == pytest.approx(wanted["used_price_eur"], rel=0.2)
    assert facts["complete"]["outcome"] == "ok"


async def test_a_photo_of_nothing_known_is_empty_not_a_guess(client: aiohttp.ClientSession):
    """A photo of nothing in the world is one error, stage identify, outcome empty."""
    facts = [
        it
        for it in await classify(client, foreign_photo(), events="all")
        if it["data_description"] != "progress"
    ]
    told = [it["data"] for it in facts if it["data_description"] == "error"]
    assert [(it["stage"], it["outcome"]) for it in told] == [("identify", "empty")]
    assert not FIVE & {it["data_description"] for it in facts}


def foreign_photo() -> bytes:
    out = BytesIO()
    Image.effect_mandelbrot((640, 480), (-2, -1.5, 1, 1.5), 60).convert("RGB").save(out, "PNG")
    return out.getvalue()


async def test_a_hundred_equal_uploads_look_once(
    client: aiohttp.ClientSession, service: SandboxService, photos: Path, tmp_path: Path
):
    """A hundred equal uploads at once make one Lens look-up, and all see the same facts."""
    count = 'lens_rx_stage_seconds_count{outcome="ok",stage="lens"}'
    before = service.metric(count)
    photo = unseen_copy(photos / "08.jpg", tmp_path)
    streams = await asyncio.gather(*(classify(client, photo, events="all") for _ in range(100)))
    assert service.metric(count) == before + 1
    assert all(stream == streams[0] for stream in streams)


async def test_every_interface_sends_the_same_facts(client: aiohttp.ClientSession, photos: Path):
    """Events, lines, a WebSocket and an EventSource give the same facts of one run."""
    lines = await classify(client, photos / "03.jpg", events="all")
    form = aiohttp.FormData()
    form.add_field("file", (photos / "03.jpg").read_bytes(), filename="img.png")
    async with client.post("/classify?events=all", data=form) as answer:
        key, body = answer.headers["X-Run-Key"], await answer.text()
    assert [orjson.loads(part.removeprefix("data: ")) for part in body.split("\n\n") if part] == lines
    async with client.ws_connect("/ws?events=all") as ws:
        await ws.send_bytes((photos / "03.jpg").read_bytes())
        assert [orjson.loads(message.data) async for message in ws][1:] == lines
    async with client.get(f"/runs/{key}/events?events=all") as answer:
        told = re.findall(r"^data: (.*)$", await answer.text(), re.MULTILINE)
    assert [orjson.loads(it) for it in told] == lines


async def test_a_blocked_lens_is_reported_and_looked_up_again_later(
    client: aiohttp.ClientSession, service: SandboxService, photos: Path
):
    """A captcha at Lens is told as blocked, never as a result; mended and asked again, the run is whole."""
    service.put_faults({"lens": {"block": "captcha"}})
    facts = await classify(client, photos / "14.webp", events="all")
    (error,) = [it["data"] for it in facts if it["data_description"] == "error"]
    assert (error["stage"], error["outcome"]) == ("lens", "blocked")
    service.put_faults({})
    await asyncio.sleep(1.1)  # a site that showed a wall is left to rest
    again = await classify(client, photos / "14.webp", events="all")
    assert "visual-matches" in by_kind(again)
    assert by_kind(again)["complete"]["outcome"] == "ok"
    assert [it["seq"] for it in again] == list(range(1, len(again) + 1))


@pytest.mark.parametrize(
    ("fault", "photo", "outcomes"),
    [
        ({"block": "pardon"}, "18.jpg", {"blocked"}),
        ({"drift": True}, "20.heic", {"drift"}),
        ({"status": 500}, "21.jpg", {"error", "blocked", "drift"}),
        ({"close": True}, "23.jpg", {"error", "timeout"}),
    ],
    ids=["pardon", "drift", "500", "close"],
)
async def test_broken_marketplaces_are_reported_and_the_run_goes_on(
    service: SandboxService, photos: Path, fault: dict, photo: str, outcomes: set
):
    """Whatever breaks the marketplaces is typed and told, and the rest of the run comes all the same."""
    service.put_faults({"marketplace": fault})
    async with aiohttp.ClientSession(service.url) as client:
        facts = await classify(client, photos / photo, events="all")
    told = [it["data"] for it in facts if it["data_description"] == "error"]
    assert told
    assert {it["outcome"] for it in told} <= outcomes
    assert all(it["stage"].startswith("offers") for it in told)
    assert set(by_kind(facts)) >= {"model-producer", "retail-price-details", "estimated-price", "complete"}


async def test_a_given_name_needs_no_lens(
    client: aiohttp.ClientSession, service: SandboxService, photos: Path
):
    """With producer and model given, Lens is not asked and the name is told at once."""
    service.put_faults({"lens": {"hang": True}})
    facts = await classify(client, photos / "09.webp", events="all", producer="Stolhus", model="Hejm")
    kinds = by_kind(facts)
    assert kinds["model-producer"] == {"producer": "Stolhus", "model": "Hejm", "decided_by": "user"}
    assert "estimated-price" in kinds
    progress = [it["data"] for it in facts if it["data_description"] == "progress"]
    assert {it["stage"] for it in progress if it["state"] == "skipped"} == {"lens", "identify"}
