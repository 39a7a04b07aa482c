"""Pages that were written for the original service, at the address that they were written for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from sandbox_service import FIVE, SandboxService
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")

OLD_ORIGIN = "http://localhost:3001"
#: What such a page does: cut at blank lines, strip "data: ", parse, and format whatever is inside.
_OLD_PAGE = """<!doctype html><title>old</title><input type="file" id="file"><ul id="list"></ul><script>
  function euro(price) { return "€" + Number(price).toFixed(2); }
  function formatted(name, value) { return /price|range/.test(name) && !/url/.test(name) ? euro(value) : String(value.trim ? value.trim() : value); }
  function one(data) { return Object.entries(data).map(([name, value]) => `${name}: ${formatted(name, value)}`).join(", "); }
  function shown(part) {
    const line = document.createElement("li");
    line.dataset.kind = part.data_description;
    line.textContent = part.data_type.startsWith("list") ? part.data.map(one).join(" | ") : one(part.data);
    document.getElementById("list").append(line);
  }
  async function classify(url, file) {
    const form = new FormData();
    form.append("file", file);
    const answer = await fetch(url, { method: "POST", body: form });
    if (!answer.ok) return { status: answer.status, said: await answer.json(), id: answer.headers.get("X-Request-Id") };
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      rest += decoder.decode(value, { stream: true });
      const parts = rest.split("\\n\\n");
      rest = parts.pop();
      for (const part of parts) if (part.trim()) shown(JSON.parse(part.replace("data: ", "")));
    }
    return { status: answer.status, rest, key: answer.headers.get("X-Run-Key") };
  }
</script>"""


@pytest_asyncio.fixture(loop_scope="session")
async def old_page(blank_ui: UiDriver) -> AsyncIterator[UiDriver]:
    app = web.Application()
    app.add_routes([web.get("/", _page)])
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 3001).start()
    except OSError:
        await runner.cleanup()
        pytest.skip("port 3001, which old pages are served from, is taken on this machine")
    await blank_ui.tab.goto(f"{OLD_ORIGIN}/")
    yield blank_ui
    await runner.cleanup()


async def _page(_: web.Request) -> web.Response:
    return web.Response(text=_OLD_PAGE, content_type="text/html")


async def classify(ui: UiDriver, url: str, photo: Path) -> dict[str, Any]:
    chooser = await ui.tab.querySelector("#file")
    await chooser.uploadFile(str(photo))
    return await ui.evaluate("(url) => classify(url, document.getElementById('file').files[0])", url)


@pytest.mark.parametrize("path", ["/", "/classify"])
async def test_an_old_page_reads_every_part(
    old_page: UiDriver, service: SandboxService, parka: Path, path: str
):
    """Each of the five facts is cut, parsed and formatted without an exception, and nothing reads as NaN."""
    answer = await classify(old_page, service.url + path, parka)
    lines = await old_page.evaluate(
        "() => [...document.querySelectorAll('li')].map((it) => [it.dataset.kind, it.textContent])"
    )
    assert answer["status"] == 200 and answer["rest"] == "" and len(answer["key"]) == 64
    assert {kind for kind, _ in lines} == FIVE
    for _, text in lines:
        assert not any(word in text for word in ("NaN", "undefined", "null", "[object", "true", "false"))


async def test_an_old_page_reads_failures(old_page: UiDriver, service: SandboxService, parka: Path):
    """A stage that failed is one more part of the same form."""
    service.put_faults({"lens": {"drift": True}})
    await classify(old_page, service.url, parka)
    errors = await old_page.texts("li[data-kind=error]")
    assert any("stage: lens" in error and "outcome: drift" in error for error in errors)


async def test_refusals_are_readable_from_there(
    old_page: UiDriver, service: SandboxService, not_a_photo: Path
):
    """A refusal crosses origins with its status, its words and its request's id."""
    answer = await classify(old_page, service.url, not_a_photo)
    assert answer["status"] == 415 and "not a PNG" in answer["said"]["error"] and answer["id"]
    assert await old_page.evaluate(
        "async (url) => { const answer = await fetch(url); return [answer.status, (await answer.json()).error]; }",
        f"{service.url}/runs/{'0' * 64}",
    ) == [404, "No such run. Send the photo again."]


async def test_another_origin_reads_nothing(ui: UiDriver, service: SandboxService):
    """A page from any other address is kept from reading by the browser."""
    other = service.url.replace("127.0.0.1", "localhost")
    await ui.tab.goto(f"{other}/icon.svg")
    failed = await ui.evaluate(
        "(url) => fetch(url).then(() => 'read', (error) => error.name)", f"{service.url}/openapi.json"
    )
    assert failed == "TypeError"


async def test_an_event_source_gets_the_same_and_ends(
    old_page: UiDriver, service: SandboxService, parka: Path
):
    """`EventSource` tells the archive's facts, in order and once, and closes by itself when it has all."""
    key = (await classify(old_page, service.url, parka))["key"]
    await old_page.evaluate(
        """(url) => {
          window.heard = [];
          window.source = new EventSource(url);
          window.source.onmessage = (event) => window.heard.push(event.data);
        }""",
        f"{service.url}/runs/{key}/events?events=all",
    )
    await old_page.wait_for("() => window.source.readyState === EventSource.CLOSED")
    heard = [json.loads(data) for data in await old_page.evaluate("() => window.heard")]
    archive = await old_page.evaluate(
        "async (url) => (await fetch(url)).json()", f"{service.url}/runs/{key}?events=all"
    )
    assert heard == archive["facts"] and heard[-1]["data_description"] == "complete"
