"""Write RESULTS.md, its pictures and the README's table from the data of the benchmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.figures import Figure, Series, number_text, ratio_text
from tools.pictures import draw_series, draw_targets

HERE = Path(__file__).parents[1]
DATA = HERE / "results" / "figures.json"
RESULTS, README = HERE / "RESULTS.md", HERE.parent / "README.md"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"
TITLES = {"short": "Figures", "long": "Long runs (`make bench-long`)"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of a script's first run, and the same one of its second."""

    script: str
    figure: Figure
    again: Figure | None
    date: str


def measured_figures(scripts: dict[str, Any]) -> list[Measured]:
    """Return all figures."""
    found = []
    for name, record in scripts.items():
        first, *others = ({(it.name, it.peer): it for it in _figures(run)} for run in record["runs"])
        second = others[0] if others else {}
        found += [Measured(name, it, second.get(key), record["date"][:10]) for key, it in first.items()]
    return found


def _figures(run: list[dict[str, Any]]) -> Iterator[Figure]:
    for record in run:
        if it := record.get("figure"):
            yield Figure(**{**it, "ratios": tuple(it["ratios"])})


def write_results(data: dict[str, Any]) -> None:
    """Write all files."""
    parts = ["# Results\n", "Written by `make bench` and `make bench-long`; nothing here is typed by hand.\n"]
    for kind, title in TITLES.items():
        if scripts := data.get(kind):
            parts += _section(kind, title, scripts)
    RESULTS.write_text("\n".join(parts))
    if data:
        _write_readme(data)


def _section(kind: str, title: str, scripts: dict[str, Any]) -> list[str]:
    figures = measured_figures(scripts)
    parts = [f"## {title}\n", _set_up(scripts)]
    if targets := [it.figure for it in figures if it.figure.reached is not None]:
        (DATA.parent / f"{kind}_targets.svg").write_text(draw_targets(targets))
        parts.append(f"![How far each figure is from its target](results/{kind}_targets.svg)\n")
    parts += [*_table(figures), *_pictures(kind, scripts), "### What each script printed\n"]
    for name, record in scripts.items():
        command = " ".join([f"benchmarks/{name}", *record["arguments"]])
        failed = f", FAILED with status {record['status']}" if record["status"] else ""
        body = "\n".join(record["output"])
        parts.append(
            f"<details><summary><code>{command}</code> ({record['seconds']} s, {record['date']}{failed})</summary>\n\n"
            f"```\n{body}\n```\n</details>\n"
        )
    return parts


def _set_up(scripts: dict[str, Any]) -> str:
    machine = next(iter(scripts.values()))["machine"]
    dates = sorted(record["date"] for record in scripts.values())
    loads = sorted({record["machine"]["load"] for record in scripts.values()}, key=float)
    return (
        f"Machine: {machine['processor']}, {machine['memory']}, {machine['system']}. Versions: {machine['versions']}. "
        f"From {dates[0]} to {dates[-1]} (UTC), with a load of {loads[0]} to {loads[-1]} at the end of a script. "
        "Ratios are medians of rounds in which each side was measured in turn, with the least and the greatest round.\n"
    )


def _table(figures: list[Measured]) -> list[str]:
    rows = [
        "| figure | measured | beside | target | second run | script |",
        "|---|---|---|---|---|---|",
    ]
    for it in figures:
        figure = it.figure
        verdict = {None: "", True: f"{figure.target}: yes", False: f"{figure.target}: **no**"}[figure.reached]
        rows.append(
            f"| {figure.name} | {_value(figure)} | {ratio_text(figure)} | {verdict} | {_again(it)} | `{it.script}` |"
        )
    return [*rows, ""]


def _value(figure: Figure) -> str:
    return f"{number_text(figure.value)} {figure.unit}".strip()


def _again(measured: Measured) -> str:
    again = measured.again
    if again is None:
        return ""
    ratio = "" if again.ratio is None else f", {number_text(again.ratio)} times"
    return f"{number_text(again.value)}{ratio}"


def _pictures(kind: str, scripts: dict[str, Any]) -> list[str]:
    parts = []
    for name, record in scripts.items():
        for number, line in enumerate(it["series"] for it in record["runs"][0] if "series" in it):
            series = Series(**line)
            path = DATA.parent / f"{kind}_{name.removesuffix('.py')}_{number + 1}.svg"
            path.write_text(draw_series(series))
            parts.append(f"### {series.name}\n\n![{series.name}](results/{path.name})\n")
    return parts


def readme_table(data: dict[str, Any]) -> str:
    """Return the README's table: the main figures, with the long runs' dates."""
    rows = ["| figure | measured | beside | script |", "|---|---|---|---|"]
    for kind, scripts in data.items():
        for it in measured_figures(scripts):
            if it.figure.main:
                note = f", long run of {it.date}" if kind == "long" else ""
                rows.append(
                    f"| {it.figure.name}{note} | {_value(it.figure)} | {ratio_text(it.figure) or '–'} | `benchmarks/{it.script}` |"
                )
    return "\n".join(rows)


def _write_readme(data: dict[str, Any]) -> None:
    text = README.read_text()
    if BEGIN not in text:
        raise SystemExit(f"README.md has no {BEGIN}")
    block = f"{BEGIN}\n{readme_intro(data)}\n\n{readme_table(data)}\n{END}"
    README.write_text(
        re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: block, text, flags=re.DOTALL)
    )


def readme_intro(data: dict[str, Any]) -> str:
    """Return the sentence before the table."""
    records = [record for scripts in data.values() for record in scripts.values()]
    dates = sorted(record["date"][:10] for record in records)
    machine = records[0]["machine"]
    when = f"on {dates[0]}" if dates[0] == dates[-1] else f"between {dates[0]} and {dates[-1]}"
    return f"Measured on {machine['processor']}, {when}."
