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
    >>> sums, counts = table.sums(table.entries(np.array([0, 1, 1]), np.array([0, 0, 0]), 2), 2)
    >>> (sums * table.scale).round(3).tolist(), counts.tolist()
    ([[1.25, -1.5], [0.0, 0.0]], [3, 0])
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

    @property
    def row_bits(self) -> int:
        """How many bits a row takes in the entries of :meth:`sums`."""
        return max(1, len(self.units).bit_length())

    def entries(
        self, row: NDArray[np.integer[Any]], owner: NDArray[np.integer[Any]], n_owners: int
    ) -> NDArray[np.unsignedinteger[Any]]:
        """Rows and their owners as one number each, of 32 bits where they fit.

        Parameters
        ----------
        row, owner : ndarray of int; shapes that broadcast
        n_owners : int
        """
        kind = np.uint32 if n_owners < 1 << (32 - self.row_bits) else np.uint64
        return (owner.astype(kind) << kind(self.row_bits)) | row.astype(kind, copy=False)

    def sums(
        self, entries: NDArray[np.unsignedinteger[Any]], n_owners: int
    ) -> tuple[NDArray[np.float32], NDArray[np.signedinteger[Any]]]:
        """Sum of the rows of each owner, a row that occurs more than once counted once.

        Parameters
        ----------
        entries : ndarray of uint32 or uint64
            As :meth:`entries` makes them; sorted here, in place.
        n_owners : int

        Returns
        -------
        sums : ndarray of float32 of shape (n_owners, n_columns)
            In units.
        counts : ndarray of int of shape (n_owners,)
            How many entries each owner has, repeated ones included.
        """
        import scipy.sparse as sp  # takes as long to import as all of load()

        kind, shift = entries.dtype.type, entries.dtype.type(self.row_bits)
        entries.sort()
        first = np.ones(len(entries), dtype=np.float32)
        np.not_equal(entries[1:], entries[:-1], out=first[1:], casting="unsafe")
        begin = np.searchsorted(entries, np.arange(n_owners + 1, dtype=kind) << shift).astype(np.int32)
        rows = (entries & ((kind(1) << shift) - kind(1))).astype(np.int32)
        sums = sp.csr_matrix((first, rows, begin), shape=(n_owners, len(self.units))) @ self.units
        counts = np.diff(begin)
        for i in np.flatnonzero(counts > _EXACT // _LARGEST).tolist():
            own = slice(begin[i], begin[i + 1])
            sums[i] = self.units[rows[own][first[own] > 0]].sum(axis=0, dtype=np.float64)
        return sums, counts

    def sum_of(self, ordered: NDArray[np.uint32]) -> NDArray[np.float32]:
        """:meth:`sums` of one owner, its rows in order; ndarray of float32 of shape (n_columns,)."""
        first = np.empty(len(ordered), dtype=bool)
        first[:1] = True
        np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
        units = self.units.take(ordered[first], axis=0)
        if len(units) > _EXACT // _LARGEST:
            return np.add.reduce(units, axis=0, dtype=np.float64).astype(np.float32)
        return np.asarray(np.einsum("ij->j", units))
