"""From the facts of a run to its answer: what an agent can use, and never more rows than it was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from lens_rx.mcp.run_answer_model import (
    Certainty,
    Decision,
    ListPrice,
    Name,
    OfferRow,
    Price,
    PriceNew,
    Problem,
    RunAnswer,
)
from lens_rx.pricing.decision.list_prices import PLACES

#: Rows of comparables, of other names and of problems in an answer.
ROWS, NAMES, PROBLEMS = 8, 4, 6
HIGH, MEDIUM = 0.8, 0.5
MAX_TITLE_LENGTH = 120
Data = Mapping[str, Any]
Offers = Literal["kept", "left_out", "all"]

NOT_FINISHED = "The run goes on: call get_run with this key in some seconds."
NOT_NAMED = "It was not named: call correct_item with producer and model, or price_item with a better photo or a hint."
NOT_PRICED = "There are too few offers for a price: check the name, then correct_item with refresh=offers."


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run as a client sees it: its key and state, and its facts as they are on the wire, by kind."""

    key: str
    generation: int
    state: str
    facts: Sequence[Data] = field(default_factory=list)

    def of(self, kind: str) -> list[Any]:
        """Return the data of all facts of a kind."""
        return [fact["data"] for fact in self.facts if fact["data_description"] == kind]

    def last(self, kind: str) -> Any:
        """Return the data of the last fact of a kind, None where there is none."""
        return next(iter(self.of(kind)[::-1]), None)


def summarize(run: RunFacts, *, offers: Offers = "kept", rows: int = ROWS) -> RunAnswer:
    """Return the answer for a run, with `rows` offers at most."""
    identity, estimate = run.last("model-producer") or {}, run.last("estimated-price")
    evidence: list[Data] = run.last("price-evidence") or []
    kept = sorted((it for it in evidence if it["kept"]), key=lambda it: -it["weight"])
    others = [it for it in evidence if not it["kept"]]
    wanted = {"kept": kept, "left_out": others, "all": kept + others}[offers]
    decision = run.last("price-decision")
    answer = RunAnswer(
        key=run.key,
        generation=run.generation,
        state=run.state,
        producer=identity.get("producer"),
        model=identity.get("model"),
        decided_by=identity.get("decided_by"),
        other_names=_other_names(run),
        certainty=_certainty(estimate) if estimate else None,
        price=_price(estimate) if estimate and "price" in estimate else None,
        price_new=_price_new(run.last("retail-price-details")),
        decision=decision_of(decision) if decision else None,
        comparables=[_offer_row(it) for it in wanted[:rows]],
        comparables_more=len(wanted[rows:]),
        left_out=len(others),
        problems=[Problem(**it) for it in run.of("error")[:PROBLEMS]],
    )
    return answer.model_copy(update={"next": _next_step(answer)})


def decision_of(data: Data) -> Decision:
    """Return the decision of a `price-decision`."""
    prices = [
        ListPrice(
            name=name,
            price=data[f"{name}_price"],
            net=data[f"{name}_net"],
            chance_14=data.get(f"{name}_chance_14"),
            chance_30=data.get(f"{name}_chance_30"),
        )
        for name, _ in PLACES
        if f"{name}_price" in data
    ]
    own = {name: value for name, value in data.items() if name in Decision.model_fields}
    return Decision(**own, list_prices=prices)


def certainty_level(chance: float) -> Literal["high", "medium", "low"]:
    """Return a certainty in a word."""
    if chance >= HIGH:
        return "high"
    return "medium" if chance >= MEDIUM else "low"


def _certainty(estimate: Data) -> Certainty:
    return Certainty(
        level=certainty_level(estimate["certainty"]),
        chance=estimate["certainty"],
        name_is_right=estimate.get("identity_certainty"),
        price_is_right=estimate.get("price_certainty"),
        doubts=estimate.get("doubts", ""),
    )


def _price(estimate: Data) -> Price:
    return Price(
        price=estimate["price"],
        currency=estimate["currency"],
        typical_min=estimate.get("min_range"),
        typical_max=estimate.get("max_range"),
        sale_min=estimate.get("sale_min"),
        sale_max=estimate.get("sale_max"),
        basis=estimate["basis"],
        comparables=estimate["comparables"],
        condition=estimate.get("condition", ""),
    )


def _price_new(retail: Data | None) -> PriceNew | None:
    if not retail:
        return None
    return PriceNew(price=retail.get("price"), currency=retail["currency"], link=retail["producer_url"])


def _other_names(run: RunFacts) -> list[Name]:
    candidates = run.last("identity-candidates") or []
    return [
        Name(producer=it["producer"], model=it["model"], sources=it["sources"])
        for it in candidates
        if not it["decided"]
    ][:NAMES]


def _offer_row(row: Data) -> OfferRow:
    return OfferRow(
        id=row.get("id"),
        counts=bool(row["kept"]),
        title=row["title"][:MAX_TITLE_LENGTH],
        price=row.get("price"),
        currency=row["currency"],
        condition=row["wear"][:MAX_TITLE_LENGTH],
        marketplace=row["marketplace"],
        basis=row["basis"],
        link=row["link"],
        reason=row["reason"],
    )


def _next_step(answer: RunAnswer) -> str:
    if answer.state != "complete":
        return NOT_FINISHED
    if answer.model is None:
        return NOT_NAMED
    return "" if answer.price else NOT_PRICED
