"""Looking up n-grams and summing their weights as compiled passes; needs the extra ``fast``.

Used through :mod:`~complaint_typing.fast` alone. Whole numbers throughout, so that the sums are those of
:mod:`~complaint_typing.gram_sums`.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from .kernel_fold import gathered, looked_up
from .kernel_words import word_runs
from .lookup import NgramLookup
from .ngrams import LAST_SENTENCE_SALT, MULTIPLIER, ORDER_SALT, Views
from .weight_units import LANES, WeightUnits

__all__ = ["gathered", "looked_up", "rows", "sums", "word_runs"]
_compiled = numba.njit(nogil=True, cache=True, boundscheck=False)
_inlined = numba.njit(nogil=True, cache=True, boundscheck=False, inline="always")
_U32, _U64 = np.uint32, np.uint64
_FIRST, _SECOND = _U32(0x85EBCA6B), _U32(0xC2B2AE35)
_MOST_STAMPS = 255


def rows(views: Views, lookup: NgramLookup) -> NDArray[np.uint32]:
    """As :attr:`~complaint_typing.gram_sums.LookedUp.rows`."""
    found = np.empty((4, int(views.bounds[-1])), dtype=np.uint32)
    tables = (lookup.cells, lookup.crowded, lookup.crowded_rows, lookup.crowded_from)
    _rows(views.codes, views.bounds, len(views.begin), *tables, lookup.row_bits, lookup.n, found)
    return found


def sums(
    rows: NDArray[np.uint32], bounds: NDArray[np.int64], table: WeightUnits
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Sum of the distinct known rows between each two bounds, and how many there are with repeated ones.

    Parameters
    ----------
    rows : ndarray of uint32 of shape (4, n_places)
        A row, or ``len(table.units)``.
    bounds : ndarray of int64 of shape (n + 1,)
    table : WeightUnits

    Returns
    -------
    sums : ndarray of float32 of shape (n, n_columns)
        In units.
    found : ndarray of int32 of shape (n,)
    """
    n, columns = len(bounds) - 1, table.units.shape[1]
    total, found = np.empty((n, columns), dtype=np.float32), np.empty(n, dtype=np.int32)
    lines = table.lines.reshape(len(table.units), -1, LANES)
    _sums(rows, bounds, lines, total, found)
    return total, found


@_compiled
def _rows(
    codes: Any,
    bounds: Any,
    n_whole: int,
    cells: Any,
    crowded: Any,
    crowded_rows: Any,
    crowded_from: Any,
    row_bits: int,
    n_rows: int,
    rows: Any,
) -> None:
    cell_bits, shift, flag = _U32(row_bits + 2), _U32(30 - row_bits), _U32(2 << row_bits)
    unknown, most = _U32(n_rows), 0
    for i in range(len(bounds) - 1):
        most = max(most, bounds[i + 1] - bounds[i])
    hashes, entries = np.empty(4 * most, dtype=np.uint32), np.empty(4 * most, dtype=np.uint32)
    for i in range(len(bounds) - 1):
        salt = _U32(LAST_SENTENCE_SALT) if i >= n_whole else _U32(0)
        start, length = bounds[i], bounds[i + 1] - bounds[i]
        _hash(codes, start, length, salt, hashes)
        for j in range(4 * length):
            h = hashes[j]
            entries[j] = _U32(cells[_U64(h >> shift)] ^ _U32(h << cell_bits))
        for order in range(4):
            for j in range(length):
                entry = entries[order * length + j]
                row = _U32(entry & ~flag)
                if (row != entry) & (row >= unknown):  # rare, and so seldom guessed wrong by the processor
                    h = hashes[order * length + j]
                    row = _elsewhere(h, cells, crowded, crowded_rows, crowded_from, row_bits)
                rows[order, start + j] = min(row, unknown)
            for j in range(max(length - order + 1, 0), length):
                rows[order, start + j] = unknown


@_inlined
def _mix(h: Any) -> Any:
    h ^= h >> _U32(16)
    h = _U32(h * _FIRST)
    h ^= h >> _U32(13)
    h = _U32(h * _SECOND)
    return _U32(h ^ (h >> _U32(16)))


