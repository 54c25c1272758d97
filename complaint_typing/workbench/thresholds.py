"""Thresholds for a stated precision, overall and for each type."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadOption
from ..missing import without_nan
from .needed_columns import need_columns
from .rates import share_interval
from .resampling import interval, ratio, resampled_sums, units_to_draw

LEAST = 30
NEVER = 1.5
STEPS = 101


@dataclass(frozen=True)
class Choice:
    """A threshold, and what it gives on the tickets it was chosen on.

    Attributes
    ----------
    wanted : float
        Precision that was asked for.
    reached : bool
        Otherwise the threshold is that of the best precision, and `precision` says what it is.
    threshold : float
        Confidence from which a type is decided; 1.5, which no ticket reaches, where there are too few.
    tickets, decided : int
    coverage : float
        Share decided.
    precision, low, high : float
        Share of right decisions with its 95 % interval; NaN where nothing is decided.
    """

    wanted: float
    reached: bool
    threshold: float
    tickets: int
    decided: int
    coverage: float
    precision: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; what is not there is None."""
        return without_nan(asdict(self))


def precision_curve(judged: pd.DataFrame, steps: int = STEPS) -> pd.DataFrame:
    """Coverage and precision at thresholds from the lowest confidence to the highest.

    Parameters
    ----------
    judged : DataFrame
        As :func:`~complaint_typing.workbench.judged.judged` gives it, of tickets the model has not read.
    steps : int
        Thresholds, evenly over the tickets.

    Returns
    -------
    DataFrame
        ``threshold``, ``decided`` (tickets), ``coverage``, ``precision``, ``low`` and ``high`` (95 %,
        bootstrap over collections, customers or tickets, and never closer than the exact interval of single
        tickets).

    Raises
    ------
    MissingColumns
        When the table is not one of :func:`~complaint_typing.workbench.judged.judged`.

    >>> table = pd.DataFrame({"confidence": [0.9, 0.8, 0.7, 0.6], "right": [True, True, False, True]})
    >>> curve = precision_curve(table, steps=4)
    >>> curve["threshold"].tolist(), curve["precision"].round(2).tolist()
    ([0.6, 0.7, 0.8, 0.9], [0.75, 0.67, 1.0, 1.0])
    """
    confidence, _, usable = _parts(judged)
    return precision_at(judged, evenly(confidence[usable], steps))


def evenly(confidence: NDArray[Any], steps: int = STEPS) -> NDArray[Any]:
    """At most so many of the confidences that occur, in their order; shape (n,)."""
    distinct = np.unique(confidence)
    places = np.linspace(0, len(distinct) - 1, min(steps, len(distinct))).round()
    chosen: NDArray[Any] = distinct[np.unique(places.astype(int))]
    return chosen


def threshold_for_precision(
    judged: pd.DataFrame, precision: float, least: int = LEAST, cautious: bool = False
) -> Choice:
    """The lowest threshold at and above which the stated share of decisions is right.

    Parameters
    ----------
    judged : DataFrame
        As :func:`~complaint_typing.workbench.judged.judged` gives it, of tickets the model has not read.
    precision : float
        0 to 1.
    least : int
        A threshold that decides fewer tickets is not believed.
    cautious : bool
        Ask the lower end of the 95 % interval to reach the precision, not the value.

    Returns
    -------
    Choice
        ``reached`` is False where no threshold does it; the choice is then the best there is.

    Raises
    ------
    BadOption
        When the precision is no share.
    MissingColumns
        When the table is not one of :func:`~complaint_typing.workbench.judged.judged`.

    >>> table = pd.DataFrame({"confidence": [0.9, 0.8, 0.7, 0.6], "right": [True, True, False, False]})
    >>> choice = threshold_for_precision(table, 0.9, least=2)
    >>> choice.reached, choice.threshold, choice.coverage
    (True, 0.8, 0.5)
    >>> choice = threshold_for_precision(table.assign(right=False), 0.9, least=2)
    >>> choice.reached, choice.precision
    (False, 0.0)
    >>> threshold_for_precision(table, 90)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: precision: not a share above 0 and up to 1, got '90'; ...
    """
    if not 0 < precision <= 1:
        raise BadOption("precision", precision, "a share above 0 and up to 1", "ask for 0.9, for example")
    confidence, right, usable = _parts(judged)
    candidates = _candidates(confidence[usable], right[usable], least)
    if not len(candidates):
        return _choice(judged, precision, NEVER, False)
    return _best(judged, candidates, precision, cautious)


