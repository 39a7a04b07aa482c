"""`decide`: what to pay and what to ask for a thing, for this reader's cost and rules."""

from __future__ import annotations

from lens_rx.facts.errors import Conflict
from lens_rx.mcp.run_answer_model import Certainty, Decision, Price
from lens_rx.mcp.run_reader import read
from lens_rx.mcp.run_summary import summarize
from lens_rx.mcp.tool import Answer, RunKey, Tool, ToolCall, ViewArguments
from lens_rx.storage.records import RunState

KINDS = ("model-producer", "estimated-price", "price-decision")
NO_PRICE = "There is no price to decide on."
NOT_FINISHED = "The run is not finished yet. Ask again in some seconds."


class DecideArguments(ViewArguments):
    """Which run, for which cost and rules."""

    key: RunKey


class DecisionAnswer(Answer):
    """The decision, and the price that it rests on."""

    key: str
    decision: Decision
    price: Price | None = None
    certainty: Certainty | None = None

    def text(self) -> str:
        """Return the decision in its own sentence."""
        verdict = f"{self.decision.verdict}: " if self.decision.verdict else ""
        return f"{verdict}{self.decision.why} Key: {self.key}"


async def decide(call: ToolCall, arguments: DecideArguments) -> DecisionAnswer:
    """Return the decision for a stored run; raise `Conflict` where there is nothing to decide on."""
    run = await read(call, arguments.key, arguments.view(call.context, KINDS))
    answer = summarize(run)
    if answer.decision is None:
        is_complete = run.state == RunState.COMPLETE
        message = f"{NO_PRICE} {answer.next}".strip() if is_complete else NOT_FINISHED
        raise Conflict(message, None if is_complete else 2)
    return DecisionAnswer(
        key=answer.key, decision=answer.decision, price=answer.price, certainty=answer.certainty
    )


DECIDE = Tool(
    name="decide",
    title="Decide whether to buy, and at what price to list",
    description=(
        "For a run of price_item and this reader's cost, margin and marketplace: buy, negotiate or leave, what to pay at "
        "most, and three list prices with their chances to sell. Reckoned from the stored price after fees, shipping and "
        "tax; nothing is looked up or stored, and nobody else sees the cost."
    ),
    arguments=DecideArguments,
    answer=DecisionAnswer,
    run=decide,
    read_only=True,
)
