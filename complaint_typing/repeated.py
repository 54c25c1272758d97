"""A column in which few values stand again and again: a list that knows them and where each stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Repeated(list[Any]):
    """A column made of few values, so that work on each of them is done once; not to be changed.

    Parameters
    ----------
    values : sequence of length n_values
    places : ndarray of int of shape (n,)
        Which of them stands in each cell. Columns that share one array are written together.

    >>> column = Repeated(["low", "high"], np.array([1, 0, 1]))
    >>> column, column.values
    (['high', 'low', 'high'], ['low', 'high'])
    """

    def __init__(self, values: Sequence[Any], places: NDArray[np.integer[Any]]):
        self.values, self.places = list(values), places
        super().__init__(spread(self.values, places))


def spread(values: Sequence[Any], places: NDArray[np.integer[Any]]) -> list[Any]:
    """The value of each place.

    >>> spread(["a", "b"], np.array([1, 1, 0]))
    ['b', 'b', 'a']
    """
    table = np.empty(len(values), dtype=object)
    table[:] = values
    return table[places].tolist()  # type: ignore[no-any-return]
