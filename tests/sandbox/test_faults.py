"""What can be switched on to go wrong in the sandbox, and where it strikes."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import aiohttp
import pytest
from sandbox_web import Answer, NewVisitor, Visitor
from yarl import URL

from lens_rx.facts.errors import UpstreamError
from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.drawings.renderer import jpeg
from lens_rx.sandbox.endpoints import endpoints_at
from lens_rx.sandbox.faults import Faults
from lens_rx.sandbox.server import Sandbox

THING = catalogue().things[0]
EBAY = f"http://www.ebay.de.sandbox.test/sch/i.html?_nkw={THING.producer}+{THING.model}"
#: Short enough for a test that waits for nothing to come.
NOTHING_COMES = aiohttp.ClientTimeout(total=0.4)


async def put(visitor: Visitor, faults: object) -> Answer:
    async with visitor.client.put(visitor.sandbox.faults_url, data=json.dumps(faults)) as answer:
        return Answer(answer.status, str(answer.url), await answer.text())


async def test_faults_are_shown_changed_and_cleared(visitor: Visitor):
    """GET shows what is wrong, PUT replaces it, an empty object makes all well."""
    faults = {"lens": {"delay": 1.5}, "model": {"status": 503}}
    assert json.loads((await put(visitor, faults)).text) == faults
    assert json.loads((await visitor.get(visitor.sandbox.faults_url)).text) == faults
    assert json.loads((await put(visitor, {"shop": {}})).text) == {}
    await put(visitor, faults)
    assert json.loads((await put(visitor, {})).text) == {}


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"lense": {}}, "lense: is not known here; known are lens, search, shop, marketplace, model"),
        ({"lens": {"delai": 1}}, "lens.delai: is not known here; known are delay, hang, drip"),
        ({"lens": {"block": "wall"}}, "lens.block"),
        ({"lens": {"delay": -1}}, "lens.delay"),
        ({"lens": {"status": 200}}, "lens.status"),
        ({"lens": {"hang": "yes"}}, "lens.hang"),
        ({"lens": {"drip": 0}}, "lens.drip"),
        ({"lens": {"retired": ["gpt-4o"]}}, "lens.retired: is not known here"),
        ({"model": {"retire": []}}, "model.retire: is not known here; known are delay"),
        ({"model": {"shutdown_dates": {"gpt-4o": "soon"}}}, "model.shutdown_dates.gpt-4o"),
        ([], "faults"),
    ],
)
async def test_a_wrong_fault_is_refused_with_words(visitor: Visitor, faults: object, words: str):
    """A key or value that is not known is a 400 that names it, and what was wrong before stays so."""
    await put(visitor, {"shop": {"status": 500}})
    answer = await put(visitor, faults)
    assert answer.status == 400
    assert words in json.loads(answer.text)["error"]
    assert json.loads((await visitor.get(visitor.sandbox.faults_url)).text) == {"shop": {"status": 500}}


def test_text_that_is_no_json_is_refused_with_words():
    """A file that cannot be read as JSON says so."""
    with pytest.raises(ValueError, match="faults: Invalid JSON"):
        Faults.parse("{delay")


async def test_faults_can_be_given_at_the_start():
    """A sandbox takes its first faults from the text of a file."""
    running = Sandbox(Faults.parse('{"shop": {"status": 502}}'))
    await running.start()
    visitor = Visitor(running)
    try:
        assert (await visitor.get(THING.url)).status == 502
    finally:
        await visitor.client.close()
        await running.aclose()


async def test_a_fault_strikes_its_own_site_alone(visitor: Visitor):
    """What is wrong with shops leaves marketplaces well."""
    await put(visitor, {"shop": {"status": 500}})
    assert (await visitor.get(THING.url)).status == 500
    assert (await visitor.get(EBAY)).status == 200


async def test_a_fault_spares_what_carries_no_result(visitor: Visitor):
    """Pictures, walls and start pages are answered while results fail."""
    await put(visitor, {"shop": {"hang": True}, "lens": {"status": 500}})
    async with visitor.client.get(f"http://{THING.host}/img/{THING.id}.jpg") as picture:
        assert picture.status == 200
    await visitor.consent()
    assert (await visitor.get("http://lens.sandbox.test/")).status == 200


async def test_delay_is_once_a_look_up(visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    """A delayed Lens takes the delay once, though its flow is many pages."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(seconds)

    await visitor.consent()
    await put(visitor, {"lens": {"delay": 0.271}})
    monkeypatch.setattr(asyncio, "sleep", noted)
    await visitor.prove(await visitor.upload(jpeg(THING, 400)))
    assert pauses.count(0.271) == 1


async def test_a_hanging_site_keeps_the_line_open(visitor: Visitor):
    """Nothing comes from a site that hangs, and the sandbox still closes at once."""
    await put(visitor, {"marketplace": {"hang": True}})
    with pytest.raises(TimeoutError):
        async with visitor.client.get(EBAY, timeout=NOTHING_COMES):
            pass
    waiting = asyncio.ensure_future(visitor.get(EBAY))
    await asyncio.sleep(0.1)
    async with asyncio.timeout(5):
        await visitor.sandbox.aclose()
    with pytest.raises(aiohttp.ClientError):
        await waiting


async def test_a_closing_site_cuts_the_line(visitor: Visitor):
    """The line ends before any answer."""
    await put(visitor, {"shop": {"close": True}})
    with pytest.raises(aiohttp.ClientError):
        await visitor.get(THING.url)


