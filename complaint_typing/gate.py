"""The abuse gate as log-odds: closed is minus infinity, open is what the history adds to the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .screening import abuse_gate, gate_open

GATE_FACTS = (
    "unproven_share",
    "mostly_unproven",
    "tickets",
    "often",
    "unproven_thrice",
    "goodwill",
    "goodwill_twice",
)


def gate_facts(facts: Mapping[str, ArrayLike]) -> NDArray[np.float32]:
    """What a history that opens the gate is weighed by.

    Parameters
    ----------
    facts : mapping of str to array of shape (n_tickets,)
        History facts within 365 days.

    Returns
    -------
    ndarray of float32 of shape (n_tickets, n_gate_facts)
        In the order of ``GATE_FACTS``: the share of findings that are unproven, whether more than half are,
        earlier tickets (at most ten count), three or more of them, three or more unproven, any goodwill, and
        goodwill twice or more.

    >>> past = {"tickets_365d": [4], "resolved_365d": [4], "unproven_365d": [3], "goodwill_365d": [1]}
    >>> gate_facts(past).tolist()
    [[0.75, 1.0, 4.0, 1.0, 1.0, 1.0, 0.0]]
    """
    tickets, resolved, unproven, goodwill = (
        np.asarray(facts[name], dtype=np.float32)
        for name in ("tickets_365d", "resolved_365d", "unproven_365d", "goodwill_365d")
    )
    share = unproven / np.maximum(resolved, 1)
    columns = (
        share,
        2 * unproven > resolved,
        np.minimum(tickets, 10),
        tickets >= 3,
        unproven >= 3,
        goodwill >= 1,
        goodwill >= 2,
    )
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)


def gate_log_odds(facts: Mapping[str, Any], weights: Sequence[float]) -> NDArray[np.float32]:
    """Log-odds of a gated type that come from the history alone; ndarray of shape (n_tickets,).

    Parameters
    ----------
    facts : mapping of str to ndarray of shape (n_tickets,)
    weights : sequence of float
        The text's weight, the bias, and one for each of ``GATE_FACTS``; empty: an open gate adds nothing.

    >>> past = {"known": [True, False], "tickets_365d": [3, 3], "resolved_365d": [2, 2],
    ...     "unproven_365d": [2, 2], "goodwill_365d": [0, 0]}
    >>> gate_log_odds(past, [1, -2, 1, 0, 0, 0, 0, 0, 0]).tolist()
    [-1.0, -inf]
    """
    is_open = abuse_gate(facts)
    odds = np.where(is_open, np.float32(0), np.float32(-np.inf))
    if weights:
        odds += np.float32(weights[1])
        for column, weight in zip(gate_facts(facts).T, weights[2:], strict=True):
            odds += column * np.float32(weight)
    return odds


def gate_log_odds_one(known: Mapping[str, Any], weights: Sequence[float]) -> np.float32:
    """:func:`gate_log_odds` of one ticket, from plain numbers.

    >>> past = {"known": True, "tickets_365d": 3, "resolved_365d": 2, "unproven_365d": 2, "goodwill_365d": 0}
    >>> float(gate_log_odds_one(past, [1, -2, 1, 0, 0, 0, 0, 0, 0]))
    -1.0
    """
    if not gate_open(known):
        return np.float32(-np.inf)
    return _open_log_odds(gate_facts_one(known), tuple(weights)) if weights else np.float32(0)


@lru_cache(maxsize=1024)
def _open_log_odds(told: tuple[float, ...], weights: tuple[float, ...]) -> np.float32:
    terms = np.array((1.0, *told), dtype=np.float32) * np.array(weights[1:], dtype=np.float32)
    return np.float32(np.add.accumulate(terms)[-1])


def gate_facts_one(known: Mapping[str, Any]) -> tuple[float, ...]:
    """:func:`gate_facts` of one ticket."""
    tickets, resolved = known["tickets_365d"], known["resolved_365d"]
    unproven, goodwill = known["unproven_365d"], known["goodwill_365d"]
    share = float(np.float32(unproven) / np.float32(max(resolved, 1)))
    shared = (share, 2 * unproven > resolved, min(tickets, 10), tickets >= 3)
    return (*shared, unproven >= 3, goodwill >= 1, goodwill >= 2)
