"""The beginnings of cues' keys looked up in one compiled pass; needs the extra ``fast``.

Used through :mod:`~complaint_typing.fast` alone. The same bits as in :mod:`~complaint_typing.cue_search`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernel_grams import compiled, short

_U32, _U64 = np.uint32, np.uint64
_FACTOR, _SHIFT = _U32(0x9E3779B1), _U32(18)
_WIDE_FACTOR, _WIDE_SHIFT = _U64(0x9E3779B97F4A7C15), _U64(29)


def mark_cues(
    codes: NDArray[np.uint32], bounds: NDArray[np.int64], tables: Any, found: NDArray[np.uint64]
) -> None:
    """Set the bits of the cues whose beginnings stand in each text.

    Parameters
    ----------
    codes : ndarray of uint32
    bounds : ndarray of int64 of shape (n_texts + 1,)
    tables : CueTables
    found : ndarray of uint64 of shape (n_texts, n_words)
        Changed in place.
    """
    _mark(codes, bounds, *tables, found)


def mark_cues_of_one(
    codes: NDArray[np.uint32], bounds: NDArray[np.int64], tables: Any, found: NDArray[np.uint64]
) -> None:
    """The same for one text."""
    _mark_one(codes, bounds, *tables, found)


@short
def _mark_one(
    codes: Any, bounds: Any, may_be: Any, may_begin: Any, known: Any, starts: Any, bits: Any, found: Any
) -> None:
    _mark(codes, bounds, may_be, may_begin, known, starts, bits, found)


@compiled
def _mark(
    codes: Any,
    bounds: Any,
    may_be: Any,
    may_begin: Any,
    known: Any,
    starts: Any,
    bits: Any,
    found: Any,
) -> None:
    for i in range(len(bounds) - 1):
        end = bounds[i + 1] + 1
        for p in range(bounds[i], end - 1):
            short = _U32(0)
            for length in range(1, min(len(may_be), end - p) + 1):
                short = _U32(_U32(short + codes[p + length - 1]) * _FACTOR)
                place = short >> _SHIFT
                if may_be[length - 1, place]:
                    begin = starts[length - 1]
                    of_length = known[begin : starts[length]]
                    long = _long_hash(codes, p, length)
                    at = np.searchsorted(of_length, long)
                    if at < len(of_length) and of_length[at] == long:
                        for word in range(found.shape[1]):
                            found[i, word] |= bits[begin + at, word]
                if not may_begin[length - 1, place]:
                    break


@compiled
def _long_hash(codes: Any, p: int, length: int) -> Any:
    long = _U64(codes[p])
    for k in range(1, length):
        long = _U64(long * _WIDE_FACTOR + _U64(codes[p + k]))
        long ^= long >> _WIDE_SHIFT
    return long
