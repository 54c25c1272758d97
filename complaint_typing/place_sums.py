"""How much each place of a text speaks for a type: the weights of n-grams laid over their characters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .gram_sums import LookedUp, owners
from .model import Model
from .ngrams import ORDERS
from .one_text import OneText
from .word_runs import PlaceSums

SHARES = np.array([12, 6, 4, 3], dtype=np.int32)
"""What each place of an n-gram of each length gets of its weight, in twelfths: sums stay whole numbers."""


def place_sums(model: Model, looked: LookedUp, top: NDArray[np.intp]) -> PlaceSums:
    """What the n-grams of each view give to the places of each text for its own type.

    The weight of an n-gram is spread evenly over its places. A type's weights are relative to the other
    types: over all types they sum to almost nothing. A view's length factor is left to the caller.

    Parameters
    ----------
    model : Model
    looked : LookedUp
    top : ndarray of shape (n_texts,)
        Index of the type asked about.
    """
    views, units = looked.views, model.type_units
    begins = (top * units.shape[1]).astype(np.uint32)
    rows = looked.rows + np.concatenate((begins, begins))[owners(views)]
    shift = views.bounds[len(top) : -1] + 1 - views.begin
    return PlaceSums(_summed(units.take(rows) * SHARES[:, None]), views.begin, shift)


def _summed(given: NDArray[np.int32]) -> NDArray[np.int64]:
    """From what an n-gram of each length that starts at a place gives to each of its places."""
    n = given.shape[1]
    change = np.zeros(n + len(ORDERS), dtype=np.int32)
    for order, part in zip(ORDERS, given, strict=True):
        change[:n] += part
        change[order : n + order] -= part
    sums = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.cumsum(change[:n], dtype=np.int32), out=sums[1:])
    return sums


def place_sums_of(model: Model, text: OneText, top: int) -> PlaceSums:
    """:func:`place_sums` of one text."""
    units = model.type_units[top].take(text.rows)
    lengths = text.counts[:: len(ORDERS)].tolist()
    given, at, first = np.zeros((len(ORDERS), sum(lengths)), dtype=np.int32), 0, 0
    counts = text.counts.tolist()
    for view, length in enumerate(lengths):
        for order, count in enumerate(counts[len(ORDERS) * view : len(ORDERS) * (view + 1)]):
            given[order, first : first + count] = units[at : at + count]
            at += count
        first += length
    given *= SHARES[:, None]
    begin = text.begins[1] + 1
    return PlaceSums(_summed(given), np.array([begin]), np.array([lengths[0] + 1 - begin]))
