"""`POST /classify`: the exact bytes that existing clients read."""

from __future__ import annotations

import asyncio
import re

import orjson
import pytest
from served import Served, photo

from lens_rx.facts.errors import Blocked

DEFAULT_KINDS = [
    "model-producer",
    "producer-url",
    "retail-price-details",
    "second-hand-offers",
    "estimated-price",
]


def old_clients_parser(body: str) -> list[dict]:
    """Read a stream as the original's frontend does: cut at blank lines, strip `data: `, parse the rest."""
    return [orjson.loads(part.removeprefix("data: ")) for part in body.split("\n\n") if part]


@pytest.mark.parametrize("path", ["/", "/classify"])
async def test_an_old_client_reads_every_part(served: Served, path: str):
    """The five facts come once each, flat, with numbers for prices and text for the unknown."""
    async with served.client.post(path, data=served.form()) as answer:
        facts = old_clients_parser((await answer.read()).decode())
    assert sorted(fact["data_description"] for fact in facts) == sorted(DEFAULT_KINDS)
    for fact in facts:
        rows = fact["data"] if isinstance(fact["data"], list) else [fact["data"]]
        assert all(type(value) in (str, int, float) for row in rows for value in row.values())


async def test_the_bytes_are_data_and_nothing_else(served: Served):
    """Each fact is `data: {json}` and a blank line: no id, event, retry, comment, carriage return or mark."""
    async with served.client.post("/classify", data=served.form()) as answer:
        body = await answer.read()
    assert re.fullmatch(rb"(data: \{[^\n\r]*\}\n\n)+", body)


async def test_the_fact_that_names_the_thing_byte_for_byte(served: Served):
    """A fact carries data, its type, its description, its seq and when it was read."""
    async with served.client.post("/classify", data=served.form()) as answer:
        first = (await answer.read()).lstrip().split(b"\n\n")[0].decode() + "\n\n"
    assert re.fullmatch(
        r'data: \{"data":\{"producer":"Acme","model":"Hike 2","decided_by":"model"\},'
        r'"data_type":"dict\[str, str\]","data_description":"model-producer","seq":\d+,'
        r'"observed_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00"\}\n\n',
        first,
    )


async def test_lines_for_those_who_ask_for_lines(served: Served):
    """With `application/x-ndjson` each fact is one line of JSON."""
    lines = {"Accept": "application/x-ndjson"}
    async with served.client.post("/classify", data=served.form(), headers=lines) as answer:
        body = await answer.read()
        assert answer.content_type == "application/x-ndjson"
    assert {orjson.loads(line)["data_description"] for line in body.splitlines()} == set(DEFAULT_KINDS)


async def test_a_quiet_line_is_kept_alive_by_blank_lines(served: Served):
    """While nothing is known a lone blank line goes out, which old clients skip."""
    served.world.gate.clear()
    async with served.client.post("/classify", data=served.form()) as answer:
        assert await answer.content.readexactly(4) == b"\n\n\n\n"
        served.world.gate.set()
        assert len(old_clients_parser((await answer.read()).decode())) == 5


async def test_all_events_end_with_complete_and_leave_no_gap(served: Served):
    """With `events=all` every seq is there from 1 on, progress of each stage included, `complete` last."""
    async with served.client.post("/classify?events=all", data=served.form()) as answer:
        facts = old_clients_parser((await answer.read()).decode())
    assert [fact["seq"] for fact in facts] == list(range(1, len(facts) + 1))
    assert facts[-1]["data_description"] == "complete"
    assert facts[-1]["data"]["outcome"] == "ok"
    skipped = [
        it["data"]["stage"]
        for it in facts
        if it["data"] and "state" in it["data"] and it["data"]["state"] == "skipped"
    ]
    assert skipped == ["describe"]


async def test_kinds_can_be_chosen(served: Served):
    """A client names the kinds it wants, and gets gaps in seq for the others."""
    async with served.client.post("/classify?events=complete,estimated-price", data=served.form()) as answer:
        facts = old_clients_parser((await answer.read()).decode())
    assert [fact["data_description"] for fact in facts] == ["estimated-price", "complete"]


async def test_prices_are_told_in_the_views_currency(served: Served):
    """Amounts are converted on the way out by the rates of the day, and say in which currency they are."""
    async with served.client.post(
        "/classify?currency=usd&events=estimated-price", data=served.form()
    ) as answer:
        (dollars,) = old_clients_parser((await answer.read()).decode())
    async with served.client.post("/classify?events=estimated-price", data=served.form()) as answer:
        (euros,) = old_clients_parser((await answer.read()).decode())
        assert answer.headers["X-Replayed"] == "true"
    assert dollars["data"]["currency"] == "USD"
    assert dollars["data"]["price"] != euros["data"]["price"] == 80.0


