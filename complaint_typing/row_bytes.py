"""Rows of a clean CSV file as they are written again: mostly as they stand, without making their cells."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from .cell_bytes import each_cell
from .cell_rows import CellRows
from .formula_guard import FIRST_WATCHED, guard

_COMMA, _SPECIAL = ord(","), tuple(b',"\n\r')


def written_rows(rows: CellRows, guarded: bool) -> list[bytes]:
    """Each row as :func:`~complaint_typing.cell_bytes.each_cell` writes its cells, joined by commas.

    Parameters
    ----------
    rows : CellRows
    guarded : bool
        Whether cells are kept from starting a formula.

    >>> from complaint_typing.clean_rows import split_clean
    >>> data = b'1;"a;b"\\n"2";a,b\\n=3;"say ""so"", twice"\\n'
    >>> written_rows(split_clean(data, ";", '"', ("id", "text")), guarded=True)
    [b'1,a;b', b'2,"a,b"', b'\\'=3,"say ""so"", twice"']
    """
    codes = np.frombuffer(rows.data, np.uint8)
    special, begin, end = _special(rows, codes), *rows.spans()
    odd = (special & ~rows.quoted).any(axis=1)
    odd |= _guarded(rows, codes) if guarded else False
    data, needless = rows.data, rows.quoted & ~special
    if rows.delimiter != ",":
        codes = codes.copy()
        codes[rows.ends[:, :-1] + rows.quoted[:, :-1]] = _COMMA
        data = codes.tobytes()
    if needless.any():
        kept = np.ones(len(codes), bool)
        kept[rows.starts[needless] - 1] = kept[rows.ends[needless]] = False
        before = np.concatenate([[0], np.cumsum(kept)])
        data, begin, end = codes[kept].tobytes(), before[begin], before[end]
    found = [data[a:b] for a, b in zip(begin.tolist(), end.tolist(), strict=True)]
    for i in np.flatnonzero(odd | (rows.quoted.any(axis=1) & (rows.quote != '"'))).tolist():
        found[i] = b",".join(each_cell(rows[i], guarded))
    return found


def _special(rows: CellRows, codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which cells must be written in quote marks."""
    found = np.zeros(rows.starts.shape, bool)
    usual = rows.delimiter == "," and rows.quote == '"'
    searched = rows.quoted if usual else np.ones(found.shape, bool)
    if searched.any():
        there = np.logical_or.reduce([codes == mark for mark in _SPECIAL])
        places = np.flatnonzero(there)
        starts, ends = rows.starts[searched], rows.ends[searched]
        found[searched] = np.searchsorted(places, starts) < np.searchsorted(places, ends)
    return found


def _guarded(rows: CellRows, codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which rows have a cell that gets an apostrophe."""
    found = np.zeros(len(rows), bool)
    first = codes[np.minimum(rows.starts, len(codes) - 1)]
    watched = np.nonzero(_watched()[first] & (rows.ends > rows.starts))
    for row, column in zip(*map(np.ndarray.tolist, watched), strict=True):
        if not found[row]:
            cell = rows.cell(row, column)
            found[row] = guard(cell) != cell
    return found


@cache
def _watched() -> NDArray[np.bool_]:
    """By the first byte of a cell: whether it may get an apostrophe."""
    flags = np.zeros(256, bool)
    flags[[character.encode("utf-8", "surrogatepass")[0] for character in FIRST_WATCHED]] = True
    return flags
