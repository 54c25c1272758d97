"""Streams the rows of a delimited file block by block, and sets aside what cannot be read as a row."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice
from pathlib import Path
from typing import IO

from .dialects import Dialect, ends_lines_with_cr, find_layout
from .encodings import Encoding, detect_encoding
from .errors import UnreadableInput
from .lines import LineReader, open_bytes, read_bytes
from .quarantine import QuarantinedRow
from .records import REPAIRED, Record, RecordSplitter

_BLOCK_BYTES = 1 << 23
_SAMPLE_BYTES = 1 << 18
_ENOUGH_FOREIGN = 400
_HEAD_LINES = 400
_ASCII = bytes(range(128))


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
        First line (from 0) and the line after the last, of each.
    faults : list of QuarantinedRow
        Rows that cannot be read.
    repaired : int
        Rows with quote marks that break the standard's rules and could be read in one other way.
    padded : int
        Rows with fewer fields than the header; the missing ones are empty.
    """

    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    faults: list[QuarantinedRow] = field(default_factory=list)
    repaired: int = 0
    padded: int = 0
    _reader: _RowReader | None = field(default=None, repr=False, compare=False)

    def take_out(self, positions: list[int], reason: str) -> None:
        """Move rows to the faults, in file order; possible until the next block is read."""
        if not positions or self._reader is None:
            return
        self.faults += [self._reader.quarantined(self.numbers[i], self.spans[i], reason) for i in positions]
        self.faults.sort(key=lambda fault: fault.row_number)
        gone = set(positions)
        self.rows = [row for i, row in enumerate(self.rows) if i not in gone]
        self.numbers = [number for i, number in enumerate(self.numbers) if i not in gone]
        self.spans = [span for i, span in enumerate(self.spans) if i not in gone]


class _RowReader:
    """Checks records against the header and gathers them into blocks."""

    def __init__(self, file: DelimitedFile, lines: LineReader):
        self._file, self._lines = file, lines
        self._header, self._width = list(file.header), len(file.header)
        self._number = 0

    def blocks(self, block_rows: int) -> Iterator[RowBlock]:
        lines, width, first = self._lines, self._width, self._header[0]
        block, n = RowBlock(_reader=self), 0
        for record in RecordSplitter(lines, self._file.dialect, width).records(self._file.data_line):
            fields, start, end, note = record
            n += bool(fields or note)
            if lines.special or note or len(fields) != width or fields[0] == first:
                if fields or note:
                    self._add(block, record)
            else:
                self._number += 1
                block.rows.append(fields)
                block.numbers.append(self._number)
                block.spans.append((start, end))
            if n >= block_rows or lines.buffered > _BLOCK_BYTES:
                if n:
                    yield block
                block, n = RowBlock(_reader=self), 0
                lines.keep = end
        if n:
            yield block

    def _add(self, block: RowBlock, record: Record) -> None:
        """Take a record that needs a closer look into a block."""
        fields, start, end, note = record
        self._number += 1
        if self._lines.marked and not self._lines.marked.isdisjoint(range(start, end)):
            fields = self._lines.restore(fields)
        reason = self._fault(fields, start, end) if fields else note
        if reason:
            block.faults.append(self.quarantined(self._number, (start, end), reason))
            return
        if len(fields) != self._width:
            block.padded += len(fields) < self._width
            fields = fields[: self._width] + [""] * (self._width - len(fields))
        block.repaired += note == REPAIRED
        block.rows.append(fields)
        block.numbers.append(self._number)
        block.spans.append((start, end))

    def _fault(self, fields: list[str], start: int, end: int) -> str:
        """Why fields are no row; "" where they are one."""
        if self._lines.damaged and not self._lines.damaged.isdisjoint(range(start, end)):
            return "undecodable_bytes"
        if len(fields) > self._width and any(fields[self._width :]):
            return "too_many_fields"
        if len(fields) < self._width and self._lines.is_open_end(end - 1):
            return "cut_off"
        return "repeated_header" if fields == self._header else ""

    def quarantined(self, number: int, span: tuple[int, int], reason: str) -> QuarantinedRow:
        offset, raw = self._lines.raw(*span)
        text = raw.decode(self._file.encoding.name, "replace")
        return QuarantinedRow(number, span[0] + 1, offset, reason, raw, text)


