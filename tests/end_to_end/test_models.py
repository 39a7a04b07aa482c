"""The main job with each kind of model: one that reasons, one that ends, and a small server of a local model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sandbox_service import FIVE, WITHOUT_BROWSER, SandboxService, facts_of

from lens_rx.cli.batch import open_service
from lens_rx.cli.surroundings import ServiceOptions
from lens_rx.settings import Settings


async def classify(
    service: SandboxService, photo: Path, model_path: str, model: str, **values: Any
) -> dict[str, Any]:
    """Return the last fact of each kind from a service of its own that asks that model."""
    options = ServiceOptions(
        Settings(**values, models=tuple(model.split(",")), openai_api_key="any"),
        sandbox_at=service.sandbox_url,
        model_at=f"{service.sandbox_url}{model_path}",
    )
    async with open_service(options, None) as url:
        facts = await facts_of(url, photo, events="all")
    return {fact["data_description"]: fact["data"] for fact in facts}


@pytest.mark.parametrize(
    ("model_path", "model"),
    [("/v1", "gpt-4o"), ("/v1", "gpt-6-luna"), ("/v1", "gpt-6-astra"), ("/local/v1", "practice-local")],
    ids=["gpt-4o", "gpt-6-luna", "gpt-6-astra", "a local model"],
)
async def test_a_photo_is_identified_and_priced_with_each_model(
    service: SandboxService, photos: Path, truth: dict, model_path: str, model: str
):
    """All five facts are the same as ever, whatever the model's server accepts; only its server's name differs."""
    values = {} if model == "gpt-4o" else WITHOUT_BROWSER
    facts = await classify(service, photos / "01.jpg", model_path, model, **values)
    wanted = truth["01.jpg"]
    assert set(facts) >= FIVE
    named = facts["model-producer"]
    assert (named["producer"], named["model"]) == (wanted["producer"], wanted["model"])
    assert named["decided_by"] == "model"
    assert facts["retail-price-details"]["price"] == pytest.approx(wanted["retail_price_eur"], abs=0.01)
    assert facts["estimated-price"]["price"] == pytest.approx(wanted["used_price_eur"], rel=0.2)


async def test_the_next_model_answers_for_one_that_is_retired(
    service: SandboxService, photos: Path, truth: dict
):
    """With `gpt-4o` gone the default list goes on with the next one, and the facts are the same."""
    service.put_faults({"model": {"retired": ["gpt-4o"]}})
    try:
        facts = await classify(service, photos / "01.jpg", "/v1", "gpt-4o,gpt-6-luna", **WITHOUT_BROWSER)
    finally:
        service.put_faults({})
    named, wanted = facts["model-producer"], truth["01.jpg"]
    assert (named["producer"], named["model"]) == (wanted["producer"], wanted["model"])
    assert named["decided_by"] == "model"
    assert set(facts) >= FIVE
