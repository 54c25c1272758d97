"""A column in which few values stand again and again: it knows them and where each stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lazily import lazily


class Repeated(Sequence[Any]):
    """A column made of few values, so that work on each of them is done once; not to be changed.

    Parameters
    ----------
    values : sequence of length n_values
    places : ndarray of int of shape (n,)
        Which of them stands in each cell. Columns that share one array are written together.

    >>> column = Repeated(["low", "high"], np.array([1, 0, 1]))
    >>> column, column.values, column[2]
    (['high', 'low', 'high'], ['low', 'high'], 'high')
    """

    def __init__(self, values: Sequence[Any], places: NDArray[np.integer[Any]]):
        self.values, self.places = list(values), places

    @lazily
    def _cells(self) -> list[Any]:
        return spread(self.values, self.places)

    def counts(self) -> Counter[Any]:
        """How often each value stands there, in the order in which they come."""
        found, first, n = np.unique(self.places, return_index=True, return_counts=True)
        counts: Counter[Any] = Counter()
        for k in np.argsort(first).tolist():
            counts[self.values[found[k]]] += int(n[k])
        return counts

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, place: Any) -> Any:
        return self._cells[place]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cells)

    def __eq__(self, other: object) -> bool:
        return self._cells == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._cells)


def counted(column: Sequence[Any]) -> Counter[Any]:
    """How often each value stands in a column, in the order in which they come.

    >>> counted(Repeated(["low", "high", "none"], np.array([1, 0, 1])))
    Counter({'high': 2, 'low': 1})
    """
    return column.counts() if isinstance(column, Repeated) else Counter(column)


def spread(values: Sequence[Any], places: NDArray[np.integer[Any]]) -> list[Any]:
    """The value of each place.

    >>> spread(["a", "b"], np.array([1, 1, 0]))
    ['b', 'b', 'a']
    """
    table = np.empty(len(values), dtype=object)
    table[:] = values
    return table[places].tolist()  # type: ignore[no-any-return]
