"""Tasks whose owner closes them."""

from __future__ import annotations

import asyncio

from lens_rx.reactive.background_tasks import BackgroundTasks


async def test_an_errand_goes_on_without_its_caller():
    """What was sent runs to its end while nobody waits for it."""
    errands, goes, ended = BackgroundTasks(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await goes.wait()
        ended.set()

    errands.start(work())
    goes.set()
    await errands.join()
    assert ended.is_set()


async def test_closing_ends_what_is_under_way():
    """An owner that closes waits until its errands have cleaned up behind themselves."""
    errands, began, cleaned = BackgroundTasks(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.set()

    task = errands.start(work())
    await began.wait()
    await errands.cancel_all()
    assert cleaned.is_set()
    assert task.cancelled()


async def test_a_failed_errand_harms_no_other():
    """The owner waits for all, whatever one of them raises."""
    errands, ended = BackgroundTasks(), asyncio.Event()

    async def fails() -> None:
        raise ValueError

    async def works() -> None:
        await asyncio.sleep(0)
        ended.set()

    errands.start(fails())
    errands.start(works())
    await errands.join()
    assert ended.is_set()
