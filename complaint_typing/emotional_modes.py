"""Which emotional mode a ticket is in: what its n-grams and its type say, and the words that tell a mode."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul

import numpy as np
from numpy.typing import NDArray

from .model import Model, Scores

_LEAST = 1e-300


def decided_modes(model: Model, scores: Scores, held: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The place of each ticket's mode.

    The log-probabilities of the n-grams, and what the types' probabilities and the words found add to them.

    Parameters
    ----------
    model : Model
    scores : Scores
    held : ndarray of bool of shape (n_tickets, n_cues)
        Which of the ``mode_cues`` each text holds.

    Returns
    -------
    ndarray of shape (n_tickets,)

    >>> from complaint_typing.artifact import load_model
    >>> from complaint_typing.resources import data_path
    >>> model = load_model(data_path("model"))
    >>> modes, types = np.array([[0.3, 0.3, 0.4]]), np.zeros((1, len(model.types)))
    >>> scores, insults = Scores(types, modes, modes, modes[:, 0]), np.eye(1, 19, dtype=bool)
    >>> [model.modes[place] for place in decided_modes(model, scores, insults)]
    ['attack']
    """
    if not model.mode_weights:
        return scores.modes.argmax(axis=1)
    weights = np.array(model.mode_weights).T
    total = np.log(np.maximum(scores.modes.astype(np.float64), _LEAST)) + weights[0]
    for own, given in zip(weights[1:], (*scores.types.T, *held.T), strict=False):
        total += given.astype(np.float64)[:, None] * own
    return total.argmax(axis=1)


def decided_mode(
    model: Model, modes: NDArray[np.float32], types: NDArray[np.float32], held: Sequence[int]
) -> int:
    """:func:`decided_modes` of one ticket; ``held`` are the places of the cues found, in order."""
    if not model.mode_weights:
        return int(modes.argmax())
    shares, n = types.tolist(), 1 + len(types)
    best, most = 0, -math.inf
    for place, (p, weights) in enumerate(zip(modes.tolist(), model.mode_weights, strict=True)):
        total = math.log(max(p, _LEAST)) + weights[0]
        for part in map(mul, shares, weights[1:n]):
            total += part
        for k in held:
            total += weights[n + k] if n + k < len(weights) else 0.0
        if total > most:
            best, most = place, total
    return best
