"""What a whole service tells is what its document promises: real facts, held to the schemas it serves."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from promised_facts import fact_complaints
from sandbox_service import SandboxService, classify

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
        facts = [
            fact
            for currency in ("EUR", "JPY")
            for fact in await classify(session, photo, events="all", currency=currency, hint="promised")
        ]
    assert [it for fact in facts for it in fact_complaints(document, fact)] == []
    seen = {fact["data_description"] for fact in facts}
    assert seen >= PROMISED - ({"retail-price-details"} if wall else {"error"})