def without_heartbeats(stream: bytes) -> bytes:
    """Return a stream as it is when the machine is not so slow that a heartbeat is sent."""
    return b"".join(event + b"\n\n" for event in stream.split(b"\n\n") if event)


async def test_an_equal_photo_is_replayed_byte_for_byte(served: Served):
    """The same photo again is told from the storage: the same bytes, and no stage runs."""
    async with served.client.post("/classify?events=all", data=served.form()) as answer:
        first, key = without_heartbeats(await answer.read()), answer.headers["X-Run-Key"]
        assert answer.headers["X-Replayed"] == "false"
    ran = len(served.world.seen)
    async with served.client.post("/classify?events=all", data=served.form()) as answer:
        assert await answer.read() == first
        assert (answer.headers["X-Run-Key"], answer.headers["X-Replayed"]) == (key, "true")
    assert len(served.world.seen) == ran


async def test_a_hundred_equal_uploads_at_once_are_one_run(served: Served):
    """A hundred clients at the same moment see the same bytes of one run."""
    served.world.gate.clear()

    async def upload() -> bytes:
        async with served.client.post("/classify?events=all", data=served.form(), timeout=None) as answer:
            return (await answer.read()).replace(b"\n\n\n\n", b"\n\n").lstrip(b"\n")

    uploads = [asyncio.create_task(upload()) for _ in range(100)]
    await asyncio.sleep(0.8)
    served.world.gate.set()
    bodies = {
        b"".join(line for line in body.split(b"\n\n") if line) for body in await asyncio.gather(*uploads)
    }
    assert len(bodies) == 1
    assert 'lens_rx_runs_total{how="started"} 1.0' in served.metrics.render().decode()


async def test_options_make_another_run(served: Served):
    """The hint, the country and the user's own words are part of the key; the currency is not."""
    keys = set()
    for query in ("", "?hint=blue", "?country=DE", "?condition=good", "?currency=USD"):
        async with served.client.post(f"/classify{query}", data=served.form()) as answer:
            keys.add(answer.headers["X-Run-Key"])
    assert len(keys) == 4


async def test_photos_of_one_thing_go_together(served: Served):
    """Several parts named file are one item, in order."""
    form = served.form()
    form.add_field("file", photo(side=210), filename="two.png")
    async with served.client.post("/classify", data=form) as answer:
        await answer.read()
    assert len(served.world.seen[0].item.photos) == 2


async def test_a_failed_stage_is_told_and_the_rest_goes_on(served: Served):
    """A wall at the retail page is an error fact in words, and the estimate still comes."""
    served.world.facts["retail"] = Blocked("A captcha stood in the way.", "captcha")
    async with served.client.post("/classify", data=served.form()) as answer:
        facts = {
            it["data_description"]: it["data"] for it in old_clients_parser((await answer.read()).decode())
        }
    assert facts["error"] == {
        "stage": "retail",
        "outcome": "blocked",
        "message": "A captcha stood in the way.",
    }
    assert "estimated-price" in facts
    assert 'lens_rx_errors_total{kind="blocked",where="retail"} 1.0' in served.metrics.render().decode()


async def test_the_originals_frontend_may_read(served: Served):
    """The frontend's origin gets CORS headers, on streams and on errors; another origin gets none."""
    ours, other = {"Origin": "http://localhost:3001"}, {"Origin": "http://evil.test"}
    for form in (served.form(), served.form(b"text")):
        async with served.client.post("/classify", data=form, headers=ours) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3001"
            assert "X-Run-Key" in answer.headers["Access-Control-Expose-Headers"]
    async with served.client.post("/classify", data=served.form(), headers=other) as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_the_working_copy_is_gone_when_the_run_has_ended(served: Served):
    """The photo lies in a directory of the run's own while it runs, and nowhere afterwards."""
    served.world.gate.clear()
    async with served.client.post("/classify", data=served.form()) as answer:
        while not served.world.seen:
            await asyncio.sleep(0.01)
        path = served.world.seen[0].item.photos[0].path
        assert path.read_bytes().startswith(b"\xff\xd8")
        served.world.gate.set()
        await answer.read()
    assert not path.parent.exists()
