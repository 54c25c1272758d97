"""How far two sets of tickets lie apart, in tickets that would have to change, and how far chance goes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_TAIL, _FEWEST_DRAWS, _MOST_DRAWS = 40, 10_000, 250_000
_BINS = 48


class Sample(NamedTuple):
    """The shares of the categories in one set of tickets.

    Attributes
    ----------
    share : ndarray of shape (n_categories,)
    covariance : ndarray of shape (n_categories, n_categories)
        Of the shares, tickets of one customer taken together.
    tickets, customers : int
    """

    share: Floats
    covariance: Floats
    tickets: int
    customers: int


class Gap(NamedTuple):
    """A distance and how far chance alone reaches.

    Attributes
    ----------
    distance : float
        As seen, 0 to 1.
    chance : float
        Reached by chance alone in a share ``alpha`` of cases: the true distance is at least ``low``.
    """

    distance: float
    chance: float

    @property
    def low(self) -> float:
        """Lower bound of the true distance."""
        return max(self.distance - self.chance, 0.0)

    @property
    def high(self) -> float:
        """Upper bound of the true distance."""
        return min(self.distance + self.chance, 1.0)


def sample(code: NDArray[np.integer[Any]], n_categories: int, customer: NDArray[np.integer[Any]]) -> Sample:
    """Shares of categories, with the covariance of a ratio of sums over customers.

    A customer's tickets resemble each other, so customers are what was drawn. With y_c the counts of customer
    c, n_c her tickets and p the shares, the residuals are y_c - n_c p and the covariance their sum of squares
    by n², times G / (G - 1) for G customers (Cochran, Sampling Techniques, 3rd ed., section 9.2; the
    "sandwich" of Liang and Zeger, 1986).

    Parameters
    ----------
    code : ndarray of int of shape (n_tickets,)
        Category of each ticket, below `n_categories`.
    n_categories : int
    customer : ndarray of int of shape (n_tickets,)

    >>> one = sample(np.array([0, 0, 1, 1]), 2, np.arange(4))
    >>> one.share.tolist(), round(float(one.covariance[0, 0]), 4)
    ([0.5, 0.5], 0.0833)
    >>> float(sample(np.array([0, 0, 1, 1]), 2, np.array([0, 0, 1, 1])).covariance[0, 0])
    0.25
    """
    n = len(code)
    customer = np.unique(customer, return_inverse=True)[1]
    counts = sp.csr_matrix((np.ones(n), (customer, code)), shape=(int(customer.max()) + 1, n_categories))
    size = np.asarray(counts.sum(axis=1)).ravel()
    share = np.bincount(code, minlength=n_categories) / n
    cross = np.outer(counts.T @ size, share)
    squares = (counts.T @ counts).toarray() - cross - cross.T + (size @ size) * np.outer(share, share)
    groups = len(size)
    return Sample(share, squares * groups / max(groups - 1, 1) / n**2, n, groups)


def category_gap(before: Sample, after: Sample, alpha: float) -> Gap:
    """Total variation distance: the share of tickets that would have to change their category.

    By the triangle inequality the true distance is at least the one seen less that of the error; the quantile
    of the error's own distance is taken over normal draws with the covariance of both samples.

    >>> rng, customers = np.random.default_rng(1), np.arange(1000)
    >>> one, other = (sample((rng.random(1000) < p).astype(int), 2, customers) for p in (0.2, 0.5))
    >>> gap = category_gap(one, other, 0.05)
    >>> gap.low < 0.3 < gap.high, gap.low > 0.2
    (True, True)
    """
    seen = np.abs(before.share - after.share).sum() / 2
    chance = np.abs(_errors(before, after, alpha)).sum(axis=1) / 2
    return Gap(float(seen), float(np.quantile(chance, 1 - alpha)))


def ordered_gap(before: Sample, after: Sample, alpha: float) -> Gap:
    """Kolmogorov-Smirnov distance over ordered categories: the most that lies more on one side of a value."""
    seen = np.abs(np.cumsum(before.share - after.share)).max()
    chance = np.abs(np.cumsum(_errors(before, after, alpha), axis=1)).max(axis=1)
    return Gap(float(seen), float(np.quantile(chance, 1 - alpha)))


def binned(before: Floats, after: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """Bins of about equal counts over both sets of numbers, and their inner edges.

    >>> codes = binned(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    >>> codes[0].tolist(), codes[1].tolist()
    ([0, 1], [1, 2])
    """
    both = np.concatenate([before, after])
    if len(values := np.unique(both)) <= _BINS:
        edges = values[1:]
    else:
        edges = np.unique(np.quantile(both, np.linspace(0, 1, _BINS + 1)[1:-1]))
    return np.searchsorted(edges, before, "right"), np.searchsorted(edges, after, "right"), edges


def _errors(before: Sample, after: Sample, alpha: float) -> NDArray[np.float32]:
    """Normal draws of the error of the difference of shares; shape (n_draws, n_categories)."""
    values, vectors = np.linalg.eigh(before.covariance + after.covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0))).astype(np.float32)
    n_draws = int(np.clip(_TAIL / alpha, _FEWEST_DRAWS, _MOST_DRAWS))
    draws = np.random.default_rng(0).standard_normal((n_draws, len(values)), dtype=np.float32)
    return np.asarray(draws @ root.T)
