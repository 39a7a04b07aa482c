"""What benchmarks report becomes a table, pictures and the README's figures, with nothing typed by hand."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "benchmarks"))
from tools import figures, pictures, results  # noqa: E402 - they lie in no package

SCRIPT = {"arguments": [], "date": "2026-11-28T09:00+00:00", "machine": {"load": "1.0"}, "output": ["it ran"]}


def run_of(path: Path, monkeypatch: pytest.MonkeyPatch, scale: float) -> list[dict[str, object]]:
    """Return what a script reports that is `scale` times as fast as the first."""
    monkeypatch.setenv(figures.FILE_VARIABLE, str(path))
    rates = [scale * it for it in (9.0, 10.0, 12.0)]
    figures.report_paired("replays", rates, "a second", [10.0, 10.0, 10.0], peer="aiohttp", target=">= 0.9")
    figures.report("start", 2.5, "s", target="<= 2", main=False)
    figures.report_series("memory", "runs", "MiB", {"lens_rx": [(0, 60), (100, 61)]})
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_figures_are_judged_by_their_ratio_or_their_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The median ratio is held against the target where there is a peer, the value where there is none."""
    runs = [run_of(tmp_path / str(scale), monkeypatch, scale) for scale in (1.0, 0.5)]
    measured = results.measured_figures({"a.py": SCRIPT | {"runs": runs}})
    assert [(it.figure.ratio, it.figure.reached) for it in measured] == [(1.0, True), (None, False)]
    assert measured[0].again
    assert (measured[0].again.value, measured[0].again.reached) == (5.0, False)


def test_pictures_are_well_formed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Bars and lines are XML, whatever the names and the values."""
    runs = [run_of(tmp_path / "figures", monkeypatch, 1.0)]
    measured = [it.figure for it in results.measured_figures({"a.py": SCRIPT | {"runs": runs}})]
    lines = figures.Series("a < b", "x & y", "z", {"<one>": [(0.0, 0.0), (10.0, 3.0)]}, log=True)
    for picture in (pictures.draw_targets(measured), pictures.draw_series(lines)):
        assert ET.fromstring(picture).tag.endswith("svg")


def test_the_readme_says_what_was_measured():
    """The README's table is what the data of the benchmarks gives."""
    if not results.DATA.exists():
        pytest.skip("nothing was measured yet")
    data = json.loads(results.DATA.read_bytes())
    assert results.readme_table(data) in results.README.read_text()
