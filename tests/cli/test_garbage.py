"""Garbage is looked for as the number of open streams allows."""

from __future__ import annotations

import asyncio
import gc

import pytest
from prometheus_client import CollectorRegistry, Gauge

from lens_rx.cli import garbage
from lens_rx.reactive.interop import cancel_and_wait, create_task


async def test_all_objects_are_looked_at_seldom_while_many_streams_are_open(monkeypatch: pytest.MonkeyPatch):
    """With thousands of open streams it takes far more garbage until everything is looked at, and not after them."""
    set_thresholds: asyncio.Queue[tuple[int, ...]] = asyncio.Queue()
    monkeypatch.setattr(gc, "set_threshold", lambda *thresholds: set_thresholds.put_nowait(thresholds))
    monkeypatch.setattr(garbage, "LOOK_SECONDS", 0.001)
    streams = Gauge("streams", "Open streams", registry=CollectorRegistry())

    async def thresholds_with(number: int) -> tuple[int, ...]:
        streams.set(number)
        while not set_thresholds.empty():
            set_thresholds.get_nowait()
        return await set_thresholds.get()

    adapting = create_task(garbage.adapt_to_streams(streams))
    usual, crowded, after = [await thresholds_with(number) for number in (0, 10_000, 0)]
    await cancel_and_wait(adapting)
    assert usual == after == (5_000, 10, 10)
    assert crowded[2] > 10 * usual[2]
