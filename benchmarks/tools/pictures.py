"""Small pictures of figures, written as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from tools.figures import Figure, Series, number_text

WIDTH, ROW, LABEL = 860, 22, 500
LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT = 80, 34, 600, 240
REACHED, MISSED = "#2a7f62", "#b3472f"
LINES = ("#2a7f62", "#b3472f", "#33658a", "#8a6f33", "#6a4c93")
STYLE = "<style>text{font:12px sans-serif;fill:#222}.n{text-anchor:end}.m{text-anchor:middle}</style>"
#: A bar ends at this many times its target, and at as small a part of it.
MOST = 10.0


def draw_targets(figures: Sequence[Figure]) -> str:
    """Return bars of how far figures are on the right side of their targets; the line is the target."""
    middle, half = LABEL + (WIDTH - LABEL) / 2, (WIDTH - LABEL) / 2 - 40
    parts = [f'<text x="{middle}" y="14" class="m">target</text>']
    for row, figure in enumerate(figures):
        y, margin = 24 + row * ROW, _margin(figure)
        end = middle + half * math.log10(min(max(margin, 1 / MOST), MOST))
        colour = REACHED if margin >= 1 else MISSED
        parts += [
            f'<text x="{LABEL - 8}" y="{y + 14}" class="n">{escape(figure.name[:84])}</text>',
            f'<rect x="{min(middle, end):.1f}" y="{y + 3}" width="{abs(end - middle):.1f}" height="{ROW - 7}" fill="{colour}"/>',
            f'<text x="{WIDTH - 4}" y="{y + 14}" class="n">{number_text(figure.measured)}</text>',
        ]
    height = 30 + len(figures) * ROW
    parts.append(f'<path d="M{middle} 20V{height - 4}" stroke="#222"/>')
    return _svg(WIDTH, height, parts)


def _margin(figure: Figure) -> float:
    """Return by how many times the target is exceeded, below 1 where it is missed."""
    measured = figure.measured
    sign, number = figure.target.split()
    if isinstance(measured, str) or measured <= 0:
        return 1.0
    return measured / float(number) if sign == ">=" else float(number) / measured


def draw_series(series: Series) -> str:
    """Return a line chart."""
    points = [point for line in series.lines.values() for point in line if not series.log or min(point) > 0]
    if not points:
        return _svg(LEFT, TOP, [])
    xs, ys = ([_scaled(point[axis], log=series.log) for point in points] for axis in (0, 1))
    low = min(ys) if series.log else 0.0
    parts = [f'<text x="{LEFT}" y="16">{escape(series.y)}</text>']
    parts += _axes(series, (min(xs), max(xs)), (low, max(ys)))
    for number, (name, line) in enumerate(series.lines.items()):
        places = [
            (
                LEFT + PLOT_WIDTH * _share(_scaled(x, log=series.log), min(xs), max(xs)),
                TOP + PLOT_HEIGHT * (1 - _share(_scaled(y, log=series.log), low, max(ys))),
            )
            for x, y in line
            if not series.log or min(x, y) > 0
        ]
        colour = LINES[number % len(LINES)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts += [
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{LEFT + PLOT_WIDTH + 10}" y="{TOP + 12 + 18 * number}" style="fill:{colour}">{escape(name)}</text>',
        ]
    return _svg(LEFT + PLOT_WIDTH + 200, TOP + PLOT_HEIGHT + 50, parts)


def _axes(series: Series, xs: tuple[float, float], ys: tuple[float, float]) -> list[str]:
    bottom = TOP + PLOT_HEIGHT
    parts = [
        f'<path d="M{LEFT} {TOP}V{bottom}H{LEFT + PLOT_WIDTH}" fill="none" stroke="#888"/>',
        f'<text x="{LEFT + PLOT_WIDTH}" y="{bottom + 38}" class="n">{escape(series.x)}</text>',
    ]
    for step in range(5):
        x, y = (low + (high - low) * step / 4 for low, high in (xs, ys))
        shown = [10**it if series.log else it for it in (x, y)]
        parts += [
            f'<text x="{LEFT + PLOT_WIDTH * step / 4}" y="{bottom + 18}" class="m">{number_text(shown[0])}</text>',
            f'<text x="{LEFT - 6}" y="{bottom - PLOT_HEIGHT * step / 4 + 4}" class="n">{number_text(shown[1])}</text>',
        ]
    return parts


def _scaled(value: float, *, log: bool) -> float:
    return math.log10(value) if log else value


def _share(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}">'
    )
    ground = '<rect width="100%" height="100%" fill="white"/>'
    return f"{head}{STYLE}{ground}{''.join(parts)}</svg>\n"
