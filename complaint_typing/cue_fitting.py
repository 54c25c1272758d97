"""Learns what each phrase adds to its risk signal, from scores of left-out tickets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from .cue_search import search_for
from .model import Model
from .signal_cues import cue_texts

_C = 0.5
_FEWEST = 20
_WITHIN_REACH = 0.5
Weights = tuple[tuple[float, ...], ...]


def cue_hits(signals: tuple[str, ...], texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which phrases each text holds, shape (n_tickets, n_cues), in the order of ``search_for(signals)``."""
    cues = search_for(signals)[2]
    return np.array([[cue.found_in(text) for cue in cues] for text in cue_texts(texts)], dtype=bool)


def fit_cues(
    model: Model, logits: NDArray[np.float32], hits: NDArray[np.bool_], there: NDArray[np.bool_]
) -> Weights:
    """The weight of each signal's phrases beside the log-odds of the n-grams; none counts against a signal.

    Parameters
    ----------
    model : Model
    logits : ndarray of shape (n_tickets, n_signals)
        From models that saw none of each ticket's fold.
    hits : ndarray of bool of shape (n_tickets, n_cues)
    there : ndarray of bool of shape (n_tickets, n_signals)

    Returns
    -------
    tuple of tuple of float
        In the order of the signals; empty where there are no phrases, or too few tickets to learn from.
    """
    numbers = search_for(model.signals)[1]
    return tuple(
        _weights(logits[:, k], hits[:, list(numbers[signal])], there[:, k])
        for k, signal in enumerate(model.signals)
    )


def _weights(
    logits: NDArray[np.float32], hits: NDArray[np.bool_], there: NDArray[np.bool_]
) -> tuple[float, ...]:
    if not hits.shape[1] or there.sum() < _FEWEST or there.all():
        return ()
    X = np.column_stack([logits, hits]).astype(float)
    slope, *weights = LogisticRegression(C=_C, max_iter=2000).fit(X, there).coef_[0].tolist()
    if slope <= 0:
        return ()
    return tuple(round(max(weight / slope, 0.0), 3) for weight in weights)


def fit_floors(probabilities: NDArray[np.float32]) -> tuple[float, ...]:
    """The probability of each signal that the half of the tickets reach for which n-grams speak most.

    Phrases below change next to nothing (F1 by 0.01 at most on left-out genres), and two fifths of the time
    that phrases cost would go there.
    """
    return tuple(np.quantile(probabilities, 1 - _WITHIN_REACH, axis=0).astype(float).tolist())


def with_cues(
    model: Model, probabilities: NDArray[np.float32], hits: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The probabilities of the signals with what the phrases found add; shape (n_tickets, n_signals)."""
    numbers = search_for(model.signals)[1]
    moved = logit(np.clip(probabilities.astype(float), 1e-30, 1 - 1e-7))
    for k, (signal, weights) in enumerate(zip(model.signals, model.cue_weights, strict=True)):
        if weights:
            reach = probabilities[:, k] >= np.float32(model.cue_floors[k] if model.cue_floors else 0)
            moved[:, k] += reach * (hits[:, list(numbers[signal])[: len(weights)]] @ np.array(weights))
    return expit(moved)
