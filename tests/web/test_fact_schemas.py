"""The schemas of facts: one a kind, as strict as the facts that go over the wire."""

from __future__ import annotations

import jsonschema_rs
import orjson
import pytest
from promised_facts import complaints, fact_complaints
from served import Served, photo

from lens_rx.facts.errors import Blocked
from lens_rx.web.fact_schemas import DATA_SCHEMAS, fact_schemas
from lens_rx.web.fact_wire import KINDS
from lens_rx.web.openapi import document
from lens_rx.web.view import transport_error

DOCUMENT = document()
IDENTITY = {"producer": "Acme", "model": "Hike 2", "decided_by": "model"}


def fact(kind: str = "model-producer", **changes: object) -> dict:
    """Return a fact that is right but for its changes; None leaves a property out."""
    right = {
        "data": IDENTITY,
        "data_type": "dict[str, str]",
        "data_description": kind,
        "seq": 1,
        "observed_at": "2026-11-22T09:07:54.909+00:00",
    }
    return {name: value for name, value in (right | changes).items() if value is not None}


def test_every_kind_has_its_schema():
    """A kind that goes over the wire is in the document, by a name of its own."""
    assert set(DATA_SCHEMAS) == {kind.description for kind in KINDS.values()}
    assert len(fact_schemas()) == len(KINDS) + 1


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_every_component_is_a_schema(name: str):
    """Each component is one by the rules of JSON Schema, and used."""
    schema = DOCUMENT["components"]["schemas"][name]
    jsonschema_rs.meta.validate(schema)
    assert f"#/components/schemas/{name}" in orjson.dumps(DOCUMENT).decode()


async def test_a_run_is_as_its_schemas_say(served: Served):
    """Every fact of a run, an error among them, is what the schema of its kind promises."""
    served.world.facts["retail"] = Blocked("A captcha stood in the way.", "captcha")
    lines = {"Accept": "application/x-ndjson"}
    async with served.client.post("/classify?events=all", data=served.form(), headers=lines) as answer:
        facts = [orjson.loads(line) async for line in answer.content if line.strip()]
        key = answer.headers["X-Run-Key"]
    assert {it["data_description"] for it in facts} >= {"error", "progress", "complete", "second-hand-offers"}
    assert [it for fact in facts for it in fact_complaints(DOCUMENT, fact)] == []
    async with served.client.get(f"/runs/{key}?events=all") as answer:
        assert complaints(DOCUMENT, "Run", await answer.json()) == []


async def test_a_socket_talks_as_its_schemas_say(served: Served):
    """The first message, a refusal, and what a client asks are in the document too."""
    async with served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(photo())
        begun = await ws.receive_json()
    assert complaints(DOCUMENT, "SocketBegun", begun) == []
    asking = {"key": begun["key"], "after": 3, "generation": begun["generation"]}
    assert complaints(DOCUMENT, "SocketAsking", asking) == []
    async with served.client.ws_connect("/ws") as ws:
        await ws.send_str("not json")
        assert complaints(DOCUMENT, "SocketRefusal", await ws.receive_json()) == []


async def test_an_operators_answers_are_as_their_schemas_say(served: Served):
    """`/healthz`, `/readyz` and refusals."""
    for path, name in {"/healthz": "Alive", "/readyz": "Ready", "/nowhere": "Error"}.items():
        async with served.client.get(path) as answer:
            assert complaints(DOCUMENT, name, await answer.json()) == []


def test_an_error_of_the_transport_is_an_error_without_a_place():
    """It has no seq, for it is not in the log; any other fact has one."""
    broken_off = orjson.loads(transport_error(Blocked("The storage is away.")))
    assert fact_complaints(DOCUMENT, broken_off) == []
    assert fact_complaints(DOCUMENT, fact(seq=None))


def test_a_kind_of_ones_own_is_any_other_name():
    """What a stage of one's own tells is an `ExtraFact`; it cannot pass for one of ours."""
    extra = {"data": [{"url": "http://acme.test/1.jpg"}], "data_type": "list[dict[str, str]]"}
    assert fact_complaints(DOCUMENT, fact("product-images", **extra)) == []
    assert fact_complaints(DOCUMENT, fact(**extra))


@pytest.mark.parametrize(
    "wrong",
    [
        fact(data=IDENTITY | {"decided_by": "chance"}),
        fact(data=IDENTITY | {"unnamed": 1}),
        fact(data={"producer": "Acme"}),
        fact(data_type="list[dict[str, str]]"),
        fact(seq=0),
        fact("producer-url"),
    ],
    ids=["a word", "unnamed", "missing", "type", "seq", "another kind"],
)
def test_a_wrong_fact_is_found(wrong: dict):
    """The schemas are strict enough to fail."""
    assert fact_complaints(DOCUMENT, wrong)
