"""Report the figures of a benchmark: printed, and appended as JSON lines to the file that `BENCH_FIGURES` names."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

FILE_VARIABLE = "BENCH_FIGURES"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, and its ratios to a named peer, one for each paired round.

    `target` is `>= NUMBER` or `<= NUMBER`: of the median ratio, or of the value where there is no peer. Figures that are
    not `main` are details: they stand in RESULTS.md and not in the README.
    """

    name: str
    value: float | str
    unit: str = ""
    peer: str = ""
    ratios: tuple[float, ...] = ()
    target: str = ""
    main: bool = True

    @property
    def ratio(self) -> float | None:
        """The median ratio to the peer."""
        return statistics.median(self.ratios) if self.ratios else None

    @property
    def measured(self) -> float | str:
        """What is held against the target: the median ratio, or the value where there is no peer."""
        return self.value if self.ratio is None else self.ratio

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if not self.target or isinstance(self.measured, str):
            return None
        sign, number = self.target.split()
        return self.measured >= float(number) if sign == ">=" else self.measured <= float(number)


@dataclass(frozen=True, slots=True)
class Series:
    """Values along an axis, drawn as lines: the points of each line by its name."""

    name: str
    x: str
    y: str
    lines: dict[str, list[tuple[float, float]]]
    log: bool = False


def number_text(value: float | str) -> str:
    """Return a number with three or four digits that count."""
    if isinstance(value, str):
        return value
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.4g}" if abs(value) >= 100 else f"{value:.3g}"


def ratio_text(figure: Figure) -> str:
    """Return the median ratio with the least and the greatest of the rounds, "" without a peer."""
    if figure.ratio is None:
        return figure.peer
    low, high = number_text(min(figure.ratios)), number_text(max(figure.ratios))
    spread = f" ({low} to {high})" if low != high else ""
    return f"{number_text(figure.ratio)} times{spread} {figure.peer}"


def report(
    name: str,
    value: float | str,
    unit: str = "",
    *,
    peer: str = "",
    ratios: Sequence[float] = (),
    target: str = "",
    main: bool = True,
) -> Figure:
    """Print a figure and append it to the file of figures; see `Figure`."""
    figure = Figure(name, value, unit, peer, tuple(ratios), target, main)
    words = {None: "", True: f"; {target}: reached", False: f"; {target}: NOT reached"}[figure.reached]
    print(
        f"  {name}: {number_text(value)} {unit}".rstrip(), ratio_text(figure) + words, sep="   ", flush=True
    )
    _append({"figure": asdict(figure)})
    return figure


def report_series(
    name: str, x: str, y: str, lines: dict[str, list[tuple[float, float]]], *, log: bool = False
) -> None:
    """Append lines of a picture to the file of figures; `log`: both axes are logarithmic."""
    _append({"series": asdict(Series(name, x, y, lines, log))})


def report_paired(
    name: str,
    values: Sequence[float],
    unit: str,
    peers: Sequence[float],
    *,
    peer: str,
    target: str = "",
    main: bool = True,
) -> Figure:
    """Report the median of values that were measured in turn with those of the peer."""
    ratios = [ours / theirs for ours, theirs in zip(values, peers, strict=True)]
    return report(name, statistics.median(values), unit, peer=peer, ratios=ratios, target=target, main=main)


def _append(record: dict[str, object]) -> None:
    if path := os.environ.get(FILE_VARIABLE):
        with Path(path).open("ab") as file:
            file.write(orjson.dumps(record, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n")
