"""The answer of most tools: what a thing is, what it is worth, and what to do, compact and of bounded size."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from lens_rx.mcp.tool import Answer
from lens_rx.storage.records import RunState


class Name(BaseModel):
    """A name that the thing may have."""

    producer: str
    model: str
    sources: int = Field(description="independent sources of titles that bear the name")


class Certainty(BaseModel):
    """How sure the price is."""

    level: Literal["high", "medium", "low"] = Field(description="high from 0.8 on, low below 0.5")
    chance: float = Field(description="that the price is within 20 % of what the thing sells for, 0 to 1")
    name_is_right: float | None = Field(None, description="chance that the name is right")
    price_is_right: float | None = Field(None, description="chance that the price is right, given the name")
    doubts: str = Field("", description="what makes it less sure, in sentences")


class Price(BaseModel):
    """What the thing is worth second-hand, in `currency`."""

    price: float
    currency: str
    typical_min: float | None = Field(None, description="the typical price lies from here ...")
    typical_max: float | None = Field(None, description="... to here in 8 of 10 cases")
    sale_min: float | None = Field(None, description="8 of 10 single sales lie from here ...")
    sale_max: float | None = Field(None, description="... to here")
    basis: str = Field(description="asking, sold, mixed, or retail: the kind of prices it rests on")
    comparables: int = Field(description="offers that count")
    condition: str = Field("", description="the condition that it is for")


class PriceNew(BaseModel):
    """What the thing costs new."""

    price: float | None = None
    currency: str
    link: str


class ListPrice(BaseModel):
    """A price to list the thing at."""

    name: str = Field(description="fast, market or patient")
    price: float
    net: float = Field(description="what is left of it after fees, shipping and tax")
    chance_14: float | None = Field(None, description="to sell within 14 days, where it can be told")
    chance_30: float | None = Field(None, description="to sell within 30 days, where it can be told")


class Decision(BaseModel):
    """What to pay and what to ask, for this reader's cost and rules; computed, and never stored."""

    why: str = Field(description="one sentence")
    currency: str
    verdict: str | None = Field(None, description="buy, negotiate or leave; only where `cost` was given")
    cost: float | None = None
    negotiate_to: float | None = Field(None, description="the price to talk the seller down to")
    pay_at_most: float | None = Field(None, description="0 where no price pays")
    list_at: str | None = Field(None, description="which of the list prices the decision reckons with")
    list_prices: list[ListPrice] = Field([], description="lowest first")
    country: str = ""
    marketplace: str = ""
    fees: str = ""
    tax: str = ""
    notes: str = ""


class OfferRow(BaseModel):
    """A second-hand offer that was compared."""

    id: str | None = Field(None, description="names it for dismiss_comparable")
    counts: bool = Field(description="whether it counts in the price")
    title: str
    price: float | None = Field(None, description="in the currency of the answer")
    currency: str
    condition: str = ""
    marketplace: str
    basis: str = Field(description="asking or sold")
    link: str
    reason: str = Field("", description="why it does not count, or counts less")


class Problem(BaseModel):
    """A stage that failed, or a part of one."""

    stage: str
    outcome: str
    message: str


class RunAnswer(Answer):
    """A run: a thing that was priced, by its key."""

    key: str = Field(description="names the run for the other tools")
    generation: int = Field(description="grows with each change")
    state: str = Field(description="complete; or queued, running, abandoned, where not all is known yet")
    producer: str | None = None
    model: str | None = None
    decided_by: str | None = Field(None, description="model, consensus (of titles), photo or user")
    other_names: list[Name] = Field([], description="what else it may be, best first")
    certainty: Certainty | None = None
    price: Price | None = Field(None, description="left out where the offers do not tell")
    price_new: PriceNew | None = None
    decision: Decision | None = None
    comparables: list[OfferRow] = Field([], description="heaviest first")
    comparables_more: int = Field(0, description="that are not listed; get_run lists up to 100")
    left_out: int = Field(0, description="offers that do not count; get_run with offers=left_out lists them")
    problems: list[Problem] = Field([], description="stages that failed")
    next: str = Field(default="", description="what to do where something is missing")
    facts: list[dict[str, Any]] = Field(
        default=[], description="the facts of the kinds that get_run was asked for"
    )
    facts_more: int = Field(default=0, description="rows of them that are not listed")

    @property
    def is_going_on(self) -> bool:
        """Whether more of the run will be known."""
        return self.state in (RunState.QUEUED, RunState.RUNNING)

    def text(self) -> str:
        """Return the answer in a few sentences."""
        name = " ".join(filter(None, (self.producer, self.model)))
        unnamed = "It is not named yet." if self.is_going_on else "It could not be named."
        said = [f"{name} (named by {self.decided_by})." if name else unnamed]
        if self.price:
            said.append(_price_text(self.price))
        if self.certainty:
            said.append(f"Certainty: {self.certainty.level} ({self.certainty.chance:.0%}).")
            said.append(self.certainty.doubts)
        if self.decision:
            said.append(self.decision.why)
        said += [self.next, f"Key: {self.key}"]
        return " ".join(filter(None, said))


def _price_text(price: Price) -> str:
    currency = price.currency
    ranges = []
    if price.typical_min is not None and price.typical_max is not None:
        ranges.append(f"typically {price.typical_min:.2f} to {price.typical_max:.2f}")
    if price.sale_min is not None and price.sale_max is not None:
        ranges.append(f"single sales {price.sale_min:.2f} to {price.sale_max:.2f}")
    ranges.append(f"from {price.comparables} offers")
    return f"Worth about {price.price:.2f} {currency} ({', '.join(ranges)})."
