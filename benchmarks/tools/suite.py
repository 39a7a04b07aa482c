"""Which scripts `make bench` runs, with what arguments and how often: fifteen minutes together on two cores."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Script:
    """A benchmark; what depends on the machine is run twice, so that the second run shows the spread."""

    name: str
    arguments: tuple[str, ...] = ()
    runs: int = 2


SHORT = (
    Script("replays.py", ("--rounds", "3", "--seconds", "0.4")),
    Script("first_uploads.py"),
    Script("whole_runs.py", ("--rounds", "4", "--runs", "30")),
    Script("main_job.py", ("--runs", "2"), 1),
    Script("many_at_once.py", ("--rounds", "1")),
    Script("sharing.py", runs=1),
    Script("subscribers.py", ("--subscribers", "2000", "--seconds", "0.2"), 1),
    Script("startup.py", ("--rounds", "2"), 1),
    Script("lens_lookups.py", ("--rounds", "2", "--photos", "3"), 1),
    Script("shop_pages.py", ("--rounds", "2", "--pages", "30"), 1),
    Script("speculation.py", ("--runs", "1", "--photos", "6"), 1),
    Script("run_changes.py", runs=1),
    Script("tabs.py", ("--pages", "24"), 1),
    Script("product_speed.py", ("--pages", "200"), 1),
    Script("page_quality.py", runs=1),
    Script("storage.py", ("--facts", "1000"), 1),
    Script("memory.py", ("--backends", "sqlite", "--runs", "1600", "--duplicates", "16000"), 1),
    Script("tokens.py", ("--photos", "24"), 1),
    Script("photo_size.py", runs=1),
    Script("photo_sources.py", runs=1),
    Script("estimate_quality.py", ("--samples", "25"), 1),
    Script("condition_quality.py", ("--samples", "25"), 1),
    Script("size_quality.py", ("--samples", "25"), 1),
    Script("list_prices.py", ("--markets", "12"), 1),
    Script("certainty_quality.py", ("--every", "6"), 1),
    Script("recompute_estimate.py", runs=1),
    Script("capacity.py", ("--runs", "14"), 1),
    Script("processes.py", runs=1),
    Script("event_loops.py", ("--seconds", "0.5"), 1),
)
#: The long ones, for `make bench-long`: about four hours by the rates of the short ones, nearly all of it memory.py.
LONG = (
    Script("subscribers.py", ("--subscribers", "10000"), 1),
    Script("storage.py", ("--facts", "0", "--backends", "sqlite", "--stored", "10", "1000000"), 1),
    Script("memory.py", ("--runs", "100000", "--duplicates", "1000000"), 1),
    Script("estimate_quality.py", ("--samples", "480"), 1),
    Script("certainty_quality.py", (), 1),
    Script("tokens.py", (), 1),
    Script("list_prices.py", (), 1),
    Script("condition_quality.py", (), 1),
    Script("product_speed.py", ("--every", "1", "--pages", "5000"), 1),
)


def short_scripts() -> list[Script]:
    """Return the scripts of `make bench`: those of the list that exist, then others, without arguments."""
    found = {path.name for path in SCRIPTS.glob("*.py")}
    listed = [it for it in SHORT if it.name in found]
    return [*listed, *(Script(name) for name in sorted(found - {it.name for it in SHORT}))]
