"""Folding the texts of a block as two compiled passes; needs the extra ``fast``.

Used through :mod:`~complaint_typing.fast` alone. The same rules as those of :mod:`~complaint_typing.folding`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .folding import (
    ENDS_SENTENCE,
    IS_BLANK,
    IS_DIGIT,
    IS_HARD,
    IS_SLASH,
    LONGEST_DIGIT_RUN,
    FoldedBlock,
)
from .kernel_grams import compiled, short

_U32 = np.uint32
_CODE, _MARKS_FROM = _U32(0x1FFFFF), _U32(24)
_COLON, _W = _U32(ord(":")), _U32(ord("w"))


def looked_up(
    codes: NDArray[np.uint32], edges: NDArray[np.int64], table: NDArray[np.uint32], edge: np.uint32
) -> tuple[NDArray[np.uint32], NDArray[np.bool_], NDArray[np.int64]]:
    """The table's entry of each character, which are kept, and which texts need a closer look.

    Parameters
    ----------
    codes : ndarray of uint32
        All of them in the table.
    edges : ndarray of int64 of shape (n_texts + 1,)
        Where in `codes` something stands before, between and after the texts.
    table : ndarray of uint32
    edge : uint32
        The entry at the edges.
    """
    entries, keep = np.empty(len(codes), dtype=np.uint32), np.empty(len(codes), dtype=np.bool_)
    hard = np.zeros(len(edges) - 1, dtype=np.bool_)
    _look_up(codes, edges, table, edge, entries, keep, hard)
    return entries, keep, np.flatnonzero(hard)


def gathered(entries: NDArray[np.uint32], keep: NDArray[np.bool_], edges: NDArray[np.int64]) -> FoldedBlock:
    """The block of those entries that are kept."""
    n = int(np.count_nonzero(keep))
    codes, marks = np.empty(n, dtype=np.uint32), np.empty(n, dtype=np.uint8)
    places, bounds = np.empty(n, dtype=np.int64), np.empty(len(edges), dtype=np.int64)
    _gather(entries, keep, edges, codes, marks, places, bounds)
    return FoldedBlock(codes, bounds, marks, places)


def folded_one(codes: NDArray[np.uint32], table: NDArray[np.uint32], edge: np.uint32) -> FoldedBlock | None:
    """The block of one text; None where that needs a closer look.

    Parameters
    ----------
    codes : ndarray of uint32
        With something before and behind the text.
    table, edge
        As for :func:`looked_up`.
    """
    n = len(codes)
    padded, marks, places = np.empty(n, np.uint32), np.empty(n, np.uint8), np.empty(n, np.int64)
    bounds = np.array((0, n - 1))
    if not _fold_one(codes, table, edge, padded, marks, places, bounds):
        return None
    n = bounds.item(1) + 1
    return FoldedBlock(padded[:n], bounds, marks[:n], places[:n])


@short
def _fold_one(codes: Any, table: Any, edge: Any, padded: Any, marks: Any, places: Any, bounds: Any) -> bool:
    for code in codes:
        if code >= len(table):
            return False
    entries, keep = np.empty(len(codes), dtype=np.uint32), np.empty(len(codes), dtype=np.bool_)
    hard, edges = np.zeros(1, dtype=np.bool_), bounds.copy()
    _look_up(codes, edges, table, edge, entries, keep, hard)
    _gather(entries, keep, edges, padded, marks, places, bounds)
    return not hard[0]


@compiled
def _look_up(codes: Any, edges: Any, table: Any, edge: Any, entries: Any, keep: Any, hard: Any) -> None:
    entries[0], keep[0] = edge, True
    for i in range(len(edges) - 1):
        digits, blank, solid = 0, True, edges[i]
        before = earlier = edge
        for p in range(edges[i] + 1, edges[i + 1]):
            entry = table[codes[p]]
            mark = entry >> _MARKS_FROM
            is_blank, is_digit = (mark & _U32(IS_BLANK)) != 0, (mark & _U32(IS_DIGIT)) != 0
            digits = digits + 1 if is_digit else 0
            keep[p] = not (is_blank and blank) and digits <= LONGEST_DIGIT_RUN
            entries[p], blank = entry, is_blank
            solid = solid if is_blank else p
            slashes = (mark & (before >> _MARKS_FROM) & _U32(IS_SLASH)) != 0
            link = slashes and (earlier & _CODE) == _COLON
            ends = (mark & _U32(ENDS_SENTENCE)) != 0 and (before & _CODE) == _W
            if link or ends or (mark & _U32(IS_HARD)) != 0:
                hard[i] = True
            earlier, before = before, entry
        for p in range(solid + 1, edges[i + 1]):
            keep[p] = False
        entries[edges[i + 1]], keep[edges[i + 1]] = edge, True


@compiled
def _gather(entries: Any, keep: Any, edges: Any, codes: Any, marks: Any, places: Any, bounds: Any) -> None:
    n = 0
    for p in range(len(entries)):
        if keep[p]:
            codes[n] = entries[p] & _CODE
            marks[n] = np.uint8(entries[p] >> _MARKS_FROM)
            places[n] = p
            n += 1
    n = 0
    for i in range(len(edges)):
        while places[n] < edges[i]:
            n += 1
        bounds[i] = n
