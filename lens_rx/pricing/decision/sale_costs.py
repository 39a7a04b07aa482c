"""What is left of a sale: its price less fees, payment, shipping, refurbishing and tax; and what may be paid for a profit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from lens_rx.pricing.decision.fee_table import HUNDRED, Fee
from lens_rx.pricing.exchange_rates import exchange_rate, minor_unit


class TaxScheme(StrEnum):
    """How a sale is taxed: on the profit alone, on the whole price, or not at all."""

    MARGIN = "margin"
    STANDARD = "standard"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Net:
    """A sale in parts: `net` is what is left of `price` before the purchase is paid."""

    price: Decimal
    commission: Decimal
    payment: Decimal
    shipping: Decimal
    refurbishing: Decimal
    tax: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class SaleCosts:
    """What a sale costs, in `currency`; `fee_rate` is the worth of one unit of the fee's currency in it.

    `vat_percent` is included in the price: 19 of 119. `fee` None: no fees are known, and none are taken off.
    """

    currency: str
    fee: Fee | None = None
    fee_rate: Decimal = Decimal(1)
    shipping: Decimal = Decimal(0)
    refurbishing: Decimal = Decimal(0)
    scheme: TaxScheme = TaxScheme.NONE
    vat_percent: Decimal = Decimal(0)

    def net(self, price: Decimal, cost: Decimal) -> Net:
        """Return what is left of a sale at `price` of a thing that was bought for `cost`; each part is rounded."""
        commission, payment = self._fees(price)
        tax = self._round(self._tax(price, cost))
        left = price - commission - payment - self.shipping - self.refurbishing - tax
        return Net(price, commission, payment, self.shipping, self.refurbishing, tax, left)

    def most_to_pay(self, price: Decimal, profit: Decimal) -> Decimal:
        """Return the highest cost, rounded down, at which a sale at `price` leaves `profit`; may be negative.

        Under the margin scheme the tax depends on the cost itself: profit = rest - share of (price - cost) - cost.
        """
        commission, payment = self._fees(price)
        rest = price - commission - payment - self.shipping - self.refurbishing - profit
        if self.scheme is TaxScheme.MARGIN:
            rest = price - (price - rest) / (1 - self._tax_share)
        elif self.scheme is TaxScheme.STANDARD:
            rest -= price * self._tax_share
        return rest.quantize(minor_unit(self.currency), ROUND_FLOOR)

    @property
    def _tax_share(self) -> Decimal:
        return self.vat_percent / (HUNDRED + self.vat_percent)

    def _tax(self, price: Decimal, cost: Decimal) -> Decimal:
        if self.scheme is TaxScheme.MARGIN:
            return max(price - cost, Decimal(0)) * self._tax_share
        return price * self._tax_share if self.scheme is TaxScheme.STANDARD else Decimal(0)

    def _fees(self, price: Decimal) -> tuple[Decimal, Decimal]:
        if self.fee is None:
            return Decimal(0), Decimal(0)
        own = price / self.fee_rate
        return (
            self._round(self.fee.commission(own) * self.fee_rate),
            self._round(self.fee.payment(own) * self.fee_rate),
        )

    def _round(self, amount: Decimal) -> Decimal:
        return amount.quantize(minor_unit(self.currency), ROUND_HALF_UP)


def with_fee(costs: SaleCosts, fee: Fee | None, on: date) -> SaleCosts:
    """Return the costs with a fee, converted at the rates of a day; with its percentages alone where there is no rate."""
    if fee is None:
        return costs
    rate = exchange_rate(fee.currency, costs.currency, on)
    if not rate:
        return replace(costs, fee=fee.percent_only())
    return replace(costs, fee=fee, fee_rate=rate)


def payable(amount: Decimal, currency: str) -> Decimal:
    """Return an amount as it can be paid: one finer than the currency's smallest unit is rounded, others are as written."""
    rounded = amount.quantize(minor_unit(currency), ROUND_HALF_UP)
    return amount if amount == rounded else rounded
