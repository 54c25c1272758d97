"""Making groups comparable that were handled differently: overlap weights, balance and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

COVARIATES = (
    "customer_type", "emotional_mode", "channel", "category", "earlier_tickets", "goodwill_before",
    "unproven_before", "half_year",
)  # fmt: skip
"""What was known before anything was done; those that an export lacks or that are all alike are left out."""
FEWEST_CUSTOMERS, FEWEST_EFFECTIVE = 30, 25
BALANCED, UNBALANCED = 0.1, 0.2
_RARE, _MOST_LEVELS = 20, 12
_RIDGE = 0.01
_STEPS = 2
_Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights that make two groups alike in what was known before, and what they cost.

    Attributes
    ----------
    propensity : ndarray of shape (n_tickets,)
        Estimated chance of the treatment.
    weight : ndarray of shape (n_tickets,)
        1 - propensity for the treated, propensity for the others.
    balance : DataFrame
        `covariate`, `level`, `treated`, `control` (shares before weighting), `before`, `after` (standardised
        mean differences).
    customers, effective : dict of str to float
        Customers of `treated` and `control`, and how many equally weighted ones they are worth (Kish).
    overlap : float
        Share of the tickets whose propensity lies between 0.1 and 0.9.
    verdict : str
        `ok`, `caution` or `refused`.
    reasons : tuple of str
        Of `few_customers`, `few_effective`, `unbalanced`, `little_overlap`, `nothing_known`.
    """

    propensity: _Array
    weight: _Array
    balance: pd.DataFrame
    customers: dict[str, int]
    effective: dict[str, float]
    overlap: float
    verdict: str
    reasons: tuple[str, ...]
    cells: Cells
    coefficients: _Array

    @property
    def covariates(self) -> list[str]:
        """What was weighted for."""
        return list(dict.fromkeys(self.balance["covariate"]))

    def refitted(self, times: NDArray[np.integer[Any]]) -> _Array:
        """Weights of resampled tickets, the propensities estimated anew from each sample.

        Parameters
        ----------
        times : ndarray of shape (n_samples, n_tickets)
            How often each ticket is in each sample.

        Returns
        -------
        ndarray of shape (n_samples, n_tickets)
            Weight times how often it is there.
        """
        e = self.cells.refit(times, self.coefficients)[:, self.cells.cell]
        return np.asarray(times * np.where(self.cells.treated, 1 - e, e))


@dataclass(frozen=True, eq=False)
class Cells:
    """Tickets that are alike in all covariates, put together: `design` has one row each."""

    design: _Array
    cell: NDArray[np.intp]
    treated: NDArray[np.bool_]
    members: Any

    @classmethod
    def of(cls, design: NDArray[np.uint8], treated: NDArray[np.bool_]) -> Cells:
        """Cells of a table of indicators (n_tickets, n_indicators); an intercept is put before them."""
        rows, cell = np.unique(design, axis=0, return_inverse=True)
        cell, n = cell.ravel(), len(treated)
        places = cell + len(rows) * treated
        members = sparse.csr_matrix((np.ones(n), (places, np.arange(n))), (2 * len(rows), n))
        return cls(np.column_stack([np.ones(len(rows)), rows]).astype(float), cell, treated, members)

    def counts(self, times: NDArray[Any]) -> tuple[_Array, _Array]:
        """Treated and others in each cell of each sample."""
        both = np.asarray(self.members @ np.asarray(times, float).T).T
        return both[:, len(self.design) :], both[:, : len(self.design)]

    def fit(self) -> _Array:
        """Coefficients of a logistic regression, hardly shrunken; the intercept first."""
        yes, no = self.counts(np.ones((1, len(self.cell))))
        design = np.vstack([self.design[:, 1:]] * 2)
        if not design.shape[1]:
            return np.array([np.log(yes.sum() / no.sum())])
        label = np.repeat([1, 0], len(self.design))
        fitted = LogisticRegression(C=1 / _RIDGE, tol=1e-8, max_iter=2000)
        fitted.fit(design, label, sample_weight=np.concatenate([yes[0], no[0]]))
        return np.concatenate([fitted.intercept_, fitted.coef_[0]])

    def refit(self, times: NDArray[Any], start: _Array) -> _Array:
        """Propensity of each cell in each sample: two steps of Newton's method from the whole's fit."""
        yes, no = self.counts(times)
        p = len(start)
        pairs = (self.design[:, :, None] * self.design[:, None, :]).reshape(len(self.design), p * p)
        ridge = np.diag([1e-6] + [_RIDGE] * (p - 1))
        beta = np.repeat(start[None, :], len(yes), axis=0)
        for _ in range(_STEPS):
            e = expit(beta @ self.design.T)
            slope = (yes - (yes + no) * e) @ self.design - beta @ ridge
            bend = (((yes + no) * e * (1 - e)) @ pairs).reshape(-1, p, p) + ridge
            beta = beta + np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
        return np.asarray(expit(beta @ self.design.T))


