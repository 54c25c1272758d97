"""Finds the row of a hashed n-gram in a weight table: one gather an n-gram, no vocabulary kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FEWEST_BITS = 6
_BESIDE = 2  # a key stands in its own cell or in the next


class NgramLookup:
    """A hash table over the 32-bit hashes of the n-grams that a model knows.

    The upper bits of a hash give its cell. A cell holds the other bits of the hash, whether it stands one
    cell off, and the row: together the whole hash, so no other n-gram is taken for a known one. A flag says
    that some hash of this cell stands elsewhere: without it, one look is enough.

    Parameters
    ----------
    keys : ndarray of uint32 of shape (n_features,)
        The known hashes, the most important first.

    Attributes
    ----------
    cells : ndarray of uint32
        From the top: the lower bits of the hash, the flag, whether one cell off, the row.
    row_bits : int
    crowded, crowded_rows : ndarray of uint32
        The few keys that find both cells taken, in order, and their rows.
    crowded_from : ndarray of int64 of shape (257,)
        Where those begin that have each upper byte.

    >>> lookup = NgramLookup(np.array([7, 9], dtype=np.uint32))
    >>> lookup.rows(np.array([9, 8, 7], dtype=np.uint32)).tolist()
    [1, 2, 0]
    """

    def __init__(self, keys: NDArray[np.uint32]):
        self.n = len(keys)
        self.row_bits = max(_FEWEST_BITS, self.n.bit_length())
        self.cell_bits, self.shift = np.uint32(self.row_bits + 2), np.uint32(30 - self.row_bits)
        self.off, self.flag = np.uint32(1 << self.row_bits), np.uint32(2 << self.row_bits)
        empty = ~self.flag
        self.cells = np.full((4 << self.row_bits) + _BESIDE - 1, empty, dtype=np.uint32)
        entries = (keys << self.cell_bits) | np.arange(self.n, dtype=np.uint32)
        home = (keys >> self.shift).astype(np.intp)
        waiting = np.arange(self.n)
        for distance in range(_BESIDE):
            place, entry = home[waiting] + distance, entries[waiting] | self.off * np.uint32(distance)
            free = np.flatnonzero(self.cells[place] == empty)[::-1]
            self.cells[place[free]] = entry[free]
            waiting = waiting[self.cells[place] != entry]
            self.cells[home[waiting]] |= self.flag
        waiting = waiting[np.argsort(keys[waiting], kind="stable")]
        self.crowded, self.crowded_rows = keys[waiting], waiting.astype(np.uint32)
        self.crowded_from = np.searchsorted(self.crowded, np.arange(257, dtype=np.uint64) << np.uint64(24))

    def rows(self, hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Row of each hash, ``n`` where it is unknown; ndarray of the shape of the hashes."""
        entry = hashes << self.cell_bits
        entry ^= np.take(self.cells, hashes >> self.shift)
        row = entry & ~self.flag
        elsewhere = row >= np.uint32(self.n)
        elsewhere &= entry != row
        places = np.flatnonzero(elsewhere)
        np.minimum(row, np.uint32(self.n), out=row)
        if len(places):
            row.reshape(-1)[places] = self._elsewhere(hashes.reshape(-1)[places])
        return row

    def _elsewhere(self, asked: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Row of each hash that is not in its own cell."""
        row = np.take(self.cells, (asked >> self.shift) + np.uint32(1)) & ~self.flag
        row ^= (asked << self.cell_bits) ^ self.off
        np.minimum(row, np.uint32(self.n), out=row)
        left = np.flatnonzero(row == np.uint32(self.n)) if len(self.crowded) else ()
        if len(left):
            asked = asked[left]
            at = np.minimum(np.searchsorted(self.crowded, asked), len(self.crowded) - 1)
            row[left] = np.where(self.crowded[at] == asked, self.crowded_rows[at], row[left])
        return row
