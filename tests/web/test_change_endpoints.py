"""Changes of a run over HTTP: what is corrected, left out, brought back, taken back and looked at again."""

from __future__ import annotations

import asyncio
import importlib
import random
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from served import Served, serve
from token_holders import Tokens, bearer, cookie

from lens_rx.facts import (
    AnalysisState,
    Candidate,
    Caption,
    Condition,
    Fact,
    Identity,
    IdentityCandidates,
    Item,
    Match,
    Matches,
    Offer,
    Offers,
    Rejected,
    comparable_id,
)
from lens_rx.facts.errors import Blocked
from lens_rx.matching.assess_offers import mark_offers
from lens_rx.operators.estimate import estimate
from lens_rx.reactive.stage import several_facts
from lens_rx.settings import Settings

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
READ = datetime.now(UTC) - timedelta(hours=1)
NDJSON = {"Accept": "application/x-ndjson"}
Row = dict[str, Any]


def offer(number: int, price: float) -> Offer:
    return Offer(
        str(number),
        "Acme Hike 2",
        f"https://m.test/{number}",
        Decimal(str(price)),
        "EUR",
        condition=Condition.GOOD,
        marketplace="m",
    )


def market(count: int = 20) -> Offers:
    """Return offers around 100, and one that the screening rejected."""
    rng = random.Random(7)
    found = tuple(offer(number, round(100 * rng.lognormvariate(0, 0.15), 2)) for number in range(count))
    offers = Offers(found, (Rejected(offer(90, 104), "It is a part."),), READ)
    return mark_offers(offers, Item(()), IDENTITY)


MATCHES = Matches(tuple(Match("Acme Hike 2 boot", f"https://s{n}.test/") for n in range(4)), READ)
IDENTITY = Identity("Acme", "Hike 2", observed_at=READ, answered_by="gpt-x")
CANDIDATES = IdentityCandidates(
    (Candidate("Acme", "Hike 2", 3, decided=True), Candidate("Acme", "Hike 3", 2)), 0.7, ("It could be 3.",)
)


@pytest.fixture
async def priced() -> AsyncIterator[Served]:
    """Serve a world whose offers are really priced."""
    async with serve(Settings()) as served:
        served.world.facts |= {
            "lens": MATCHES,
            "describe": Caption("boot", condition=Condition.GOOD, observed_at=READ),
            "offers": market(),
        }
        served.world.operators["identify"] = several_facts(_identify)
        served.world.operators["estimate"] = estimate("EUR")
        yield served


async def _identify(_: AnalysisState) -> list[Fact]:
    return [IDENTITY, CANDIDATES]


async def upload(served: Served, **query: str) -> tuple[str, dict[str, Any]]:
    """Upload the photo; return the run's key and its facts by kind."""
    async with served.client.post(
        "/classify", data=served.form(), headers=NDJSON, params={"events": "all"} | query
    ) as answer:
        assert answer.status == 200, await answer.text()
        return answer.headers["X-Run-Key"], by_kind(await answer.read())


async def change(served: Served, key: str, path: str, body: Any = None) -> dict[str, Any]:
    """Change the run; return the facts of the new generation, by kind."""
    async with served.client.post(
        f"/runs/{key}/{path}", json=body, headers=NDJSON, params={"events": "all"}
    ) as answer:
        assert answer.status == 200, await answer.text()
        assert (answer.headers["X-Run-Key"], answer.headers["X-Replayed"]) == (key, "false")
        return by_kind(await answer.read())


async def refused(served: Served, key: str, path: str, body: Any = None) -> tuple[int, str, str]:
    async with served.client.post(f"/runs/{key}/{path}", json=body) as answer:
        values = await answer.json()
        return answer.status, values["code"], values["error"]


def by_kind(stream: bytes) -> dict[str, Any]:
    facts = [orjson.loads(line) for line in stream.splitlines() if line]
    assert [it["seq"] for it in facts] == sorted({it["seq"] for it in facts})
    return {it["data_description"]: it["data"] for it in facts if it["data_description"] != "progress"} | {
        "progress": {it["data"]["stage"]: it["data"]["state"] for it in facts if "state" in it["data"]},
        "lines": [it["data_description"] for it in facts],
    }


