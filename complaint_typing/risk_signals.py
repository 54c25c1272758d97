"""Which risk signals are reported: what the n-grams say of each, and the phrases that speak for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .cue_search import held_cues, search_for
from .folding import fold_texts
from .model import Model
from .signal_cues import cue_texts

_JUST_BELOW = 1 - 1e-5  # the last bits are decided for each ticket by itself


def reported(
    model: Model,
    probabilities: NDArray[np.float32],
    texts: Sequence[str],
    held: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Whether each risk signal is reported of each ticket.

    The weights of the phrases found add to the log-odds of the n-grams, where these reach the signal's floor.
    Phrases are looked for only where they could carry a ticket over the threshold.

    Parameters
    ----------
    model : Model
    probabilities : ndarray of float32 of shape (n_tickets, n_signals)
        What the n-grams say.
    texts : sequence of str of length n_tickets
    held : ndarray of bool of shape (n_tickets, n_cues), optional
        Which cues each text may hold, as :func:`~complaint_typing.cue_search.held_cues` tells.

    Returns
    -------
    ndarray of bool of shape (n_tickets, n_signals)

    >>> from complaint_typing.artifact import load_model
    >>> from complaint_typing.resources import data_path
    >>> model = load_model(data_path("model"))
    >>> reported(model, np.zeros((1, len(model.signals)), dtype=np.float32), [""]).tolist()
    [[False, False, False, False, False, False, False]]
    """
    limits = np.array(model.signal_thresholds, dtype=np.float32)
    flags = probabilities >= limits
    floors = np.array(model.cue_floors or (0.0,) * len(limits), dtype=np.float32)
    open_questions = (probabilities >= floors) & ~flags
    if not any(model.cue_weights) or not open_questions.any():
        return flags
    _, numbers, cues = search_for(model.signals)
    held = held_cues(model.signals, fold_texts(texts)).signals if held is None else held
    near = [
        _near(probabilities[:, k], held, numbers[signal], model.cue_weights[k], limits[k])
        & open_questions[:, k]
        for k, signal in enumerate(model.signals)
    ]
    chosen = np.flatnonzero(np.any(near, axis=0)).tolist()
    read = dict(zip(chosen, cue_texts([texts[i] for i in chosen]), strict=True))
    for k, signal in enumerate(model.signals):
        asked = [(cues[n], n, w) for n, w in zip(numbers[signal], model.cue_weights[k], strict=False) if w]
        for i in np.flatnonzero(near[k]).tolist():
            there, text = held[i], read[i]
            found = sum(w for cue, n, w in asked if there[n] and cue.found_in(text))
            flags[i, k] = bool(found) and probabilities[i, k] >= lowered(limits[k], found)
    return flags


def _near(
    p: NDArray[np.float32],
    held: NDArray[np.bool_],
    numbers: Sequence[int],
    weights: Sequence[float],
    limit: float,
) -> NDArray[np.bool_]:
    """Which tickets the phrases that they may hold could carry over the threshold of a signal."""
    most = np.zeros(len(p))
    for number, weight in zip(numbers, weights, strict=False):
        if weight > 0:
            most += np.where(held[:, number], weight, 0.0)
    limit = float(limit)
    odds = limit / (1 - limit) * np.exp(-most) if limit < 1 else np.inf
    return np.asarray((most > 0) & (p >= odds / (1 + odds) * _JUST_BELOW))


def lowered(limit: float, log_odds: float) -> np.float32:
    """The probability from which a signal is reported where phrases add so much to its log-odds.

    >>> float(lowered(0.5, 0.0)), round(float(lowered(0.5, np.log(3))), 3)
    (0.5, 0.25)
    """
    if not log_odds or limit >= 1:
        return np.float32(limit)
    odds = float(limit) / (1 - float(limit)) * float(np.exp(-log_odds))
    return np.float32(odds / (1 + odds))
