"""Return visits over time: who came back by which day, and for what, as far as each was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from ..columns import NO_TIME
from ..facts import DAY
from .outcome_tickets import OutcomeTickets
from .rates import LEVEL, share_interval
from .return_kinds import KINDS

HORIZON = 180
FEWEST_AT_RISK = 10
"""A curve ends where fewer tickets were still being followed."""


@dataclass(frozen=True)
class Hazards:
    """Daily events among those still followed, of one group.

    Attributes
    ----------
    at_risk, events : ndarray of shape (n_days,)
        Tickets that were followed through the whole day and had not returned before it, and those that
        returned on it; for days 1 to n_days, weighted.
    before : ndarray of shape (n_days,)
        Share not yet returned before the day (Kaplan and Meier).
    """

    at_risk: NDArray[np.float64]
    events: NDArray[np.float64]
    before: NDArray[np.float64]

    @property
    def hazard(self) -> NDArray[np.float64]:
        """Share of those at risk who return on the day."""
        return _divided(self.events, self.at_risk)


def hazards(
    last_day: NDArray[np.int64], returned: NDArray[np.bool_], days: int, weight: NDArray[np.float64]
) -> Hazards:
    """Count who is at risk and who returns, day by day.

    Parameters
    ----------
    last_day : ndarray of int of shape (n_tickets,)
        Day of return or, where none was seen, last whole day that was seen.
    returned : ndarray of bool of shape (n_tickets,)
    days : int
        Days 1 to `days` are told.
    weight : ndarray of shape (n_tickets,)
    """
    shown = np.minimum(last_day, days + 1)
    leaving: NDArray[np.float64] = np.bincount(shown, weight, days + 2).astype(float)
    at_risk = leaving[::-1].cumsum()[::-1][1 : days + 1]
    events = np.bincount(shown[returned], weight[returned], days + 2)[1 : days + 1].astype(float)
    stayed = np.asarray(np.cumprod(1 - _divided(events, at_risk)), np.float64)
    return Hazards(at_risk, events, np.concatenate([[1.0], stayed[:-1]]))


def cumulative(
    last_day: NDArray[np.int64],
    returned: NDArray[np.bool_],
    chosen: NDArray[np.bool_],
    unit: NDArray[np.int64],
    days: int = HORIZON,
    weight: NDArray[np.float64] | None = None,
    error_on: Sequence[int] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], Hazards]:
    """Share that came back for a chosen kind of visit by each day, with its standard error.

    The estimate is that of Aalen and Johansen, F(t) = sum over j <= t of S(j - 1) d(j) / n(j); with all
    returns chosen it is 1 - S(t) of Kaplan and Meier. The standard error is the infinitesimal jackknife over
    units: each unit's influence on F(t), squared and summed. With one ticket a unit it is Greenwood's.

    Sources: Kaplan and Meier (1958), JASA 53; Aalen and Johansen (1978), Scand. J. Stat. 5; Efron (1981),
    JASA 76, for the jackknife; Lin and Wei (1989), JASA 84, for sums over units.

    Parameters
    ----------
    last_day, returned : ndarray of shape (n_tickets,)
        As in :func:`hazards`.
    chosen : ndarray of bool of shape (n_tickets,)
        Returns of the chosen kind; a part of `returned`.
    unit : ndarray of int of shape (n_tickets,)
        Number of the customer.
    days : int
    weight : ndarray of shape (n_tickets,), optional
        Taken as known.
    error_on : sequence of int, optional
        Days of which the standard error is wanted, all by default; NaN on the others.

    Returns
    -------
    share, error : ndarray of shape (days,)
    Hazards

    >>> days, back = np.array([1, 2, 2, 3]), np.array([True, True, False, False])
    >>> share, error, _ = cumulative(days, back, back, np.arange(4), 3)
    >>> share.round(3).tolist(), error.round(3).tolist()
    ([0.25, 0.5, 0.5], [0.217, 0.25, 0.25])
    """
    w = np.ones(len(last_day)) if weight is None else weight
    every = hazards(last_day, returned, days, w)
    kind = hazards(last_day, chosen, days, w).events
    n, before = every.at_risk, every.before
    steps = before * _divided(kind, n)
    share = np.cumsum(steps)
    per_return = _divided(1.0, n * (1 - every.hazard))
    a = every.hazard * per_return
    sums = [np.concatenate([[0.0], np.cumsum(x)]) for x in (_divided(steps, n), a, a * share)]
    error = np.full(days, np.nan)
    place = np.clip(last_day, 1, days) - 1
    groups = np.unique(unit, return_inverse=True)[1]
    for t in range(days) if error_on is None else (day - 1 for day in error_on):
        m = np.minimum(last_day, t + 1)
        here = returned & (last_day <= t + 1)
        own = np.where(here & chosen, _divided(before, n)[place], 0.0) - sums[0][m]
        later = np.where(here, (share[t] - share[place]) * per_return[place], 0.0)
        influence = w * (own - later + share[t] * sums[1][m] - sums[2][m])
        error[t] = np.sqrt((np.bincount(groups, influence) ** 2).sum())
    return share, error, every


def _divided(a: NDArray[Any] | float, b: NDArray[Any]) -> NDArray[np.float64]:
    """a / b, 0 where b is 0."""
    return np.divide(a, b, out=np.zeros_like(b, np.float64), where=b > 1e-12)


def log_log(
    share: NDArray[np.float64], error: NDArray[np.float64], at_risk: NDArray[np.float64], level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of intervals on the scale log(-log(1 - F)); exact ones by the number at risk where F is 0 or 1.

    Source: Kalbfleisch and Prentice (1980), section 1.3.

    >>> low, high = log_log(np.array([0.0, 0.2]), np.array([0.0, 0.04]), np.array([50, 50]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.134], [0.071, 0.293])
    """
    stay = np.clip(1 - share, 1e-12, 1 - 1e-12)
    wide = ndtri((1 + level) / 2) * error / (stay * -np.log(stay))
    low, high = 1 - stay ** np.exp(-wide), 1 - stay ** np.exp(wide)
    edge = (share <= 1e-9) | (share >= 1 - 1e-9)
    for i in np.flatnonzero(edge):
        low[i], high[i] = share_interval(round(share[i] * at_risk[i]), round(at_risk[i]), level)
    return low, high


