"""Read a run until it ends, after a change where one is asked for, and tell its progress; or as far as it is stored."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import Any

import orjson

from lens_rx.facts import Stage
from lens_rx.facts.errors import Busy, Unavailable
from lens_rx.mcp.run_summary import RunFacts
from lens_rx.mcp.tool import ToolCall
from lens_rx.runs.async_requests import AsyncRequest
from lens_rx.runs.change_request import ChangeRequest
from lens_rx.storage.records import Position, RunState, Submission
from lens_rx.web.view import View

#: Seconds that a call waits for a run, by default and at most; clients give up on calls that take minutes.
WAIT_SECONDS, MAX_WAIT_SECONDS = 120, 600


async def follow(call: ToolCall, submission: Submission, view: View, seconds: float) -> RunFacts:
    """Return a run once it has ended, or after `seconds` as far as it is; its progress is told meanwhile.

    A client that leaves stops watching. Where the time is over the run goes on by itself. Raises `Unavailable`.
    """
    facts: list[dict[str, Any]] = []
    after = Position(submission.generation)
    try:
        async with (
            asyncio.timeout(seconds),
            aclosing(call.context.runs.subscribe(submission.key, after, view)) as chunks,
        ):
            async for _, chunk in chunks:
                facts.append(orjson.loads(chunk))
                await _report(call, facts)
    except TimeoutError:
        return await _unwatched(call, submission, view)
    except Unavailable as error:
        raise Unavailable(f"{error} Its key is {submission.key}.", error.retry_after) from None
    return RunFacts(submission.key, submission.generation, str(RunState.COMPLETE), facts)


async def change_and_follow(
    call: ToolCall, key: str, request: ChangeRequest, view: View, seconds: float = WAIT_SECONDS
) -> RunFacts:
    """Change a run of the caller's tenant, and follow its new generation; raise what `RunChanges.apply` raises."""
    info = await call.context.run_info(key, call.requester.tenant)
    submission = await call.context.change(info.key, request, call.requester)
    return await follow(call, submission, view, seconds)


async def read(call: ToolCall, key: str, view: View) -> RunFacts:
    """Return a run of the caller's tenant as far as it is stored; raise `NotFound` or `Unavailable`."""
    info = await call.context.run_info(key, call.requester.tenant)
    chunks = await call.context.runs.current_chunks(info, Position(info.generation), view)
    facts = [orjson.loads(chunk) for _, chunk in chunks]
    return RunFacts(key, info.generation, str(info.state), facts)


async def _report(call: ToolCall, facts: list[dict[str, Any]]) -> None:
    """Tell the client of a stage that has just ended."""
    last = facts[-1]
    if last["data_description"] != "progress" or last["data"]["state"] == "started":
        return
    ended = [it["data"] for it in facts if it["data_description"] == "progress"]
    names = {it["stage"] for it in ended if it["state"] != "started"} & set(Stage)
    await call.report(len(names), len(Stage), f"{last['data']['stage']}: {last['data']['state']}")


async def _unwatched(call: ToolCall, submission: Submission, view: View) -> RunFacts:
    """Return a run as it is, and see that it goes on though nobody watches it, as far as there is room for such."""
    run = await read(call, submission.key, view)
    if run.state in (RunState.QUEUED, RunState.RUNNING):
        with suppress(Busy):
            asked = AsyncRequest(run.key, run.generation, client=call.requester.client)
            await call.context.webhooks.add(asked)
    return run
