"""Probabilities to a decision: a type, `undetermined`, or `unfamiliar`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

UNDETERMINED, UNFAMILIAR = "undetermined", "unfamiliar"
NONE = "none"
"""The label of a ticket that is of no type."""
BANDS = ("high", "medium", "low")
SECOND_AT_LEAST = 0.2


@dataclass(frozen=True)
class Thresholds:
    """Where decisions change; learned on tickets that the model had not seen.

    Attributes
    ----------
    decide : float
        A confidence from which the top type is decided.
    sure : float
        A confidence from which the decision counts as high.
    unfamiliar : float
        A strangeness from which the ticket is unlike everything the model knows.
    by_type : tuple of float
        A confidence for each type of the model in place of `decide`; empty where one serves all.
    """

    decide: float
    sure: float
    unfamiliar: float
    by_type: tuple[float, ...] = ()


class Decision(NamedTuple):
    """Decisions on tickets; every array has shape (n_tickets,).

    ``outcome`` is the index of the decided type, ``n_types`` for undetermined, ``n_types + 1`` for
    unfamiliar; ``second`` is -1 where no other drive is worth naming; ``band`` indexes ``BANDS``.
    """

    top: NDArray[np.intp]
    second: NDArray[np.intp]
    confidence: NDArray[Any]
    outcome: NDArray[np.intp]
    band: NDArray[np.int8]


def decide(probabilities: NDArray[Any], strangeness: NDArray[Any], at: Thresholds) -> Decision:
    """Decide each ticket on its own.

    Parameters
    ----------
    probabilities : ndarray of shape (n_tickets, n_types)
        Calibrated; rows sum to 1.
    strangeness : ndarray of shape (n_tickets,)
        From 0, like the tickets the model knows, to 1.
    at : Thresholds

    >>> p = np.array([[0.9, 0.1], [0.6, 0.4], [0.9, 0.1]])
    >>> d = decide(p, np.array([0.0, 0.0, 0.9]), Thresholds(decide=0.7, sure=0.85, unfamiliar=0.5))
    >>> d.outcome.tolist(), d.second.tolist(), [BANDS[b] for b in d.band]
    ([0, 2, 3], [-1, 1, -1], ['high', 'low', 'low'])
    """
    n_types = probabilities.shape[1]
    rows = np.arange(len(probabilities))
    top = probabilities.argmax(axis=1)
    confidence = probabilities[rows, top]
    others = probabilities.copy()
    others[rows, top] = -1
    second = others.argmax(axis=1)
    second = np.where(others[rows, second] >= SECOND_AT_LEAST, second, -1)
    strange = strangeness >= at.unfamiliar
    limit = np.array(at.by_type, dtype=confidence.dtype)[top] if at.by_type else at.decide
    unsure = confidence < limit
    outcome = np.where(strange, n_types + 1, np.where(unsure, n_types, top))
    band = np.where(strange | unsure, 2, np.where(confidence >= at.sure, 0, 1)).astype(np.int8)
    return Decision(top, second, confidence, outcome, band)


class OneDecision(NamedTuple):
    """As :class:`Decision`, of one ticket."""

    top: int
    second: int
    confidence: float
    outcome: int
    band: int


def decide_one(probabilities: NDArray[Any], strangeness: Any, at: Thresholds) -> OneDecision:
    """:func:`decide` of one ticket.

    Parameters
    ----------
    probabilities : ndarray of shape (n_types,)
    strangeness : float of numpy

    >>> decide_one(np.array([0.6, 0.4]), np.float64(0), Thresholds(decide=0.7, sure=0.85, unfamiliar=0.5))
    OneDecision(top=0, second=1, confidence=0.6, outcome=2, band=2)
    """
    kind, shares = probabilities.dtype.char, probabilities.tolist()
    confidence = max(shares)
    top, n_types = shares.index(confidence), len(shares)
    shares[top] = -1.0
    runner_up = max(shares)
    second = shares.index(runner_up) if runner_up >= _exact(SECOND_AT_LEAST, kind) else -1
    if float(strangeness) >= _exact(at.unfamiliar, strangeness.dtype.char):
        return OneDecision(top, second, confidence, n_types + 1, 2)
    if confidence < _exact(at.by_type[top] if at.by_type else at.decide, kind):
        return OneDecision(top, second, confidence, n_types, 2)
    return OneDecision(top, second, confidence, top, 0 if confidence >= _exact(at.sure, kind) else 1)


@lru_cache(maxsize=1024)
def _exact(limit: float, kind: str) -> float:
    """A limit as a number of some kind of numpy, and back."""
    return float(np.dtype(kind).type(limit))


def threshold_for_precision(confidence: NDArray[Any], correct: NDArray[np.bool_], precision: float) -> float:
    """The lowest confidence at and above which the stated share of decisions is right.

    Parameters
    ----------
    confidence, correct : ndarray of shape (n_tickets,)
        Of tickets that the model had not seen.
    precision : float
        Wanted share of right decisions, 0 to 1.

    Returns
    -------
    float
        Just above the highest confidence when no threshold reaches the precision.

    >>> threshold_for_precision(np.array([0.9, 0.8, 0.7]), np.array([True, True, False]), 0.9)
    0.8
    """
    order = np.argsort(-confidence, kind="stable")
    reached = np.cumsum(correct[order]) / np.arange(1, len(order) + 1)
    last_of_equals = np.diff(confidence[order], append=-1) != 0
    good = np.flatnonzero(last_of_equals & (reached >= precision))
    if not len(good):
        return float(np.nextafter(confidence.max(initial=0.0), confidence.dtype.type(2)))
    return float(confidence[order[good[-1]]])
