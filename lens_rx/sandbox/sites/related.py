"""The related things that a page shows."""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.sandbox.catalogue import Thing


def related_things(things: Sequence[Thing], thing: Thing, count: int) -> list[Thing]:
    """Return up to `count` other things of the same kind or producer, best first."""
    nearness = {
        other.id: 2 * (other.kind == thing.kind) + (other.producer == thing.producer) for other in things
    }
    others = [other for other in things if other.id != thing.id and nearness[other.id]]
    return sorted(others, key=lambda other: -nearness[other.id])[:count]
