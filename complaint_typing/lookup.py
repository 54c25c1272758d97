"""Finds the row of a hashed n-gram in a weight table: one gather an n-gram, no vocabulary kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_EMPTY = np.uint64(0xFFFFFFFF)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


class NgramLookup:
    """A hash table of two probes over the 32-bit hashes of the n-grams that a model knows.

    Parameters
    ----------
    keys : ndarray of uint32 of shape (n_features,)
        The known hashes, the most important first. A hash whose two places are taken is left out.

    >>> lookup = NgramLookup(np.array([7, 9], dtype=np.uint32))
    >>> lookup.rows(np.array([9, 8, 7], dtype=np.uint32)).tolist()
    [1, -1, 0]
    """

    def __init__(self, keys: NDArray[np.uint32]):
        bits = max(8, int(len(keys) * 8 - 1).bit_length())
        self._mask = np.uint32((1 << bits) - 1)
        self._slots = np.full(1 << bits, _EMPTY, dtype=np.uint64)
        entries = (keys.astype(np.uint64) << _HALF) | np.arange(len(keys), dtype=np.uint64)
        waiting = np.arange(len(keys))
        for probe in (0, 1):
            place = (keys[waiting] + np.uint32(probe)) & self._mask
            free = np.flatnonzero(self._slots[place] == _EMPTY)
            first = free[np.unique(place[free], return_index=True)[1]]
            self._slots[place[first]] = entries[waiting[first]]
            waiting = np.delete(waiting, first)
        self.left_out = waiting

    def rows(self, hashes: NDArray[np.uint32]) -> NDArray[np.int32]:
        """Row of each hash, -1 where it is unknown; ndarray of int32 of shape (n_hashes,)."""
        wanted = hashes.astype(np.uint64)
        entry = self._slots[hashes & self._mask]
        missed = np.flatnonzero(((entry >> _HALF) != wanted) & (entry != _EMPTY))
        entry[missed] = self._slots[(hashes[missed] + np.uint32(1)) & self._mask]
        row = (entry & _LOW).astype(np.uint32).astype(np.int32)
        row[(entry >> _HALF) != wanted] = -1
        return row
