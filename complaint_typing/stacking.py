"""History facts as the numbers that the model weighs beside the text; an unknown past is all zeros."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

COUNTS: tuple[tuple[str, float], ...] = (
    ("tickets_30d", 1),
    ("tickets_365d", 1),
    ("open", 1),
    ("justified_365d", 1),
    ("unproven_365d", 1),
    ("goodwill_365d", 1),
    ("goodwill_amount_365d", 100),
    ("reopened_365d", 1),
    ("dissatisfied_365d", 1),
)
"""Counts and amounts, each with its unit: log(1 + value / unit)."""
RECENT: tuple[tuple[str, float], ...] = (("days_since_last", 30), ("days_since_goodwill", 90))
"""1 just after the event, 1/e after so many days, 0 where it never happened."""
STACKED_NAMES: tuple[str, ...] = tuple(name for name, _ in (*COUNTS, *RECENT))
_UNITS = np.array([[unit] for _, unit in COUNTS], dtype=np.float64)
_DAYS_BACK = np.array([[-days] for _, days in RECENT], dtype=np.float64)
_LOGS: list[float] = np.log1p(np.arange(256, dtype=np.float64)).tolist()


def stack(facts: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    """One row a ticket, one column for each name of ``STACKED_NAMES``.

    Parameters
    ----------
    facts : mapping of str to ndarray of shape (n_tickets,)
        As :func:`~complaint_typing.history.history_facts` returns them.

    Returns
    -------
    ndarray of float32 of shape (n_tickets, n_stacked)

    >>> none = dict.fromkeys(STACKED_NAMES, np.zeros(1)) | {"days_since_last": np.array([np.nan])}
    >>> bool(stack(none | {"days_since_goodwill": np.array([np.nan])}).any())
    False
    """
    values = np.array([facts[name] for name in STACKED_NAMES], dtype=np.float64)
    stacked = np.empty(values.shape[::-1], dtype=np.float32)
    stacked.T[: len(COUNTS)] = np.log1p(values[: len(COUNTS)] / _UNITS)
    stacked.T[len(COUNTS) :] = np.fmax(np.exp(values[len(COUNTS) :] / _DAYS_BACK), 0)
    return stacked


def stack_one(facts: Mapping[str, float]) -> NDArray[np.float32]:
    """:func:`stack` of one ticket, from plain numbers; ndarray of shape (n_stacked,)."""
    told = [_log(facts[name], unit) for name, unit in COUNTS]
    for name, days in RECENT:
        past = facts[name]
        told.append(float(np.exp(past / -days)) if past == past else 0.0)
    return np.array(told, dtype=np.float32)


def _log(value: float, unit: float) -> float:
    if unit == 1 and value < len(_LOGS):
        return _LOGS[int(value)]
    return float(np.log1p(value / unit)) if value else 0.0
