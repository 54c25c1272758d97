"""Writes scored files, guarded against formulas and whole or not at all; reads them back exactly."""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .atomic import atomic_writer
from .columns import SCORED_COLUMNS
from .dialects import Dialect
from .encodings import detect_encoding
from .errors import BadValue, UnequalColumns, UnreadableInput
from .formula_guard import guard, guard_row, unguard_row
from .lines import LineReader, open_bytes, read_bytes
from .quarantine import REASONS
from .records import RecordSplitter
from .scored_header import own_columns, scored_names

if TYPE_CHECKING:
    import pandas as pd

_BOM = "\ufeff"
_SPECIAL = re.compile('[,"\r\n]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_MILLION = 10**6
_TEXT_KINDS = ("text", "id")
_NUMERIC = {"proba": "float64", "flag": "int64", "days": "Int64"}


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
    exact = np.asarray(probabilities, np.float64) * _MILLION
    whole = np.rint(exact).astype(np.int64)
    missing = _MILLION - whole.sum(axis=1, keepdims=True)
    remainder = (exact - whole) * np.sign(missing)
    np.put_along_axis(remainder, exact.argmax(axis=1)[:, None], -1.0, axis=1)
    rank = np.argsort(np.argsort(-remainder, axis=1, kind="stable"), axis=1)
    return whole + np.sign(missing) * (rank < abs(missing))


def _decimal_lines(millionths: NDArray[np.int64]) -> list[str]:
    """Each row of millionths as decimals joined by commas, made as one table of characters."""
    n, k = millionths.shape
    codes = np.empty((n, k, 9), np.uint32)
    codes[:, :, 0] = ord("0") + millionths // _MILLION
    codes[:, :, 1] = ord(".")
    codes[:, :, 2:8] = ord("0") + millionths[:, :, None] // 10 ** np.arange(5, -1, -1) % 10
    codes[:, :, 8] = ord(",")
    lines = np.ascontiguousarray(codes.reshape(n, 9 * k)[:, :-1])
    return lines.view(f"<U{9 * k - 1}").ravel().tolist()


def _quoted(cell: str) -> str:
    """A cell as RFC 4180 has it, in quotes only where needed."""
    return '"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell


def _text_cells(column: Sequence[Any], guarded: bool) -> Sequence[str]:
    """A column as it is written, None as an empty cell; where values repeat, each is looked at once."""
    distinct = set(column)
    if len(distinct) * 2 < len(column):
        written = {value: _quoted(guard(_text(value)) if guarded else _text(value)) for value in distinct}
        return [written[value] for value in column]
    cells = [value if value.__class__ is str else _text(value) for value in column]
    cells = guard_row(cells) if guarded else cells
    together = "".join(cells)
    return [*map(_quoted, cells)] if any(mark in together for mark in ',"\r\n') else cells


def _text(value: object) -> str:
    return "" if value is None else str(int(value) if isinstance(value, bool) else value)


def _scored_cells(kind: str, values: Sequence[Any], guarded: bool) -> Sequence[str]:
    """A scored column as it is written."""
    if kind == "proba":
        millionths = np.rint(np.asarray(values, np.float64) * _MILLION).astype(np.int64)
        return _decimal_lines(millionths[:, None])
    return _text_cells(values, guarded and kind in _TEXT_KINDS)


class ScoredWriter:
    """Writes rows with their scored columns; a context manager.

    The file is UTF-8 with BOM, comma, CRLF. It takes its name when the block ends well; otherwise nothing
    remains. Columns that an earlier scoring appended are replaced.

    Parameters
    ----------
    path : path
        The file to be.
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
    rows_written : int
        So far.

    Raises
    ------
    BadValue
        From :meth:`write`, when a cell holds a lone surrogate, which UTF-8 cannot.
    UnequalColumns
        From :meth:`write`, when a row or a column is longer or shorter than it should be.

    Examples
    --------
    >>> import tempfile
    >>> place = tempfile.mkdtemp() + "/scored.csv"
    >>> scored = {column.name: ["x"] for column in SCORED_COLUMNS}
    >>> scored |= {"confidence": [0.75], "requires_human": [0], "follow_up_days": [3]}
    >>> with ScoredWriter(place, ["text", "goodwill"]) as writer:
    ...     writer.write([["=1+1", "yes"]], scored)
    >>> writer.header[:4], writer.header[8]
    (['text', 'goodwill', 'customer_type', 'confidence'], 'goodwill_scored')
    >>> table = read_scored(place)
    >>> table["text"][0], table["confidence"][0].item(), table["follow_up_days"][0].item()
    ('=1+1', 0.75, 3)
    """

    def __init__(
        self,
        path: str | PathLike[str],
        input_header: Sequence[str],
        proba_types: Sequence[str] | None = None,
        guard: bool = True,
    ):
        own = own_columns(input_header)
        self._width = len(input_header)
        self._kept = [i for i in range(self._width) if i not in own]
        self._types = tuple(proba_types or ())
        self._guard = guard
        kept = [input_header[i] for i in self._kept]
        self.header = [*kept, *scored_names(kept, self._types)]
        self.rows_written = 0
        self._path = path
        self._stack = contextlib.ExitStack()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> ScoredWriter:
        self._file = self._stack.enter_context(atomic_writer(self._path))
        try:
            self._put([",".join(_text_cells(self.header, self._guard))], _BOM)
        except BaseException as error:
            self._stack.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file = None
        self._stack.__exit__(kind, error, trace)

    def write(
        self,
        rows: Sequence[Sequence[str]],
        columns: Mapping[str, Sequence[Any]],
        probabilities: NDArray[Any] | None = None,
    ) -> None:
        """Write a block of rows.

        Parameters
        ----------
        rows : sequence of n sequences of str
            As long as the input header.
        columns : mapping of str to sequence of length n
            Every scored column by its contract name; None for an empty cell.
        probabilities : ndarray of shape (n, n_types), optional
            Needed where `proba_types` were given.
        """
        if not rows:
            return
        odd = next((i for i, row in enumerate(rows) if len(row) != self._width), None)
        if odd is not None:
            row = f"row {self.rows_written + odd + 1}"
            raise UnequalColumns({"header": self._width, row: len(rows[odd])})
        scored = {c.name: _scored_cells(c.kind, columns[c.name], self._guard) for c in SCORED_COLUMNS}
        if self._types:
            scored["probabilities"] = _decimal_lines(six_decimals(np.asarray(probabilities)))
        lengths = {"rows": len(rows)} | {name: len(cells) for name, cells in scored.items()}
        if len(set(lengths.values())) > 1:
            raise UnequalColumns(lengths)
        given = list(zip(*rows, strict=True))
        kept = [_text_cells(given[i], self._guard) for i in self._kept]
        self._put([",".join(cells) for cells in zip(*kept, *scored.values(), strict=True)])
        self.rows_written += len(rows)

    def _put(self, lines: Sequence[str], before: str = "") -> None:
        assert self._file is not None
        try:
            self._file.write((before + "\r\n".join([*lines, ""])).encode("utf-8"))
        except UnicodeEncodeError:
            raise self._refusal(lines, bool(before)) from None

    def _refusal(self, lines: Sequence[str], is_header: bool) -> BadValue:
        """Where the cell is that UTF-8 cannot hold."""
        i = next(i for i, line in enumerate(lines) if _SURROGATE.search(line))
        cells = next(csv.reader([lines[i].replace("\0", "")], strict=True))
        searched = [(name, _SURROGATE.search(cell)) for name, cell in zip(self.header, cells, strict=True)]
        name, found = next((name, found[0]) for name, found in searched if found)
        remedy = "remove the lone surrogate, the half of a character"
        row = None if is_header else self.rows_written + i + 1
        return BadValue(row, name, found, "text that UTF-8 can hold", remedy)


def read_scored(path: str | PathLike[str], guarded: bool = True) -> pd.DataFrame:
    """Read a scored file back, as it was before the formula guard.

    Parameters
    ----------
    path : path
        Written by :class:`ScoredWriter`.
    guarded : bool, default True
        Whether it was written with the guard.

    Returns
    -------
    DataFrame
        Texts; among the scored columns `confidence` and ``p_<type>`` are float64, `requires_human` int64,
        `follow_up_days` Int64 (missing where empty).

    Raises
    ------
    UnreadableInput
        When the file is not as it was written: other encoding, broken quoting, rows of other width.
    BadValue
        When a numeric scored column holds something else.

    >>> read_scored("no_such_file.csv")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.UnreadableInput: no_such_file.csv: No such file or directory; ...
    """
    import pandas as pd

    header, *rows = _exact_rows(path)
    if guarded:
        header, rows = unguard_row(header), [unguard_row(row) for row in rows]
    table = pd.DataFrame(rows, columns=header, dtype=object)
    kinds = _numeric_columns(header)
    parts = [table.iloc[:, i] for i in range(len(header))]
    parts = [_numbers(part, kinds[i]) if i in kinds else part for i, part in enumerate(parts)]
    return pd.concat(parts, axis=1) if kinds else table


def _exact_rows(path: str | PathLike[str]) -> Iterator[list[str]]:
    """Header and rows of a file in exactly the form that is written."""
    with open_bytes(path) as stream:
        encoding = detect_encoding(read_bytes(stream, len(_BOM.encode("utf-8")), path), "utf-8")
    width = 0
    with open_bytes(path) as stream:
        lines = LineReader(stream, path, encoding, cr_ends_lines=False)
        for found, start, _, note in RecordSplitter(lines, Dialect(), width).records(0):
            lines.keep = start
            fields = lines.restore(found) if lines.marked else found
            width = width or len(fields)
            told = "" if len(fields) == width else f"it has {len(fields)} fields, not {width}"
            told = REASONS["stray_quote"][1] if note else told
            told = REASONS["undecodable_bytes"][1] if lines.damaged else told
            if told:
                remedy = "score again, or read it as any export with read_frame"
                raise UnreadableInput(path, f"it was changed near line {start + 1}: {told}", remedy)
            yield fields
    if not width:
        raise UnreadableInput(path, "it is empty", "score again")


def _numeric_columns(header: Sequence[str]) -> dict[int, str]:
    """Index of each numeric scored column -> its dtype."""
    kinds = {c.name: c.kind for c in SCORED_COLUMNS}
    named = {i: kinds.get(header[i].split("_scored")[0], "proba") for i in own_columns(header)}
    return {i: _NUMERIC[kind] for i, kind in named.items() if kind in _NUMERIC}


def _numbers(column: pd.Series, dtype: str) -> pd.Series:
    """A column of numbers; an empty cell is missing where the column may have some."""
    import pandas as pd

    numbers = pd.to_numeric(column.where(column != "", None), errors="coerce")
    bad = numbers.isna() & ((column != "") | (dtype != "Int64"))
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        remedy = "score again, or correct the cell"
        raise BadValue(row + 1, str(column.name), column.iloc[row], "a number", remedy)
    return numbers.astype(dtype)