def return_curves(
    tickets: OutcomeTickets, by: Sequence[str] = (), days: int = HORIZON, kinds: bool = False
) -> pd.DataFrame:
    """Share of resolved tickets whose customer came back by each day, with 95 % intervals.

    Parameters
    ----------
    tickets : OutcomeTickets
    by : sequence of str
        Columns of `tickets.table` that tell groups apart, such as `customer_type` or `strategy`.
    days : int, default 180
    kinds : bool, default False
        Tell `justified`, `extras` and `other` visits apart, as competing kinds; their shares sum to the
        share of any visit.

    Returns
    -------
    DataFrame
        `by`, `kind` (`any`, or one of `KINDS`), `day` (from 0), `share`, `low`, `high`, `at_risk` (tickets
        still followed through that day), `tickets`, `customers` (of the group). A curve ends where fewer than
        ten are at risk; ``attrs["without_curve"]`` counts the groups that never had as many.

    >>> log = {"customer_id": list("abcdefghijkl"), "customer_type": "venting", "created_at": "2025-03-01"}
    >>> more = pd.DataFrame({"customer_id": ["a"], "created_at": ["2025-03-09"], "resolved_at": [""]})
    >>> frame = pd.concat([pd.DataFrame(log | {"resolved_at": "2025-03-01"}), more])
    >>> from complaint_typing.workbench.outcome_tickets import outcome_tickets
    >>> curve = return_curves(outcome_tickets(frame, end="2025-03-10"), days=30)
    >>> curve[["day", "share", "at_risk"]].tail(1).round(3).values.tolist()
    [[9.0, 0.083, 11.0]]
    """
    closed = tickets.closed
    groups = closed.groupby(list(by), sort=True) if by else [((), closed)]
    told = KINDS if kinds else ("any",)
    tables = []
    for name, rows in groups:
        for kind in told:
            curve = _curve(rows, kind, days)
            named = dict(zip(by, name, strict=True)) | {"kind": kind}
            tables.append(curve.assign(**named)[[*named, *curve.columns]])
    columns = [*by, "kind", "day", "share", "low", "high", "at_risk", "tickets", "customers"]
    curves = _stacked(tables, columns)
    curves.attrs["without_curve"] = sum(not len(table) for table in tables) // len(told)
    return curves


