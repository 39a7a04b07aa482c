"""`/runs/{key}`: told again as JSON and to an `EventSource`, and forgotten."""

from __future__ import annotations

import re

import orjson
import pytest
from served import Served

from lens_rx.runs.require_complete import MESSAGE


async def classified(served: Served) -> str:
    """Return the key of a finished run."""
    async with served.client.post("/classify", data=served.form()) as answer:
        await answer.read()
        return answer.headers["X-Run-Key"]


def events(body: bytes) -> list[tuple[str, dict]]:
    """Return the ids and facts of an EventSource stream."""
    found = re.findall(rb"id: ([\d-]+)\ndata: (\{[^\n]*\})\n\n", body)
    return [(name.decode(), orjson.loads(fact)) for name, fact in found]


async def test_a_run_is_told_again_as_json(served: Served):
    """The archive holds key, generation, state and the facts that the view shows."""
    key = await classified(served)
    async with served.client.get(f"/runs/{key}") as answer:
        run = await answer.json()
    assert (run["key"], run["generation"], run["state"], len(run["facts"])) == (key, 1, "complete", 5)


async def test_a_run_in_progress_is_told_as_far_as_it_is_known(served: Served):
    """The archive does not wait for a run that is still at work."""
    served.world.gate.clear()
    async with served.client.post("/classify", data=served.form()) as answer:
        async with served.client.get(f"/runs/{answer.headers['X-Run-Key']}?events=all") as archive:
            run = await archive.json()
        assert run["state"] == "running"
        assert {fact["data_description"] for fact in run["facts"]} <= {"progress"}


async def test_an_event_source_gets_ids_and_a_retry(served: Served):
    """Events carry `generation-seq` as their id, after a retry; their data are the facts."""
    key = await classified(served)
    async with served.client.get(f"/runs/{key}/events?events=all") as answer:
        body = await answer.read()
        assert answer.content_type == "text/event-stream"
        assert answer.headers["X-Accel-Buffering"] == "no"
    assert re.match(rb"retry: \d+\n\n", body)
    told = events(body)
    assert [name for name, _ in told] == [f"1-{seq}" for seq in range(1, len(told) + 1)]


@pytest.mark.parametrize("last", ["", "garbage", "7-3", "1-", "9" * 40, "1-0"])
async def test_an_unknown_last_event_id_is_the_beginning(served: Served, last: str):
    """Garbage, or an id of another generation, gets the whole stream."""
    key = await classified(served)
    async with served.client.get(f"/runs/{key}/events", headers={"Last-Event-ID": last}) as answer:
        assert len(events(await answer.read())) == 5


async def test_an_event_source_resumes_and_is_told_when_it_has_everything(served: Served):
    """After its last event the rest comes; after the very last there is 204, and it stops asking."""
    key = await classified(served)
    async with served.client.get(f"/runs/{key}/events") as answer:
        told = events(await answer.read())
    async with served.client.get(f"/runs/{key}/events", headers={"Last-Event-ID": told[2][0]}) as answer:
        assert events(await answer.read()) == told[3:]
    async with served.client.get(f"/runs/{key}/events", headers={"Last-Event-ID": told[-1][0]}) as answer:
        assert answer.status == 204


@pytest.mark.parametrize(
    ("after", "first"), [("", 1), ("0", 1), ("7", 8), ("1-7", 8), ("2-7", 1), ("99", None)]
)
async def test_a_client_without_the_header_resumes_by_the_query(
    served: Served, after: str, first: int | None
):
    """`after` names a fact, and a place of another generation is the beginning, as JSON and as events."""
    key = await classified(served)
    async with served.client.get(f"/runs/{key}?events=all&after={after}") as answer:
        facts = (await answer.json())["facts"]
    assert (facts[0]["seq"] if facts else None) == first
    async with served.client.get(f"/runs/{key}/events?events=all&after={after}") as answer:
        assert [fact for _, fact in events(await answer.read())] == facts


async def test_a_place_that_cannot_be_meant_is_refused(served: Served):
    """`after` in other words is a bad request."""
    key = await classified(served)
    async with served.client.get(f"/runs/{key}?after=last") as answer:
        assert answer.status == 400
        assert "generation-seq" in (await answer.json())["error"]


async def test_a_quiet_event_source_is_kept_alive_by_comments(served: Served):
    """While nothing is known a comment goes out."""
    served.world.gate.clear()
    async with (
        served.client.post("/classify", data=served.form()) as upload,
        served.client.get(f"/runs/{upload.headers['X-Run-Key']}/events") as answer,
    ):
        await answer.content.readuntil(b"\n\n")
        assert await answer.content.readuntil(b"\n\n") == b":\n\n"


async def test_a_forgotten_run_is_gone(served: Served):
    """DELETE removes a run; asked again it is not there, and the photo starts anew."""
    key = await classified(served)
    async with served.client.delete(f"/runs/{key}") as answer:
        assert answer.status == 204
    async with served.client.delete(f"/runs/{key}") as answer:
        assert answer.status == 404
    async with served.client.post("/classify", data=served.form()) as answer:
        await answer.read()
        assert answer.headers["X-Replayed"] == "false"


async def test_a_stream_whose_run_is_deleted_says_so(served: Served):
    """A run that is deleted midway does not look complete: the last line is an error."""
    served.world.gate.clear()
    head = {"Accept": "application/x-ndjson"}
    async with served.client.post("/classify", data=served.form(), headers=head) as stream:
        async with served.client.delete(f"/runs/{stream.headers['X-Run-Key']}") as answer:
            assert answer.status == 204
        *_, last = map(orjson.loads, (await stream.read()).splitlines())
    assert last["data"] == {"stage": "transport", "outcome": "error", "message": MESSAGE}


async def test_readiness_is_honest(served: Served):
    """Alive is not ready: without Chromium `/readyz` says 503 and which part is missing."""
    async with served.client.get("/healthz") as answer:
        assert answer.status == 200
    async with served.client.get("/readyz") as answer:
        assert answer.status == 503
        assert await answer.json() == {"ready": False, "log": True, "chromium": False}


async def test_the_page_loads_nothing_from_elsewhere(served: Served):
    """The page comes with a policy that allows no third party and no inline script."""
    async with served.client.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
