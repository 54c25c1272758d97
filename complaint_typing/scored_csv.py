"""A scored table as the bytes of a CSV file, block by block: guarded cells, exact decimals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cell_bytes import as_text, each_cell, text_cells
from .columns import SCORED_COLUMNS
from .errors import BadValue
from .repeated import Repeated, spread
from .scored_header import check_shape, own_columns, scored_names
from .text_limit import HALF_CHARACTER

BOM = "\ufeff"
MILLION = 10**6
_TEXT_KINDS = ("text", "id")


def six_decimals(probabilities: NDArray[Any]) -> NDArray[np.int64]:
    """Probabilities in millionths that sum to exactly one million.

    The largest of a row is rounded as usual; what rounding left over goes to the others whose remainder was
    largest, so that a zero stays a zero.

    Parameters
    ----------
    probabilities : ndarray of shape (n, k)
        Rows sum to 1.

    Returns
    -------
    ndarray of int64 of shape (n, k)

    >>> six_decimals(np.array([[1 / 3, 1 / 3, 1 / 3], [0.9999996, 0.0000004, 0.0]])).tolist()
    [[333333, 333334, 333333], [1000000, 0, 0]]
    """
    exact = np.asarray(probabilities, np.float64) * MILLION
    whole = np.rint(exact).astype(np.int64)
    missing = MILLION - whole.sum(axis=1, keepdims=True)
    remainder = (exact - whole) * np.sign(missing)
    np.put_along_axis(remainder, exact.argmax(axis=1)[:, None], -1.0, axis=1)
    rank = np.argsort(np.argsort(-remainder, axis=1, kind="stable"), axis=1)
    return whole + np.sign(missing) * (rank < abs(missing))


def _decimal_lines(millionths: NDArray[np.int64]) -> list[bytes]:
    """Each row of millionths as decimals joined by commas, made as one table of characters."""
    n, k = millionths.shape
    codes = np.empty((n, k, 9), np.uint8)
    codes[:, :, 0] = ord("0") + millionths // MILLION
    codes[:, :, 1] = ord(".")
    codes[:, :, 2:8] = ord("0") + millionths[:, :, None] // 10 ** np.arange(5, -1, -1) % 10
    codes[:, :, 8] = ord(",")
    lines = np.ascontiguousarray(codes.reshape(n, 9 * k)[:, :-1])
    return lines.view(f"S{9 * k - 1}").ravel().tolist()


def _scored_cells(columns: Mapping[str, Sequence[Any]], guarded: bool) -> Iterator[list[bytes]]:
    """The scored columns as they are written; neighbours that repeat values in the same places as one."""
    for _, group in groupby(SCORED_COLUMNS, lambda c: id(getattr(columns[c.name], "places", c))):
        kinds = [(columns[column.name], column.kind) for column in group]
        repeated = [
            (c.values, guarded and kind in _TEXT_KINDS) for c, kind in kinds if isinstance(c, Repeated)
        ]
        column, kind = kinds[0]
        if isinstance(column, Repeated):
            written = [each_cell(values, watched) for values, watched in repeated]
            yield spread([*map(b",".join, zip(*written, strict=True))], column.places)
        elif kind == "proba":
            millionths = np.rint(np.asarray(column, np.float64) * MILLION).astype(np.int64)
            yield _decimal_lines(millionths[:, None])
        else:
            yield text_cells(column, guarded and kind in _TEXT_KINDS)


def unwritable(row: int | None, column: str, half: str) -> BadValue:
    """That a cell holds half a character."""
    remedy = "remove the lone surrogate, the half of a character"
    return BadValue(row, column, half, "text that UTF-8 can hold", remedy)


class ScoredCsv:
    """Turns blocks of rows with their scored columns into bytes: UTF-8 with BOM, comma, CRLF.

    The file is what :meth:`head` gives and then every block's bytes, one after the other. Columns that an
    earlier scoring appended are replaced.

    Parameters
    ----------
    input_header : sequence of str
        Of the rows that will come.
    proba_types : sequence of str, optional
        Types of the model, for a column ``p_<type>`` each.
    guard : bool, default True
        Whether text cells are kept from starting a formula, see :mod:`complaint_typing.formula_guard`.

    Attributes
    ----------
    header : list of str
        Of the file.

    >>> ScoredCsv(["text", "goodwill"]).head().decode("utf-8-sig").split(",")[:3]
    ['text', 'goodwill', 'customer_type']
    """

    def __init__(
        self, input_header: Sequence[str], proba_types: Sequence[str] | None = None, guard: bool = True
    ):
        own = own_columns(input_header)
        self._width = len(input_header)
        self._kept = [i for i in range(self._width) if i not in own]
        self._types = tuple(proba_types or ())
        self._guard = guard
        kept = [input_header[i] for i in self._kept]
        self.header = [*kept, *scored_names(kept, self._types)]

    def head(self) -> bytes:
        """What the file begins with."""
        try:
            return BOM.encode() + b",".join(each_cell(self.header, self._guard)) + b"\r\n"
        except UnicodeEncodeError:
            raise self._refusal([[name] for name in self.header], None) from None

    def block(
        self,
        rows: Sequence[Sequence[str]],
        columns: Mapping[str, Sequence[Any]],
        probabilities: NDArray[Any] | None = None,
        first_row: int = 1,
    ) -> bytes:
        """A block of rows.

        Parameters
        ----------
        rows : sequence of n sequences of str
            As long as the input header.
        columns : mapping of str to sequence of length n
            Every scored column by its contract name; None for an empty cell.
        probabilities : ndarray of shape (n, n_types), optional
            Needed where `proba_types` were given.
        first_row : int, default 1
            Number of the first row in the file, for errors.

        Raises
        ------
        BadValue
            When a cell holds a lone surrogate, which UTF-8 cannot.
        UnequalColumns
            When a row or a column is longer or shorter than it should be.
        """
        if not rows:
            return b""
        check_shape(self._width, rows, columns, first_row)
        given = list(zip(*rows, strict=True))
        kept = [given[i] for i in self._kept]
        try:
            cells = [text_cells(column, self._guard) for column in kept]
            cells += _scored_cells(columns, self._guard)
        except UnicodeEncodeError:
            raise self._refusal([*kept, *(columns[c.name] for c in SCORED_COLUMNS)], first_row) from None
        if self._types:
            cells.append(_decimal_lines(six_decimals(np.asarray(probabilities))))
        return b"\r\n".join([*map(b",".join, zip(*cells, strict=True)), b""])

    def assemble(self, gathered: Path, whole: Path) -> bool:
        """False: the bytes are the file as they stand."""
        return False

    def _refusal(self, columns: Sequence[Sequence[Any]], first_row: int | None) -> BadValue:
        """Where the cell is that UTF-8 cannot hold."""
        searched = (
            (i, name, HALF_CHARACTER.search(as_text(cell)))
            for i, cells in enumerate(zip(*columns, strict=True))
            for name, cell in zip(self.header, cells, strict=False)
        )
        i, name, found = next((i, name, found[0]) for i, name, found in searched if found)
        return unwritable(None if first_row is None else first_row + i, name, found)
