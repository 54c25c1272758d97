"""Shares are the most likely ones, held by pseudo-counts; adapting is Bayes' rule and spares the gated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.priors import FEWEST, PSEUDO_COUNTS, WORTH_AT_MOST, adapt, distance, estimate_priors

TYPES = ("repair", "respect", "venting")
SOURCE = np.array([0.5, 0.3, 0.2])


def tickets(n: int, shares, seed: int, sharp: float = 2.0) -> np.ndarray:
    """Probabilities, exactly calibrated for ``SOURCE``, of tickets whose types have other shares."""
    rng = np.random.default_rng(seed)
    centre = sharp * np.eye(len(SOURCE))
    seen = centre[rng.choice(len(SOURCE), n, p=shares)] + rng.standard_normal((n, len(SOURCE)))
    density = np.exp(-((seen[:, None, :] - centre) ** 2).sum(axis=2) / 2)
    joint = density * SOURCE
    return joint / joint.sum(axis=1, keepdims=True)


def shares_of(seed: int) -> np.ndarray:
    return np.random.default_rng([1, seed]).dirichlet(np.ones(len(SOURCE)))


@given(st.integers(0, 10**6), st.integers(1, 300))
def test_no_other_shares_are_more_likely(seed, n):
    p = tickets(n, shares_of(seed), seed)
    found = estimate_priors(p, TYPES, SOURCE).whole
    worth = WORTH_AT_MOST / (n + WORTH_AT_MOST)

    def likelihood(shares):
        return worth * np.log((p / SOURCE) @ shares).sum() + PSEUDO_COUNTS * SOURCE @ np.log(shares)

    best = likelihood(found.used)
    for other in np.random.default_rng(seed).dirichlet(30 * found.used + 0.1, 20):
        assert likelihood(np.maximum(other, 1e-9)) <= best + 1e-6
    assert found.converged


def test_certain_tickets_are_counted():
    p = np.eye(3)[[0] * 60 + [1] * 40]
    found = estimate_priors(p, TYPES, SOURCE, pseudo_counts=50, worth_at_most=100).whole
    assert found.used == pytest.approx((np.array([30, 20, 0]) + 50 * SOURCE) / 100)
    assert found.tickets == 100


def test_nothing_seen_changes_nothing():
    found = estimate_priors(np.zeros((0, 3)), TYPES, SOURCE).whole
    assert found.used == pytest.approx(SOURCE)
    assert found.seen == pytest.approx(SOURCE)
    assert found.p_value == 1


def test_tickets_without_weight_do_not_speak():
    p = tickets(80, SOURCE, 1)
    told = estimate_priors(p[:50], TYPES, SOURCE).whole
    both = estimate_priors(p, TYPES, SOURCE, weight=np.arange(80) < 50).whole
    assert both.used == pytest.approx(told.used)
    assert (both.p_value, both.tickets) == (told.p_value, 50)


def test_the_order_of_tickets_means_nothing():
    p = tickets(200, shares_of(3), 3)
    one, other = (estimate_priors(rows, TYPES, SOURCE).whole for rows in (p, p[::-1]))
    assert one.used == pytest.approx(other.used)


def test_estimates_near_the_truth_with_more_tickets():
    wanted = np.array([0.1, 0.2, 0.7])
    error = [
        np.mean(
            [
                distance(estimate_priors(tickets(n, wanted, s), TYPES, SOURCE).whole.used, wanted)
                for s in range(20)
            ]
        )
        for n in (5, 50, 500)
    ]
    assert error[0] > error[1] > error[2]
    assert error[2] < distance(SOURCE, wanted) / 2


def test_intervals_hold_the_true_shares_about_as_often_as_they_say():
    held = []
    for seed in range(100):
        wanted = shares_of(seed)
        found = estimate_priors(tickets(200, wanted, seed), TYPES, SOURCE).whole
        assert ((found.low <= found.seen) & (found.seen <= found.high)).all()
        held.append((found.low <= wanted) & (wanted <= found.high))
    assert np.mean(held) > 0.93


def test_a_shift_is_told_from_chance():
    quiet = [estimate_priors(tickets(100, SOURCE, s), TYPES, SOURCE).whole.p_value for s in range(100)]
    loud = [estimate_priors(tickets(100, [0.1, 0.2, 0.7], s), TYPES, SOURCE).whole.p_value for s in range(20)]
    assert np.mean(np.array(quiet) < 0.05) <= 0.05
    assert max(loud) < 0.05


def test_groups_stand_between_themselves_and_the_whole():
    p = np.vstack(
        [tickets(200, [0.1, 0.1, 0.8], 1), tickets(FEWEST, [0.8, 0.1, 0.1], 2), tickets(5, SOURCE, 3)]
    )
    groups = ["many"] * 200 + ["some"] * FEWEST + ["few"] * 5
    found = estimate_priors(p, TYPES, SOURCE, groups=groups, by="channel")
    assert set(found.groups) == {"many", "some"}
    alone = estimate_priors(p[200 : 200 + FEWEST], TYPES, SOURCE, worth_at_most=1e9, pseudo_counts=0.1).whole
    assert found.whole.used[0] < found.groups["some"].used[0] < alone.used[0]
    used = found.used(["few", "many", "never seen"])
    assert used[0] == pytest.approx(found.whole.used)
    assert used[1] == pytest.approx(found.groups["many"].used)
    assert used[2] == pytest.approx(found.whole.used)
    assert used.sum(axis=1) == pytest.approx(np.ones(3))


def test_json_names_every_type_before_and_after():
    shown = estimate_priors(tickets(50, SOURCE, 1), TYPES, SOURCE, groups=["a"] * 50, by="channel").to_dict()
    assert shown["source"] == {"repair": 0.5, "respect": 0.3, "venting": 0.2}
    assert shown["by"] == "channel"
    for row in (shown["whole"], shown["groups"]["a"]):
        for name in ("seen", "low", "high", "used"):
            assert tuple(row[name]) == TYPES


@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(0, 2))
def test_adapted_probabilities_spare_the_fixed_types(seed, n_moved, n_fixed):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(n_moved + n_fixed, 0.4), 30)
    p *= rng.random(p.shape) < 0.8
    p[p.sum(axis=1) == 0] = 1
    p /= p.sum(axis=1, keepdims=True)
    old, new = (rng.dirichlet(np.ones(n_moved)) + 1e-4 for _ in "ab")
    fixed = list(range(n_moved, n_moved + n_fixed))
    q = adapt(p, old, new, fixed)
    assert q.sum(axis=1) == pytest.approx(np.ones(30))
    assert ((q > 0) <= (p > 0)).all()
    assert (q[:, fixed] <= p[:, fixed] + 1e-12).all()
    newly = np.isin(q.argmax(axis=1), fixed) & ~np.isin(p.argmax(axis=1), fixed)
    assert not newly.any()
    assert adapt(p, old, old, fixed) == pytest.approx(p)


def test_adapting_is_bayes_rule():
    likelihood = np.array([[0.2, 0.5, 0.1], [0.3, 0.3, 0.9]])
    new = np.array([0.2, 0.2, 0.6])
    before, after = (likelihood * share for share in (SOURCE, new))
    before /= before.sum(axis=1, keepdims=True)
    assert adapt(before, SOURCE, new) == pytest.approx(after / after.sum(axis=1, keepdims=True))
    by_row = adapt(before, SOURCE, np.stack([new, SOURCE]))
    assert by_row[1] == pytest.approx(before[1])


def test_nothing_to_adapt_stays():
    assert adapt(np.zeros((0, 3)), SOURCE, SOURCE).shape == (0, 3)
    only_fixed = np.array([[0.0, 0.0, 0.0, 1.0]])
    assert adapt(only_fixed, SOURCE, [0.1, 0.1, 0.8], [3]) == pytest.approx(only_fixed)
    assert adapt(np.ones((1, 1), dtype=np.float32), [1.0], [1.0], [0]).tolist() == [[1.0]]
