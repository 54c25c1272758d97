"""Bootstrap over whole collections or customers: tickets that belong together are drawn together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

RESAMPLES = 1_000
FEWEST = 8
_TAIL = 0.025
_CELLS = 4_000_000


@dataclass(frozen=True)
class Units:
    """What is drawn as one.

    Attributes
    ----------
    kind : str
        ``collection``, ``customer`` or ``ticket``.
    codes : ndarray of int of shape (n_tickets,)
        The unit of each ticket, from 0.
    """

    kind: str
    codes: NDArray[np.intp]

    @property
    def n(self) -> int:
        """How many units there are."""
        return int(self.codes.max(initial=-1)) + 1


def units_of(tickets: pd.DataFrame) -> Units:
    """Collections where there are at least eight, else customers, else each ticket by itself.

    Tickets of one author or one customer are alike; drawn singly they would make intervals too narrow. Fewer
    than eight collections say too little about how collections differ.

    Parameters
    ----------
    tickets : DataFrame
        ``collection`` and ``customer_id`` are read where they stand; who has no id is a customer of its own.

    >>> units = units_of(pd.DataFrame({"customer_id": ["a", "", "a", ""]}))
    >>> units.kind, units.codes.tolist()
    ('customer', [2, 0, 2, 1])
    """
    if "collection" in tickets.columns and tickets["collection"].nunique() >= FEWEST:
        return Units("collection", _codes(tickets["collection"].fillna("").astype(str).to_numpy()))
    if "customer_id" in tickets.columns:
        customers = tickets["customer_id"].fillna("").astype(str).to_numpy(dtype=object)
        alone = np.array([f"\n{row:012d}" for row in range(len(customers))], dtype=object)
        return Units("customer", _codes(np.where(customers == "", alone, customers)))
    return Units("ticket", np.arange(len(tickets)))


def units_to_draw(tickets: pd.DataFrame) -> Units:
    """What intervals are taken over: as :func:`units_of`, but tickets where there are fewer than eight.

    Of two customers every other 95 % interval misses, of four every fourth.

    >>> units_to_draw(pd.DataFrame({"customer_id": ["a", "b", "a"]})).kind
    'ticket'
    """
    units = units_of(tickets)
    return units if units.n >= FEWEST else Units("ticket", np.arange(len(tickets)))


def _codes(names: NDArray[Any]) -> NDArray[np.intp]:
    return np.unique(names.astype(str), return_inverse=True)[1].reshape(-1).astype(np.intp)


def resampled_sums(
    units: Units, columns: NDArray[Any], resamples: int = RESAMPLES, seed: int = 0
) -> NDArray[np.float64]:
    """Sums of columns over bootstrap draws of as many units as there are (Efron and Tibshirani, 1993, ch. 8).

    Every figure that is made of sums (a share, a precision, an F1, a calibration error) follows from them
    for all draws at once; two models measured on the same draws are compared in pairs.

    Parameters
    ----------
    units : Units
    columns : ndarray of shape (n_tickets, n_columns)
    resamples : int
    seed : int

    Returns
    -------
    ndarray of shape (resamples, n_columns)

    >>> sums = resampled_sums(Units("ticket", np.arange(4)), np.ones((4, 1)), resamples=3)
    >>> sums.tolist()
    [[4.0], [4.0], [4.0]]
    """
    total = np.zeros((units.n, columns.shape[1]))
    np.add.at(total, units.codes, columns)
    return np.concatenate([counts @ total for counts in _draws(units.n, resamples, seed)])


def _draws(n: int, resamples: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """How often each unit is drawn, some resamples at a time."""
    rng = np.random.default_rng(seed)
    step = max(1, _CELLS // max(n, 1))
    for begin in range(0, resamples, step):
        rows = min(step, resamples - begin)
        drawn = rng.integers(0, n, (rows, n)) + np.arange(rows)[:, None] * n
        yield np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(float)


def ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    """Shares; NaN where there is nothing to divide by.

    >>> ratio(np.array([1, 1]), np.array([2, 0])).tolist()
    [0.5, nan]
    """
    shares: NDArray[np.float64] = np.divide(
        part, whole, out=np.full(np.shape(whole), np.nan), where=whole != 0
    )
    return shares


def interval(draws: NDArray[Any], n_units: int, family: int = 1) -> tuple[float, float]:
    """The 95 % percentile interval of draws, expanded for few units; NaN where no draw has a value.

    Draws of n units vary less than n new units would, and their tails are those of a normal distribution
    instead of Student's t; the levels are moved out by as much (Hesterberg, 2015).

    Parameters
    ----------
    draws : ndarray of shape (resamples,)
    n_units : int
        How many units were drawn from.
    family : int
        How many such intervals are to hold together (Bonferroni).

    >>> interval(np.arange(101.0), 10_000)
    (2.49..., 97.50...)
    >>> interval(np.arange(101.0), 8)
    (0.57..., 99.42...)
    """
    known = draws[np.isfinite(draws)]
    if not len(known):
        return float("nan"), float("nan")
    tail = 0.0
    if n_units > 1:
        tail = float(ndtr(np.sqrt(n_units / (n_units - 1)) * stdtrit(n_units - 1, _TAIL / family)))
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)
