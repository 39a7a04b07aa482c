"""What a tool is: its arguments, its answer, and a function from one to the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from lens_rx.clients.protocols import PhotoReader
from lens_rx.web.context import AppContext, Requester
from lens_rx.web.query_params import MAX_TEXT_LENGTH, parse_view
from lens_rx.web.view import View

#: Tells the client how far a call is: stages that have ended, of how many, and what has ended.
Report = Callable[[float, float, str], Awaitable[None]]

#: The kinds of fact that answers are made of.
KINDS = (
    "model-producer",
    "identity-candidates",
    "retail-price-details",
    "price-evidence",
    "estimated-price",
    "price-decision",
    "error",
    "progress",
    "complete",
)


#: The argument that names a run.
RunKey = Annotated[str, Field(description="the run's key, from price_item")]


class Arguments(BaseModel):
    """The arguments of a tool: unknown ones are refused."""

    model_config = ConfigDict(extra="forbid")


class ViewArguments(Arguments):
    """Arguments that say in which currency, and for which cost and rules, a run is told; none of it is stored."""

    currency: str = Field(
        "", description="ISO 4217 code of all amounts in the answer, EUR unless the service is set otherwise"
    )
    country: str = Field("", description="two letters: the country in which the thing is to be sold")
    cost: Decimal | None = Field(
        None, ge=0, description="what the thing is offered for, in `currency`: gives a verdict"
    )
    margin: Decimal | None = Field(
        None, ge=0, lt=100, description="percent of the price that is to be left, such as 30"
    )
    min_profit: Decimal | None = Field(
        None, ge=0, description="amount that is to be left at least, in `currency`"
    )
    marketplace: str = Field("", description="where it is to be sold, such as ebay: its fees are taken off")

    def view(self, context: AppContext, kinds: tuple[str, ...] = KINDS) -> View:
        """Return the view of a run for these arguments; raise `BadRequest`."""
        numbers = {"cost": self.cost, "margin": self.margin, "min_profit": self.min_profit}
        query = {name: f"{number:f}" for name, number in numbers.items() if number is not None}
        query |= {"currency": self.currency, "country": self.country, "marketplace": self.marketplace}
        return parse_view(query | {"events": ",".join(kinds)}, context.settings)


class ThingArguments(Arguments):
    """Arguments that say what a thing is; each is left to the service where it is not given."""

    producer: str | None = Field(None, max_length=MAX_TEXT_LENGTH, description="the brand that makes it")
    model: str | None = Field(
        None, max_length=MAX_TEXT_LENGTH, description="the model, as the brand names it"
    )
    condition: str | None = Field(
        None,
        description="new, like_new, very_good, good, acceptable or for_parts; overrules what a photo shows",
    )
    size: str | None = Field(None, max_length=MAX_TEXT_LENGTH, description="such as M, EU 42 or W32 L34")
    variant: str | None = Field(
        None, max_length=MAX_TEXT_LENGTH, description="such as blue, 256 GB or 2nd generation"
    )
    hint: str | None = Field(
        None, max_length=MAX_TEXT_LENGTH, description="words that help to name the thing"
    )

    def given_values(self) -> dict[str, str]:
        """Return the arguments that were given."""
        given: Mapping[str, str | None] = self.model_dump(include=set(ThingArguments.model_fields))
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool: the parts of the service, who calls, and how its progress is told."""

    context: AppContext
    photo_reader: PhotoReader
    requester: Requester
    report: Report


class Answer(BaseModel):
    """What a tool returns: data for programs, and a text for people."""

    def text(self) -> str:
        """Return the answer in a few sentences."""
        raise NotImplementedError


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """A tool: what clients are told of it, and what it does.

    `read_only`: nothing that is stored changes. `looks_up`: it may look things up on the web.
    """

    name: str
    title: str
    description: str
    arguments: type[A]
    answer: type[Answer]
    run: Callable[[ToolCall, A], Awaitable[Answer]]
    read_only: bool = False
    looks_up: bool = False

    async def call(self, call: ToolCall, arguments: Mapping[str, Any]) -> Answer:
        """Run the tool; raise pydantic's `ValidationError`, or a `LensRxError`."""
        return await self.run(call, self.arguments.model_validate(arguments))
