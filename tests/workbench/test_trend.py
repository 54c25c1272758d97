from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from complaint_typing.workbench.trend import by_month, trend

FIRST, LAST = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-06-30")


def days(seed: int, before: int, after: int) -> pd.Series:
    """So many tickets in the first and the second half of the half-year."""
    random = np.random.default_rng(seed)
    offsets = [*random.integers(0, 90, before), *random.integers(91, 181, after)]
    return pd.Series(FIRST + pd.to_timedelta(offsets, unit="D"))


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [(10, 40, "rising"), (40, 10, "falling"), (20, 24, ""), (0, 4, ""), (0, 0, "")],
)
def test_a_direction_needs_a_clear_difference(before, after, direction):
    found = trend(days(0, before, after), FIRST, LAST)
    assert (found.first_half, found.second_half, found.direction) == (before, after, direction)


def test_a_steady_stream_has_a_direction_at_most_as_often_as_the_level_says():
    random = np.random.default_rng(0)
    found = []
    for _ in range(300):
        stream = pd.Series(FIRST + pd.to_timedelta(random.integers(0, 181, 60), unit="D"))
        found.append(trend(stream, FIRST, LAST).direction != "")
    assert np.mean(found) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_months_sum_to_the_tickets_and_leave_no_gap():
    stream = pd.concat([days(1, 7, 5), pd.Series([pd.NaT])])
    months = by_month(stream, FIRST, LAST)
    assert list(months) == ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06"]
    assert sum(months.values()) == 12
