"""Finds the row of a hashed n-gram in a weight table: one gather an n-gram, no vocabulary kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PROBES = 4
EMPTY = np.uint32(0xFFFFFFFF)
_FEWEST_BITS = 6


class NgramLookup:
    """A hash table over the 32-bit hashes of the n-grams that a model knows, probed in four cells.

    The upper bits of a hash give its first cell. A cell holds the other bits, how far it is from the
    first cell of its hash (0 to 3), and the row: together the whole hash, so no other n-gram is taken
    for a known one.

    Parameters
    ----------
    keys : ndarray of uint32 of shape (n_features,)
        The known hashes, the most important first.

    Attributes
    ----------
    cells : ndarray of uint32
        From the top: the lower bits of the hash, the distance, the row.
    row_bits : int
    crowded, crowded_rows : ndarray of uint32
        The few keys that find their four cells taken, in order, and their rows.

    >>> lookup = NgramLookup(np.array([7, 9], dtype=np.uint32))
    >>> lookup.rows(np.array([9, 8, 7], dtype=np.uint32)).tolist()
    [1, -1, 0]
    """

    def __init__(self, keys: NDArray[np.uint32]):
        self.n = len(keys)
        self.row_bits = max(_FEWEST_BITS, self.n.bit_length())
        self.cell_bits = np.uint32(self.row_bits + 2)
        self.shift = np.uint32(32 - self.row_bits - 2)
        self.cells = np.full((4 << self.row_bits) + PROBES - 1, EMPTY, dtype=np.uint32)
        entries = (keys << self.cell_bits) | np.arange(self.n, dtype=np.uint32)
        home = (keys >> self.shift).astype(np.intp)
        waiting = np.arange(self.n)
        for distance in range(PROBES):
            place = home[waiting] + distance
            entry = entries[waiting] | np.uint32(distance << self.row_bits)
            free = np.flatnonzero(self.cells[place] == EMPTY)[::-1]
            self.cells[place[free]] = entry[free]
            waiting = waiting[self.cells[place] != entry]
        waiting = waiting[np.argsort(keys[waiting], kind="stable")]
        self.crowded, self.crowded_rows = keys[waiting], waiting.astype(np.uint32)

    def rows(self, hashes: NDArray[np.uint32]) -> NDArray[np.int32]:
        """Row of each hash, -1 where it is unknown; ndarray of int32 of the shape of the hashes."""
        row, known = self.find(hashes)
        return np.where(known, row.astype(np.int32), np.int32(-1))

    def find(self, hashes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
        """Row of each hash, and whether it is known; where it is not, the row means nothing."""
        cell = np.take(self.cells, hashes >> self.shift)
        row = hashes << self.cell_bits
        row ^= cell
        known = row < np.uint32(self.n)
        unsure = cell != EMPTY
        unsure &= ~known
        places = np.flatnonzero(unsure)
        flat_row, flat_known, asked = row.reshape(-1), known.reshape(-1), hashes.reshape(-1)[places]
        for distance in range(1, PROBES):
            cell = np.take(self.cells, (asked >> self.shift) + np.uint32(distance))
            there = (asked << self.cell_bits) ^ cell ^ np.uint32(distance << self.row_bits)
            hit = np.flatnonzero(there < np.uint32(self.n))
            flat_row[places[hit]] = there[hit]
            flat_known[places[hit]] = True
            on = np.flatnonzero((cell != EMPTY) & (there >= np.uint32(self.n)))
            places, asked = places[on], asked[on]
        if len(places) and len(self.crowded):
            at = np.minimum(np.searchsorted(self.crowded, asked), len(self.crowded) - 1)
            hit = np.flatnonzero(self.crowded[at] == asked)
            flat_row[places[hit]] = self.crowded_rows[at[hit]]
            flat_known[places[hit]] = True
        return row, known
