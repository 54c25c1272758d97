"""Learns what an open abuse gate and a text mean together, and how sure one must be to say so."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from .decision import NONE, threshold_for_precision
from .fitting import Labelled
from .gate import gate_facts, gate_log_odds
from .model import Model

ABUSE_PRECISION, ABUSE_RECALL = 0.98, 0.8
ORDINARY = 200.0
_STRENGTH = 0.3
_FEWEST = 10


def fit_gate(
    model: Model, logits: NDArray[np.float32], data: Labelled, rows: NDArray[np.bool_]
) -> tuple[float, ...]:
    """Weights of the text and the history under an open gate, from out-of-fold logits.

    A logistic regression (L2, C = 0.3 on standardised facts) on the chosen tickets under an open gate says
    how likely the gated type is. Ordinary tickets under histories borrowed from abusers stand beside them
    with small weight, so that no history makes an abuser of a text that asks for nothing. The bias is then
    lowered until, on the tickets under an open gate, 98 % of those typed so were labelled so, or one in five
    of those labelled so is missed: calling somebody an abuser wrongly costs more than missing one.

    Parameters
    ----------
    model : Model
        With its temperature and gated types.
    logits : ndarray of shape (n_tickets, n_outputs)
        Of models that saw nothing of the ticket's group.
    data : Labelled
    rows : ndarray of bool of shape (n_tickets,)
        Tickets to learn from.

    Returns
    -------
    tuple of float
        As :func:`~complaint_typing.gate.gate_log_odds` reads them; empty where fewer than ten tickets are
        there of each kind.
    """
    is_open = np.isfinite(gate_log_odds(data.facts, ()))
    near = np.flatnonzero(rows & is_open)
    abusers = np.isin(data.types[near], model.gated)
    if min(int(abusers.sum()), int((~abusers).sum())) < _FEWEST:
        return ()
    past = gate_facts(data.facts)
    X = np.column_stack([logits[near, -1], past[near]]).astype(float)
    ordinary = np.flatnonzero(rows & ~is_open & ~np.isin(data.types, (*data.asking, NONE)))
    borrowed = past[near[abusers][np.arange(len(ordinary)) % int(abusers.sum())]]
    everything = np.vstack([X, np.column_stack([logits[ordinary, -1], borrowed])])
    labels = np.append(abusers, np.zeros(len(ordinary), dtype=bool))
    counts = np.append(np.ones(len(X)), np.full(len(ordinary), ORDINARY / max(len(ordinary), 1)))
    mean, scale = X.mean(axis=0), np.maximum(X.std(axis=0), 1e-6)
    head = LogisticRegression(C=_STRENGTH, max_iter=1000)
    head.fit((everything - mean) / scale, labels, sample_weight=counts)
    weights = head.coef_[0] / scale
    bias = float(head.intercept_[0] - weights @ mean)
    margin = X @ weights + bias - _best_other(model, logits[near])
    at = threshold_for_precision(margin, abusers, ABUSE_PRECISION)
    bias -= max(min(at, float(np.quantile(margin[abusers], 1 - ABUSE_RECALL))), 0.0)
    return tuple(round(float(w), 5) for w in (weights[0], bias, *weights[1:]))


def _best_other(model: Model, logits: NDArray[np.float32]) -> NDArray[Any]:
    """Log-probability of the likeliest other type, were the gate closed; the odds it takes to be the top."""
    others = np.delete(logits[:, : len(model.types)].astype(float), model.gated_places, axis=1)
    best: NDArray[Any] = log_softmax(others / model.temperature, axis=1).max(axis=1)
    return best
