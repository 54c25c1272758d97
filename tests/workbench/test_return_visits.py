"""Curves of return visits agree with published figures and with plain counting, whenever the export ends."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaint_typing.workbench.outcome_tickets import outcome_tickets
from complaint_typing.workbench.return_visits import (
    cumulative,
    log_log,
    return_curves,
    visits_per_customer,
)
from complaint_typing.workbench.simulator import simulate

REMISSION = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
CENSORED = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]
"""Weeks of remission under 6-MP (Freireich et al. 1963, Blood 21), as in every textbook of survival."""


def test_kaplan_meier_and_greenwood_agree_with_the_textbook() -> None:
    days, back = np.array(REMISSION), np.array(CENSORED) == 0
    share, error, every = cumulative(days, back, back, np.arange(21), 35)
    published = [(6, 0.8571, 0.0764), (7, 0.8067, 0.0869), (10, 0.7529, 0.0963), (13, 0.6902, 0.1068)]
    for day, stayed, greenwood in [*published, (22, 0.5378, 0.1282), (23, 0.4482, 0.1346)]:
        assert 1 - share[day - 1] == pytest.approx(stayed, abs=1e-4)
        assert error[day - 1] == pytest.approx(greenwood, abs=1e-4)
    assert every.at_risk[[5, 6, 9, 12, 21, 22]].tolist() == [21, 17, 15, 12, 7, 6]


def _plainly(days: list[int], kinds: list[int], kind: int, until: int) -> float:
    """Aalen and Johansen's estimate, ticket by ticket."""
    stayed, share = 1.0, 0.0
    for day in range(1, until + 1):
        at_risk = sum(d >= day for d in days)
        events = [k for d, k in zip(days, kinds, strict=True) if d == day and k]
        if at_risk:
            share += stayed * sum(k == kind for k in events) / at_risk
            stayed *= 1 - len(events) / at_risk
    return share


tickets = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 2), st.integers(0, 4)), min_size=2, max_size=30
)


@given(tickets)
@settings(max_examples=60, deadline=None)
def test_kinds_agree_with_plain_counting_and_errors_with_leaving_customers_out(
    rows: list[tuple[int, int, int]],
) -> None:
    """The error is the jackknife of infinitely small steps: change one customer's weight a little and see."""
    days, kinds, unit = (np.array(column) for column in zip(*rows, strict=True))
    kinds = np.where(days > 0, kinds, 0)
    share, error, _ = cumulative(days, kinds > 0, kinds == 1, unit, 12)
    assert [share[t - 1] for t in (1, 5, 12)] == pytest.approx(
        [_plainly(days.tolist(), kinds.tolist(), 1, t) for t in (1, 5, 12)]
    )
    step, influence = 1e-5, 0.0
    for customer in set(unit.tolist()):
        ends = [
            cumulative(days, kinds > 0, kinds == 1, unit, 12, 1 + sign * step * (unit == customer))[0]
            for sign in (1, -1)
        ]
        influence += ((ends[0] - ends[1])[-1] / (2 * step)) ** 2
    assert error[-1] == pytest.approx(math.sqrt(influence), abs=2e-4)


def test_intervals_at_the_edges_are_exact() -> None:
    low, high = log_log(np.array([0.0, 1.0]), np.zeros(2), np.array([20, 20]))
    assert (low[0], high[1]) == (0, 1)
    assert high[0] == pytest.approx(1 - 0.025 ** (1 / 20))
    assert low[1] == pytest.approx(0.025 ** (1 / 20))


def test_halving_the_window_does_not_shift_the_curve() -> None:
    """An earlier end makes intervals wider, not other: what was not seen is not taken for staying away."""
    made = simulate(3000, seed=11, texts=False)
    whole, half = (
        return_curves(outcome_tickets(made.frame, since=made.since, end=end), days=90).set_index("day")
        for end in (None, "2024-09-01")
    )
    assert half["at_risk"][0] < 0.5 * whole["at_risk"][0]
    counted = made.frame[
        (made.frame["created_at"] >= "2024-01-01") & (made.frame["created_at"] < "2024-09-01")
    ]
    assert len(counted) > 700
    for day in (10, 30, 60, 90):
        gap = half["share"][day] - whole["share"][day]
        spread = (half["high"][day] - half["low"][day]) / 3.92
        assert abs(gap) < 2.6 * spread


def test_tickets_of_one_customer_do_not_count_as_many() -> None:
    days, back = np.tile([3, 9, 9, 5], 25), np.tile([True, False, False, True], 25)
    alone = cumulative(days, back, back, np.arange(100), 9)[1][-1]
    together = cumulative(days, back, back, np.tile(np.arange(4), 25), 9)[1][-1]
    assert together == pytest.approx(alone * 5)


def test_kinds_add_up_and_curves_end_where_too_few_are_followed() -> None:
    made = simulate(300, seed=4, texts=False)
    found = outcome_tickets(made.frame, since=made.since)
    kinds = return_curves(found, ["customer_type"], kinds=True)
    every = return_curves(found, ["customer_type"])
    both = kinds.groupby(["customer_type", "day"])["share"].sum().reset_index(name="sum").merge(every)
    assert both["sum"].to_numpy() == pytest.approx(both["share"].to_numpy())
    assert every["at_risk"].min() >= 10
    assert ((every["low"] <= every["share"]) & (every["share"] <= every["high"])).all()


def test_mean_visits_are_counted_by_hand() -> None:
    """Twelve customers followed for 20 days, one of them back on days 3 and 8, and twelve for 5 days."""
    long = pd.DataFrame({"customer_id": [f"a{i}" for i in range(12)], "resolved_at": "2025-03-01"})
    short = pd.DataFrame({"customer_id": [f"b{i}" for i in range(12)], "resolved_at": "2025-03-16"})
    log = pd.concat([long, short]).assign(created_at=lambda t: t["resolved_at"])
    again = pd.DataFrame(
        {"customer_id": ["a0", "a0"], "created_at": ["2025-03-03 12:00", "2025-03-08 12:00"]}
    )
    frame = pd.concat([log, again]).assign(customer_type="venting").fillna("")
    found = visits_per_customer(outcome_tickets(frame, end="2025-03-21"), days=30).set_index("day")
    assert found["visits"][[2, 3, 5, 7, 8, 20]].tolist() == pytest.approx(
        [0, 1 / 24, 1 / 24, 1 / 24, 1 / 24 + 1 / 12, 1 / 24 + 1 / 12]
    )
    assert found["at_risk"][[5, 6]].tolist() == [24, 12]
    assert found.index.max() == 20
    assert found["low"][8] < 0.125 < found["high"][8]
    assert found["high"][2] == pytest.approx(-math.log(0.025) / 24)