async def test_a_dripping_site_sends_slowly_and_all(visitor: Visitor):
    """The body comes at the pace asked for, whole."""
    whole = await visitor.get(THING.url)
    size = len(whole.text.encode())
    await put(visitor, {"shop": {"drip": size * 2}})
    begun = time.monotonic()
    slow = await visitor.get(THING.url)
    assert slow.text == whole.text
    assert time.monotonic() - begun > 0.4


async def test_a_huge_answer_is_padded(visitor: Visitor):
    """So many megabytes come before the content, which still stands at the end."""
    await put(visitor, {"shop": {"huge": 3}})
    answer = await visitor.get(THING.url)
    assert len(answer.text) > 3_000_000
    assert answer.tree.css_first("h1").text() == THING.original_name


async def test_a_drifted_site_answers_long_and_says_nothing(visitor: Visitor):
    """The page is long and holds neither heading, price nor link in any known form."""
    await put(visitor, {"shop": {"drift": True}, "marketplace": {"drift": True}})
    for url in (THING.url, EBAY):
        answer = await visitor.get(url)
        assert answer.status == 200
        assert len(answer.text) > 50_000
        assert not answer.tree.css("a[href], h1, h3, [role=heading], li, script")


async def test_a_captcha_is_a_redirect_to_sorry(visitor: Visitor):
    """The answer is a redirect to /sorry/index, which is a short page with status 429 and a captcha's form."""
    await put(visitor, {"marketplace": {"block": "captcha"}})
    answer = await visitor.get(EBAY)
    assert answer.status == 429
    assert URL(answer.url).path == "/sorry/index"
    assert answer.tree.css_first("form#captcha-form")
    assert len(answer.text) < 10_000


async def test_consent_comes_back(visitor: Visitor):
    """A wall of consent that is switched on stands there again after it was answered."""
    await visitor.consent()
    await put(visitor, {"shop": {"block": "consent"}})
    wall = await visitor.get(THING.url)
    assert URL(wall.url).host == "consent.sandbox.test"
    fields = {str(node.attributes["name"]): str(node.attributes["value"]) for node in wall.tree.css("input")}
    again = await visitor.post("http://consent.sandbox.test/save", fields)
    assert URL(again.url).host == "consent.sandbox.test"


@pytest.mark.parametrize(
    ("block", "words"), [("shell", "/httpservice/retry/enablejs"), ("pardon", "Pardon Our Interruption")]
)
async def test_other_walls_answer_in_place(visitor: Visitor, block: str, words: str):
    """The shell and the pardon page come with status 200 at the address that was asked for."""
    await put(visitor, {"marketplace": {"block": block}})
    answer = await visitor.get(EBAY)
    assert answer.status == 200
    assert URL(answer.url).path == "/sch/i.html"
    assert words in answer.text
    assert "/itm/" not in answer.text


@pytest.mark.parametrize("fault", [{"status": 500}, {"block": "captcha"}])
async def test_an_ill_model_answers_in_its_own_form(visitor: Visitor, fault: dict[str, object]):
    """Errors of the model are JSON objects with an error, as OpenAI's are; its list of models stays."""
    await put(visitor, {"model": fault})
    answer = await visitor.post(f"{visitor.sandbox.model_url}/chat/completions", {})
    assert answer.status in (403, 500)
    assert json.loads(answer.text)["error"]["message"]
    assert (await visitor.get(f"{visitor.sandbox.model_url}/models")).status != 500


async def test_a_running_sandbox_can_be_attached_to(sandbox: Sandbox):
    """The world of a sandbox is known from its address alone."""
    assert await endpoints_at(f"http://127.0.0.1:{sandbox.port}/") == sandbox.endpoints
    assert (await endpoints_at(f"http://localhost:{sandbox.port}")).route == sandbox.endpoints.route


async def test_attaching_to_nothing_fails_with_words(sandbox: Sandbox):
    """Where no sandbox answers, the error names the address."""
    gone = f"http://127.0.0.1:{sandbox.port}"
    await sandbox.aclose()
    with pytest.raises(UpstreamError, match=gone):
        await endpoints_at(gone)


async def test_many_visitors_are_told_apart(new_visitor: NewVisitor):
    """Faults are the sandbox's, sessions the visitor's."""
    one, other = new_visitor(), new_visitor()
    await one.consent()
    assert (await one.get("http://lens.sandbox.test/")).url == "http://lens.sandbox.test/"
    assert URL((await other.get("http://lens.sandbox.test/")).url).host == "consent.sandbox.test"


def test_the_example_of_a_faults_file_is_read(tmp_path: Path):
    """The form that the command line documents is the form that is read."""
    file = tmp_path / "faults.json"
    file.write_text('{"lens": {"delay": 3}, "marketplace": {"block": "pardon"}, "model": {"huge": 0.5}}')
    faults = Faults.parse(file.read_bytes())
    assert (faults.lens.delay, faults.marketplace.block, faults.model.huge) == (3, "pardon", 0.5)


async def test_a_model_is_retired_while_the_sandbox_runs(visitor: Visitor):
    """A model that a fault retires is gone at once, and back when the fault is."""
    listed = f"{visitor.sandbox.model_url}/models"
    faults = {"model": {"retired": ["gpt-4o"], "shutdown_dates": {"gpt-6-luna": "2030-01-14"}}}
    await put(visitor, faults)
    visitor.client.headers["Authorization"] = "Bearer any"
    models = {it["id"]: it["shutdown_date"] for it in json.loads((await visitor.get(listed)).text)["data"]}
    assert "gpt-4o" not in models
    assert models["gpt-6-luna"] == "2030-01-14"
    assert json.loads((await put(visitor, {})).text) == {}
    assert "gpt-4o" in (await visitor.get(listed)).text
