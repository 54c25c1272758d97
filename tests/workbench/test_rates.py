from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from complaint_typing.workbench.rates import poisson_interval, share_interval, shrink

TINY = 1e-9


def simulated(seed: int, groups: int, mean: float, spread: float, size: int = 30):
    """True rates, sizes and events of groups; spread 0 means that all rates are the same."""
    random = np.random.default_rng(seed)
    strength = 1 / spread**2 - 1 if spread else 0.0
    true = random.beta(mean * strength, (1 - mean) * strength, groups) if spread else np.full(groups, mean)
    cases = np.maximum(1, random.geometric(1 / size, groups))
    return true, cases, random.binomial(cases, true)


def coverage(runs) -> tuple[float, float]:
    """Share of true rates within their intervals, and its standard error over the runs."""
    shares = []
    for true, cases, events in runs:
        found = shrink(events, cases)
        shares.append(np.mean((found.low <= true + TINY) & (true <= found.high + TINY)))
    return float(np.mean(shares)), float(np.std(shares) / np.sqrt(len(shares)))


def test_intervals_cover_the_truth_at_the_nominal_rate_where_the_truth_follows_the_prior():
    hyper = np.random.default_rng(1)
    runs = [simulated(s, 10, hyper.random(), hyper.uniform(0.001, 0.5**0.5)) for s in range(250)]
    covered, error = coverage(runs)
    assert abs(covered - 0.95) <= 3 * error


@pytest.mark.parametrize(
    ("groups", "mean", "spread"), [(6, 0.2, 0.2), (12, 0.2, 0.4), (12, 0.05, 0.1), (25, 0.5, 0.3)]
)
def test_intervals_cover_any_one_truth_nearly_at_the_nominal_rate(groups, mean, spread):
    covered, error = coverage([simulated(s, groups, mean, spread) for s in range(80)])
    assert covered >= 0.935 - 2 * error


def test_a_plugged_in_prior_would_cover_less():
    """The grid is there for a reason: intervals from one estimated prior miss the truth more often."""
    runs = [simulated(s, 5, 0.2, 0.15) for s in range(120)]
    carried, _ = coverage(runs)
    plugged = []
    for true, cases, events in runs:
        raw, mean = events / cases, events.sum() / cases.sum()
        between = max(np.var(raw) - np.mean(mean * (1 - mean) / cases), 1e-4)
        strength = max(mean * (1 - mean) / between - 1, 1.0)
        draws = np.random.default_rng(0).beta(
            mean * strength + events, (1 - mean) * strength + cases - events, (4000, len(cases))
        )
        low, high = np.quantile(draws, [0.025, 0.975], axis=0)
        plugged.append(np.mean((low <= true) & (true <= high)))
    assert carried >= np.mean(plugged) + 0.05


def test_shrunken_rates_are_nearer_to_the_truth_than_raw_ones():
    shrunken, raw = [], []
    for seed in range(40):
        true, cases, events = simulated(seed, 12, 0.2, 0.2)
        shrunken += ((shrink(events, cases).estimate - true) ** 2).tolist()
        raw += ((events / cases - true) ** 2).tolist()
    assert np.mean(shrunken) < 0.5 * np.mean(raw)


def test_groups_that_are_all_alike_are_hardly_ever_flagged():
    flags = [flag for s in range(60) for flag in shrink(*reversed(simulated(s, 12, 0.2, 0.0)[1:])).flags]
    assert np.mean([flag != "" for flag in flags]) <= 0.01


def test_small_groups_are_pulled_to_the_mean_and_large_ones_stay():
    found = shrink([2, 100, 20, 21, 19, 20], [2, 200, 100, 100, 100, 100])
    pulled, stays = abs(found.estimate[:2] - np.array([1.0, 0.5]))
    assert pulled > 0.4
    assert stays < 0.03
    assert found.flags[:2] == ["", "above"]


def test_the_pull_grows_as_the_group_shrinks():
    others = [(20, 100)] * 8
    rates = [
        shrink([n, *(y for y, _ in others)], [n, *(c for _, c in others)]).estimate[0]
        for n in (1, 3, 9, 27, 81)
    ]
    assert rates == sorted(rates)
    assert rates[0] < 0.35
    assert rates[-1] > 0.8


def test_no_group_no_case_and_no_event_are_told_as_they_are():
    nobody = shrink([0, 0], [0, 0])
    assert np.isnan(nobody.estimate).all()
    assert nobody.flags == ["", ""]
    mixed = shrink([0, 3], [0, 10])
    assert np.isnan(mixed.low[0])
    assert 0 < mixed.low[1] < 0.3 < mixed.high[1] < 1
    for events in ([0, 0, 0], [4, 500, 90]):
        assert shrink(events, [4, 500, 90]).flags == ["", "", ""]


counts = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=8)


@given(counts, st.randoms(use_true_random=False))
def test_estimates_lie_in_their_intervals_whatever_the_order_of_the_groups(pairs, random):
    events, cases = [min(p) for p in pairs], [max(p) for p in pairs]
    found = shrink(events, cases)
    seen = np.array(cases) > 0
    assert (found.low[seen] >= 0).all()
    assert (found.low[seen] <= found.estimate[seen] + TINY).all()
    assert (found.estimate[seen] <= found.high[seen] + TINY).all()
    assert (found.high[seen] <= 1).all()
    order = list(range(len(pairs)))
    random.shuffle(order)
    again = shrink([events[i] for i in order], [cases[i] for i in order])
    np.testing.assert_allclose(again.estimate, found.estimate[order], atol=1e-6)


def test_poisson_intervals_cover_at_least_at_the_nominal_rate():
    count = np.arange(0, 400)
    low, high = poisson_interval(count)
    for mean in (0.05, 0.3, 1.0, 2.5, 7.0, 30.0, 120.0):
        covered = poisson.pmf(count[(low <= mean) & (mean <= high)], mean).sum()
        assert covered >= 0.95 - TINY


def test_poisson_rates_are_per_unit_of_exposure():
    low, high = poisson_interval([4, 4], [1.0, 20.0])
    np.testing.assert_allclose(low[0], 20 * low[1])
    np.testing.assert_allclose(high[0], 20 * high[1])


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.5, 0.97, 1.0])
def test_share_intervals_cover_at_least_at_the_nominal_rate(share):
    intervals = [share_interval(k, 25) for k in range(26)]
    covered = sum(binom.pmf(k, 25, share) for k, (low, high) in enumerate(intervals) if low <= share <= high)
    assert covered >= 0.95 - TINY
    assert share_interval(0, 0) == (0.0, 1.0)
