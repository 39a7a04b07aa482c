"""`/docs` shows the OpenAPI document, whole, from the service alone."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp
import pytest
from sandbox_service import SandboxService
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")

COUNT_HIDDEN = "() => document.querySelectorAll('.docs-entry[hidden]').length"


async def test_every_operation_and_schema_is_shown(blank_ui: UiDriver, service: SandboxService):
    """Each has an entry with its parameters, answers and an example; links lead to schemas, the filter hides others."""
    async with aiohttp.ClientSession(service.url) as client, client.get("/openapi.json") as answer:
        document = await answer.json()
    await blank_ui.open(f"{service.url}/docs#classify")
    await blank_ui.wait_for("() => document.querySelectorAll('.docs-entry').length")
    shown = set(
        await blank_ui.evaluate("() => [...document.querySelectorAll('.docs-entry')].map((it) => it.id)")
    )
    operations = {it["operationId"] for item in document["paths"].values() for it in item.values()}
    assert shown == operations | {"runEnded"} | {
        f"schema-{name}" for name in document["components"]["schemas"]
    }
    opened = await blank_ui.evaluate("() => document.getElementById('classify').innerText")
    for words in ("curl -X POST -F file=@photo.jpg", "callback", "application/x-ndjson", "429"):
        assert words in opened
    dead = await blank_ui.evaluate(
        "() => [...document.querySelectorAll('a[href^=\"#\"]')].filter((it) => !document.getElementById(it.hash.slice(1))).length"
    )
    assert dead == 0
    await blank_ui.evaluate(
        "() => { const it = document.getElementById('filter'); it.value = 'webhook'; it.dispatchEvent(new Event('input')); }"
    )
    assert 0 < len(shown) - await blank_ui.evaluate(COUNT_HIDDEN) < 8
    assert {urlsplit(url).netloc for url in blank_ui.requests} == {urlsplit(service.url).netloc}
    assert await blank_ui.evaluate("() => window.violations ?? []") == []
