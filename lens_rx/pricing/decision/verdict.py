"""Whether to buy at a cost: the verdict, and one sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lens_rx.pricing.decision.fee_table import HUNDRED
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
    """The most to pay, 0 where no price pays, and the low price of a sale that it is reckoned from.

    `is_ceiling`: a sale would allow for more than the rules ever pay. `refusal`: why the rules take it at no price, "" where
    they do.
    """

    pay: Decimal
    plan: Decimal
    is_ceiling: bool = False
    refusal: str = ""


def limit_of(policy: Policy, plan: Decimal, most: Decimal, dearest: Decimal, money: str) -> Limit:
    """Return the limit that the rules set where a sale at `plan` allows for paying `most`; `dearest` of the list prices."""
    if policy.buy is False:
        return Limit(Decimal(0), plan, refusal="Your rules do not take this brand or kind of thing.")
    if policy.floor is not None and dearest < policy.floor:
        refusal = f"It sells for {dearest} {money} at best, below your floor of {policy.floor} {money}."
        return Limit(Decimal(0), plan, refusal=refusal)
    most = max(most, Decimal(0))
    if policy.ceiling is None or policy.ceiling >= most:
        return Limit(most, plan)
    refusal = "" if policy.ceiling else f"The ceiling of your rules is 0 {money}: nothing is paid for it."
    return Limit(policy.ceiling, plan, is_ceiling=True, refusal=refusal)


def judge_cost(cost: Decimal | None, limit: Limit, policy: Policy, costs: SaleCosts) -> Verdict:
    """Return the verdict on a cost; without one, the sentence says what to pay at most, or why nothing."""
    money, plan = costs.currency, limit.plan
    refusal = limit.refusal
    if not refusal and not limit.pay:
        refusal = (
            f"At {plan} {money}, the low end of what it sells for, fees and profit leave nothing to pay with."
        )
    if refusal:
        return Verdict(Action.NONE if cost is None else Action.LEAVE, refusal)
    if cost is None:
        return Verdict(Action.NONE, _most_to_pay(limit, money))
    profit = costs.net(plan, cost).net - cost
    if cost > limit.pay:
        return _too_dear(cost, limit, policy, profit, money)
    share = profit * HUNDRED / plan
    sure = f"it leaves {profit} {money} ({share:.0f} %) even if it sells for {plan} {money}"
    return Verdict(Action.BUY, f"At {cost} {money} {sure}.")


def _most_to_pay(limit: Limit, money: str) -> str:
    sale = f"a sale at {limit.plan} {money}, the low end of what it sells for"
    if limit.is_ceiling:
        return f"Pay {limit.pay} {money} at most: the ceiling of your rules; {sale}, would allow for more."
    return f"Pay {limit.pay} {money} at most: reckoned with {sale}."


def _too_dear(cost: Decimal, limit: Limit, policy: Policy, profit: Decimal, money: str) -> Verdict:
    most = f"{limit.pay} {money}, the ceiling of your rules," if limit.is_ceiling else f"{limit.pay} {money}"
    left = f"leaves {profit} {money}" if profit >= 0 else f"loses {-profit} {money}"
    why = f"At {cost} {money} it {left} if it sells for {limit.plan} {money}, the low end; {most} is the most to pay."
    talk = policy.negotiate if policy.negotiate is not None else Decimal(0)
    if limit.pay >= cost * (1 - talk / HUNDRED):
        return Verdict(Action.NEGOTIATE, why, limit.pay)
    return Verdict(Action.LEAVE, f"{why} That is too far from what is asked.")
