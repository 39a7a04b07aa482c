"""Producers whose name has several words: a title does not show where such a name ends."""

from __future__ import annotations

from importlib.resources import files
from typing import Final


def _load() -> tuple[str, ...]:
    lines = (files(__package__) / "multiword_brands.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


MULTIWORD_BRANDS: Final = _load()
