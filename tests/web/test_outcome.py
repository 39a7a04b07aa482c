"""Reported sales: what a thing was sold for, beside what was estimated, and how many fell in the range."""

from __future__ import annotations

import pytest
from promised_facts import complaints
from served import Served, photo

from lens_rx.runs.outcomes import OutcomeStore, SaleOutcome
from lens_rx.web.openapi import document

DOCUMENT = document()


async def run_of(served: Served, content: bytes | None = None) -> str:
    """Return the key of a finished run, estimated at 80 (60 to 100)."""
    async with served.client.post("/classify", data=served.form(content)) as answer:
        await answer.read()
        return answer.headers["X-Run-Key"]


def counted(served: Served) -> list[str]:
    """Return the counters of outcomes."""
    lines = served.metrics.render().decode().splitlines()
    return [line for line in lines if line.startswith("lens_rx_outcomes") and "_created" not in line]


async def test_a_sale_is_stored_and_compared(served: Served):
    """The answer says how far the estimate was off; the run has the sale; a corrected report counts once."""
    key = await run_of(served)
    sale = {"sold_price": 72, "currency": "EUR", "days": 9, "marketplace": "ebay"}
    async with served.client.post(f"/runs/{key}/outcome", json=sale) as answer:
        told = await answer.json()
        assert answer.status == 200, told
    assert complaints(DOCUMENT, "OutcomeComparison", told) == []
    assert (told["range"], told["near"], told["off"], told["certainty"]) == ("inside", True, 0.1111, 0.5)
    async with served.client.post(f"/runs/{key}/outcome", json=sale | {"sold_price": 40}) as answer:
        assert (await answer.json())["range"] == "below"
    async with served.client.get(f"/runs/{key}") as answer:
        run = await answer.json()
    assert complaints(DOCUMENT, "Run", run) == []
    assert (run["outcome"]["sold_price"], run["outcome"]["days"]) == (40, 9)
    assert counted(served) == [
        'lens_rx_outcomes_total{range="inside"} 1.0',
        "lens_rx_outcomes_near_total 1.0",
        "lens_rx_outcomes_certainty_total 0.5",
    ]


async def test_a_sale_in_another_currency_is_compared_in_it(served: Served):
    """The estimate is converted to the currency of the sale."""
    key = await run_of(served)
    async with served.client.post(
        f"/runs/{key}/outcome", json={"sold_price": 12000, "currency": "jpy"}
    ) as answer:
        told = await answer.json()
    assert told["currency"] == "JPY" and told["price"] > 5000


async def test_an_outcome_goes_with_its_run(served: Served):
    """A deleted run leaves no sale behind; the same photo later has none."""
    key = await run_of(served)
    async with served.client.post(f"/runs/{key}/outcome", json={"sold_price": 9}) as answer:
        assert answer.status == 200
    async with served.client.delete(f"/runs/{key}") as answer:
        assert answer.status == 204
    assert await run_of(served) == key
    async with served.client.get(f"/runs/{key}") as answer:
        assert "outcome" not in await answer.json()
    async with served.client.post("/runs/nobody/outcome", json={"sold_price": 9}) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"", 400, "as JSON"),
        (b"[1]", 400, "as JSON"),
        (b'{"sold_price": "9"}', 400, "sold_price must be a number"),
        (b'{"sold_price": -1}', 400, "sold_price must be a number"),
        (b'{"sold_price": 0.005}', 400, "0.01 or more and below 1,000,000,000"),
        (b'{"days": 3}', 400, "sold_price must be a number"),
        (b'{"sold_price": 9, "days": 1.5}', 400, "days must be a whole number"),
        (b'{"sold_price": 9, "currency": "XTS"}', 400, "currency must be an ISO 4217 code"),
        (b'{"sold_price": 9, "marketplace": 7}', 400, "marketplace must be a text"),
        (b'{"sold_price": 9, "price": 7}', 400, "does not know price; known: currency, days"),
        (b'{"sold_price": 9' + b" " * 5000, 413, "no more than a line"),
    ],
)
async def test_what_is_no_sale_is_refused(served: Served, body: bytes, status: int, word: str):
    """Each wrong body gets its status and a sentence, and nothing is counted."""
    key = await run_of(served)
    async with served.client.post(f"/runs/{key}/outcome", data=body) as answer:
        assert (answer.status, word in (await answer.json())["error"]) == (status, True)
    assert not any("_total{" in line for line in counted(served))


async def test_how_sales_fell_in_their_ranges_is_counted(served: Served):
    """Each sold thing counts once, where its last report puts it, in its own tenant; a deleted run counts no more."""
    keys = [await run_of(served, photo(side)) for side in (201, 202, 203)]
    for key, price in zip([*keys, keys[0]], (72, 300, 9, 2), strict=True):
        async with served.client.post(f"/runs/{key}/outcome", json={"sold_price": price}) as answer:
            assert answer.status == 200
    async with served.client.get("/calibration") as answer:
        told = await answer.json()
    assert told == {"sales": 3, "below": 2, "inside": 0, "above": 1, "expected_inside": 0.8}
    assert complaints(DOCUMENT, "Calibration", told) == []
    async with served.client.delete(f"/runs/{keys[1]}") as answer:
        assert answer.status == 204
    outcomes = OutcomeStore(served.storage, 1)
    assert dict(await outcomes.places("default")) == {"below": 2}
    await outcomes.put("north.abc", SaleOutcome(9, "EUR"), "inside")
    assert (dict(await outcomes.places("north")), len(await outcomes.places("default"))) == ({"inside": 1}, 1)
