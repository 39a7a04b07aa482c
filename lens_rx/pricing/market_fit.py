"""The worth given the prices of one market, whose conditions may differ by other factors than usual."""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.facts import Condition
from lens_rx.pricing.grid_fit import fit, rough_fit
from lens_rx.pricing.learned_shifts import learn_shifts
from lens_rx.pricing.likelihood import Observation
from lens_rx.pricing.posterior import Posterior

#: Usable offers from which an estimate rests on the market.
MIN_OFFERS = 3


def fit_market(
    observations: Sequence[Observation], target: Condition, *, with_sale: bool = True
) -> Posterior:
    """Return the posterior of the worth in the `target` condition, for which `observations` are already adjusted.

    Without `with_sale` it has no `single_sale`.
    """
    rough = rough_fit(observations)
    learned = learn_shifts(observations, rough.inlier_probabilities, rough.spread, target)
    # the worth moves by no more than the prices do
    low, high = rough.likely_range
    within = (low - learned.largest, high + learned.largest)
    return fit(learned.observations, within=within, with_sale=with_sale).widened(learned.added_sd)
