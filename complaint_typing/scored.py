"""Reads scored files back exactly as they were written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .columns import SCORED_COLUMNS
from .dialects import Dialect
from .encodings import detect_encoding
from .errors import BadValue, UnreadableInput
from .formula_guard import unguard_row
from .json_rows import JsonFile, looks_like_json, open_json
from .lines import LineReader, first_bytes, open_bytes, read_bytes
from .parquet_rows import open_parquet
from .quarantine import REASONS
from .records import RecordSplitter
from .rows import RowSource
from .sampling import sampled
from .scored_csv import BOM
from .scored_header import own_columns
from .workbooks import open_plain_sheet

if TYPE_CHECKING:
    import pandas as pd

_REMEDY = "score again, or read it as any export with read_frame"
_NOT_SCORED = "it is no scored file: it lacks the columns that scoring appends (customer_type, top_type, …)"
_SCORE_FIRST = "score it first: complaint-typing score FILE -o SCORED"
_NUMERIC = {"proba": "float64", "flag": "int64", "days": "Int64"}


def read_scored(path: str | PathLike[str], guarded: bool = True) -> pd.DataFrame:
    """Read a scored file of any form back, as it was before the formula guard.

    Parameters
    ----------
    path : path
        Written by scoring.
    guarded : bool, default True
        Whether it was written with the guard; matters for CSV only.

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
    MissingExtra
        When the package for the file's format is not installed.

    >>> read_scored("no_such_file.csv")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.UnreadableInput: no_such_file.csv: No such file or directory; ...
    """
    import pandas as pd

    source = _other_form(path)
    if source is None:
        header, *rows = _exact_rows(path)
        if guarded:
            header, rows = unguard_row(header), [unguard_row(row) for row in rows]
    else:
        header, rows = list(source.header), _whole_rows(source)
    table = pd.DataFrame(rows, columns=header, dtype=object)
    kinds = _numeric_columns(header)
    parts = [table.iloc[:, i] for i in range(len(header))]
    parts = [_numbers(part, kinds[i]) if i in kinds else part for i, part in enumerate(parts)]
    return pd.concat(parts, axis=1) if kinds else table


def _other_form(path: str | PathLike[str]) -> RowSource | None:
    """A scored file that is no CSV."""
    magic = first_bytes(path)
    if magic == b"PK\x03\x04":
        return open_plain_sheet(path)
    if magic == b"PAR1":
        return open_parquet(path)
    encoding, beginning = sampled(path, "utf-8")
    if not looks_like_json(path, beginning):
        return None
    if "{" not in beginning:  # no rows, so no keys
        header = tuple(column.name for column in SCORED_COLUMNS)
        return JsonFile(Path(path), encoding, header, beginning.startswith("["))
    return open_json(path, encoding, beginning)


def _whole_rows(source: RowSource) -> list[list[str]]:
    rows: list[list[str]] = []
    for block in source.blocks():
        if block.faults:
            reason = f"it was changed in row {block.faults[0].row_number}: {block.faults[0].meaning()}"
            raise UnreadableInput(source.path, reason, _REMEDY)
        rows += ([*map(str, row)] for row in block.rows)
    return rows


def _exact_rows(path: str | PathLike[str]) -> Iterator[list[str]]:
    """Header and rows of a file in exactly the form that is written."""
    with open_bytes(path) as stream:
        encoding = detect_encoding(read_bytes(stream, len(BOM.encode("utf-8")), path), "utf-8")
    header: list[str] = []
    with open_bytes(path) as stream:
        lines = LineReader(stream, path, encoding, cr_ends_lines=False)
        for found, start, _, note in RecordSplitter(lines, Dialect(), 0).records(0):
            lines.forget(start)
            fields = lines.restore(found) if lines.marked else found
            header = header or fields
            told = "" if len(fields) == len(header) else f"it has {len(fields)} fields, not {len(header)}"
            told = REASONS["stray_quote"][1] if note else told
            told = REASONS["undecodable_bytes"][1] if lines.damaged else told
            if told and not own_columns(unguard_row(header)):
                raise UnreadableInput(path, _NOT_SCORED, _SCORE_FIRST)
            if told:
                raise UnreadableInput(path, f"it was changed near line {start + 1}: {told}", _REMEDY)
            yield fields
    if not header:
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