@_compiled
def _hash(codes: Any, start: int, length: int, salt: Any, hashes: Any) -> None:
    """The hashes of one text, order by order; those that reach over its end mean nothing."""
    m = MULTIPLIER
    one, two = _U32(ORDER_SALT[1] + salt), _U32(ORDER_SALT[2] + salt)
    three, four = _U32(ORDER_SALT[3] + salt), _U32(ORDER_SALT[4] + salt)
    for j in range(length):
        h = codes[start + j]
        hashes[j] = _mix(_U32(h + one))
        h = _U32(_U32(h * m) + codes[start + j + 1])
        hashes[length + j] = _mix(_U32(h + two))
    for j in range(length - 1):
        h = _U32(_U32(codes[start + j] * m) + codes[start + j + 1])
        h = _U32(_U32(h * m) + codes[start + j + 2])
        hashes[2 * length + j] = _mix(_U32(h + three))
    for j in range(length - 2):
        h = _U32(_U32(codes[start + j] * m) + codes[start + j + 1])
        h = _U32(_U32(h * m) + codes[start + j + 2])
        h = _U32(_U32(h * m) + codes[start + j + 3])
        hashes[3 * length + j] = _mix(_U32(h + four))


@_compiled
def _elsewhere(h: Any, cells: Any, crowded: Any, crowded_rows: Any, crowded_from: Any, row_bits: int) -> Any:
    """The row of a hash that is not in its own cell; a number beyond all rows where it is unknown."""
    cell = cells[_U64(h >> _U32(30 - row_bits)) + _U64(1)]
    row = _U32(_U32(cell & ~_U32(2 << row_bits)) ^ _U32(h << _U32(row_bits + 2)) ^ _U32(1 << row_bits))
    top = np.int64(h >> _U32(24))
    for place in range(crowded_from[top], crowded_from[top + 1]):
        if crowded[place] == h:
            row = crowded_rows[place]
    return row


@_compiled
def _sums(rows: Any, bounds: Any, lines: Any, total: Any, found: Any) -> None:
    n_rows = len(lines)
    seen = np.zeros(n_rows + 1, dtype=np.uint8)
    most = 0
    for i in range(len(bounds) - 1):
        most = max(most, bounds[i + 1] - bounds[i])
    once = np.empty(4 * most + 1, dtype=np.uint32)
    added = np.empty(lines.shape[1:], dtype=np.int32)
    stamp = 0
    for i in range(len(bounds) - 1):
        stamp += 1
        if stamp > _MOST_STAMPS:
            for row in range(n_rows):
                seen[row] = 0
            stamp = 1
        found[i], n = _distinct(rows, bounds[i], bounds[i + 1], seen, stamp, once)
        _add(once, n, lines, added)
        for column in range(total.shape[1]):
            total[i, column] = added[column // LANES, column % LANES]


@_compiled
def _distinct(rows: Any, start: int, stop: int, seen: Any, stamp: int, once: Any) -> tuple[int, int]:
    """Write each known row once; how many there are with repeated ones, and without."""
    unknown = _U32(len(seen) - 1)
    seen[unknown] = stamp
    known = n = 0
    for order in range(4):
        for j in range(start, stop):
            row = rows[order, j]
            once[n] = row
            known += np.int64(row != unknown)
            n += np.int64(seen[row] != stamp)
            seen[row] = stamp
    return known, n


@_compiled
def _add(once: Any, n: int, lines: Any, added: Any) -> None:
    """Sum some rows, eight at a time: eight weights of at most 4095 fit into 16 bits."""
    whole = n - n % 8
    for part in range(lines.shape[1]):
        for k in range(LANES):
            added[part, k] = 0
        for j in range(0, whole, 8):
            a, b, c, d = once[j], once[j + 1], once[j + 2], once[j + 3]
            e, f, g, h = once[j + 4], once[j + 5], once[j + 6], once[j + 7]
            for k in range(LANES):
                four = lines[a, part, k] + lines[b, part, k] + lines[c, part, k] + lines[d, part, k]
                more = lines[e, part, k] + lines[f, part, k] + lines[g, part, k] + lines[h, part, k]
                added[part, k] += np.int16(four + more)
        for j in range(whole, n):
            for k in range(LANES):
                added[part, k] += lines[once[j], part, k]
