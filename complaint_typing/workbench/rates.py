"""Rates that respect small numbers: shrinkage of groups towards each other, and exact intervals of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, betaln, expit, gammaincinv, log_expit, logit, logsumexp

LEVEL = 0.95
_Array: TypeAlias = NDArray[np.float64]
_Counts: TypeAlias = Sequence[int] | NDArray[np.integer[Any]]
_LEAST_SPREAD, _MOST_SPREAD = 1e-3, 0.5**0.5
_SPREADS, _MEANS = 12, 9
_ROUNDS = 3
_FAINT = 10.0  # log weight below the best at which a prior no longer matters
_KEPT = 0.999
_MOST_STEPS, _CLOSE = 40, 1e-6


@dataclass(frozen=True)
class Shrunken:
    """Rates of groups, each drawn towards all of them as far as its own numbers are small.

    Attributes
    ----------
    estimate, low, high : ndarray of shape (n_groups,)
        Posterior mean and ends of the interval; NaN for a group without any case.
    overall : float
        Events of all groups by cases of all groups; NaN where there is no case.
    """

    estimate: _Array
    low: _Array
    high: _Array
    overall: float

    @property
    def flags(self) -> list[str]:
        """``above`` or ``below`` only where the interval excludes the overall rate, else ``""``."""
        if self.overall in (0.0, 1.0):
            return [""] * len(self.low)
        return [
            "above" if low > self.overall else "below" if high < self.overall else ""
            for low, high in zip(self.low.tolist(), self.high.tolist(), strict=True)
        ]


def shrink(events: _Counts, cases: _Counts, level: float = LEVEL) -> Shrunken:
    """Empirical-Bayes rates of groups with intervals, by the beta-binomial model.

    Group i has y_i events in n_i cases, y_i ~ Binomial(n_i, p_i), p_i ~ Beta(mM, (1 - m)M), so that given
    the prior its rate is (mM + y_i) / (M + n_i): a group of M cases lies half way between its raw rate and
    the mean m. The prior is estimated from the groups themselves through the marginal likelihood
    prod_i B(mM + y_i, (1 - m)M + n_i - y_i) / B(mM, (1 - m)M). Plugging in its maximum would make the
    intervals too short, so m and M are averaged over a grid weighted by that likelihood, evenly in m
    between 0 and 1 and in the spread (1 + M)^(-1/2) between 0 and the one at M = 1.

    Sources: Kleinman (1973), JASA 68; Morris (1983), JASA 78, on intervals that carry the uncertainty of
    the prior; Gelman et al., Bayesian Data Analysis, 3rd ed., section 5.3, for the hierarchical form; Gelman,
    Hill and Yajima (2012), J. Res. Educ. Eff. 5, on why shrunken groups need no correction for many of them.

    Parameters
    ----------
    events, cases : sequence of int of length n_groups
        0 <= events <= cases.
    level : float, default 0.95
        Of the intervals.

    Returns
    -------
    Shrunken

    >>> rates = shrink([1, 30, 300], [2, 200, 2000])
    >>> rates.estimate.round(2).tolist(), round(rates.overall, 2)
    ([0.21, 0.15, 0.15], 0.15)
    >>> shrink([5, 4, 80], [100, 90, 110]).flags
    ['below', 'below', 'above']
    >>> shrink([], []).estimate.tolist()
    []
    """
    y, n = np.asarray(events, np.float64), np.asarray(cases, np.float64)
    result = np.full((3, len(y)), np.nan)
    seen = n > 0
    if not seen.any():
        return Shrunken(result[0], result[1], result[2], float("nan"))
    pairs, place, times = np.unique(
        np.stack([y[seen], n[seen]]), axis=1, return_inverse=True, return_counts=True
    )
    a, b, weight = _priors(pairs[0], pairs[1], times)
    a, b = a + pairs[0][:, None], b + (pairs[1] - pairs[0])[:, None]
    found = [
        (a / (a + b)) @ weight,
        *(_quantile(q, a, b, weight) for q in ((1 - level) / 2, (1 + level) / 2)),
    ]
    result[:, seen] = np.stack(found)[:, place.ravel()]
    return Shrunken(result[0], result[1], result[2], float(y.sum() / n.sum()))


def _priors(y: _Array, n: _Array, times: NDArray[np.intp]) -> tuple[_Array, _Array, _Array]:
    """Beta priors that the groups make likely: a, b and weight of each; closes in on the likely spreads."""
    low, high = _LEAST_SPREAD, _MOST_SPREAD
    for _ in range(_ROUNDS):
        step = (high - low) / _SPREADS
        spread = low + step * (np.arange(_SPREADS) + 0.5)
        a, b, log_weight = _at_spreads(spread, y, n, times)
        of_spread = logsumexp(log_weight, axis=1)
        near = np.flatnonzero(of_spread > of_spread.max() - _FAINT)
        low = max(_LEAST_SPREAD, spread[near[0]] - step)
        high = min(_MOST_SPREAD, spread[near[-1]] + step)
    weight = np.exp(log_weight - log_weight.max()).ravel()
    order = np.argsort(-weight)
    kept = order[: int(np.searchsorted(np.cumsum(weight[order]), _KEPT * weight.sum())) + 1]
    return a.ravel()[kept], b.ravel()[kept], weight[kept] / weight[kept].sum()


def _at_spreads(
    spread: _Array, y: _Array, n: _Array, times: NDArray[np.intp]
) -> tuple[_Array, _Array, _Array]:
    """For each spread, means where they are likely; a, b and log weight, each of shape (spreads, means).

    The means are quantiles of a beta distribution twice as wide as their own, and weighted accordingly.
    """
    rho = spread[:, None] ** 2
    size = n / (1 + (n - 1) * rho) * times / 2
    yes, no = 1 + size @ (y / n), 1 + size @ (1 - y / n)
    middle = (np.arange(_MEANS) + 0.5) / _MEANS
    mean = np.clip(betaincinv(yes[:, None], no[:, None], middle), 1e-12, 1 - 1e-12)
    strength = (1 - rho) / rho
    a, b = mean * strength, (1 - mean) * strength
    marginal = betaln(a[..., None] + y, b[..., None] + n - y) - betaln(a, b)[..., None]
    proposed = (yes - 1)[:, None] * np.log(mean) + (no - 1)[:, None] * np.log1p(-mean)
    return a, b, marginal @ times - proposed + betaln(yes, no)[:, None]


def _quantile(q: float, a: _Array, b: _Array, weight: _Array) -> _Array:
    """Quantile of each row's mixture of beta distributions: Newton's method on logits, within bounds."""
    mean = (a / (a + b)) @ weight
    variance = (a * (a + 1) / ((a + b) * (a + b + 1))) @ weight - mean**2
    size = np.maximum(mean * (1 - mean) / np.maximum(variance, 1e-300) - 1, 1e-3)
    x = logit(np.clip(betaincinv(mean * size, (1 - mean) * size, q), 1e-9, 1 - 1e-9))
    low, high, log_beta = np.full_like(x, -40.0), np.full_like(x, 40.0), betaln(a, b)
    todo = np.arange(len(x))
    for _ in range(_MOST_STEPS):
        at, ai, bi = x[todo, None], a[todo], b[todo]
        error = betainc(ai, bi, expit(at)) @ weight - q
        slope = np.exp(ai * log_expit(at) + bi * log_expit(-at) - log_beta[todo]) @ weight
        low[todo], high[todo] = (
            np.where(error < 0, x[todo], low[todo]),
            np.where(error < 0, high[todo], x[todo]),
        )
        following = x[todo] - error / np.maximum(slope, 1e-300)
        inside = (following > low[todo]) & (following < high[todo])
        x[todo] = np.where(inside, following, (low[todo] + high[todo]) / 2)
        todo = todo[np.abs(error) > _CLOSE]
        if not len(todo):
            break
    return np.asarray(expit(x))


def poisson_interval(
    counts: _Counts, exposure: Sequence[float] | _Counts | float = 1.0, level: float = LEVEL
) -> tuple[_Array, _Array]:
    """Exact intervals of Poisson rates.

    Source: Garwood (1936), Biometrika 28.

    Parameters
    ----------
    counts : sequence of int of length n
    exposure : float or sequence of float of length n, default 1
        What the counts are divided by, such as working days; above 0.
    level : float, default 0.95

    Returns
    -------
    low, high : ndarray of shape (n,)

    >>> [end.round(3).tolist() for end in poisson_interval([0, 10], [1, 5])]
    [[0.0, 0.959], [3.689, 3.678]]
    """
    count = np.asarray(counts, np.float64)
    tail = (1 - level) / 2
    low = np.where(count > 0, gammaincinv(np.maximum(count, 1), tail), 0.0)
    return low / np.asarray(exposure), gammaincinv(count + 1, 1 - tail) / np.asarray(exposure)


def share_interval(events: int, cases: int, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval of a share; (0, 1) where there is no case.

    Source: Clopper and Pearson (1934), Biometrika 26.

    >>> tuple(round(float(end), 3) for end in share_interval(8, 10))
    (0.444, 0.975)
    """
    tail = (1 - level) / 2
    low = float(betaincinv(events, cases - events + 1, tail)) if events else 0.0
    high = float(betaincinv(events + 1, cases - events, 1 - tail)) if events < cases else 1.0
    return low, high
