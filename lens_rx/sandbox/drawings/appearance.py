"""What a drawing is told about the thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """Colours (`#rrggbb`), the printed name, and a style that its drawing understands."""

    main: str
    accent: str
    label: str
    style: str = ""
    model: str = ""
