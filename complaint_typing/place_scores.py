"""How much each place of a text speaks for a type: the weights of n-grams laid over their characters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .folding import ranges
from .gram_sums import LookedUp, owners
from .model import Model
from .ngrams import ORDERS
from .one_text import OneText

_DIVISORS = np.array(ORDERS, dtype=np.float32)[:, None]

Scores = tuple[NDArray[np.float32], NDArray[np.float32]]


def place_scores(model: Model, looked: LookedUp, top: NDArray[np.intp]) -> Scores:
    """What the n-grams of each view give to each place of the padded block, for each text's own type.

    The weight of an n-gram is spread evenly over its places. A type's weights are relative to the other
    types: over all types they sum to almost nothing. A view's length factor is left to the caller.

    Parameters
    ----------
    model : Model
    looked : LookedUp
    top : ndarray of shape (n_texts,)
        Index of the type asked about.

    Returns
    -------
    tuple of two ndarray of float32 of shape (n_places,)
        Of the whole texts, and of their last sentences.
    """
    views, (row, known), n = looked.views, looked.found, len(top)
    begins = (top * len(model.weights)).astype(np.uint32)
    row = row + np.concatenate((begins, begins))[owners(views)]
    weight = model.type_weights.take(np.where(known, row, np.uint32(len(model.type_weights) - 1)))
    weight /= _DIVISORS
    total = np.zeros(weight.shape[1] + len(ORDERS), dtype=np.float32)
    for order in ORDERS:
        for step in range(order):
            total[step : step + weight.shape[1]] += weight[order - 1]
    end = int(views.bounds[n])
    last = np.zeros(end + 1, dtype=np.float32)
    last[ranges(views.begin - 1, views.bounds[1 : n + 1])] = total[end : int(views.bounds[-1])]
    total[end] = 0
    return total[: end + 1], last


def place_scores_of(model: Model, text: OneText, n_places: int, top: int) -> Scores:
    """:func:`place_scores` of one text."""
    n_features = len(model.weights)
    weight = model.type_weights.take(np.where(text.rows >= 0, text.rows + top * n_features, -1), mode="wrap")
    weight /= text.orders()
    scores, at, counts = [], 0, text.counts.tolist()
    for view, begin in enumerate(text.begins):
        total = np.zeros(n_places, dtype=np.float32)
        for order, count in zip(ORDERS, counts[len(ORDERS) * view :], strict=False):
            part = weight[at : at + count]
            for step in range(begin, begin + order):
                total[step : step + count] += part
            at += count
        scores.append(total)
    return scores[0], scores[1]
