"""The n-grams of one text, hashed and looked up by compiled code; needs the extra ``fast``.

The same hashes and rows as those of :mod:`~complaint_typing.ngrams` and :mod:`~complaint_typing.lookup`.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .lookup import NgramLookup
from .ngrams import MULTIPLIER, ORDER_SALT


def _kept() -> bool:
    """Whether compiled code can be kept for the next process: not where nothing may be written."""
    try:
        numba.njit(cache=True)(_kept)
    except RuntimeError:
        return False
    return True


_HOW: dict[str, Any] = {"cache": _kept(), "boundscheck": False}
compiled = numba.njit(**_HOW, nogil=True)
inlined = numba.njit(**_HOW, nogil=True, inline="always")
short = numba.njit(**_HOW)
"""For what is called for one text: to get Python's lock back would take longer than the work."""
_U32, _U64 = np.uint32, np.uint64
_FIRST, _SECOND = _U32(0x85EBCA6B), _U32(0xC2B2AE35)


def table_of(lookup: NgramLookup) -> tuple[Any, ...]:
    """A look-up as compiled code takes it."""
    return lookup.moves, lookup.cells, lookup.index_bits, lookup.n


@compiled
def longest(bounds: Any) -> int:
    """Places of the longest text."""
    most = 0
    for i in range(len(bounds) - 1):
        most = max(most, bounds[i + 1] - bounds[i])
    return most


@compiled
def look_up(codes: Any, start: int, n: int, salt: Any, table: Any, rows: Any) -> None:
    """The row of each n-gram of a text, order by order; as many as there are rows where none is known.

    Parameters
    ----------
    codes : ndarray of uint32
    start, n : int
        Where the text begins in them, with the blank before it, and how many places it has.
    salt : uint32
        Of the view.
    table : tuple
        As :func:`table_of` gives it.
    rows : ndarray of uint32
        The first 4 * n are written.
    """
    moves, cells, bits, n_rows = table
    unknown, above, beside = _U32(n_rows), _U32(bits), _U32(32 - bits)
    mask = _U32(len(moves) - 1)
    _hash(codes, start, n, salt, rows)
    for j in range(4 * n):
        h = rows[j]
        cell = cells[_U64((h >> beside) ^ moves[_U64(h & mask)])]
        rows[j] = min(_U32(cell ^ _U32(h << above)), unknown)
    for order in range(2, 4):
        for j in range(max(n - order + 1, 0), n):
            rows[order * n + j] = unknown


@inlined
def _mix(h: Any) -> Any:
    h ^= h >> _U32(16)
    h = _U32(h * _FIRST)
    h ^= h >> _U32(13)
    h = _U32(h * _SECOND)
    return _U32(h ^ (h >> _U32(16)))


@compiled
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
