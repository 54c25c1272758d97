"""A threshold for as many reviews a day as people can do, from an export with dates."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..decision import UNDETERMINED, UNFAMILIAR
from ..errors import BadOption, BadValue, MissingScoredColumns
from ..missing import without_nan
from .thresholds import STEPS, evenly, precision_at

FEWEST = 10
_BUSY = 0.9
_NEEDED = ("created_at", "confidence", "customer_type")
_SCORED = ("confidence", "customer_type")


@dataclass(frozen=True)
class Capacity:
    """A threshold that people can keep up with.

    Attributes
    ----------
    wanted : float
        Reviews a day that people can do.
    reached : bool
        Otherwise even the lowest threshold sends them more, and it is the one given.
    threshold : float
        Confidence from which a type is decided.
    reviews_per_day, busy_day : float
        Tickets a day that go to a person: mean, and what nine days in ten do not exceed.
    coverage : float
        Share of the tickets that needs nobody.
    precision, low, high : float
        Share of right types among that rest, with its 95 % interval where it was measured (else NaN).
    """

    wanted: float
    reached: bool
    threshold: float
    reviews_per_day: float
    busy_day: float
    coverage: float
    precision: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; what is not there is None."""
        return without_nan(asdict(self))


def capacity_curve(
    scored: pd.DataFrame, judged: pd.DataFrame | None = None, steps: int = STEPS
) -> pd.DataFrame:
    """How many tickets a day go to a person at each threshold, and how good the rest is.

    A person reads what is below the threshold, what is unfamiliar at any confidence, and, where the table
    has ``requires_human``, what the policy sends to a person although its type is decided.

    Parameters
    ----------
    scored : DataFrame
        An export after scoring: ``created_at``, ``confidence``, ``customer_type``. Rows without a time are
        left out. Days on which no ticket came (Sundays, holidays) do not count as days.
    judged : DataFrame, optional
        Labelled tickets as :func:`~complaint_typing.workbench.judged.judged` gives them, not read by the
        model: the precision is then measured on them (NaN where fewer than ten are decided). Without, it is
        what the confidences promise.
    steps : int
        Thresholds, evenly over the tickets.

    Returns
    -------
    DataFrame
        ``threshold``, ``reviews_per_day`` (mean), ``busy_day`` (nine days in ten have no more),
        ``coverage`` (share of the tickets that needs nobody), ``precision`` of that rest, and ``low`` and
        ``high`` (95 %) where it was measured, else NaN.

    Raises
    ------
    MissingScoredColumns, BadValue
        When the table is no scored export with times; when no row has a time.

    >>> table = pd.DataFrame({"created_at": ["2026-05-04", "2026-05-04", "2026-05-05", "2026-05-05"],
    ...     "confidence": [0.9, 0.6, 0.8, 0.7], "customer_type": "venting"})
    >>> capacity_curve(table)[["threshold", "reviews_per_day", "coverage"]].values.tolist()
    [[0.6, 0.0, 1.0], [0.7, 0.5, 0.75], [0.8, 1.0, 0.5], [0.9, 1.5, 0.25]]
    """
    missing = [name for name in _NEEDED if name not in scored.columns]
    if missing:
        known = [str(name) for name in scored.columns]
        raise MissingScoredColumns(missing, known, [name for name in missing if name in _SCORED])
    days = _days(scored["created_at"])
    scored, days = scored[days >= 0], days[days >= 0]
    confidence, always = scored["confidence"].to_numpy(dtype=float), _always(scored)
    thresholds = evenly(confidence, steps)
    read = always[:, None] | (confidence[:, None] < thresholds)
    per_day = np.zeros((int(days.max()) + 1, len(thresholds)))
    np.add.at(per_day, days, read)
    table = pd.DataFrame(
        {
            "threshold": thresholds,
            "reviews_per_day": per_day.mean(axis=0),
            "busy_day": np.quantile(per_day, _BUSY, axis=0),
            "coverage": 1 - read.mean(axis=0),
        }
    )
    if judged is not None:
        measured = precision_at(judged, thresholds)
        few = measured["decided"] < FEWEST
        return table.join(measured[["precision", "low", "high"]].mask(few))
    rest = np.where(read, 0.0, confidence[:, None]).sum(axis=0) / np.maximum((~read).sum(axis=0), 1)
    return table.assign(precision=np.where(read.all(axis=0), np.nan, rest), low=np.nan, high=np.nan)


def threshold_for_capacity(curve: pd.DataFrame, reviews_a_day: float) -> Capacity:
    """The highest threshold whose reviews people can do on an average day.

    Parameters
    ----------
    curve : DataFrame
        As :func:`capacity_curve` gives it.
    reviews_a_day : float
        How many tickets people can read on a day.

    Raises
    ------
    BadOption
        When the number is not above 0.

    >>> curve = pd.DataFrame({"threshold": [0.6, 0.9], "reviews_per_day": [2.0, 5.0], "busy_day": [3.0, 7.0],
    ...     "coverage": [0.8, 0.5], "precision": [0.8, 0.9], "low": [0.7, 0.8], "high": [0.9, 1.0]})
    >>> choice = threshold_for_capacity(curve, 4)
    >>> choice.reached, choice.threshold, choice.precision
    (True, 0.6, 0.8)
    >>> threshold_for_capacity(curve, 1).reached
    False
    """
    if not reviews_a_day > 0:
        remedy = "say how many tickets people can read on a day"
        raise BadOption("reviews_a_day", reviews_a_day, "a number above 0", remedy)
    fits = curve[curve["reviews_per_day"] <= reviews_a_day]
    row = (fits if len(fits) else curve.iloc[:1]).sort_values("threshold").iloc[-1]
    return Capacity(float(reviews_a_day), len(fits) > 0, **{str(k): float(v) for k, v in row.items()})


def _days(times: pd.Series) -> NDArray[np.intp]:
    """The number of each row's day among the days that have tickets; -1 without a time."""
    read = pd.to_datetime(times, errors="coerce", utc=True, format="ISO8601")
    known = read.notna().to_numpy()
    if not known.any():
        found = times.iloc[0] if len(times) else "no row"
        raise BadValue(
            None, "created_at", found, "a time", "read the file with read_scored, or score it first"
        )
    days = np.full(len(times), -1, dtype=np.intp)
    days[known] = np.unique(read[known].dt.floor("D").to_numpy(), return_inverse=True)[1].reshape(-1)
    return days


def _always(scored: pd.DataFrame) -> NDArray[np.bool_]:
    """Tickets that a person reads whatever the threshold is."""
    said = scored["customer_type"].to_numpy(dtype=object)
    always: NDArray[np.bool_] = said == UNFAMILIAR
    if "requires_human" in scored.columns:
        human = pd.to_numeric(scored["requires_human"], errors="coerce").fillna(0).to_numpy() > 0
        always = always | (human & (said != UNDETERMINED))
    return always
