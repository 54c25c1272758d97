"""Tickets by month, and whether there are clearly more or fewer than before."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .rates import share_interval


@dataclass(frozen=True)
class Trend:
    """Two halves of a period; `direction` is ``rising``, ``falling`` or "" where it may be chance."""

    first_half: int
    second_half: int
    direction: str


def by_month(days: pd.Series, first: pd.Timestamp, last: pd.Timestamp) -> dict[str, int]:
    """Tickets of each month from the first day to the last, months without any included.

    Parameters
    ----------
    days : Series of datetime64 of length n_tickets
        NaT does not count.

    >>> days = pd.Series(pd.to_datetime(["2025-01-31", "2025-03-01", "2025-03-09"]))
    >>> by_month(days, days.min(), days.max())
    {'2025-01': 1, '2025-02': 0, '2025-03': 2}
    """
    months = pd.period_range(first, last, freq="M")
    counts = days.dropna().dt.to_period("M").value_counts()
    return {str(month): int(counts.get(month, 0)) for month in months}


def trend(days: pd.Series, first: pd.Timestamp, last: pd.Timestamp) -> Trend:
    """Compare the second half of a period, from the first day to the last, with its first half.

    Both halves are equally long, so with a steady stream half of the tickets fall into each; the middle day
    of an odd period is left out. The direction stands only where the exact 95 % interval of the second
    half's share excludes one half.

    >>> days = pd.Series(pd.to_datetime(["2025-01-02"] * 5 + ["2025-01-09"] * 25))
    >>> trend(days, pd.Timestamp("2025-01-01"), pd.Timestamp("2025-01-10"))
    Trend(first_half=5, second_half=25, direction='rising')
    >>> trend(days[3:7], pd.Timestamp("2025-01-01"), pd.Timestamp("2025-01-10")).direction
    ''
    """
    half = pd.Timedelta(days=((last - first).days + 1) // 2)
    before = int((days < first + half).sum())
    after = int((days > last - half).sum())
    low, high = share_interval(after, before + after)
    return Trend(before, after, "rising" if low > 0.5 else "falling" if high < 0.5 else "")
