"""Streams the rows of a Parquet file as texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from .cells import number_text
from .encodings import UNDECODABLE, Encoding
from .errors import MissingExtra, UnreadableInput
from .missing import is_missing
from .rows import RowBlock, set_aside_cells, with_cells


def pyarrow_parquet() -> Any:
    """The module `pyarrow.parquet`.

    Raises
    ------
    MissingExtra
        When it is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError:
        raise MissingExtra("parquet", "pyarrow") from None
    return pyarrow.parquet


def _texts(column: Any) -> list[str]:
    """A column of a batch as texts: times in ISO 8601, to the microsecond; null as an empty text.

    A byte that is no UTF-8 becomes a lone surrogate.
    """
    import pyarrow as pa

    kind = column.type
    try:
        if pa.types.is_timestamp(kind):
            precise = column.cast(pa.timestamp("us", kind.tz), safe=False).to_pylist()
            return ["" if value is None else value.isoformat(" ") for value in precise]
        return ["" if is_missing(value) else _text(value) for value in column.to_pylist()]
    except OverflowError:  # a date beyond the year 9999
        return [value or "" for value in column.cast(pa.string()).to_pylist()]
    except UnicodeDecodeError:
        raw = column.cast(pa.large_binary()).to_pylist()
        return [(value or b"").decode("utf-8", "surrogateescape") for value in raw]


def _text(value: Any) -> str:
    """A number without an empty fraction, what is nested as JSON, anything else as Python writes it."""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return number_text(value)


@dataclass(frozen=True)
class ParquetFile:
    """A Parquet file; row numbers stand for lines.

    Parameters
    ----------
    path : Path
    header : tuple of str
        Names of its columns.
    """

    path: Path
    header: tuple[str, ...]
    form: str = "parquet"
    delimiter: str = ""
    layout: str = "Parquet"

    @property
    def encoding(self) -> Encoding:
        return Encoding("utf-8", "a Parquet file")

    def blocks(self, block_rows: int = 2000) -> Iterator[RowBlock]:
        """The rows, from the first, in blocks of at most `block_rows`.

        Raises
        ------
        UnreadableInput
            When the file is damaged.
        """
        number = 0
        for columns in self._batches(block_rows):
            block = RowBlock()
            for row in map(list, zip(*columns, strict=True)):
                number += 1
                bad = len(UNDECODABLE.findall("".join(row)))
                block.replaced += bad
                if bad:
                    block.faults.append(set_aside_cells(row, number, number - 1, "undecodable_bytes"))
                else:
                    block.add(row, number, (number - 1, number))
            if len(block):
                yield with_cells(block)

    def _batches(self, block_rows: int) -> Iterator[list[list[str]]]:
        """The columns of each batch."""
        import pyarrow as pa

        try:
            with pyarrow_parquet().ParquetFile(self.path) as file:
                for batch in file.iter_batches(batch_size=block_rows):
                    yield [_texts(column) for column in batch.columns]
        except (OSError, ValueError, pa.ArrowException) as error:
            raise _damaged(self.path, error) from error


def _damaged(path: object, error: Exception) -> UnreadableInput:
    return UnreadableInput(path, f"it is no whole Parquet file ({type(error).__name__})", "write it again")


def open_parquet(path: str | PathLike[str]) -> ParquetFile:
    """Find out the columns of a Parquet file.

    Raises
    ------
    MissingExtra
        When pyarrow is not installed.
    UnreadableInput
        When it is damaged.
    """
    parquet = pyarrow_parquet()
    import pyarrow as pa

    try:
        with parquet.ParquetFile(path) as file:
            return ParquetFile(Path(path), tuple(file.schema_arrow.names))
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _damaged(path, error) from error
