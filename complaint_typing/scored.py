"""Writes scored files, whole or not at all; reads them back exactly."""

from __future__ import annotations

import contextlib
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
from .errors import BadValue, UnreadableInput
from .formula_guard import unguard_row
from .lines import LineReader, open_bytes, read_bytes
from .quarantine import REASONS
from .records import RecordSplitter
from .scored_csv import BOM, ScoredCsv
from .scored_header import own_columns

if TYPE_CHECKING:
    import pandas as pd

_NUMERIC = {"proba": "float64", "flag": "int64", "days": "Int64"}


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
        self._form = ScoredCsv(input_header, proba_types, guard)
        self.header = self._form.header
        self.rows_written = 0
        self._path = path
        self._stack = contextlib.ExitStack()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> ScoredWriter:
        head = self._form.head()
        self._file = self._stack.enter_context(atomic_writer(self._path))
        self._file.write(head)
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
        """Write a block of rows; parameters as for :meth:`ScoredCsv.block`."""
        assert self._file is not None
        self._file.write(self._form.block(rows, columns, probabilities, self.rows_written + 1))
        self.rows_written += len(rows)


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
        encoding = detect_encoding(read_bytes(stream, len(BOM.encode("utf-8")), path), "utf-8")
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
