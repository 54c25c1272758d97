"""History facts as the numbers that the model weighs beside the text; an unknown past is all zeros."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


def _count(value: Column) -> Column:
    return np.log1p(value)


def _amount(value: Column) -> Column:
    return np.log1p(value / 100)


def _recent(days: float) -> Callable[[Column], Column]:
    """1 just after the event, 1/e after so many days, 0 where it never happened."""
    return lambda value: np.exp(-np.nan_to_num(value, nan=np.inf) / days)


STACKED: tuple[tuple[str, Callable[[Column], Column]], ...] = (
    ("tickets_30d", _count),
    ("tickets_365d", _count),
    ("open", _count),
    ("justified_365d", _count),
    ("unproven_365d", _count),
    ("goodwill_365d", _count),
    ("goodwill_amount_365d", _amount),
    ("reopened_365d", _count),
    ("dissatisfied_365d", _count),
    ("days_since_last", _recent(30)),
    ("days_since_goodwill", _recent(90)),
)
STACKED_NAMES: tuple[str, ...] = tuple(name for name, _ in STACKED)


def stack(facts: Mapping[str, Column]) -> NDArray[np.float32]:
    """One row a ticket, one column for each name of ``STACKED_NAMES``.

    Parameters
    ----------
    facts : mapping of str to ndarray of shape (n_tickets,)
        As :func:`~complaint_typing.history.history_facts` returns them.

    Returns
    -------
    ndarray of float32 of shape (n_tickets, n_stacked)

    >>> none = {name: np.zeros(1) for name, _ in STACKED} | {"days_since_last": np.array([np.nan])}
    >>> bool(stack(none | {"days_since_goodwill": np.array([np.nan])}).any())
    False
    """
    return np.stack([f(facts[name]).astype(np.float32) for name, f in STACKED], axis=1)
