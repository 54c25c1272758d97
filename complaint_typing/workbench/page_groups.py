"""Names and periods under which the page counts: none that fewer than five customers share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .wording import labels_of, one_line

FEWEST_CUSTOMERS = 5
OTHER, NOT_GIVEN = "other", "not_given"
_LONGEST_NAME = 34
_UNITS = (("week", "W-SUN", 27, 26), ("month", "M", 60, 24), ("quarter", "Q", 60, 12), ("year", "Y", 200, 10))
"""Name, pandas' name, how many fit a page, and the longest gap that is shown as one."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Values of a column as groups.

    Attributes
    ----------
    names : tuple of str
        Labels, masked and short; last perhaps `OTHER` and `NOT_GIVEN`, which the page names in its language.
    codes : ndarray of int of shape (n_tickets,)
        Places in `names`.
    pooled : tuple of int
        Places of `OTHER` and `NOT_GIVEN`.
    """

    names: tuple[str, ...]
    codes: NDArray[np.intp]
    pooled: tuple[int, ...]


def groups_of(values: pd.Series, customers: pd.Series, most: int, known: Collection[str] = ()) -> Groups:
    """Group a column; what fewer than five customers share, and what is beyond `most`, is `OTHER`.

    Parameters
    ----------
    values, customers : Series of str of length n_tickets
        "" is not given; a ticket without a customer id is a customer of its own.
    most : int
        How many names, the commonest first.
    known : collection of str
        Values of a fixed vocabulary: always named, in this order, before all others.

    >>> groups_of(pd.Series(["Leeds"] * 6 + ["Ann Lee", ""]), pd.Series(list("abcdefgh")), 9).names
    ('Leeds', 'other', 'not_given')
    """
    values, customers = values.reset_index(drop=True), customers.reset_index(drop=True)
    given = values.map({value: one_line(value) != "" for value in values.unique()}).astype(bool)
    who = customers.where(customers != "", "\n" + customers.index.astype(str))
    visits = pd.DataFrame({"name": values, "who": who})[given]
    sizes = visits["name"].value_counts(sort=False)
    people = visits.drop_duplicates()["name"].value_counts(sort=False)
    present = [value for value in known if value in sizes.index]
    free = [n for n in sizes.index if people[n] >= FEWEST_CUSTOMERS and n not in set(known)]
    free = sorted(free, key=lambda n: (-sizes[n], n))[: max(most - len(present), 0)]
    kept = [*present, *free]
    shown = labels_of(free, _LONGEST_NAME)
    pooled = values.where(values.isin(kept) | ~given, "\n" + OTHER).where(given, "\n" + NOT_GIVEN)
    extra = [n for n in ("\n" + OTHER, "\n" + NOT_GIVEN) if (pooled == n).any()]
    order = {n: i for i, n in enumerate([*kept, *extra])}
    named = tuple(n.strip() if n in extra else shown.get(n, n) for n in order)
    return Groups(named, pooled.map(order).to_numpy(np.intp), tuple(range(len(kept), len(order))))


@dataclass(frozen=True, eq=False)
class Periods:
    """Weeks, months, quarters or years.

    Attributes
    ----------
    unit : str
        ``week``, ``month``, ``quarter`` or ``year``.
    starts : tuple of Timestamp
        First day of each period.
    codes : ndarray of int of shape (n_tickets,)
        Places in `starts`; their number for a ticket without a date.
    """

    unit: str
    starts: tuple[pd.Timestamp, ...]
    codes: NDArray[np.intp]


def periods_of(days: pd.Series, coarser: int = 0) -> Periods:
    """Periods of a fitting length: weeks up to half a year, months up to five years.

    Periods without tickets are among them unless very many follow one another, as where a year is mistyped.

    Parameters
    ----------
    days : Series of datetime64 of length n_tickets
    coarser : int, default 0
        How many steps longer than fitting.

    >>> days = pd.Series(pd.to_datetime(["2025-01-31", None, "2025-06-02", "2025-11-02"]))
    >>> found = periods_of(days)
    >>> found.unit, len(found.starts), found.codes.tolist()
    ('month', 11, [0, 11, 5, 10])
    """
    known = days.dropna()
    fitting = 0
    while fitting < len(_UNITS) - 1 and len(_listed(known, *_UNITS[fitting][1::2])) > _UNITS[fitting][2]:
        fitting += 1
    unit, freq, _, gap = _UNITS[min(fitting + coarser, len(_UNITS) - 1)]
    listed = _listed(known, freq, gap)
    place = {period: i for i, period in enumerate(listed)}
    codes = days.dt.to_period(freq).map(place).fillna(len(listed)).to_numpy(np.intp)
    return Periods(unit, tuple(period.start_time for period in listed), codes)


def _listed(known: pd.Series, freq: str, gap: int) -> list[pd.Period]:
    """The periods that occur, and those of short gaps between them."""
    listed: list[pd.Period] = []
    for period in sorted(known.dt.to_period(freq).unique()):
        if listed and 1 < (period - listed[-1]).n <= gap:
            listed.extend(pd.period_range(listed[-1] + 1, period - 1))
        listed.append(period)
    return listed
