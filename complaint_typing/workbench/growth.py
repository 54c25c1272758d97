"""A group of tickets grown by its words, and how far it may grow before labelled tickets come along."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

FOLDS, ROUNDS, GROWTH = 3, 2, 1.3
PENALTY, STEPS = 0.2, 10
FEWEST = 12
_PRECISE = 1e-10


def grown(
    ngrams: sp.csr_matrix,
    members: NDArray[np.bool_],
    free: NDArray[np.bool_],
    domain: NDArray[np.intp],
    seed: int = 0,
) -> NDArray[np.float64]:
    """How much each ticket's n-grams speak for a group, told by tickets other than itself.

    A linear classifier of the group against all others is fitted on two thirds of the tickets and judges the
    last third; a ticket that came into the group by chance gets no vote on itself. The others count as
    often in each domain as the group does, so that genre and topic tell nothing. The free tickets that score
    highest, a third more than before, are the group of the next round (self-training).

    Parameters
    ----------
    ngrams : sparse matrix of shape (n_tickets, n_ngrams)
    members : ndarray of bool of shape (n_tickets,)
    free : ndarray of bool of shape (n_tickets,)
        Which may come in.
    domain : ndarray of int of shape (n_tickets,)
    seed : int
        Of the thirds.

    >>> words = sp.csr_matrix([[1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 1, 0]] * 6, dtype=np.float32)
    >>> every = np.ones(24, dtype=bool)
    >>> scores = grown(words, np.arange(24) % 8 == 0, every, np.zeros(24, dtype=int))
    >>> bool(scores[1::4].min() > scores[2::4].max())
    True
    """
    fold = np.random.default_rng(seed).integers(0, FOLDS, len(members))
    transposed = ngrams.T.tocsr()
    scores, size = np.zeros(len(members)), int(members.sum())
    for _ in range(ROUNDS):
        for number in range(FOLDS):
            weight = _weights(members, fold != number, domain)
            told = ngrams @ _fitted(ngrams, transposed, members, weight)
            scores[fold == number] = told[fold == number]
        size = min(int(size * GROWTH), int(free.sum()))
        members = free & (scores >= np.sort(scores[free])[len(scores[free]) - max(size, 1)])
    return scores


def limit(
    scores: NDArray[np.float64],
    control: NDArray[np.bool_],
    exported: NDArray[np.bool_],
    domain: NDArray[np.intp],
    purity: float,
) -> float:
    """The lowest score down to which so great a share of the export's tickets is more than controls explain.

    Controls are of known types: as often as they score as high, as many of the export's tickets of their
    domain are expected to do so without belonging to the group.

    Returns
    -------
    float
        Infinite where twelve tickets of the export cannot be had so.

    >>> scores, exported = np.arange(40.0), np.arange(40) >= 20
    >>> limit(scores, ~exported, exported, np.zeros(40, dtype=int), 0.8)
    16.0
    """
    n_domains = int(domain.max()) + 1
    n_exported, n_controls = (np.bincount(domain[part], minlength=n_domains) for part in (exported, control))
    stands_for = np.where(control, (n_exported / np.maximum(n_controls, 1))[domain], 0.0)
    order = np.argsort(-scores, kind="stable")
    order = order[(control | exported)[order]]
    inside = np.cumsum(exported[order])
    pure = 1 - np.cumsum(stands_for[order]) / np.maximum(inside, 1)
    last_of_equals = np.diff(scores[order], append=-np.inf) < 0
    enough = np.flatnonzero((pure >= purity) & (inside >= FEWEST) & last_of_equals)
    return float(scores[order[enough[-1]]]) if len(enough) else float("inf")


def _weights(
    members: NDArray[np.bool_], rows: NDArray[np.bool_], domain: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Half for the members of these rows, half for the others, with the members' share of each domain."""
    inside, others = members & rows, ~members & rows
    n_domains = int(domain.max()) + 1
    share = np.bincount(domain[inside], minlength=n_domains) / max(inside.sum(), 1)
    each = share / np.maximum(np.bincount(domain[others], minlength=n_domains), 1)
    return (0.5 * (inside / max(inside.sum(), 1) + others * each[domain])).astype(np.float32)


def _fitted(
    ngrams: sp.csr_matrix, transposed: sp.csr_matrix, members: NDArray[np.bool_], weight: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Ridge regression of the members, by a few steps of conjugate gradients."""
    target = weight * (np.where(members, 1, -1) - (weight[members].sum() - weight[~members].sum()))
    left = transposed @ target.astype(np.float32)
    found, way, size = np.zeros_like(left), left.copy(), left @ left
    enough = _PRECISE * size
    for _ in range(STEPS):
        if size <= enough:
            break
        bent = transposed @ (weight * (ngrams @ way)) + np.float32(PENALTY) * way
        step = size / (way @ bent)
        found += step * way
        left -= step * bent
        size, before = left @ left, size
        way = left + (size / before) * way
    return found
