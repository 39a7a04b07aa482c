"""Whether to buy at a cost: the verdict, and one sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lens_rx.pricing.decision.fee_table import HUNDRED
from lens_rx.pricing.decision.list_prices import ListPrices
from lens_rx.pricing.decision.price_rules import Policy
from lens_rx.pricing.decision.sale_costs import SaleCosts


class Action(StrEnum):
    """What to do at a cost; `NONE` where no cost was named."""

    BUY = "buy"
    NEGOTIATE = "negotiate"
    LEAVE = "leave"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The action, one sentence that says why, and the price to talk the seller down to."""

    action: Action
    why: str
    negotiate_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """The most to pay, 0 where no price pays, and the low price of a sale that it is reckoned from."""

    pay: Decimal
    plan: Decimal


def judge_cost(
    cost: Decimal | None, limit: Limit, asked: ListPrices, policy: Policy, costs: SaleCosts
) -> Verdict:
    """Return the verdict on a cost; without one, the sentence says what to pay at most, or why nothing."""
    money, plan, dearest = costs.currency, limit.plan, asked.prices[-1].price
    refusal = ""
    if policy.buy is False:
        refusal = "Your rules do not take this brand or kind of thing."
    elif policy.floor is not None and dearest < policy.floor:
        refusal = f"It sells for {dearest} {money} at best, below your floor of {policy.floor} {money}."
    elif not limit.pay:
        refusal = (
            f"At {plan} {money}, the low end of what it sells for, fees and profit leave nothing to pay with."
        )
    if refusal:
        return Verdict(Action.NONE if cost is None else Action.LEAVE, refusal)
    if cost is None:
        why = f"Pay {limit.pay} {money} at most: reckoned with a sale at {plan} {money}, the low end of what it sells for."
        return Verdict(Action.NONE, why)
    profit = costs.net(plan, cost).net - cost
    if cost > limit.pay:
        return _too_dear(cost, limit, policy, profit, money)
    share = profit * HUNDRED / plan
    sure = f"it leaves {profit} {money} ({share:.0f} %) even if it sells for {plan} {money}"
    return Verdict(Action.BUY, f"At {cost} {money} {sure}.")


def _too_dear(cost: Decimal, limit: Limit, policy: Policy, profit: Decimal, money: str) -> Verdict:
    left = f"leaves {profit} {money}" if profit >= 0 else f"loses {-profit} {money}"
    why = f"At {cost} {money} it {left} if it sells for {limit.plan} {money}, the low end; {limit.pay} {money} is the most to pay."
    talk = policy.negotiate if policy.negotiate is not None else Decimal(0)
    if limit.pay >= cost * (1 - talk / HUNDRED):
        return Verdict(Action.NEGOTIATE, why, limit.pay)
    return Verdict(Action.LEAVE, f"{why} That is too far from what is asked.")