def rows_by_id(evidence: list[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in evidence}


async def test_a_dismissed_comparable_does_not_count(priced: Served):
    """A dismissal is there at once, with no look-up; the estimate is that of the other offers, to the cent."""
    key, before = await upload(priced)
    ran = len(priced.world.ran)
    dearest = max(before["price-evidence"], key=lambda it: it["price"] if it["weight"] else 0)
    after = await change(priced, key, "comparables", {"dismiss": [dearest["id"]]})
    assert len(priced.world.ran) == ran
    row = rows_by_id(after["price-evidence"])[dearest["id"]]
    assert (row["weight"], row["reason"]) == (0, "You left it out.")
    assert after["estimated-price"]["price"] < before["estimated-price"]["price"]
    assert after["estimated-price"]["comparables"] == before["estimated-price"]["comparables"] - 1
    kept = {it["link"]: it["kept"] for it in after["second-hand-offers"]}
    assert kept[dearest["link"]] == 0
    history = after["run-history"]
    assert [it["change"] for it in history] == ["decision", "dismissal"]
    assert (history[0]["author"], history[0]["model"]) == ("gpt-x", "Hike 2")
    assert (history[1]["author"], history[1]["generation"]) == ("user", 2)
    assert (history[1]["comparables"], history[1]["what"]) == (dearest["id"], "Left a comparable out.")
    assert after["lines"][0] == "run-history"
    assert after["lines"][-1] == "complete"
    assert recompute(after) == {}


def recompute(facts: dict[str, Any]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the amounts of the estimate that do not follow from the evidence on the wire."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        script = importlib.import_module("recompute_estimate")
    finally:
        sys.path.remove(str(BENCHMARKS))
    lines = [
        orjson.dumps({"data_description": kind, "data": facts[kind]}).decode()
        for kind in ("price-evidence", "estimated-price")
    ]
    stated, again = script.recompute(lines)
    return {name: (stated[name], again[name]) for name in stated if stated[name] != again[name]}


async def test_a_rejected_comparable_is_brought_back_and_undone(priced: Served):
    """What the screening rejected counts once it is brought back; after undo the estimate has its old bytes."""
    key, before = await upload(priced)
    part = comparable_id(offer(90, 104))
    after = await change(priced, key, "comparables", {"restore": [part]})
    assert after["estimated-price"]["comparables"] == before["estimated-price"]["comparables"] + 1
    assert rows_by_id(after["price-evidence"])[part]["weight"] > 0
    undone = await change(priced, key, "undo")
    for kind in ("estimated-price", "price-evidence", "second-hand-offers", "price-decision"):
        assert undone[kind] == before[kind]
    assert [(it["change"], it["undone"]) for it in undone["run-history"]] == [
        ("decision", 0),
        ("restoration", 1),
        ("undo", 0),
    ]
    assert undone["run-history"][-1]["what"] == "Took back: Brought a comparable back."
    assert (await refused(priced, key, "undo"))[:2] == (422, "unprocessable")


async def test_condition_is_corrected_at_once(priced: Served):
    """A condition, a size and a variant change the price from stored evidence; an empty one takes it back."""
    key, before = await upload(priced)
    ran = len(priced.world.ran)
    worn = await change(priced, key, "corrections", {"condition": "for parts", "size": "42"})
    assert worn["estimated-price"]["condition"] == "for_parts"
    assert worn["estimated-price"]["price"] < before["estimated-price"]["price"]
    assert worn["run-history"][1]["what"] == "Corrected: condition is for parts, size is 42."
    back = await change(priced, key, "corrections", {"condition": "", "size": ""})
    assert back["estimated-price"] == before["estimated-price"]
    assert len(priced.world.ran) == ran
    assert priced.metrics.changes.labels("correction")._value.get() == 2


async def test_newest_generation_is_replayed(priced: Served):
    """A plain upload of the photo replays what was changed, and so do `/runs/{key}` and its events."""
    key, _ = await upload(priced)
    dismissed = comparable_id(offer(0, 0))
    await change(priced, key, "comparables", {"dismiss": [dismissed]})
    async with priced.client.post(
        "/classify", data=priced.form(), headers=NDJSON, params={"events": "all"}
    ) as answer:
        assert answer.headers["X-Replayed"] == "true"
        again = by_kind(await answer.read())
    assert rows_by_id(again["price-evidence"])[dismissed]["weight"] == 0
    async with priced.client.get(f"/runs/{key}") as answer:
        run = await answer.json()
    assert (run["generation"], run["state"]) == (2, "complete")
    assert "run-history" not in [it["data_description"] for it in run["facts"]]


async def test_another_candidate_is_picked(priced: Served):
    """With the name corrected what needs the photo is kept, the rest runs anew, and the candidates stay to be picked."""
    key, before = await upload(priced)
    priced.world.ran.clear()
    after = await change(priced, key, "corrections", {"model": "Hike 3"})
    assert sorted(priced.world.ran) == ["offers", "producer", "retail"]
    assert after["model-producer"] == {"producer": "Acme", "model": "Hike 3", "decided_by": "user"}
    assert [(it["model"], it["decided"]) for it in after["identity-candidates"]] == [
        ("Hike 3", True),
        ("Hike 2", False),
    ]
    assert after["visual-matches"] == before["visual-matches"]
    assert after["image-description"] == before["image-description"]
    assert after["progress"]["lens"] == after["progress"]["identify"] == "skipped"
    assert after["estimated-price"]["identity_certainty"] == 0.98
    assert after["run-history"][1]["producer"] == "Acme"
    seen = next(it for it in priced.world.seen if it.item.options.model == "Hike 3")
    assert seen.item.photos == ()
    undone = await change(priced, key, "undo")
    assert undone["model-producer"] == before["model-producer"]
    assert undone["estimated-price"] == before["estimated-price"]


async def test_refresh_looks_again(priced: Served):
    """A refresh keeps the name and looks at the offers anew; `all` looks at all that needs no photo."""
    key, _ = await upload(priced)
    await change(priced, key, "comparables", {"dismiss": [comparable_id(offer(0, 0))]})
    priced.world.ran.clear()
    again = await change(priced, key, "refresh")
    assert priced.world.ran == ["offers"]
    assert rows_by_id(again["price-evidence"])[comparable_id(offer(0, 0))]["reason"] == "You left it out."
    assert again["run-history"][-1]["what"] == "Looked again at the offers."
    priced.world.ran.clear()
    everything = await change(priced, key, "refresh", {"what": "all"})
    assert sorted(priced.world.ran) == ["offers", "producer", "retail"]
    assert everything["run-history"][-1]["what"] == "Looked again at everything."
    assert everything["progress"]["identify"] == "ok"


async def test_upload_looks_again_on_demand(priced: Served):
    """With `refresh` an upload of a fresh run looks again, `1` at the photo as well, and what was said stays in force."""
    key, _ = await upload(priced)
    await change(priced, key, "corrections", {"size": "42"})
    for word, ran in (("offers", ["offers"]), ("1", ["describe", "lens", "offers", "producer", "retail"])):
        priced.world.ran.clear()
        same, facts = await upload(priced, refresh=word)
        assert (same, sorted(priced.world.ran)) == (key, ran)
        assert [it["size"] for it in facts["run-history"]][1] == "42"
    async with priced.client.post("/classify", data=priced.form(), params={"refresh": "maybe"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "invalid_parameter")


async def test_stale_upload_keeps_what_was_said(priced: Served):
    """The generation that an upload starts after a failure, or when the run is stale, has the corrections of before."""
    priced.world.facts["retail"] = Blocked("a captcha")
    key, _ = await upload(priced)
    left_out = comparable_id(offer(0, 0))
    await change(priced, key, "corrections", {"model": "Hike 3"})
    await change(priced, key, "comparables", {"dismiss": [left_out]})
    priced.world.ran.clear()
    same, facts = await upload(priced)
    assert same == key
    assert sorted(priced.world.ran) == ["offers", "producer", "retail"]
    assert facts["model-producer"]["model"] == "Hike 3"
    assert rows_by_id(facts["price-evidence"])[left_out]["weight"] == 0
    assert [it["change"] for it in facts["run-history"]] == ["decision", "correction", "dismissal"]


async def test_a_thing_that_was_not_found_is_named(priced: Served):
    """A run that ended without a name goes on with the one that the user gives; its condition may be said before."""
    del priced.world.operators["identify"]
    priced.world.facts["lens"] = Blocked("a captcha")
    priced.world.facts["identify"] = Blocked("a captcha")
    later = {name: priced.world.facts.pop(name) for name in ("producer", "retail", "offers", "estimate")}
    key, before = await upload(priced)
    assert "model-producer" not in before
    worn = await change(priced, key, "corrections", {"condition": "used"})
    assert "estimated-price" not in worn
    priced.world.facts |= later
    named = await change(priced, key, "corrections", {"producer": "Acme", "model": "Hike 2"})
    assert named["estimated-price"]["condition"] == "used"
    assert named["complete"]["outcome"] == "ok"
    assert "error" not in named
    assert named["run-history"][0]["what"] == "Nothing was found that it could be."


async def test_what_cannot_be_changed_says_why(priced: Served):
    """Each refusal has its status, its code and a sentence; nothing is changed by it."""
    key, _ = await upload(priced)
    unknown = "0a1b2c3d4e5f"
    assert await refused(priced, "nosuch", "undo") == (
        404,
        "run_not_found",
        "No such run. Send the photo again.",
    )
    cases = {
        ("corrections", "unknown_field"): {"colour": "red"},
        ("corrections", "invalid_body"): {"model": 7},
        ("corrections", "invalid_parameter"): {"condition": "fine"},
        ("corrections", "unprocessable"): {},
        ("comparables", "invalid_body"): {"dismiss": "all"},
        ("comparables", "unprocessable", "both"): {"dismiss": [unknown], "restore": [unknown]},
        ("comparables", "unprocessable"): {"restore": []},
        ("comparables", "comparable_not_found"): {"dismiss": [unknown]},
        ("undo", "unknown_field"): {"all": True},
        ("undo", "unprocessable"): None,
        ("refresh", "invalid_parameter"): {"what": "photo"},
    }
    for (path, code, *_), body in cases.items():
        status, found, message = await refused(priced, key, path, body)
        assert found == code, (path, body, message)
        assert status == {"unprocessable": 422, "comparable_not_found": 404}.get(code, 400)
    async with priced.client.post(f"/runs/{key}/corrections", data=b"{") as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "invalid_body")
    async with priced.client.get(f"/runs/{key}") as answer:
        assert (await answer.json())["generation"] == 1


async def test_an_offer_without_a_price_cannot_be_brought_back(priced: Served):
    """Nothing would change by that, so it is refused; its price is left out, and what was left out may be as before."""
    unpriced = comparable_id(offer(91, 0))
    found = replace(market(), rejected=(Rejected(offer(91, 0), "It has no price."),))
    priced.world.facts["offers"] = mark_offers(found, Item(()), IDENTITY)
    key, before = await upload(priced)
    assert "price" not in rows_by_id(before["price-evidence"])[unpriced]
    status, code, message = await refused(priced, key, "comparables", {"restore": [unpriced]})
    assert (status, code) == (422, "unprocessable")
    assert message == f"Nothing changes by that: {unpriced} has no price, so it cannot count."
    await change(priced, key, "comparables", {"dismiss": [unpriced]})
    await change(priced, key, "comparables", {"restore": [unpriced]})


async def test_a_live_run_is_not_changed(served: Served):
    """While a run is live a change is refused, with what to do; afterwards it is taken."""
    served.world.gate.clear()
    async with served.client.post("/classify", data=served.form(), headers=NDJSON) as answer:
        key = answer.headers["X-Run-Key"]
        status, code, message = await refused(served, key, "corrections", {"condition": "used"})
        assert (status, code) == (409, "conflict")
        assert message == "This run is not finished yet. Wait until it is, then change it."
        served.world.gate.set()
        await answer.read()
    await change(served, key, "corrections", {"condition": "used"})


async def test_changes_at_once_are_all_made(priced: Served):
    """Of several changes at the same moment each is made, one after the other."""
    key, _ = await upload(priced)
    ids = [comparable_id(offer(number, 0)) for number in range(3)]
    await asyncio.gather(*(change(priced, key, "comparables", {"dismiss": [it]}) for it in ids))
    async with priced.client.get(f"/runs/{key}", params={"events": "all"}) as answer:
        run = await answer.json()
    evidence = next(it["data"] for it in run["facts"] if it["data_description"] == "price-evidence")
    assert run["generation"] == 4
    assert {it["id"] for it in evidence if it["reason"] == "You left it out."} == set(ids)


async def test_a_change_bears_the_name_of_its_token(guarded: Served, tokens: Tokens):
    """The history tells the token's name and nothing else of it; another tenant finds no such run."""
    guarded.world.operators["estimate"] = estimate("EUR")
    ann, cy = bearer(tokens.ann), bearer(tokens.cy)
    async with guarded.client.post("/classify", data=guarded.form(), headers=ann | NDJSON) as answer:
        key = answer.headers["X-Run-Key"]
        await answer.read()
    url, body = f"/runs/{key}/corrections", {"condition": "good"}
    async with guarded.client.post(url, json=body, headers=cy) as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "run_not_found")
    async with guarded.client.post(url, json=body) as answer:
        assert answer.status == 401
    foreign = cookie(tokens.ann) | {"Origin": "https://evil.example"}
    async with guarded.client.post(url, json=body, headers=foreign) as answer:
        assert answer.status == 403
    async with guarded.client.post(url, json=body, headers=ann | NDJSON, params={"events": "all"}) as answer:
        stream = await answer.read()
    assert by_kind(stream)["run-history"][1]["author"] == "ann"
    assert tokens.ann.encode() not in stream


async def over_socket(served: Served, message: dict[str, Any]) -> list[Row]:
    async with served.client.ws_connect("/ws?events=all") as ws:
        await ws.send_str(orjson.dumps(message).decode())
        return [orjson.loads(it.data) async for it in ws]


async def test_changes_over_the_socket(priced: Served):
    """A text message changes a run as the endpoints do: first which run it is, then the facts of its new generation."""
    key, _ = await upload(priced)
    left_out = comparable_id(offer(0, 0))
    prices = []
    cases: list[dict[str, Any]] = [
        {"correct": {"size": "42"}},
        {"dismiss": [left_out], "restore": [comparable_id(offer(90, 104))]},
        {"undo": True},
        {"refresh": "offers"},
    ]
    for generation, asked in enumerate(cases, 2):
        first, *facts = await over_socket(priced, {"key": key} | asked)
        assert first == {"key": key, "replayed": False, "generation": generation}
        assert [it["seq"] for it in facts] == list(range(1, len(facts) + 1))
        prices += [it["data"]["price"] for it in facts if it["data_description"] == "estimated-price"]
    history = next(it for it in facts if it["data_description"] == "run-history")["data"]
    assert [it["change"] for it in history] == [
        "decision",
        "correction",
        "dismissal",
        "restoration",
        "undo",
        "refresh",
    ]
    assert prices[0] == prices[2] == prices[3] != prices[1]


async def test_bad_changes_over_the_socket_are_refused(priced: Served):
    """A change that cannot be made is refused as JSON with the status and code of the endpoint."""
    key, _ = await upload(priced)
    cases = {
        ("unprocessable", 422): {"undo": True},
        ("invalid_body", 400): {"undo": 1},
        ("unknown_field", 400): {"correct": {"colour": "red"}},
        ("comparable_not_found", 404): {"dismiss": ["0a1b2c3d4e5f"]},
    }
    for (code, status), asked in cases.items():
        (said,) = await over_socket(priced, {"key": key} | asked)
        assert (said["code"], said["status"]) == (code, status), said
    (said,) = await over_socket(priced, {"key": "nosuch", "undo": True})
    assert said["code"] == "run_not_found"
