"""`correct_item`: say what a thing is, take the last change back, or look again."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest
from lens_rx.mcp.run_answer_model import RunAnswer
from lens_rx.mcp.run_reader import MAX_WAIT_SECONDS, WAIT_SECONDS, change_and_follow
from lens_rx.mcp.run_summary import summarize
from lens_rx.mcp.tool import RunKey, ThingArguments, Tool, ToolCall, ViewArguments
from lens_rx.runs.change_request import ChangeRequest, undo
from lens_rx.web.change_bodies import parse_correction, parse_refresh

ONE_CHANGE = "Give what is to be corrected (producer, model, condition, size, variant, hint), or undo, or refresh: one of the three."


class CorrectItemArguments(ViewArguments, ThingArguments):
    """Which run, and the change."""

    key: RunKey
    undo: bool = Field(default=False, description="take back the last change that was not taken back yet")
    refresh: Literal["", "offers", "all"] = Field(
        "", description="look again at the offers, or at all that needs no photo"
    )
    wait_seconds: int = Field(
        WAIT_SECONDS, ge=0, le=MAX_WAIT_SECONDS, description="after which the answer is what is known so far"
    )

    def change(self) -> ChangeRequest:
        """Return the one change that is asked for; raise `BadRequest`."""
        values = self.given_values()
        if (bool(values), self.undo, bool(self.refresh)).count(True) != 1:
            raise BadRequest(ONE_CHANGE, code=ErrorCode.INVALID_PARAMETER)
        if self.undo:
            return undo()
        return parse_refresh(self.refresh) if self.refresh else parse_correction(values)


async def correct_item(call: ToolCall, arguments: CorrectItemArguments) -> RunAnswer:
    """Change a run and return its new generation once it has ended."""
    view, request = arguments.view(call.context), arguments.change()
    return summarize(await change_and_follow(call, arguments.key, request, view, arguments.wait_seconds))


CORRECT_ITEM = Tool(
    name="correct_item",
    title="Correct a priced thing",
    description=(
        "Corrects what a run says of its thing and prices it again, under the same key and for everybody who uses the "
        "run. Condition, size and variant count at once, from stored offers; another name or hint, and `refresh`, look "
        "things up again (5 to 90 seconds). An empty text takes back what was said; `undo` takes back the last change."
    ),
    arguments=CorrectItemArguments,
    answer=RunAnswer,
    run=correct_item,
    looks_up=True,
)
