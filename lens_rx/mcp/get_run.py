"""`get_run`: a run that was priced before, or goes on, with the offers and facts that are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest
from lens_rx.mcp.run_answer_model import RunAnswer
from lens_rx.mcp.run_reader import read
from lens_rx.mcp.run_summary import ROWS, Offers, RunFacts, summarize
from lens_rx.mcp.tool import KINDS, RunKey, Tool, ToolCall, ViewArguments
from lens_rx.web.fact_wire import ALL_KINDS

#: Characters of one value: pictures of look-alikes, which are data addresses, are left out.
MAX_VALUE_LENGTH = 1000
#: Rows of listed facts in all, so that an answer stays readable.
MAX_ROWS = 100


class GetRunArguments(ViewArguments):
    """Which run, and what of it."""

    key: RunKey
    offers: Offers = Field("kept", description="which offers: those that count, those that do not, or all")
    rows: int = Field(ROWS, ge=0, le=MAX_ROWS, description="offers to list at most")
    kinds: list[str] = Field(
        [],
        max_length=8,
        description="kinds of fact to give in full beside the answer, such as run-history, image-description, "
        "visual-matches, offers-partial",
    )


async def get_run(call: ToolCall, arguments: GetRunArguments) -> RunAnswer:
    """Return a stored run in the view that is asked for; raise `BadRequest` for an unknown kind."""
    if unknown := sorted({*arguments.kinds} - ALL_KINDS):
        message = f"kinds does not know {', '.join(unknown)}; known: {', '.join(sorted(ALL_KINDS))}."
        raise BadRequest(message, code=ErrorCode.UNKNOWN_EVENTS)
    view = arguments.view(call.context, (*KINDS, *arguments.kinds))
    run = await read(call, arguments.key, view)
    answer = summarize(run, offers=arguments.offers, rows=arguments.rows)
    facts, more = _facts(run, arguments.kinds)
    return answer.model_copy(update={"facts": facts, "facts_more": more})


def _facts(run: RunFacts, kinds: list[str]) -> tuple[list[dict[str, Any]], int]:
    """Return the facts of these kinds with `MAX_ROWS` rows in all, and how many rows are left out."""
    facts, room, more = [], MAX_ROWS, 0
    for fact in run.facts:
        if fact["data_description"] not in kinds:
            continue
        rows = fact["data"] if isinstance(fact["data"], list) else [fact["data"]]
        given = [_without_long_values(row) for row in rows[:room]]
        room, more = room - len(given), more + len(rows) - len(given)
        if given:
            data = given if isinstance(fact["data"], list) else given[0]
            facts.append({"kind": fact["data_description"], "data": data})
    return facts, more


def _without_long_values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if not isinstance(value, str) or len(value) <= MAX_VALUE_LENGTH
    }


GET_RUN = Tool(
    name="get_run",
    title="Get a priced thing again",
    description=(
        "Gets a run of price_item again by its key, finished or not, in any currency and for any cost. Looks nothing "
        "up. Lists the offers that count (`offers=kept`), that were left out and why (`left_out`), or all."
    ),
    arguments=GetRunArguments,
    answer=RunAnswer,
    run=get_run,
    read_only=True,
)