@dataclass(frozen=True)
class DelimitedFile:
    """A delimited file whose encoding, dialect and header are known.

    Parameters
    ----------
    path : Path
        The file; what it holds may be compressed with gzip.
    encoding : Encoding
        And how it was decided.
    dialect : Dialect
        How fields are set apart.
    header : tuple of str
        As in the file.
    header_line, data_line : int
        First line of the header and the line after it, from 0.
    cr_ends_lines : bool
        Whether lines end with a lone CR.
    """

    path: Path
    encoding: Encoding
    dialect: Dialect
    header: tuple[str, ...]
    header_line: int
    data_line: int
    cr_ends_lines: bool

    def blocks(self, block_rows: int = 2000) -> Iterator[RowBlock]:
        """The rows, from the first, in blocks of at most `block_rows` (fewer where rows are long).

        Raises
        ------
        UnreadableInput
            When its compression is damaged, or a line is longer than 64 MB.
        """
        with open_bytes(self.path) as stream:
            lines = LineReader(stream, self.path, self.encoding, self.cr_ends_lines)
            yield from _RowReader(self, lines).blocks(block_rows)


def open_delimited(
    path: str | os.PathLike[str],
    score: Callable[[list[str]], int],
    encoding: str = "auto",
    delimiter: str | None = None,
) -> DelimitedFile:
    """Find out encoding, line ends, delimiter and header of a file.

    Parameters
    ----------
    path : path
        The file, plain or gzip.
    score : callable
        How many columns of a record are known names of headers.
    encoding : str, default "auto"
        The encoding, if it is known.
    delimiter : str, optional
        The delimiter, if it is known.

    Raises
    ------
    UnreadableInput
        When it cannot be opened, is empty or no text, or its header has bytes that its encoding lacks.
    BadValue
        When `encoding` is none.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "export.csv"
    >>> _ = place.write_bytes("编号;内容\\n1;快递丢了\\n".encode("gb18030"))
    >>> file = open_delimited(place, lambda row: "内容" in row)
    >>> file.encoding.name, file.dialect.delimiter, file.header
    ('gb18030', ';', ('编号', '内容'))
    >>> [block.rows for block in file.blocks()]
    [[['1', '快递丢了']]]
    """
    with open_bytes(path) as stream:
        sample = read_bytes(stream, _SAMPLE_BYTES, path)
        later = _foreign_lines(sample, stream, path)
    known = detect_encoding(sample[: sample.rfind(b"\n") + 1] + later if later else sample, encoding)
    head = sample[len(known.bom) :].decode(known.name, "replace")
    cr_ends_lines = ends_lines_with_cr(head)
    with open_bytes(path) as stream:
        lines = LineReader(stream, path, known, cr_ends_lines)
        layout = find_layout(_head_lines(lines), score, delimiter)
        if layout is None:
            raise UnreadableInput(path, "it is empty", "export it again")
        if not lines.damaged.isdisjoint(range(layout.header_line, layout.data_line)):
            reason = f"its header (line {layout.header_line + 1}) is not valid {known.name}"
            raise UnreadableInput(path, reason, "name its encoding with --encoding")
    header = tuple(lines.restore(list(layout.header)))
    place = layout.header_line, layout.data_line
    return DelimitedFile(Path(path), known, layout.dialect, header, *place, cr_ends_lines)


def _head_lines(lines: LineReader) -> list[str]:
    """The first lines, fewer where they are long."""
    head = list(islice(lines.lines_from(0), _HEAD_LINES))
    sizes = accumulate(map(len, head))
    return head[: 1 + sum(size < _SAMPLE_BYTES for size in sizes)]


def _foreign_lines(sample: bytes, stream: IO[bytes], path: object) -> bytes:
    """Later lines with non-ASCII bytes, where the beginning has too few to judge by."""
    found, missing = b"", _ENOUGH_FOREIGN - len(sample.translate(None, _ASCII))
    while missing > 0 and b"\0" not in sample and (chunk := read_bytes(stream, _SAMPLE_BYTES, path)):
        if not chunk.isascii():
            lines = chunk.splitlines(keepends=True)[1:-1]
            found += b"".join(line for line in lines if not line.isascii())
            missing -= len(chunk.translate(None, _ASCII))
    return found
