"""The properties of a thing that its drawing depends on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Appearance:
    """Colours (`#rrggbb`), the printed brand and model, and a style that the drawing function knows."""

    main: str
    accent: str
    label: str
    style: str = ""
    model: str = ""
