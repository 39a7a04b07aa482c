"""What a whole service tells is what its document promises: real facts, held to the schemas it serves."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import orjson
import pytest
from promised_facts import fact_complaints
from sandbox_service import SandboxService

PROMISED = {
    "complete",
    "error",
    "estimated-price",
    "image-description",
    "model-producer",
    "offers-partial",
    "price-evidence",
    "producer-url",
    "progress",
    "retail-price-details",
    "second-hand-offers",
    "visual-matches",
}


async def classify(session: aiohttp.ClientSession, photo: Path, currency: str) -> list[dict]:
    form = aiohttp.FormData()
    form.add_field("file", await asyncio.to_thread(photo.read_bytes), filename="img.png")
    query = {"events": "all", "currency": currency, "hint": "promised"}
    lines = {"Accept": "application/x-ndjson"}
    async with session.post("/classify", data=form, params=query, headers=lines) as answer:
        assert answer.status == 200
        return [orjson.loads(line) for line in (await answer.read()).splitlines() if line]


@pytest.mark.parametrize("wall", [{}, {"shop": {"block": "captcha"}}], ids=["all is there", "a wall"])
async def test_real_facts_are_as_the_document_promises(
    service: SandboxService, photos: Path, truth: dict, wall: dict
):
    """Each fact of a run, in both currencies, is what the schema of its kind says, and every kind is seen."""
    service.put_faults(wall)
    async with aiohttp.ClientSession(service.url, timeout=aiohttp.ClientTimeout(110)) as session:
        async with session.get("/openapi.json") as answer:
            document = await answer.json()
        photo = photos / next(name for name in truth if name.startswith("06" if wall else "05"))
        facts = [fact for currency in ("EUR", "JPY") for fact in await classify(session, photo, currency)]
    assert [it for fact in facts for it in fact_complaints(document, fact)] == []
    seen = {fact["data_description"] for fact in facts}
    assert seen >= PROMISED - ({"retail-price-details"} if wall else {"error"})
