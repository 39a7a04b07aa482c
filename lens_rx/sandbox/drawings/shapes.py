"""Outlines as lists of points, dense enough to be filled as polygons."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, radians, sin
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


def bounds(points: Sequence[Point], margin: float = 0) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the points, widened by `margin`."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 12) -> list[Point]:
    """Return a Catmull-Rom curve through the points."""
    count = len(points)
    spans = count if closed else count - 1

    def knot(index: int) -> Point:
        return points[index % count] if closed else points[min(max(index, 0), count - 1)]

    curve = [
        _interpolate(knot(i - 1), knot(i), knot(i + 1), knot(i + 2), step / steps)
        for i in range(spans)
        for step in range(steps)
    ]
    return curve if closed else [*curve, points[-1]]


def oval(x: float, y: float, rx: float, ry: float | None = None, steps: int = 72) -> list[Point]:
    """Return an ellipse around a point; a circle where one radius is given."""
    return arc(x, y, rx, rx if ry is None else ry, (0, 360 * (1 - 1 / steps)), steps=steps)


def arc(
    x: float, y: float, rx: float, ry: float, sweep: tuple[float, float], *, steps: int = 36
) -> list[Point]:
    """Return a part of an ellipse, swept in degrees clockwise from three o'clock."""
    start, end = sweep
    angles = [radians(start + (end - start) * i / (steps - 1)) for i in range(steps)]
    return [(x + rx * cos(angle), y + ry * sin(angle)) for angle in angles]


def box(left: float, top: float, right: float, bottom: float, radius: float = 0) -> list[Point]:
    """Return a rectangle with rounded corners."""
    if radius <= 0:
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    corners = (
        (right - radius, top + radius, -90),
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
        (left + radius, top + radius, 180),
    )
    return [
        point for x, y, start in corners for point in arc(x, y, radius, radius, (start, start + 90), steps=9)
    ]


def line(start: Point, end: Point, steps: int = 24) -> list[Point]:
    """Return a straight line, densely given."""
    return [
        (start[0] + (end[0] - start[0]) * i / steps, start[1] + (end[1] - start[1]) * i / steps)
        for i in range(steps + 1)
    ]


def rotate(points: Sequence[Point], degrees: float, about: Point) -> list[Point]:
    """Return the points turned clockwise about a point."""
    c, s = cos(degrees * pi / 180), sin(degrees * pi / 180)
    x0, y0 = about
    return [(x0 + (x - x0) * c - (y - y0) * s, y0 + (x - x0) * s + (y - y0) * c) for x, y in points]


def mirror(points: Sequence[Point], axis: float = 500) -> list[Point]:
    """Return the points mirrored about a vertical axis."""
    return [(2 * axis - x, y) for x, y in points]


def symmetric(points: Sequence[Point], axis: float = 500) -> list[Point]:
    """Return an outline whose right half is given from top to bottom."""
    return [*points, *reversed(mirror(points, axis))]


def _interpolate(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    """Return the point at `t` between `b` and `c` on the curve through all four."""
    return _catmull_rom(a[0], b[0], c[0], d[0], t), _catmull_rom(a[1], b[1], c[1], d[1], t)


def _catmull_rom(a: float, b: float, c: float, d: float, t: float) -> float:
    """Return the Catmull-Rom polynomial of one coordinate."""
    linear, square, cube = c - a, 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d
    return 0.5 * (2 * b + linear * t + square * t * t + cube * t * t * t)
