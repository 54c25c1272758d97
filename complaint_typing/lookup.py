"""Finds the row of a hashed n-gram in a weight table: two gathers an n-gram, no vocabulary kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FEWEST_BITS = 16
_CELLS_A_KEY = 2.5
_LARGE_GROUP, _LARGEST_GROUP = 4, 64
_MOST_TABLES, _MOST_MOVES = 3, 4096
_SPREAD = np.uint32(0x9E3779B1)
_EMPTY = np.uint32(0xFFFFFFFF)  # its row is beyond all rows


class NgramLookup:
    """A perfect hash table over the 32-bit hashes of the n-grams that a model knows: one cell is enough.

    The lower bits of a hash give its group, the upper ones its cell, once they are moved as its group is
    moved; the moves were chosen so that no two keys meet ("hash, displace, and compress", Belazzougui,
    Botelho and Dietzfelbinger, 2009). A cell holds the row, and the bits of the hash that do not follow from
    its place: together the whole hash, so no other n-gram is taken for a known one.

    Parameters
    ----------
    keys : ndarray of uint32 of shape (n_features,)
        The known hashes, all distinct.

    Attributes
    ----------
    cells : ndarray of uint32 of shape (2 ** index_bits,)
        From the top: the lower bits of the hash, the row.
    moves : ndarray of uint32
        Of each group; their number is a power of two.
    index_bits : int

    Raises
    ------
    ValueError
        When two keys are equal, or so many alike that they are no hashes.

    >>> lookup = NgramLookup(np.array([7, 9], dtype=np.uint32))
    >>> lookup.rows(np.array([9, 8, 7], dtype=np.uint32)).tolist()
    [1, 2, 0]
    """

    def __init__(self, keys: NDArray[np.uint32]):
        if not all_distinct(keys):
            raise ValueError("its n-grams are not distinct")
        self.n = len(keys)
        fewest = max(_FEWEST_BITS, int(self.n * _CELLS_A_KEY).bit_length())
        if not any(self._filled(keys, bits) for bits in range(fewest, fewest + _MOST_TABLES)):
            raise ValueError("its n-grams are no hashes: too many are alike")

    def rows(self, hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Row of each hash, ``n`` where it is unknown; ndarray of the shape of the hashes."""
        place = np.take(self.moves, hashes & np.uint32(len(self.moves) - 1))
        place ^= hashes >> np.uint32(32 - self.index_bits)
        row = np.take(self.cells, place)
        row ^= np.left_shift(hashes, np.uint32(self.index_bits), out=place)
        return np.minimum(row, np.uint32(self.n), out=row)

    def _filled(self, keys: NDArray[np.uint32], bits: int) -> bool:
        """Make a table of so many bits; False where the keys of some group find no cells."""
        still = max(0, 2 * bits - 34)  # bits of a cell's place that no move changes, so that groups are small
        self.index_bits, step = bits, np.uint32(1 << still)
        self.moves = np.arange(1 << (32 - bits + still), dtype=np.uint32) * _SPREAD & _whole_steps(bits, step)
        self.cells = np.full(1 << bits, _EMPTY, dtype=np.uint32)
        rows = np.arange(len(keys), dtype=np.uint32)
        group = keys[rows] & np.uint32(len(self.moves) - 1)
        size = np.bincount(group, minlength=1)
        large = size[group] >= _LARGE_GROUP
        return size.max() <= _LARGEST_GROUP and all(
            self._settled(keys, some, step) for some in (rows[large], rows[~large])
        )

    def _settled(self, keys: NDArray[np.uint32], rows: NDArray[np.uint32], step: np.uint32) -> bool:
        """Move groups on, all at once, until each has free cells for all of its keys."""
        group, home = keys & np.uint32(len(self.moves) - 1), keys >> np.uint32(32 - self.index_bits)
        winner, lost = np.empty(len(self.cells), dtype=np.uint32), np.zeros(len(self.moves), dtype=bool)
        for _ in range(_MOST_MOVES):
            own = group[rows]
            place = home[rows] ^ self.moves[own]
            winner[place] = own
            lost[own[(self.cells[place] != _EMPTY) | (winner[place] != own)]] = True
            again = lost[own]
            done = rows[~again]
            self.cells[place[~again]] = (keys[done] << np.uint32(self.index_bits)) | done
            rows, own = rows[again], own[again]
            if not len(rows):
                return True
            lost[own] = False
            self.moves[own] = (self.moves[own] + step) & _whole_steps(self.index_bits, step)
        return False


def _whole_steps(bits: int, step: np.uint32) -> np.uint32:
    """The bits of a cell's place that a move may change."""
    return np.uint32((1 << bits) - int(step))


def all_distinct(keys: NDArray[np.uint32]) -> bool:
    """Whether no key stands there twice.

    >>> all_distinct(np.array([7, 9, 7], dtype=np.uint32))
    False
    """
    ordered = np.sort(keys, axis=None)
    return bool((ordered[1:] != ordered[:-1]).all())
