"""What prices say about a worth: the mixture and the belief that comes of it."""

from __future__ import annotations

import math
import random
import statistics

import numpy as np
import pytest

from lens_rx.pricing.grid_fit import fit
from lens_rx.pricing.likelihood import Columns, Observation, inlier_probability
from lens_rx.pricing.outliers import MIXES, outlier_density
from lens_rx.pricing.posterior import Posterior, Prior


def paid(*amounts: float, **fields: float) -> list[Observation]:
    return [Observation(math.log(amount), asked=False, **fields) for amount in amounts]


def width(posterior: Posterior) -> float:
    return posterior.quantile(0.9) - posterior.quantile(0.1)


MARKET = (96.0, 104.0, 99.0, 110.0, 92.0, 101.0, 105.0, 95.0)
TORN = (40.0, 55.0, 75.0, 95.0, 105.0, 140.0, 170.0, 230.0)


def test_quantiles_and_masses_between_points_agree():
    """Four fifths of the belief lie between the tenth and the ninetieth percentile, all of it between the ends."""
    posterior = fit(paid(*MARKET))
    assert posterior.between(posterior.quantile(0.1), posterior.quantile(0.9)) == pytest.approx(0.8, abs=1e-9)
    assert posterior.between(-math.inf, math.inf) == pytest.approx(1)
    assert posterior.between(posterior.quantile(1.0), math.inf) == pytest.approx(0)


def test_the_belief_in_many_agreeing_sales_is_that_of_their_mean():
    """Thirty-two sales make the interval of their mean: 2.56 standard errors wide, around it."""
    logs = [math.log(amount) for amount in MARKET * 4]
    posterior = fit(paid(*MARKET * 4))
    assert posterior.quantile(0.5) == pytest.approx(statistics.mean(logs), abs=0.003)
    assert width(posterior) == pytest.approx(2.563 * statistics.stdev(logs) / math.sqrt(32), rel=0.1)


def test_a_market_may_have_moved_since_old_sales():
    """The same prices tell less of today the longer ago they were paid."""
    newest = paid(*MARKET[:1])
    ages = (0.0, 1.0, 2.0)
    recent, older, oldest = (width(fit(newest + paid(*MARKET[1:] * 4, age=age))) for age in ages)
    assert 1.3 * recent < older < oldest


def test_many_strangers_of_one_kind_do_not_carry_the_worth():
    """Eight bundles among twelve sales leave the worth with the sales, and are not believed to be the thing."""
    bundles = paid(230, 260, 300, 330, 370, 410, 450, 490)
    posterior = fit(paid(*MARKET, *MARKET[:4]) + bundles)
    assert 95 < math.exp(posterior.quantile(0.5)) < 105
    assert max(posterior.inlier_probabilities[12:]) < 0.05
    assert min(posterior.inlier_probabilities[:12]) > 0.8


def test_what_is_far_is_judged_by_the_spread_of_the_market():
    """The double of the worth is a stranger in a tight market, and one of the thing's prices in a torn one."""
    tight, torn = fit(paid(*MARKET, 200)), fit(paid(*TORN, 200))
    assert tight.inlier_probabilities[-1] < 0.1
    assert torn.inlier_probabilities[-1] > 0.5


def test_a_price_a_fifth_higher_is_no_stranger_even_in_the_tightest_market():
    """Ten equal prices do not make an eleventh, 20 % above, something else."""
    assert fit(paid(*[100.0] * 10, 120)).inlier_probabilities[-1] > 0.5


def test_nothing_is_ever_ruled_out():
    """A price of a million times the worth is hardly, but not never, the thing itself."""
    assert 0 < inlier_probability(Columns.of(paid(1e8)), math.log(100), 0.05, 0.1)[0] < 1e-100


def test_a_belief_before_any_price_is_kept_where_there_is_none():
    """Without observations the posterior is the prior."""
    posterior = fit([], Prior(math.log(50), 0.3))
    assert posterior.quantile(0.5) == pytest.approx(math.log(50), abs=0.01)
    assert width(posterior) == pytest.approx(2 * 1.2816 * 0.3, rel=0.03)
    assert posterior.inlier_probabilities == ()


def test_strangers_lie_where_their_kind_does():
    """Bundles lie at the triple, parts at a tenth, other models near the worth; each kind is a density."""
    bundle, part, model = (math.log(ratio) for ratio in (3, 0.12, 0.9))
    mixed, bundles, parts, models = outlier_density(np.array([bundle, part, model]))
    assert bundles.argmax() == 0
    assert parts.argmax() == 1
    assert models.argmax() == 2
    assert mixed.min() > 0.1
    everywhere = outlier_density(np.arange(-3.5, 3.5, 0.01)).sum(axis=1) * 0.01
    assert everywhere == pytest.approx(np.full(len(MIXES), 1.07), abs=0.02)


def test_certainty_is_calibrated_where_few_prices_tell_little():
    """Over 300 small samples of unknown spread, as many lie within 20 % of the truth as is believed of them."""
    rng = random.Random(5)
    believed, right = 0.0, 0
    for _ in range(300):
        spread = rng.uniform(0.1, 0.4)
        posterior = fit([Observation(rng.gauss(0, spread), asked=False) for _ in range(rng.randint(3, 6))])
        worth = posterior.quantile(0.5)
        believed += posterior.between(worth - math.log(1.2), worth - math.log(0.8))
        right += -math.log(1.2) < -worth < -math.log(0.8)
    assert right / 300 == pytest.approx(believed / 300, abs=0.05)
