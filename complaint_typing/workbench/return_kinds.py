"""The next visit after a ticket was resolved: when it came, and what kind of visit it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..columns import FAULT_CODES, NO_TIME
from ..facts import DAY

ASKING_TYPES = ("compensation_seeking", "repeat_abuser")
"""Types that ask for something beyond having the problem put right."""
KINDS = ("justified", "extras", "other")
"""Kinds of return visits, which exclude each other."""


def kinds_of(types: NDArray[Any], fault: NDArray[Any], asking: Sequence[str] = ASKING_TYPES) -> NDArray[Any]:
    """What kind of visit each ticket is.

    `justified` where a fault was found, whatever was asked for; else `extras` where its type asks for
    something extra; else `other`, which includes visits whose findings are not known.

    Parameters
    ----------
    types : ndarray of str of shape (n_tickets,)
    fault : ndarray of int of shape (n_tickets,)
        Codes of `FAULT_CODES`, -1 where missing.

    >>> kinds_of(np.array(["repeat_abuser", "repeat_abuser", "venting"]), np.array([1, -1, 0])).tolist()
    ['justified', 'extras', 'other']
    """
    extra = np.where(np.isin(types.astype(str), list(asking)), "extras", "other")
    return np.where(np.asarray(fault) == FAULT_CODES["yes"], "justified", extra).astype(object)


def next_returns(table: pd.DataFrame, end: int, asking: Sequence[str] = ASKING_TYPES) -> dict[str, Any]:
    """The first visit of the same customer after each ticket was resolved.

    Days are counted from 1: a visit within the first 24 hours comes on day 1. A visit counts only on days
    that the export covers whole, so that a day has either been seen or not.

    Parameters
    ----------
    table : DataFrame
        With `customer`, `customer_type`, `fault`, `created`, `resolved`.
    end : int
        Seconds UTC.

    Returns
    -------
    dict of str to ndarray of shape (n_tickets,)
        `observed`, `return_day`, `return_kind`.
    """
    created, resolved = table["created"].to_numpy(), table["resolved"].to_numpy()
    following = _following(table["customer"].to_numpy(), created, resolved)
    known = resolved != NO_TIME
    observed = np.where(known, np.maximum(end - np.where(known, resolved, end), 0) // DAY, 0)
    came = following >= 0
    day = np.zeros(len(table), np.int64)
    day[came] = np.maximum(-((resolved[came] - created[following[came]]) // DAY), 1)
    day[day > observed] = 0
    kinds = kinds_of(table["customer_type"].to_numpy(object), table["fault"].to_numpy(), asking)
    kind = np.where(day > 0, kinds[following] if len(table) else kinds, "").astype(object)
    return {"observed": observed, "return_day": day, "return_kind": kind}


def _following(
    customer: NDArray[Any], created: NDArray[np.int64], resolved: NDArray[np.int64]
) -> NDArray[np.intp]:
    """Place of each ticket's next visit, -1 where there is none: one search in a sorted log."""
    times = np.unique(np.concatenate([created, resolved]))
    at, done = np.searchsorted(times, created), np.searchsorted(times, resolved)
    width = len(times) + 1
    key = customer.astype(np.int64) * width + at
    order = np.argsort(key, kind="stable")
    place = np.searchsorted(key[order], customer.astype(np.int64) * width + done, side="right")
    found = order[np.minimum(place, len(order) - 1)] if len(order) else order
    same = (place < len(order)) & (customer[found] == customer) & (resolved != NO_TIME)
    return np.where(same, found, -1)
