"""Did the strategies work? What came after each, by type, with intervals and drawn together where few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from .effects import EFFECT_COLUMNS, Comparison, compare
from .goodwill import GoodwillAnswer, goodwill_and_returns
from .outcome_tickets import OutcomeTickets, outcome_tickets
from .rates import LEVEL, shrink
from .return_visits import (
    FEWEST_AT_RISK,
    chosen_kind,
    cumulative,
    last_days,
    return_curves,
    visits_per_customer,
)
from .weighting import COVARIATES

__all__ = [
    "Comparison",
    "GoodwillAnswer",
    "OutcomeTickets",
    "compare",
    "goodwill_and_returns",
    "outcome_tickets",
    "return_curves",
    "strategy_effects",
    "strategy_table",
    "visits_per_customer",
]

DAY = 90
FEWEST = 10
"""Customers below whom a row says `too_few`."""
_EFFECTS = [name for name in EFFECT_COLUMNS if name != "weighted"]
_VISITS = ("any", "extras", "justified")
_Array = NDArray[np.float64]
_COLUMNS: tuple[str, ...] = ("customer_type", "strategy", "measure", "day", "cases", "customers")
_COLUMNS += ("raw", "estimate", "low", "high", "told")


def strategy_table(tickets: OutcomeTickets, day: int = DAY) -> pd.DataFrame:
    """What came after each strategy, by type.

    Shares and mean scores are drawn towards all strategies of the same type, as far as their own numbers are
    small (:func:`~complaint_typing.workbench.rates.shrink`), counting as many cases as independent customers
    would give the same standard error. These figures describe; who got which strategy was no chance, see
    :func:`strategy_effects`.

    Parameters
    ----------
    tickets : OutcomeTickets
    day : int, default 90
        For return visits.

    Returns
    -------
    DataFrame
        `customer_type`, `strategy`, `measure`, `day` (0 where it has none), `cases`
        (tickets of which it is known), `customers`, `raw`,
        `estimate`, `low`, `high` (95 %), `told` (`above` or `below` where the interval excludes the mean of
        the type, `too_few` under ten customers, else ""). Measures: `resolved_in_time`, `reopened`,
        `satisfaction` (1 to 5), `any`, `extras`, `justified` (a return visit by `day`), and `goodwill`
        (amount per ticket; `goodwill CNY` ... where currencies are noted), which is not shrunken.

    Raises
    ------
    MissingScoredColumns
        Without a column `strategy_done`.

    >>> from complaint_typing.workbench.simulator import simulate
    >>> table = strategy_table(outcome_tickets(simulate(300, seed=2, texts=False).frame))
    >>> sorted(set(table["measure"]))[:4]
    ['any', 'extras', 'goodwill CNY', 'justified']
    """
    tickets.need(["strategy_done"])
    noted = tickets.table[tickets.table["strategy"] != ""]
    tables = [
        _rates(noted, name, read).assign(day=day if name in _VISITS else 0)
        for name, read in _measures(day).items()
    ]
    tables += [_costs(noted, name) for name in sorted(set(noted.loc[noted["paid"], "currency"]))]
    kept = [table for table in tables if len(table)]
    return (
        pd.concat(kept, ignore_index=True)[list(_COLUMNS)] if kept else pd.DataFrame(columns=list(_COLUMNS))
    )


_Read = Callable[[pd.DataFrame], tuple[float, float, int, float]]


def _measures(day: int) -> dict[str, _Read]:
    """Name -> how it is read from the tickets of one strategy: value, error, cases, span of its scale."""
    shares = {name: partial(_share, name=name) for name in ("resolved_in_time", "reopened")}
    visits = {kind: partial(_returned, kind=kind, day=day) for kind in _VISITS}
    return {**shares, "satisfaction": _score, **visits}


def _share(rows: pd.DataFrame, name: str) -> tuple[float, float, int, float]:
    return _mean(rows, rows[name].to_numpy(float), 1.0)


def _score(rows: pd.DataFrame) -> tuple[float, float, int, float]:
    return _mean(rows, (rows["satisfaction"].to_numpy(float) - 1) / 4, 4.0)


def _mean(rows: pd.DataFrame, values: _Array, span: float) -> tuple[float, float, int, float]:
    """Mean with its standard error over customers."""
    known = ~np.isnan(values)
    n = int(known.sum())
    if not n:
        return np.nan, np.nan, 0, span
    mean = float(values[known].mean())
    unit = np.unique(rows["customer"].to_numpy()[known], return_inverse=True)[1]
    sums = np.bincount(unit, values[known] - mean) / n
    groups = len(sums)
    return mean, float(np.sqrt((sums**2).sum() * groups / max(groups - 1, 1))), n, span


def _returned(rows: pd.DataFrame, kind: str, day: int) -> tuple[float, float, int, float]:
    """Share that came back by a day with its standard error; unknown where too few were followed so long."""
    rows = rows[rows["closed"]]
    last, returned = last_days(rows)
    if (last >= day).sum() < FEWEST_AT_RISK:
        return np.nan, np.nan, 0, 1.0
    unit = rows["customer"].to_numpy(np.int64)
    chosen = chosen_kind(rows, kind)
    share, error, _ = cumulative(last, returned, chosen, unit, day, error_on=[day])
    return float(share[-1]), float(error[-1]), len(rows), 1.0


def _rates(noted: pd.DataFrame, measure: str, read: _Read) -> pd.DataFrame:
    """One measure of every strategy of every type."""
    rows: list[dict[str, Any]] = []
    for (type_, strategy), part in noted.groupby(["customer_type", "strategy"], sort=True):
        raw, error, cases, span = read(part)
        if cases:
            row = {"customer_type": type_, "strategy": strategy, "measure": measure, "cases": cases}
            row |= {"customers": part["customer"].nunique(), "raw": raw, "error": error, "span": span}
            rows.append(row)
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame(rows)
    return pd.concat([_shrunken(part) for _, part in table.groupby("customer_type", sort=True)])


def _shrunken(table: pd.DataFrame) -> pd.DataFrame:
    """Draw the strategies of one type together, each by the cases that its standard error is worth."""
    raw, error = table["raw"].to_numpy(), table["error"].to_numpy()
    plain = (error <= 0) | (raw <= 0) | (raw >= 1)
    worth = np.where(plain, table["customers"], raw * (1 - raw) / np.where(plain, 1.0, error) ** 2)
    found = shrink(raw * worth, worth)
    few = (table["customers"] < FEWEST).to_numpy()
    told = ["too_few" if f else flag for f, flag in zip(few, found.flags, strict=True)]
    span = table["span"].to_numpy()
    base = np.where(span > 1, 1.0, 0.0)
    ends = {"raw": raw, "estimate": found.estimate, "low": found.low, "high": found.high}
    scaled = {name: base + span * values for name, values in ends.items()}
    return table.assign(**scaled, told=told)


def _costs(noted: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Goodwill per closed ticket in one currency, with a t interval over customers."""
    rows = []
    closed = noted[noted["closed"]]
    for (type_, strategy), part in closed.groupby(["customer_type", "strategy"], sort=True):
        own = part["paid"] & (part["currency"] == currency)
        mean, error, cases, _ = _mean(part, np.where(own, part["goodwill"], 0.0).astype(float), 1.0)
        customers = part["customer"].nunique()
        wide = float(stdtrit(max(customers - 1, 1), (1 + LEVEL) / 2)) * error
        name = f"goodwill {currency}".strip()
        told = "too_few" if customers < FEWEST else ""
        ends = (mean, mean, max(mean - wide, 0.0), mean + wide, told)
        rows.append(dict(zip(_COLUMNS, (type_, strategy, name, 0, cases, customers, *ends), strict=True)))
    return pd.DataFrame(rows)


