"""A photo's run when suppliers have ended, block, or refuse: it completes, and says who answered and who failed."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import aiohttp
import orjson
import pytest
from sandbox_service import FIVE, SandboxService, classify

from lens_rx.cli.batch import open_service
from lens_rx.cli.surroundings import ServiceOptions
from lens_rx.clients import protocols
from lens_rx.settings import Settings

AFTER_BOTH_ENDS = date(2027, 1, 15)
WITHOUT_BROWSER: dict[str, Any] = {
    "chromium": "none",
    "lens": ("vision", "ebay"),
    "search": ("google", "brave"),
}


class Run:
    """The facts of one photo, and what its service tells of its suppliers afterwards."""

    def __init__(self, facts: list[dict[str, Any]], suppliers: list[dict[str, Any]], metrics: str) -> None:
        self.last = {it["data_description"]: it["data"] for it in facts}
        self.errors = {it["data"]["stage"]: it["data"] for it in facts if it["data_description"] == "error"}
        self.suppliers = {it["name"]: it for it in suppliers}
        self.metrics = metrics

    @classmethod
    async def of(cls, service: SandboxService, photo: Path, **values: Any) -> Self:
        """Classify a photo by a service of its own beside the sandbox of `service`."""
        options = ServiceOptions(
            Settings(**WITHOUT_BROWSER | values, openai_api_key="any"), sandbox_at=service.sandbox_url
        )
        async with (
            open_service(options, None) as url,
            aiohttp.ClientSession(url, timeout=aiohttp.ClientTimeout(60)) as session,
        ):
            facts = await classify(session, photo, events="all")
            async with session.get("/suppliers") as response:
                suppliers = (await response.json())["suppliers"]
            async with session.get("/metrics") as response:
                return cls(facts, suppliers, await response.text())

    def finders(self) -> set[str]:
        """Return who found the matches."""
        return {name for it in self.last["visual-matches"] for name in it["found_by"].split(",")}


@pytest.fixture
def after_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be 2027-01-15, when GPT-4o and the Custom Search API have ended."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Self:
            return cls(*AFTER_BOTH_ENDS.timetuple()[:6], tzinfo=tz)

    monkeypatch.setattr(protocols, "datetime", Clock)


@pytest.mark.usefixtures("after_both_ends")
async def test_who_changes_nothing_is_served_after_the_ends(
    service: SandboxService, photos: Path, truth: dict, capsys: pytest.CaptureFixture[str]
):
    """With the default models and Custom Search first, both gone, a run without a browser yields all its facts."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    ends = {"model": {"shutdown_dates": {"gpt-4o": str(yesterday)}}, "google": {"ended": True}}
    service.put_faults(ends)
    run = await Run.of(service, photos / "01.jpg")
    wanted, named = truth["01.jpg"], run.last["model-producer"]
    assert set(run.last) >= FIVE
    assert (named["producer"], named["model"]) == (wanted["producer"], wanted["model"])
    assert (named["decided_by"], named["answered_by"]) == ("model", "gpt-6-luna")
    assert (run.last["complete"]["outcome"], run.last["complete"]["model"]) == ("ok", "gpt-6-luna")
    assert run.last["complete"]["cost_usd"] == 0
    assert run.finders() == {"vision"}
    assert not run.suppliers["gpt-4o"]["available"]
    assert run.suppliers["Custom Search JSON API"]["days_left"] == -14
    warned = {name for name, it in run.suppliers.items() if it["warning"]}
    assert warned == {"gpt-4o", "Custom Search JSON API"}
    log = capsys.readouterr().out
    assert log.count("the model is gone, the next one is asked") == 1
    assert "ended on 2027-01-01" in log


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], set[str], list[str]]] = {
    "quota of Vision and Brave": (
        {"vision": {"quota": True}, "brave": {"quota": True}},
        {"search": ("brave", "model")},
        {"ebay"},
        [],
    ),
    "Vision gone, all at once": (
        {"vision": {"ended": True}},
        {"lens": ("vision", "ebay", "all")},
        {"ebay"},
        [],
    ),
    "no photo search": (
        {"vision": {"quota": True}, "ebay": {"key": "wrong"}},
        {},
        set(),
        ["The quota of Cloud Vision is used up.", "eBay refused the keys of its API."],
    ),
    "model's key": ({"model": {"key": "wrong"}}, {}, {"vision"}, []),
}


@pytest.mark.parametrize(("faults", "values", "finders", "told"), CASES.values(), ids=CASES)
async def test_a_run_completes_whoever_fails(
    service: SandboxService,
    photos: Path,
    *,
    faults: dict[str, Any],
    values: dict[str, Any],
    finders: set[str],
    told: list[str],
):
    """The next source answers in the same run, or the error names those that failed; the run always completes."""
    service.put_faults(faults)
    run = await Run.of(service, photos / "01.jpg", **values)
    assert "complete" in run.last
    if finders:
        assert run.finders() == finders
        assert set(run.last) >= FIVE
        assert "lens" not in run.errors
    for words in told:
        assert words in run.errors["lens"]["message"]
    assert "Google Lens" not in orjson.dumps(run.errors).decode()


async def test_a_node_without_a_worker_tells_of_ends_as_well(service: SandboxService):
    """The page of a node that only accepts photos knows the suppliers of its fleet."""
    service.put_faults(
        {"model": {"shutdown_dates": {"gpt-4o": str(datetime.now(UTC).date() + timedelta(days=40))}}}
    )
    options = ServiceOptions(Settings(search=("google",)), sandbox_at=service.sandbox_url, worker=False)
    async with open_service(options, None) as url, aiohttp.ClientSession(url) as session:
        rows: dict[str, Any] = {}
        async with asyncio.timeout(10):
            while not rows.get("gpt-4o", {}).get("warning"):
                async with session.get("/suppliers") as response:
                    rows = {it["name"]: it for it in (await response.json())["suppliers"]}
    assert set(rows) == {"gpt-4o", "gpt-6-luna", "Custom Search JSON API"}


@pytest.mark.parametrize(("days", "warned"), [(60, True), (61, False)])
async def test_operators_are_warned_from_60_days_before(
    service: SandboxService, photos: Path, *, days: int, warned: bool, capsys: pytest.CaptureFixture[str]
):
    """The log and what the page reads warn from 60 days before on; the metric tells the seconds at any time."""
    end = datetime.now(UTC).date() + timedelta(days=days)
    service.put_faults({"model": {"shutdown_dates": {"gpt-4o": str(end)}}})
    run = await Run.of(service, photos / "01.jpg")
    assert run.suppliers["gpt-4o"]["warning"] is warned
    assert ("the model ends soon" in capsys.readouterr().out) is warned
    line = next(it for it in run.metrics.splitlines() if 'end_seconds{supplier="gpt-4o"}' in it)
    assert days - 1 < float(line.split()[1]) / 86_400 <= days
