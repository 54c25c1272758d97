"""How much each place of a text speaks for a type: the weights of n-grams laid over their characters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .gram_sums import LookedUp, owners
from .model import Model
from .ngrams import ORDERS
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
    return PlaceSums(summed(units.take(rows)), views.begin, shift)


def summed(given: NDArray[np.int16]) -> NDArray[np.int64]:
    """What all places before each place are given, in twelfths, by the n-grams that start at each place.

    Parameters
    ----------
    given : ndarray of int16 of shape (4, n_places)
        The weight of the n-gram of each length.
    """
    n = given.shape[1]
    change = np.zeros(n + len(ORDERS), dtype=np.int32)
    for order, part in zip(ORDERS, given * SHARES[:, None], strict=True):
        change[:n] += part
        change[order : n + order] -= part
    sums = np.zeros(n + 1, dtype=np.int64)
    np.add.accumulate(np.add.accumulate(change[:n], dtype=np.int32), out=sums[1:])
    return sums
