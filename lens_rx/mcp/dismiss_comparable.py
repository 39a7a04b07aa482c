"""`dismiss_comparable`: leave offers out of a price, or bring them back."""

from __future__ import annotations

from pydantic import Field

from lens_rx.mcp.run_answer_model import RunAnswer
from lens_rx.mcp.run_reader import change_and_follow
from lens_rx.mcp.run_summary import summarize
from lens_rx.mcp.tool import RunKey, Tool, ToolCall, ViewArguments
from lens_rx.web.change_bodies import MAX_IDS, parse_comparables


class DismissComparableArguments(ViewArguments):
    """Which run, and which of its offers."""

    key: RunKey
    dismiss: list[str] = Field([], max_length=MAX_IDS, description="ids of offers that are not of the thing")
    restore: list[str] = Field([], max_length=MAX_IDS, description="ids of offers that count after all")


async def dismiss_comparable(call: ToolCall, arguments: DismissComparableArguments) -> RunAnswer:
    """Dismiss and restore offers, and return the new generation."""
    view = arguments.view(call.context)
    request = parse_comparables({"dismiss": arguments.dismiss, "restore": arguments.restore})
    return summarize(await change_and_follow(call, arguments.key, request, view))


DISMISS_COMPARABLE = Tool(
    name="dismiss_comparable",
    title="Leave offers out of a price, or bring them back",
    description=(
        "Leaves offers out of a run's price, or brings back ones that were left out, by the `id` of their rows, and "
        "computes the price again at once from what is stored; nothing is looked up. correct_item with `undo` takes it "
        "back. get_run with offers=left_out lists what does not count, and why."
    ),
    arguments=DismissComparableArguments,
    answer=RunAnswer,
    run=dismiss_comparable,
)
