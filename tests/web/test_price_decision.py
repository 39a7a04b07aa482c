"""`price-decision`: of each reader's own terms, never another's, and in nobody's stream who did not ask for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import orjson
import pytest
from served import Served

from lens_rx.facts import DecisionBasis, Estimate, EstimateBasis, MarketListing

READ = datetime.now(UTC) - timedelta(hours=1)
ESTIMATE = Estimate(Decimal(80), Decimal(70), Decimal(92), 0.9, "EUR", EstimateBasis.SOLD, 10)
SOLD = tuple(
    MarketListing(Decimal(70 + at), sold=True, sold_at=READ - timedelta(days=2 * at)) for at in range(10)
)
BASIS = DecisionBasis(ESTIMATE, SOLD, "Acme", "boot", "DE", READ)
LINES = {"Accept": "application/x-ndjson"}


async def decision(served: Served, query: str) -> dict:
    """Return the data of the decision in a stream of nothing else."""
    async with served.client.post(
        f"/classify?events=price-decision&{query}", data=served.form(), headers=LINES
    ) as answer:
        assert answer.status == 200, await answer.text()
        (fact,) = [orjson.loads(line) async for line in answer.content if line.strip()]
    assert fact["data_description"] == "price-decision"
    return fact["data"]


@pytest.fixture
def priced(served: Served) -> Served:
    """Return the service, whose stage of the estimate tells the basis of decisions."""
    served.world.facts["estimate"] = BASIS
    return served


async def test_each_reader_gets_the_decision_of_its_own_cost(priced: Served):
    """Readers of one live run, and of its replay, are told verdicts of their own costs alone."""
    priced.world.gate.clear()
    costs = ("5", "500", "5", "31.5")
    live = [asyncio.ensure_future(decision(priced, f"cost={cost}")) for cost in costs]
    await asyncio.sleep(0)
    priced.world.gate.set()
    for cost, told in zip(costs, await asyncio.gather(*live), strict=True):
        assert told["cost"] == float(cost)
    assert await priced.live() == 1
    assert [(await decision(priced, f"cost={cost}"))["verdict"] for cost in ("5", "500")] == ["buy", "leave"]
    assert "cost" not in await decision(priced, "")
    assert (await decision(priced, "cost=5&margin=60"))["margin"] == 60


async def test_terms_change_nothing_for_who_asks_for_no_decision(priced: Served):
    """The stream of the six kinds is the same bytes with a cost and without, and is shared."""
    bodies = []
    for query in ("", "?cost=40&margin=30&marketplace=vinted"):
        async with priced.client.post(f"/classify{query}", data=priced.form()) as answer:
            bodies.append((await answer.read(), answer.headers["X-Run-Key"]))
    assert bodies[0] == bodies[1]
    assert b"price-decision" not in bodies[0][0]


async def test_a_stream_resumes_around_the_decision(priced: Served):
    """The decision has a seq of its own: who has read it goes on behind it, who has not gets it, once."""
    await decision(priced, "")
    async with priced.client.post("/classify?events=all", data=priced.form(), headers=LINES) as answer:
        facts = [orjson.loads(line) async for line in answer.content if line.strip()]
        key = answer.headers["X-Run-Key"]
    (seq,) = [it["seq"] for it in facts if it["data_description"] == "price-decision"]
    for after, times in ((seq - 1, 1), (seq, 0)):
        path = f"/runs/{key}/events?events=all&cost=7"
        async with priced.client.get(path, headers={"Last-Event-ID": f"1-{after}"}) as answer:
            body = await answer.read()
        assert body.count(b'"price-decision"') == times
        assert (f"id: 1-{after + 1}\n".encode() in body) and f"id: 1-{after}\n".encode() not in body


async def test_a_socket_takes_the_terms_too(priced: Served):
    """Over a WebSocket the same query gives the same decision."""
    told = await decision(priced, "cost=9&country=DE")
    async with priced.client.post("/classify", data=priced.form()) as answer:
        key = answer.headers["X-Run-Key"]
    async with priced.client.ws_connect("/ws?events=price-decision&cost=9&country=DE") as ws:
        await ws.send_json({"key": key})
        await ws.receive_json()
        assert (await ws.receive_json())["data"] == told


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("cost=-1", "cost must be an amount"),
        ("cost=1e5", "cost must be an amount"),
        ("cost=forty", "cost must be an amount"),
        ("min_profit=NaN", "min_profit must be an amount"),
        ("margin=100", "margin must be percent"),
        ("marketplace=amazon", "marketplace must be one whose fees are known: depop, ebay"),
        ("country=Germany", "country must be two letters"),
    ],
)
async def test_terms_that_mean_nothing_are_refused(served: Served, query: str, word: str):
    """Each of them gets 400 and a sentence."""
    async with served.client.post(f"/classify?{query}", data=served.form()) as answer:
        assert (answer.status, word in (await answer.json())["error"]) == (400, True)