def strategy_effects(
    tickets: OutcomeTickets,
    types: Sequence[str] | None = None,
    day: int = DAY,
    covariates: Sequence[str] = COVARIATES,
    replicates: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """What each strategy changes against the other strategies of the same type, made comparable.

    Parameters
    ----------
    tickets : OutcomeTickets
    types : sequence of str, optional
        By default all that had at least two strategies.
    day : int, default 90
        For return visits.
    covariates, replicates, seed
        As in :func:`~complaint_typing.workbench.effects.compare`.

    Returns
    -------
    DataFrame
        The weighted rows of :attr:`~complaint_typing.workbench.effects.Comparison.effects` with
        `customer_type`, `strategy`, `verdict` and `reasons` before them. Of twenty differences without any
        effect behind them, one is told as one by chance.

    Raises
    ------
    MissingScoredColumns
        Without a column `strategy_done`.
    """
    tickets.need(["strategy_done"])
    table = tickets.table
    pairs = table[table["closed"] & (table["strategy"] != "")].groupby("customer_type")["strategy"].unique()
    found = []
    for type_, strategies in pairs.items():
        if len(strategies) < 2 or (types is not None and type_ not in types):
            continue
        own = (table["customer_type"] == type_) & (table["strategy"] != "")
        # of two strategies the effects mirror each other
        for strategy in sorted(strategies)[: None if len(strategies) > 2 else 1]:
            one = own & (table["strategy"] == strategy)
            result = compare(
                tickets,
                one,
                own & ~one,
                days=(day,),
                covariates=covariates,
                replicates=replicates,
                seed=seed,
                with_open=True,
            )
            named = {"customer_type": type_, "strategy": strategy, "verdict": result.weighting.verdict}
            weighted = result.effects[result.effects["weighted"].astype(bool)]
            reasons = ";".join(result.weighting.reasons)
            found.append(
                weighted.assign(**named, reasons=reasons)[[*named, "reasons", *result.effects.columns]]
            )
    if not found:
        return pd.DataFrame(columns=["customer_type", "strategy", "verdict", "reasons", *_EFFECTS])
    return pd.concat(found, ignore_index=True).drop(columns="weighted")
