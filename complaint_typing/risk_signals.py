"""Which risk signals are reported: what the n-grams say of each, and the phrases that speak for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .cue_search import search_for
from .folding import FoldedBlock, fold_texts
from .model import Model
from .signal_cues import cue_text


def reported(
    model: Model, probabilities: NDArray[np.float32], texts: Sequence[str], block: FoldedBlock | None = None
) -> NDArray[np.bool_]:
    """Whether each risk signal is reported of each ticket.

    The weights of the phrases found add to the log-odds of the n-grams. Phrases are looked for only where
    they could carry a ticket over the threshold.

    Parameters
    ----------
    model : Model
    probabilities : ndarray of float32 of shape (n_tickets, n_signals)
        What the n-grams say.
    texts : sequence of str of length n_tickets
    block : FoldedBlock, optional
        The same texts, if folded already.

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
    if not any(model.cue_weights):
        return flags
    search, numbers, cues = search_for(model.signals)
    bits = search.may_hold(block or fold_texts(texts))
    read: dict[int, str] = {}
    for k, signal in enumerate(model.signals):
        own, weights = numbers[signal], model.cue_weights[k]
        if not weights:
            continue
        mine = np.uint64(sum(1 << number for number in own))
        for i in np.flatnonzero((bits & mine != 0) & ~flags[:, k]).tolist():
            asked = [(n, w) for n, w in zip(own, weights, strict=False) if int(bits[i]) >> n & 1 and w]
            p = probabilities[i, k]
            if p < lowered(limits[k], sum(w for _, w in asked)):
                continue
            if i not in read:
                read[i] = cue_text(texts[i])
            found = sum(w for n, w in asked if cues[n].found_in(read[i]))
            flags[i, k] = p >= lowered(limits[k], found)
    return flags


def lowered(limit: float, log_odds: float) -> np.float32:
    """The probability from which a signal is reported where phrases add so much to its log-odds.

    >>> float(lowered(0.5, 0.0)), round(float(lowered(0.5, np.log(3))), 3)
    (0.5, 0.25)
    """
    if not log_odds or limit >= 1:
        return np.float32(limit)
    odds = float(limit) / (1 - float(limit)) * float(np.exp(-log_odds))
    return np.float32(odds / (1 + odds))
