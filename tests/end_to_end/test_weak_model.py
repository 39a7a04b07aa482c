"""A foreign server with a weak model: whatever it does, a run ends with what the evidence allows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from model_stand_in import Answering, Body, ModelStandIn, Said, fault, form_of, shows_pictures
from sandbox_service import WITHOUT_BROWSER, SandboxService, facts_of

from lens_rx.cli.batch import open_service
from lens_rx.cli.surroundings import ServiceOptions
from lens_rx.settings import Settings

#: What the weak one makes of every question that it understands.
RUBBISH = {
    "producer": "Rolex",
    "model": "Daytona",
    "link": 7,
    "price": "1 EUR",
    "description": "A fine watch.",
}


def weak(body: Body) -> Said:
    """Reject schemas with a 500 and pictures with a 400; answer rubbish in prose, slowly."""
    if form_of(body) == "json_schema":
        return fault(500, "'response_format.type' : Input should be 'text' or 'json_object'")
    if shows_pictures(body):
        return fault(400, "image input is not supported")
    return Said(f"Sure, here you are:\n```json\n{json.dumps(RUBBISH)}\n```", after=0.2)


def mute(body: Body) -> Said:
    """Fail on everything."""
    return fault(500, "CUDA out of memory")


def hanging(body: Body) -> Said:
    """Answer after the deadline."""
    return Said("{}", after=60)


async def classify(
    answering: Answering, photo: Path, sandbox_url: str
) -> tuple[dict[str, dict], list[dict], ModelStandIn]:
    """Return the facts of a photo by kind, and its errors, from a service of its own with that model."""
    stand_in = ModelStandIn(answering)
    async with TestServer(stand_in.app()) as server:
        settings = Settings(model_deadline_seconds=2.0, **WITHOUT_BROWSER)
        options = ServiceOptions(settings, sandbox_at=sandbox_url, model_at=str(server.make_url("/")))
        async with open_service(options, None) as url:
            facts = await facts_of(url, photo, events="all")
    errors = [it["data"] for it in facts if it["data_description"] == "error"]
    return {it["data_description"]: it["data"] for it in facts}, errors, stand_in


@pytest.mark.parametrize("answering", [weak, mute, hanging], ids=["weak", "mute", "hanging"])
async def test_a_run_completes_with_what_the_titles_say(
    answering: Answering, service: SandboxService, photos: Path, truth: dict[str, dict]
):
    """The titles name the thing, the pages price it; only the description is told as failed."""
    kinds, errors, stand_in = await classify(answering, photos / "01.jpg", service.sandbox_url)
    wanted = truth["01.jpg"]
    named = {
        "producer": wanted["producer"],
        "model": wanted["model"],
        "decided_by": "consensus",
    }
    assert named.items() <= kinds["model-producer"].items()
    assert kinds["retail-price-details"]["price"] == pytest.approx(wanted["retail_price_eur"], abs=0.01)
    assert kinds["estimated-price"]["price"] == pytest.approx(wanted["used_price_eur"], rel=0.25)
    assert "fine watch" not in kinds["retail-price-details"]["description"]
    assert [it["stage"] for it in errors] == ["describe"]
    assert kinds["complete"]["seconds"] < 40
    assert len(stand_in.bodies) <= 20
