"""Learns what types and words say of the emotional mode beside the n-grams, on left-out tickets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from .cue_fitting import Weights
from .evaluation import f1_by_class
from .model import Scores

_C = 0.5
_FEWEST = 20
_LEAST = 1e-30
_OFFSETS = np.linspace(-1.5, 1.5, 31)
_SMOOTH = 5


def fit_modes(scores: Scores, held: NDArray[np.bool_], y: NDArray[np.intp]) -> Weights:
    """What is added to the log-probability of each mode: always, for each type's probability, for each cue.

    A multinomial regression with one slope for the n-grams, and then an offset for each mode that makes
    the macro-F1 largest: how often people are angry differs from genre to genre.

    Parameters
    ----------
    scores : Scores
        Of models that saw none of each ticket's fold.
    held : ndarray of bool of shape (n_tickets, n_cues)
    y : ndarray of int of shape (n_tickets,)
        The place of each ticket's mode.

    Returns
    -------
    tuple of tuple of float
        One row a mode; empty where there are too few tickets of one to learn from.
    """
    n_modes = scores.modes.shape[1]
    if n_modes < 2 or np.bincount(y, minlength=n_modes).min() < _FEWEST:
        return ()
    X = np.column_stack([scores.types, held]).astype(float)
    logits = np.log(np.maximum(scores.modes.astype(float), _LEAST))
    slope, base, W = _regression(logits, X, y)
    if slope <= 0:
        return ()
    total = logits + (base + X @ W) / slope
    table = np.vstack([base / slope + _offsets(total, y), W / slope])
    return tuple(tuple(round(value, 3) for value in row) for row in table.T.tolist())


def _regression(
    logits: NDArray[Any], X: NDArray[Any], y: NDArray[np.intp]
) -> tuple[float, NDArray[Any], NDArray[Any]]:
    """Slope, bias and weights of the most likely ``slope * logits + bias + X @ weights``, L2-penalised."""
    (n, k), m = X.shape, logits.shape[1]
    there = np.eye(m)[y]

    def loss(parameters: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        W = parameters[1 + m :].reshape(k, m)
        logs = log_softmax(parameters[0] * logits + parameters[1 : 1 + m] + X @ W, axis=1)
        error = np.exp(logs) - there
        value = -logs[np.arange(n), y].sum() + (W**2).sum() / (2 * _C)
        slope = np.array([(error * logits).sum()])
        return float(value), np.concatenate([slope, error.sum(axis=0), (X.T @ error + W / _C).ravel()])

    start = np.zeros(1 + m + k * m)
    start[0] = 1
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return float(found[0]), found[1 : 1 + m], found[1 + m :].reshape(k, m)


def _offsets(total: NDArray[Any], y: NDArray[np.intp]) -> NDArray[Any]:
    """The offset of each mode but the last, found one after the other, for the largest macro-F1."""
    m = total.shape[1]
    offsets = np.zeros(m)
    for place in (*range(m - 1), *range(m - 1)):
        reached = []
        for value in _OFFSETS:
            offsets[place] = value
            reached.append(float(f1_by_class(y, (total + offsets).argmax(axis=1), m).mean()))
        smooth = np.convolve(np.pad(reached, _SMOOTH // 2, mode="edge"), np.ones(_SMOOTH), "valid")
        offsets[place] = _OFFSETS[int(smooth.argmax())]
    return offsets
