"""Columns as a CSV file holds them in bytes: UTF-8, guarded against formulas, quoted where needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .formula_guard import guard_row

_PARTED = "\0"
_SAMPLE = 32
_COMMA, _MARK, _LF, _CR = b',"\n\r'


def text_cells(column: Sequence[Any], guarded: bool) -> list[bytes]:
    """The cells of a column, None as an empty one; where values repeat, each is looked at once.

    Parameters
    ----------
    column : sequence of str, number, bool or None
    guarded : bool
        Whether cells are kept from starting a formula.

    Raises
    ------
    UnicodeEncodeError
        When a cell holds a lone surrogate.

    >>> text_cells(["=1", 'so "it" is', None, True, "a,b"], guarded=True)
    [b"'=1", b'"so ""it"" is"', b'', b'1', b'"a,b"']
    """
    if len(set(column[:_SAMPLE])) * 2 > min(len(column), _SAMPLE):
        return each_cell(column, guarded)
    distinct = list(set(column))
    written = dict(zip(distinct, each_cell(distinct, guarded), strict=True))
    return [written[value] for value in column]


def each_cell(column: Sequence[Any], guarded: bool) -> list[bytes]:
    """:func:`text_cells` of values that are all different; encoded and searched as one piece.

    >>> each_cell(["a\\0b", "", "é"], guarded=False)
    [b'a\\x00b', b'', b'\\xc3\\xa9']
    """
    cells = column if {*map(type, column)} == {str} else [*map(as_text, column)]
    cells = guard_row(cells) if guarded else cells
    together = _PARTED.join(cells).encode()
    parted = together.replace(b'"', b'""').split(_PARTED.encode())
    if len(parted) != len(cells):
        parted = [cell.encode().replace(b'"', b'""') for cell in cells]
    return [*map(_quoted, parted)] if any(mark in together for mark in (_COMMA, _MARK, _LF, _CR)) else parted


def as_text(value: object) -> str:
    """A value as it is written; a flag as a number, None as nothing.

    >>> as_text(True), as_text(None)
    ('1', '')
    """
    return "" if value is None else str(int(value) if isinstance(value, bool) else value)


def _quoted(cell: bytes) -> bytes:
    """A cell whose quote marks are doubled, in quotes only where RFC 4180 needs them."""
    special = _COMMA in cell or _MARK in cell or _LF in cell or _CR in cell  # a pattern is slower, so is b","
    return b'"' + cell + b'"' if special else cell
