"""The distinct known n-grams of a text and the sum of their weights, compiled; needs the extra ``fast``.

Whole numbers throughout, so that the sums are those of :mod:`~complaint_typing.weight_units`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .kernel_grams import compiled
from .weight_units import LANES

_U32 = np.uint32
_AT_ONCE = 8


@compiled
def room(n: int, lines: Any) -> tuple[Any, Any, Any]:
    """What :func:`distinct` and :func:`add` work in, for texts of at most so many places."""
    seen = np.zeros(len(lines), dtype=np.uint8)
    return seen, np.empty(4 * n + _AT_ONCE, dtype=np.uint32), np.empty(lines.shape[1:], dtype=np.int32)


@compiled
def distinct(rows: Any, n: int, seen: Any, stamp: int, once: Any) -> tuple[int, int]:
    """Write each known row once; how many there are with repeated ones, and without."""
    unknown = _U32(len(seen) - 1)
    seen[unknown] = stamp
    known = n_once = 0
    for j in range(n):
        row = rows[j]
        once[n_once] = row
        known += np.int64(row != unknown)
        n_once += np.int64(seen[row] != stamp)
        seen[row] = stamp
    return known, n_once


@compiled
def add(once: Any, n: int, lines: Any, added: Any) -> None:
    """Sum some rows, eight at a time: eight weights of at most 4095 fit into 16 bits."""
    while n % _AT_ONCE:
        once[n] = len(lines) - 1  # nothing but zeros
        n += 1
    for part in range(lines.shape[1]):
        for k in range(LANES):
            added[part, k] = 0
        for j in range(0, n, _AT_ONCE):
            a, b, c, d = once[j], once[j + 1], once[j + 2], once[j + 3]
            e, f, g, h = once[j + 4], once[j + 5], once[j + 6], once[j + 7]
            for k in range(LANES):
                four = lines[a, part, k] + lines[b, part, k] + lines[c, part, k] + lines[d, part, k]
                more = lines[e, part, k] + lines[f, part, k] + lines[g, part, k] + lines[h, part, k]
                added[part, k] += np.int16(four + more)
