"""`Accept: application/json` alone gives one JSON answer when the run is complete; everybody else gets a stream."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
import reactivex as rx
from eventually import eventually, eventually_async
from served import Served, serve

from lens_rx.facts.errors import Unavailable
from lens_rx.settings import Settings
from lens_rx.storage.records import RunState
from lens_rx.web.accept_header import media_ranges
from lens_rx.web.stream_formats import format_for, is_json_alone

JSON = {"Accept": "application/json"}
SSE, LINES = "text/event-stream", "application/x-ndjson"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", SSE),
        ("*/*", SSE),
        ("application/json", "json"),
        ("Application/JSON; charset=utf-8", "json"),
        ("application/json;q=0.1", "json"),
        ("application/json, text/plain, */*", SSE),  # as axios sends it
        ("application/json, text/event-stream", SSE),
        ("application/json, application/x-ndjson", LINES),
        ("application/json, */*;q=0", "json"),
        ("application/json, text/event-stream;q=0.0, text/html", "json"),
        ("application/json;q=0", SSE),
        ("application/json, text/*", SSE),
        ("application/json, application/*;q=0.2", SSE),
        ("application/jsonl", SSE),
        ("text/event-stream;q=0.5, application/x-ndjson", LINES),
        ("application/x-ndjson;q=0, */*", SSE),
        ('text/html;x="application/json, a", text/css', SSE),
        ("application/json;q=high", "json"),
        (",;,", SSE),
    ],
)
def test_what_is_accepted_decides(accept: str, expected: str):
    """Ranges count by their q-values, one of 0 is not accepted; JSON comes where no stream is accepted."""
    accepted = media_ranges([accept])
    assert ("json" if is_json_alone(accepted) else format_for(accepted).content_type) == expected


async def test_the_answer_is_the_run_when_it_is_complete(served: Served):
    """One object, the same as the run's own address gives in that view; replayed later, it is the same bytes."""
    bodies = []
    for replayed in ("false", "true"):
        path = "/classify?events=all&currency=USD"
        async with served.client.post(path, data=served.form(), headers=JSON) as answer:
            assert (answer.status, answer.content_type) == (200, "application/json")
            assert answer.headers["X-Replayed"] == replayed
            key = answer.headers["X-Run-Key"]
            bodies.append(await answer.read())
            run = await answer.json()
    assert bodies[0] == bodies[1]
    assert (run["key"], run["generation"], run["state"]) == (key, 1, "complete")
    assert run["facts"][-1]["data_description"] == "complete"
    async with served.client.get(f"/runs/{key}?events=all&currency=USD") as answer:
        assert await answer.read() == bodies[0]


async def test_nothing_is_sent_before_the_end(served: Served):
    """No head, no heartbeat: the status is that of the end."""
    served.world.gate.clear()
    asked = asyncio.create_task(served.client.post("/", data=served.form(), headers=JSON))
    await eventually(lambda: bool(served.world.seen))
    assert not asked.done()
    served.world.gate.set()
    async with await asked as answer:
        assert (await answer.json())["state"] == "complete"


async def test_a_photo_that_is_none_is_refused_as_ever(served: Served):
    """An error before the run has its own status."""
    async with served.client.post("/classify", data=served.form(b"no photo"), headers=JSON) as answer:
        assert (answer.status, (await answer.json())["code"]) == (415, "unsupported_media")


async def test_a_run_that_loses_its_storage_is_503(served: Served, monkeypatch: pytest.MonkeyPatch):
    """The client learns when to come again, and under which key."""
    served.world.gate.clear()
    lost = Unavailable("The storage is away.")
    monkeypatch.setattr(served.storage, "follow", lambda *_: rx.throw(lost))
    async with served.client.post("/classify", data=served.form(), headers=JSON) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert (await answer.json()) == {"error": "The storage is away.", "code": "unavailable"}
        assert len(answer.headers["X-Run-Key"]) == 64


async def test_a_client_that_leaves_is_no_subscriber(settings: Settings):
    """Its run is given up after the grace, as one whose stream was closed."""
    async with serve(settings.model_copy(update={"grace_seconds": 0.1})) as served:
        served.world.gate.clear()
        timeout = aiohttp.ClientTimeout(0.3)
        with pytest.raises(TimeoutError):
            await served.client.post("/classify", data=served.form(), headers=JSON, timeout=timeout)

        async def is_given_up() -> bool:
            return [it.state for it in await served.storage.list_runs(1)] == [RunState.ABANDONED]

        await eventually_async(is_given_up, 10)
