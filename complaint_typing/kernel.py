"""The scoring of :mod:`~complaint_typing.gram_sums` as one compiled pass a text; needs the extra ``fast``.

Imported only by :mod:`~complaint_typing.fast`. Whole numbers throughout, so the sums are the same.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from .lookup import NgramLookup
from .ngrams import LAST_SENTENCE_SALT, MULTIPLIER, ORDER_SALT, Views
from .weight_units import WeightUnits

_GROUP = 256  # texts looked up before their rows are added: the table and the weights take turns in the cache
_compiled = numba.njit(nogil=True, cache=True, boundscheck=False)
_inlined = numba.njit(nogil=True, cache=True, boundscheck=False, inline="always")
_U32, _U64 = np.uint32, np.uint64
_FIRST, _SECOND = _U32(0x85EBCA6B), _U32(0xC2B2AE35)


def sums(
    views: Views, lookup: NgramLookup, table: WeightUnits
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Sums of each text and each last sentence, and how many of its n-grams are known.

    Returns
    -------
    sums : ndarray of float32 of shape (2 * n_texts, n_columns)
        In units.
    found : ndarray of int32 of shape (2 * n_texts,)
    """
    n = len(views.bounds) - 1
    total = np.empty((n, table.units.shape[1]), dtype=np.int32)
    found = np.empty(n, dtype=np.int32)
    tables = (lookup.cells, lookup.crowded, lookup.crowded_rows, table.lines)
    _sums(views.codes, views.bounds, len(views.begin), *tables, lookup.row_bits, total, found)
    return total.astype(np.float32), found


@_compiled
def _sums(
    codes: Any,
    bounds: Any,
    n_whole: int,
    cells: Any,
    crowded: Any,
    crowded_rows: Any,
    lines: Any,
    row_bits: int,
    total: Any,
    found: Any,
) -> None:
    n_texts, n_rows = len(bounds) - 1, len(lines)
    last_seen = np.zeros(n_rows, dtype=np.int32)
    ends = np.zeros(_GROUP + 1, dtype=np.int64)
    added = np.zeros(lines.shape[1], dtype=np.int32)
    for group in range(0, n_texts, _GROUP):
        stop = min(group + _GROUP, n_texts)
        room = 4 * (bounds[stop] - bounds[group]) + 1
        longest = 0
        for i in range(group, stop):
            longest = max(longest, bounds[i + 1] - bounds[i])
        hashes = np.empty(4 * longest, dtype=np.uint32)
        rows = np.empty(room, dtype=np.uint32)
        at = 0
        for i in range(group, stop):
            salt = _U32(LAST_SENTENCE_SALT) if i >= n_whole else _U32(0)
            n = _hash(codes, bounds[i], bounds[i + 1] - bounds[i], salt, hashes)
            known = _find(hashes, n, cells, crowded, crowded_rows, row_bits, _U32(n_rows), rows, at)
            found[i] = known
            at = _distinct(rows, at, known, last_seen, i + 1)
            ends[i - group + 1] = at
        for i in range(group, stop):
            _add(rows, ends[i - group], ends[i - group + 1], lines, added)
            for column in range(total.shape[1]):
                total[i, column] = added[column]


@_inlined
def _mix(h: Any) -> Any:
    h ^= h >> _U32(16)
    h = _U32(h * _FIRST)
    h ^= h >> _U32(13)
    h = _U32(h * _SECOND)
    return _U32(h ^ (h >> _U32(16)))


@_compiled
def _hash(codes: Any, start: int, length: int, salt: Any, hashes: Any) -> int:
    """The hashes of one text, order by order; how many."""
    m = MULTIPLIER
    one, two = _U32(ORDER_SALT[1] + salt), _U32(ORDER_SALT[2] + salt)
    three, four = _U32(ORDER_SALT[3] + salt), _U32(ORDER_SALT[4] + salt)
    for j in range(length):
        hashes[j] = _mix(_U32(codes[start + j] + one))
    for j in range(length):
        h = _U32(_U32(codes[start + j] * m) + codes[start + j + 1])
        hashes[length + j] = _mix(_U32(h + two))
    at, fewer = 2 * length, max(length - 1, 0)
    for j in range(fewer):
        h = _U32(_U32(codes[start + j] * m) + codes[start + j + 1])
        h = _U32(_U32(h * m) + codes[start + j + 2])
        hashes[at + j] = _mix(_U32(h + three))
    at, fewer = at + fewer, max(length - 2, 0)
    for j in range(fewer):
        h = _U32(_U32(codes[start + j] * m) + codes[start + j + 1])
        h = _U32(_U32(h * m) + codes[start + j + 2])
        h = _U32(_U32(h * m) + codes[start + j + 3])
        hashes[at + j] = _mix(_U32(h + four))
    return at + fewer


@_compiled
def _find(
    hashes: Any,
    n: int,
    cells: Any,
    crowded: Any,
    crowded_rows: Any,
    row_bits: int,
    n_rows: Any,
    rows: Any,
    at: int,
) -> int:
    """Write the rows of the known hashes from ``at`` on; how many."""
    cell_bits, shift, flag = _U32(row_bits + 2), _U32(30 - row_bits), _U32(2 << row_bits)
    end = at
    for j in range(n):
        h = hashes[j]
        row = _U32(cells[_U64(h >> shift)] ^ _U32(h << cell_bits))
        bare = _U32(row & ~flag)
        if (row != bare) & (bare >= n_rows):  # rare, and so seldom guessed wrong by the processor
            bare = _elsewhere(h, cells, crowded, crowded_rows, row_bits, n_rows)
        rows[end] = bare
        end += np.int64(bare < n_rows)
    return end - at


@_compiled
def _elsewhere(h: Any, cells: Any, crowded: Any, crowded_rows: Any, row_bits: int, n_rows: Any) -> Any:
    """The row of a hash that is not in its own cell; a number beyond all rows where it is unknown."""
    cell = cells[_U64(h >> _U32(30 - row_bits)) + _U64(1)]
    row = _U32(_U32(cell & ~_U32(2 << row_bits)) ^ _U32(h << _U32(row_bits + 2)) ^ _U32(1 << row_bits))
    place = np.searchsorted(crowded, h)
    if place < len(crowded) and crowded[place] == h:
        row = crowded_rows[place]
    return row


@_compiled
def _distinct(rows: Any, at: int, n: int, last_seen: Any, stamp: int) -> int:
    """Keep each row once, in place; where the kept ones end."""
    end = at
    for j in range(at, at + n):
        row = rows[j]
        rows[end] = row
        end += np.int64(last_seen[row] != stamp)
        last_seen[row] = stamp
    return end


@_compiled
def _add(rows: Any, begin: int, end: int, lines: Any, added: Any) -> None:
    width = lines.shape[1]
    added[:] = 0
    for j in range(begin, end):
        row = rows[j]
        for column in range(width):
            added[column] += lines[row, column]