def thresholds_by_type(
    judged: pd.DataFrame, precision: float, least: int = LEAST, cautious: bool = False
) -> pd.DataFrame:
    """A threshold for each type, each reaching the precision among the tickets typed so.

    Returns
    -------
    DataFrame
        One row a type that was the top type of any ticket, and the fields of :class:`Choice` as columns;
        ``tickets`` counts those it was the top type of, ``coverage`` is their share that is decided.

    >>> table = pd.DataFrame({"top_type": ["venting"] * 4, "confidence": [0.9, 0.8, 0.7, 0.6],
    ...     "right": [True, True, False, False]})
    >>> thresholds_by_type(table, 0.9, least=2)[["type", "threshold", "reached"]].values.tolist()
    [['venting', 0.8, True]]
    """
    need_columns(judged, ["top_type"])
    rows = [
        {"type": name} | asdict(threshold_for_precision(part, precision, least, cautious))
        for name, part in judged.groupby("top_type", sort=True)
    ]
    return pd.DataFrame(rows)


def _best(judged: pd.DataFrame, candidates: NDArray[Any], wanted: float, cautious: bool) -> Choice:
    """The lowest candidate that reaches what is wanted, else the one with the best precision."""
    good = np.sort(candidates[candidates[:, 1] >= wanted, 0])
    if cautious and len(good):
        tried = evenly(good)
        measured = precision_at(judged, tried)
        good = tried[(measured["low"] >= wanted).to_numpy()]
    if len(good):
        return _choice(judged, wanted, float(good[0]), True)
    best = candidates[candidates[:, 1] == candidates[:, 1].max(), 0].min()
    return _choice(judged, wanted, float(best), False)


def _parts(judged: pd.DataFrame) -> tuple[NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]:
    """Confidence, whether the top type is right, and whether the ticket may be decided at all."""
    need_columns(judged, ("confidence", "right"))
    confidence = judged["confidence"].to_numpy(dtype=float)
    usable = judged["familiar"].to_numpy(dtype=bool) if "familiar" in judged.columns else confidence >= 0
    return confidence, judged["right"].to_numpy(dtype=bool), usable


def _candidates(confidence: NDArray[Any], right: NDArray[np.bool_], least: int) -> NDArray[Any]:
    """Thresholds that decide enough tickets, with their precision; ndarray of shape (n, 2)."""
    order = np.argsort(-confidence, kind="stable")
    decided = np.arange(1, len(order) + 1)
    last_of_equals = np.diff(confidence[order], append=-1) != 0
    keep = last_of_equals & (decided >= least)
    return np.column_stack([confidence[order], np.cumsum(right[order]) / decided])[keep]


def _choice(judged: pd.DataFrame, wanted: float, at: float, reached: bool) -> Choice:
    found = precision_at(judged, np.array([at])).iloc[0].to_dict()
    found["decided"] = int(found["decided"])
    return Choice(wanted=wanted, reached=reached, tickets=len(judged), **found)


def precision_at(judged: pd.DataFrame, thresholds: NDArray[Any]) -> pd.DataFrame:
    """What each threshold gives on these tickets; columns as :func:`precision_curve` has them."""
    confidence, is_right, usable = _parts(judged)
    decided = usable[:, None] & (confidence[:, None] >= thresholds)
    hits = decided & is_right[:, None]
    k = len(thresholds)
    units = units_to_draw(judged)
    sums = resampled_sums(units, np.hstack([hits, decided]).astype(float))
    precisions = ratio(sums[:, :k], sums[:, k:])
    intervals = np.array([interval(precisions[:, i], units.n) for i in range(k)]).reshape(k, 2)
    n, right = decided.sum(axis=0), hits.sum(axis=0)
    exact = np.array([share_interval(*pair) for pair in zip(right, n, strict=True)]).reshape(k, 2)
    return pd.DataFrame(
        {
            "threshold": thresholds,
            "decided": n,
            "coverage": n / max(len(judged), 1),
            "precision": ratio(right, n),
            "low": np.minimum(intervals[:, 0], exact[:, 0]),
            "high": np.maximum(intervals[:, 1], exact[:, 1]),
        }
    )
