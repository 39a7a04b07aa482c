"""A picture of a soak: one small chart for each resource, a line for each node."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from soak.resources import ALLOWED, Watch

WIDTH, HEIGHT, GAP = 760, 90, 34
COLOURS = ("#2563a8", "#b4540a", "#3c7a2c", "#7a3c8c")


def draw(watches: Sequence[Watch], title: str) -> str:
    """Return an SVG with the samples of all nodes over time."""
    end = max((it.samples[-1].second for it in watches if it.samples), default=1.0)
    charts = [_chart(name, watches, end, number) for number, name in enumerate(ALLOWED)]
    height = 40 + len(charts) * (HEIGHT + GAP)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 40} {height}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="20" y="22" font-size="15">{escape(title)}, {end:.0f} s</text>{"".join(charts)}</svg>\n'
    )


def _chart(name: str, watches: Sequence[Watch], end: float, number: int) -> str:
    top = 40 + number * (HEIGHT + GAP) + 14
    highest = max((getattr(it, name) for watch in watches for it in watch.samples), default=0.0) or 1.0
    lines = "".join(
        f'<polyline fill="none" stroke="{COLOURS[place % len(COLOURS)]}" stroke-width="1.5" points="'
        + " ".join(
            f"{20 + WIDTH * it.second / end:.1f},{top + HEIGHT * (1 - getattr(it, name) / highest):.1f}"
            for it in watch.samples
        )
        + '"/>'
        for place, watch in enumerate(watches)
    )
    label = f"{name.replace('_mb', ' (MB)')}, at most {highest:.0f}"
    frame = f'<rect x="20" y="{top}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#ccc"/>'
    return f'<text x="20" y="{top - 4}">{escape(label)}</text>{frame}{lines}'
