"""A mixture of the known types, domains, and one type that nobody labelled: expectation and maximisation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import softmax

Array = NDArray[np.float64]
DOMAIN_STEPS = 2
SHRINK, DOMAIN_PRIOR = 0.1, 5.0


@dataclass(frozen=True)
class Mixture:
    """What was fitted.

    Attributes
    ----------
    adjusted : ndarray of shape (n_tickets, n_dimensions)
        The tickets without the shift of their domain.
    scores : ndarray of shape (n_tickets, n_types)
        Linear discriminants of each type, without its frequency.
    shares : ndarray of shape (n_tickets, n_types)
        How far each ticket belongs to each type; labelled ones to their own.
    distances : ndarray of shape (n_types, n_types)
        Mahalanobis distances between the types.
    covariance : ndarray of shape (n_dimensions, n_dimensions)
        Within the types.
    """

    adjusted: Array
    scores: Array
    shares: Array
    distances: Array
    covariance: Array


def fit_mixture(
    space: Array, domain: NDArray[np.intp], shares: Array, free: NDArray[np.bool_], steps: int
) -> Mixture:
    """Fit types that share one covariance, each ticket shifted by its domain (genre, language, topic).

    Without the shift whatever is written in a way that the labelled tickets are not looks like a type of its
    own. Semi-supervised EM as in Nigam et al. (2000), with Gaussians of one covariance (linear discriminant
    analysis, a tenth shrunk to a sphere) in place of multinomials.

    Parameters
    ----------
    space : ndarray of shape (n_tickets, n_dimensions)
    domain : ndarray of int of shape (n_tickets,)
    shares : ndarray of shape (n_tickets, n_types)
        Where to begin; those of tickets that are not free stay.
    free : ndarray of bool of shape (n_tickets,)
        Tickets without a label.
    steps : int
        At least one.

    >>> space = np.array([[0.0], [0.2], [5.0], [5.2], [0.1], [5.1]])
    >>> shares = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0.5, 0.5], [0.4, 0.6]], dtype=float)
    >>> free = np.array([False] * 4 + [True] * 2)
    >>> fit_mixture(space, np.zeros(6, dtype=int), shares, free, 3).shares.argmax(axis=1).tolist()
    [0, 0, 1, 1, 0, 1]
    """
    shares = shares.astype(space.dtype)
    shift = np.zeros((int(domain.max()) + 1, space.shape[1]), dtype=space.dtype)
    sums = sp.csr_matrix(
        (np.ones(len(space), dtype=space.dtype), (domain, np.arange(len(space)))),
        shape=(len(shift), len(space)),
    )
    size = (np.bincount(domain)[:, None] + DOMAIN_PRIOR).astype(space.dtype)
    for _ in range(steps):
        total = shares.sum(axis=0)[:, None] + 1e-9
        for _ in range(DOMAIN_STEPS):
            centres = shares.T @ (space - shift[domain]) / total
            shift = (sums @ (space - shares @ centres)) / size
        adjusted = space - shift[domain]
        centres = shares.T @ adjusted / total
        covariance = _covariance(adjusted, centres, total)
        weights = np.linalg.solve(covariance, centres.T).astype(space.dtype)
        scores = adjusted @ weights - 0.5 * (centres.T * weights).sum(axis=0)
        frequency = np.log(shares[free].mean(axis=0) + 1e-12)
        shares[free] = softmax(scores[free] + frequency, axis=1)
    products = centres @ weights
    own = np.diag(products)
    apart = np.sqrt(np.maximum(own[:, None] + own - 2 * products, 0))
    return Mixture(adjusted, scores, shares, apart, covariance)


def _covariance(adjusted: Array, centres: Array, total: Array) -> Array:
    n, d = adjusted.shape
    within = (adjusted.T @ adjusted - (centres * total).T @ centres) / n
    return np.asarray((1 - SHRINK) * within + SHRINK * np.trace(within) / d * np.eye(d))