def overlap_weights(
    rows: pd.DataFrame, treated: NDArray[np.bool_], covariates: Sequence[str] = COVARIATES
) -> Weighting:
    """Weights under which treated and others are alike on average in what was known before.

    Every ticket counts as much as it might have been handled the other way: 1 - e(x) if treated, e(x) if not,
    where e(x) is the chance of the treatment by logistic regression on the covariates. The answer is then
    about tickets where both were possible. With this regression the weighted means of all covariates agree
    exactly but for the slight shrinkage.

    Source: Li, Morgan and Zaslavsky (2018), JASA 113.

    Parameters
    ----------
    rows : DataFrame of n_tickets
        With `customer` and the covariates (each taken as a set of names).
    treated : ndarray of bool of shape (n_tickets,)
    covariates : sequence of str

    Returns
    -------
    Weighting
        `refused` where the groups are too small or cannot be made alike; no effect should be told then.

    >>> rows = pd.DataFrame({"customer": range(400), "channel": ["phone"] * 200 + ["app"] * 200})
    >>> treated = np.arange(400) % 200 < np.repeat([150, 50], 200)
    >>> found = overlap_weights(rows, treated)
    >>> found.verdict, *found.balance[["before", "after"]].abs().max().round(2).tolist()
    ('ok', 1.15, 0.0)
    >>> overlap_weights(rows, np.arange(400) < 200).reasons
    ('unbalanced', 'little_overlap')
    """
    treated = np.asarray(treated, bool)
    indicators = _indicators(rows, covariates)
    cells = Cells.of(indicators.to_numpy(np.uint8), treated)
    unit = np.unique(rows["customer"].to_numpy(), return_inverse=True)[1]
    arms = {"treated": treated, "control": ~treated}
    customers = {name: len(np.unique(unit[arm])) for name, arm in arms.items()}
    coefficients = cells.fit() if min(customers.values()) else np.zeros(cells.design.shape[1])
    e = expit(cells.design @ coefficients)[cells.cell]
    weight = np.where(treated, 1 - e, e)
    balance = _balance(indicators, treated, weight)
    effective = {name: _worth(unit[arm], weight[arm]) for name, arm in arms.items()}
    overlap = float(((e > 0.1) & (e < 0.9)).mean()) if len(e) else 0.0
    verdict, reasons = _verdict(balance, customers, effective, overlap)
    return Weighting(e, weight, balance, customers, effective, overlap, verdict, reasons, cells, coefficients)


def _indicators(rows: pd.DataFrame, covariates: Sequence[str]) -> pd.DataFrame:
    """One column for each level of each covariate that tells tickets apart; rare levels together."""
    found: dict[tuple[str, str], NDArray[Any]] = {}
    for name in covariates:
        if name not in rows.columns:
            continue
        levels = rows[name].astype(str)
        counts = levels.value_counts()
        kept = counts[counts >= _RARE].index[:_MOST_LEVELS]
        levels = levels.where(levels.isin(kept), "(rare)")
        names = sorted(set(levels))
        if len(names) > 1:
            found |= {(name, level): (levels == level).to_numpy() for level in names}
    columns = pd.MultiIndex.from_tuples(list(found), names=["covariate", "level"]) if found else None
    return pd.DataFrame(np.array(list(found.values())).T.reshape(len(rows), len(found)), columns=columns)


def _balance(indicators: pd.DataFrame, treated: NDArray[np.bool_], weight: _Array) -> pd.DataFrame:
    """Standardised mean differences of every level, before and after weighting."""
    x = indicators.to_numpy(float)
    plain = [_mean(x[arm], np.ones(arm.sum())) for arm in (treated, ~treated)]
    after = [_mean(x[arm], weight[arm]) for arm in (treated, ~treated)]
    spread = np.sqrt((plain[0] * (1 - plain[0]) + plain[1] * (1 - plain[1])) / 2)
    spread = np.where(spread > 0, spread, 1.0)
    table = pd.DataFrame(list(indicators.columns), columns=["covariate", "level"])
    table["treated"], table["control"] = plain
    table["before"], table["after"] = (plain[0] - plain[1]) / spread, (after[0] - after[1]) / spread
    return table


def _mean(x: _Array, w: _Array) -> _Array:
    return np.asarray(w @ x / w.sum()) if w.sum() else np.zeros(x.shape[1])


def _worth(unit: NDArray[np.intp], weight: _Array) -> float:
    """How many equally weighted customers are worth as much as these (Kish 1965)."""
    total = np.bincount(unit, weight) if len(unit) else np.zeros(1)
    return float(total.sum() ** 2 / (total**2).sum()) if total.any() else 0.0


def _verdict(
    balance: pd.DataFrame, customers: dict[str, int], effective: dict[str, float], overlap: float
) -> tuple[str, tuple[str, ...]]:
    worst = float(balance["after"].abs().max()) if len(balance) else 0.0
    refusing = {
        "few_customers": min(customers.values()) < FEWEST_CUSTOMERS,
        "few_effective": min(effective.values()) < FEWEST_EFFECTIVE,
        "unbalanced": worst > UNBALANCED,
    }
    warning = {
        "unbalanced": worst > BALANCED,
        "few_effective": min(effective.values()) < 2 * FEWEST_EFFECTIVE,
        "little_overlap": overlap < 0.5,
        "nothing_known": not len(balance),
    }
    reasons = dict.fromkeys([name for found in (refusing, warning) for name, holds in found.items() if holds])
    return "refused" if any(refusing.values()) else "caution" if reasons else "ok", tuple(reasons)
