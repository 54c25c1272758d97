"""Rows of a file in blocks, whatever its format, and those that were set aside among them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from .encodings import Encoding
from .quarantine import QuarantinedRow

SetAside = Callable[[int, tuple[int, int], str], QuarantinedRow]
"""Takes a row's number, its span and the reason."""


class JsonText(str):
    """A cell that was no text in a JSON file but this number, list or object; "" for null.

    JSON that is written from it has the same value again.
    """

    __slots__ = ()


@dataclass
class RowBlock:
    """Consecutive rows, each with as many fields as the header; and those set aside among them.

    Parameters
    ----------
    rows : list of list of str
        The fields.
    numbers : list of int
        Row number of each, from 1; faulty rows count too.
    spans : list of (int, int)
        First line (from 0) and the line after the last, of each; in a workbook rows of the sheet.
    faults : list of QuarantinedRow
        Rows that cannot be read.
    repaired : int
        Rows with quote marks that break the standard's rules and could be read in one other way.
    padded : int
        Rows with fewer fields than the header; the missing ones are empty.
    replaced : int
        Replacement characters (U+FFFD) that the file has, and bytes that cannot be decoded.
    set_aside : callable, optional
        Makes the quarantined row of one of `rows`; works until the next block is read.
    """

    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    faults: list[QuarantinedRow] = field(default_factory=list)
    repaired: int = 0
    padded: int = 0
    replaced: int = 0
    set_aside: SetAside | None = field(default=None, repr=False, compare=False)

    def add(self, row: list[str], number: int, span: tuple[int, int]) -> None:
        """Append a row."""
        self.rows.append(row)
        self.numbers.append(number)
        self.spans.append(span)

    def take_out(self, positions: list[int], reason: str) -> None:
        """Move rows to the faults, in file order; possible until the next block is read."""
        if not positions or self.set_aside is None:
            return
        self.faults += [self.set_aside(self.numbers[i], self.spans[i], reason) for i in positions]
        self.faults.sort(key=lambda fault: fault.row_number)
        gone = set(positions)
        self.rows = [row for i, row in enumerate(self.rows) if i not in gone]
        self.numbers = [number for i, number in enumerate(self.numbers) if i not in gone]
        self.spans = [span for i, span in enumerate(self.spans) if i not in gone]

    def __len__(self) -> int:
        return len(self.rows) + len(self.faults)


def set_aside_cells(cells: Sequence[str], number: int, row: int, reason: str) -> QuarantinedRow:
    """A quarantined row of a format that has no bytes for a row: its cells as a JSON array.

    Parameters
    ----------
    cells : sequence of str
    number, row : int
        Row number from 1, and row of the sheet or table from 0.
    reason : str

    >>> set_aside_cells(["7", ""], 1, 1, "no_text").raw
    b'["7", ""]'
    """
    raw = json.dumps(list(cells), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return QuarantinedRow(number, row + 1, None, reason, raw, raw.decode("utf-8", "replace"))


def with_cells(block: RowBlock) -> RowBlock:
    """A whole block whose rows are set aside as cells."""
    cells = dict(zip(block.numbers, block.rows, strict=True))
    block.set_aside = lambda number, span, reason: set_aside_cells(cells[number], number, span[0], reason)
    return block


class RowSource(Protocol):
    """A file whose header is known and whose rows can be read again and again."""

    @property
    def path(self) -> Path: ...
    @property
    def form(self) -> str:
        """``csv``, ``json``, ``xlsx`` or ``parquet``."""

    @property
    def header(self) -> tuple[str, ...]: ...
    @property
    def encoding(self) -> Encoding:
        """And how it was decided; UTF-8 where the format leaves no choice."""

    @property
    def layout(self) -> str:
        """What sets the fields apart and where the header is, for people."""

    @property
    def delimiter(self) -> str:
        """One character; "" where the format has none."""

    def blocks(self, block_rows: int = 2000) -> Iterator[RowBlock]:
        """The rows from the first, in blocks of at most `block_rows`."""