def _stacked(tables: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Tables below each other; with their columns even where there is no row."""
    kept = [table for table in tables if len(table)]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=list(columns))


def last_days(rows: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Day of return or of the last look, and whether there was a return."""
    day = rows["return_day"].to_numpy(np.int64)
    return np.where(day > 0, day, rows["observed"].to_numpy(np.int64)), day > 0


def chosen_kind(rows: pd.DataFrame, kind: str) -> NDArray[np.bool_]:
    """Tickets whose next visit is of a kind, or any visit."""
    day = rows["return_day"].to_numpy() > 0
    return np.asarray(day if kind == "any" else day & (rows["return_kind"] == kind).to_numpy())


def _curve(rows: pd.DataFrame, kind: str, days: int) -> pd.DataFrame:
    last, returned = last_days(rows)
    unit = rows["customer"].to_numpy(np.int64)
    share, error, every = cumulative(last, returned, chosen_kind(rows, kind), unit, days)
    low, high = log_log(share, error, every.at_risk)
    start = {"day": 0, "share": 0.0, "low": 0.0, "high": 0.0, "at_risk": len(rows)}
    told = {"day": np.arange(1, days + 1), "share": share, "low": low, "high": high, "at_risk": every.at_risk}
    table = pd.concat([pd.DataFrame([start]), pd.DataFrame(told)], ignore_index=True)
    table["at_risk"] = table["at_risk"].astype(int)
    table = table[table["at_risk"] >= FEWEST_AT_RISK]
    return table.assign(tickets=len(rows), customers=len(np.unique(unit)))


def visits_per_customer(tickets: OutcomeTickets, by: Sequence[str] = (), days: int = HORIZON) -> pd.DataFrame:
    """Mean number of later visits of a customer by each day after the first resolved ticket.

    The mean cumulative function of Nelson, M(t) = sum over j <= t of visits on day j by customers followed
    through day j. Groups are told apart by the customer's first followed ticket. Intervals by the robust
    variance of Lawless and Nadeau, on the log scale.

    Sources: Nelson (1995), Technometrics 37; Lawless and Nadeau (1995), Technometrics 37.

    Parameters
    ----------
    tickets : OutcomeTickets
    by : sequence of str
        Columns of `tickets.table`, read at the first followed ticket.
    days : int, default 180

    Returns
    -------
    DataFrame
        `by`, `day` (from 1), `visits`, `low`, `high`, `at_risk` (customers still followed), `customers`.
    """
    first = tickets.closed.sort_values("resolved", kind="stable").drop_duplicates("customer")
    came = tickets.table.loc[tickets.table["created"] != NO_TIME, ["customer", "created"]]
    came = came.merge(first[["customer", "resolved", "observed"]], on="customer")
    came["day"] = -((came["resolved"] - came["created"]) // DAY)
    came = came[(came["created"] > came["resolved"]) & (came["day"] <= came["observed"].clip(upper=days))]
    groups = first.groupby(list(by), sort=True) if by else [((), first)]
    tables = []
    for name, rows in groups:
        own = came[came["customer"].isin(rows["customer"])]
        table = _mean_visits(rows, own, days)
        tables.append(table.assign(**dict(zip(by, name, strict=True)))[[*by, *table.columns]])
    return _stacked(tables, [*by, "day", "visits", "low", "high", "at_risk", "customers"])


def _mean_visits(rows: pd.DataFrame, came: pd.DataFrame, days: int) -> pd.DataFrame:
    """M(t) with its interval, of one group of customers."""
    index = pd.Index(rows["customer"])
    unit, day = index.get_indexer(came["customer"]), np.maximum(came["day"].to_numpy(np.int64), 1)
    observed = np.minimum(rows["observed"].to_numpy(np.int64), days)
    at_risk = np.bincount(observed, minlength=days + 1)[::-1].cumsum()[::-1][1:].astype(float)
    visits = np.bincount(day, minlength=days + 1)[1 : days + 1].astype(float)
    mean = np.cumsum(_divided(visits, at_risk))
    spread = np.concatenate([[0.0], np.cumsum(_divided(_divided(visits, at_risk), at_risk))])
    error, share = np.zeros(days), _divided(1.0, at_risk)
    for t in range(days):
        seen = day <= t + 1
        own = np.bincount(unit[seen], share[day[seen] - 1], len(index)) - spread[np.minimum(observed, t + 1)]
        error[t] = np.sqrt((own**2).sum())
    wide = np.exp(ndtri((1 + LEVEL) / 2) * _divided(error, mean))
    none = -np.log((1 - LEVEL) / 2) * _divided(1.0, at_risk)
    told = {"day": np.arange(1, days + 1), "visits": mean, "low": mean / wide}
    told |= {"high": np.where(mean > 0, mean * wide, none), "at_risk": at_risk.astype(int)}
    return pd.DataFrame(told)[at_risk >= FEWEST_AT_RISK].assign(customers=len(index))
