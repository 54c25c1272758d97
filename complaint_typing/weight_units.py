"""Weights as whole numbers: their sums are exact, so neither order nor hardware changes a bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lazily import lazily

_LARGEST = 4095
_EXACT = 1 << 24  # float32 holds every whole number up to here
_LARGEST_SUM = (1 << 31) - 1
LANES, _LINE = 32, 64


@dataclass(frozen=True)
class WeightUnits:
    """A weight table in units of its own for each column.

    Attributes
    ----------
    units : ndarray of float32 of shape (n_features, n_columns)
        Whole numbers of at most 4095 either way, so small that no sum of rows leaves 32 bits.
    scale : ndarray of float32 of shape (n_columns,)
        What one unit is worth.

    >>> table = WeightUnits.of(np.array([[1.0, 0.5], [0.25, -2.0]], dtype=np.float32))
    >>> sums = table.sums(np.array([0, 1, 1], dtype=np.int32), np.array([0, 3, 3]))
    >>> (sums * table.scale).round(3).tolist()
    [[1.25, -1.5], [0.0, 0.0]]
    """

    units: NDArray[np.float32]
    scale: NDArray[np.float32]

    @classmethod
    def of(cls, weights: NDArray[np.float32]) -> WeightUnits:
        """Round weights to units: at most one part in 8190 of the largest weight of a column is lost."""
        largest = min(_LARGEST, _LARGEST_SUM // max(len(weights), 1))
        peak = np.maximum(weights.max(axis=0, initial=0), -weights.min(axis=0, initial=0))
        scale = np.where(peak > 0, peak / np.float32(largest), 1).astype(np.float32)
        units = weights / scale
        return cls(np.rint(units, out=units), scale)

    def __getstate__(self) -> dict[str, Any]:
        """Without ``lines``: they are made again where they are needed, and stand in memory there."""
        return {name: value for name, value in vars(self).items() if name != "lines"}

    @lazily
    def lines(self) -> NDArray[np.int16]:
        """The units for a compiled kernel, and zeros behind them; ``shape (n_features + 1, 32 k)``.

        Each row starts a cache line.
        """
        n, columns = self.units.shape
        width = -(-columns // LANES) * LANES
        room = np.zeros((n + 1) * width + _LINE, dtype=np.int16)
        first = -room.ctypes.data % _LINE // room.itemsize
        lines = room[first : first + (n + 1) * width].reshape(n + 1, width)
        lines[:n, :columns] = self.units
        return lines

    def sums(self, row: NDArray[np.int32], begin: NDArray[np.signedinteger[Any]]) -> NDArray[np.float32]:
        """Sum of the rows of each owner, a row that occurs more than once counted once.

        The rows of all owners are brought into the order of the table, by counting, so that repeated ones
        stand side by side and each row of the table is fetched once.

        Parameters
        ----------
        row : ndarray of int32 of shape (n_entries,)
            Owner by owner.
        begin : ndarray of int of shape (n_owners + 1,)
            Where each owner's begin; the last entry is ``n_entries``.

        Returns
        -------
        ndarray of float32 of shape (n_owners, n_columns)
            In units.
        """
        import scipy.sparse as sp  # takes as long to import as all of load()

        n_owners = len(begin) - 1
        ones = np.ones(len(row), dtype=np.float32)
        by_row = sp.csr_matrix((ones, row, begin), shape=(n_owners, len(self.units))).tocsc()
        owner, first = by_row.indices, by_row.data
        np.not_equal(owner[1:], owner[:-1], out=first[1:], casting="unsafe")
        first[by_row.indptr[:-1][np.diff(by_row.indptr) > 0]] = 1
        sums = by_row @ self.units
        for i in np.flatnonzero(np.diff(begin) > _EXACT // _LARGEST).tolist():
            own = np.unique(row[begin[i] : begin[i + 1]])
            sums[i] = self.units[own].sum(axis=0, dtype=np.float64)
        return np.asarray(sums)

    def sum_of(self, ordered: NDArray[np.uint32]) -> NDArray[np.float32]:
        """:meth:`sums` of one owner, its rows in order; ndarray of float32 of shape (n_columns,)."""
        first = np.empty(len(ordered), dtype=bool)
        first[:1] = True
        np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
        units = self.units.take(ordered[first], axis=0)
        if len(units) > _EXACT // _LARGEST:
            return np.add.reduce(units, axis=0, dtype=np.float64).astype(np.float32)
        return np.asarray(np.einsum("ij->j", units))
