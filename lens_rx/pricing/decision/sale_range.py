"""Where a single sale of the thing falls: the range of an estimate, in the reader's currency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lens_rx.facts import DecisionBasis, Estimate
from lens_rx.pricing.exchange_rates import exchange_rate
from lens_rx.pricing.price_evidence import rounded

#: Standard deviations from the middle to the ends of an 80 % range.
SDS_TO_END = 1.2816
#: What single sales spread about the typical price (logarithm), added where an estimate does not know it.
ADDED_SPREAD = 0.25
NO_SALE_RANGE = "The range of single sales is not known: the typical range was widened instead."


@dataclass(frozen=True, slots=True)
class SaleRange:
    """Single sales in one currency: the typical price, the ends of 80 %, and the spread (logarithm) between them."""

    currency: str
    typical: Decimal
    low: Decimal
    high: Decimal
    log_sd: float
    identity_certainty: float
    notes: tuple[str, ...] = ()

    def at(self, sds: float) -> Decimal:
        """Return the price so many standard deviations from the typical one."""
        return rounded(float(self.typical) * math.exp(sds * self.log_sd), self.currency)


def sale_range(basis: DecisionBasis, currency: str, on: date) -> SaleRange | None:
    """Return the range of single sales in a currency at the rates of a day; None where there is no rate or no price."""
    estimate = basis.estimate
    rate = exchange_rate(estimate.currency, currency, on)
    if rate is None or estimate.price <= 0:
        return None
    typical = rounded(estimate.price * rate, currency)
    if not typical:  # less than the currency's smallest unit
        return None
    low, high, notes = _ends(estimate)
    log_sd = math.log(high / low) / (2 * SDS_TO_END)
    return SaleRange(
        currency,
        typical,
        rounded(low * rate, currency),
        rounded(high * rate, currency),
        log_sd,
        _identity_certainty(estimate),
        notes,
    )


def _ends(estimate: Estimate) -> tuple[Decimal, Decimal, tuple[str, ...]]:
    low, high = estimate.sale_low, estimate.sale_high
    if low and high and 0 < low <= high:
        return low, high, ()
    spread = (
        math.log(estimate.high / estimate.low) / (2 * SDS_TO_END) if 0 < estimate.low <= estimate.high else 0
    )
    factor = Decimal(math.exp(SDS_TO_END * math.hypot(spread, ADDED_SPREAD)))
    return estimate.price / factor, estimate.price * factor, (NO_SALE_RANGE,)


def _identity_certainty(estimate: Estimate) -> float:
    """Return how sure the identity is; of an estimate that does not say it, the certainty of the whole."""
    known = estimate.identity_certainty
    return estimate.certainty if known is None else known
