"""Streams the rows of a delimited file block by block, and sets aside what cannot be read as a row."""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise, takewhile
from pathlib import Path

from .dialects import DELIMITERS, TEXT_KNOWN, Dialect, Score, ends_lines_with_cr, find_layout
from .encodings import Encoding
from .errors import UnreadableInput
from .lines import LineReader, open_bytes
from .quarantine import QuarantinedRow
from .records import REPAIRED, Record, RecordSplitter
from .rows import RowBlock
from .sampling import SAMPLE_BYTES, sampled

_ROWS_ABOVE = 2
_HEAD_LINES = 400
_NAME = re.compile(r"[^\W\d][^\d\r\n]{0,39}")
_FEWEST_NAMES, _SHOWN = 2, 40
_BLANK, _BELOW = "behind a blank line", "in another table"
_BOM = "\ufeff"


class _RowReader:
    """Checks records against the header and gathers them into blocks."""

    def __init__(self, file: DelimitedFile, lines: LineReader):
        self._file, self._lines = file, lines
        self._header, self._width = list(file.header), len(file.header)
        first = self._header[0]
        self._heads = (first, _BOM + first, f'{_BOM}"{first}"')  # as in files that were put together
        self._number = self._replaced = 0
        self._other_width = 0
        self._apart = ""  # or _BLANK, or _BELOW for as long as another table goes on

    def blocks(self, block_rows: int) -> Iterator[RowBlock]:
        lines, block = self._lines, self._block()
        for record in RecordSplitter(lines, self._file.dialect, self._width).records(self._file.data_line):
            self._take(block, record)
            end = record[2]
            if len(block) >= block_rows or lines.is_full(end):
                if len(block):
                    yield self._whole(block)
                block = self._block()
                lines.forget(end)
        if len(block):
            yield self._whole(block)

    def _take(self, block: RowBlock, record: Record) -> None:
        """Take a record into a block."""
        fields, start, end, note = record
        plain = len(fields) == self._width and not (self._lines.special or note or self._apart)
        if plain and fields[0] not in self._heads:
            self._number += 1
            block.add(fields, self._number, (start, end))
        elif fields or note:
            self._add(block, record)
        else:
            self._apart = self._apart or _BLANK

    def _block(self) -> RowBlock:
        return RowBlock(set_aside=self.quarantined)

    def _whole(self, block: RowBlock) -> RowBlock:
        block.replaced, self._replaced = self._lines.replaced - self._replaced, self._lines.replaced
        return block

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
        block.add(fields, self._number, (start, end))

    def _fault(self, fields: list[str], start: int, end: int) -> str:
        """Why fields are no row; "" where they are one."""
        if self._lines.damaged and not self._lines.damaged.isdisjoint(range(start, end)):
            return "undecodable_bytes"
        if self._is_apart(fields):
            return "repeated_header" if self._is_header(fields) else "another_table"
        if len(fields) > self._width and (any(fields[self._width :]) or self._is_torn(fields)):
            return "too_many_fields"
        if len(fields) < self._width and self._lines.is_open_end(end - 1):
            return "cut_off"
        return ""

    def _is_torn(self, fields: list[str]) -> bool:
        """Whether a text was split where it has the delimiter itself: before a blank, or behind a backslash.

        Not where most rows of the file have as many fields.
        """
        if len(fields) == self._width + self._file.spare:
            return False
        return any(a.endswith("\\") or b.startswith(" ") for a, b in pairwise(fields))

    def _is_apart(self, fields: list[str]) -> bool:
        """Whether a row is the header again, or of another table below a blank line.

        The other table goes on until the header comes again, or a row as wide as this one where that table is
        not.
        """
        if self._is_header(fields):
            self._apart = ""
            return True
        if self._apart == _BLANK:
            self._apart = _BELOW if self._begins_a_table(fields) else ""
            self._other_width = len(fields)
        elif self._apart and len(fields) == self._width != self._other_width:
            self._apart = ""
        return bool(self._apart)

    def _is_header(self, fields: list[str]) -> bool:
        return fields[0] in self._heads and fields[1 : self._width] == self._header[1:]

    def _begins_a_table(self, fields: list[str]) -> bool:
        """Whether a row behind a blank line is the header of another table, rather than a row or a footer.

        Its cells are short names without digits; it is of another width, or two are names of columns.
        """
        n_empty = sum(1 for _ in takewhile(operator.not_, reversed(fields)))
        names = fields[: len(fields) - n_empty]
        if len(names) < _FEWEST_NAMES or not all(map(_NAME.fullmatch, names)):
            return False
        return len(fields) != self._width or self._file.score(names) % TEXT_KNOWN >= _FEWEST_NAMES

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
    score : callable
        How many columns of a record are known names of headers.
    spare : int
        How many fields more than the header most of the first rows have.
    """

    path: Path
    encoding: Encoding
    dialect: Dialect
    header: tuple[str, ...]
    header_line: int
    data_line: int
    cr_ends_lines: bool
    score: Score
    spare: int = 0
    form: str = "csv"

    @property
    def delimiter(self) -> str:
        return self.dialect.delimiter

    @property
    def layout(self) -> str:
        quote, line = self.dialect.quote, self.header_line + 1
        ends = ", lines end in a lone CR" if self.cr_ends_lines else ""
        return f"delimiter {self.delimiter!r}, quote {quote!r}, header in line {line}{ends}"

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
    score: Score,
    encoding: str = "auto",
    delimiter: str | None = None,
    sample: tuple[Encoding, str] | None = None,
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
    sample : (Encoding, str), optional
        What :func:`~complaint_typing.sampling.sampled` says of the file, if that is known.

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
    known, head = sample or sampled(path, encoding)
    cr_ends_lines = ends_lines_with_cr(head)
    with open_bytes(path) as stream:
        lines = LineReader(stream, path, known, cr_ends_lines)
        layout = find_layout(_head_lines(lines), score, delimiter)
        if layout is None:
            raise UnreadableInput(path, "it is empty", "export it again")
        if layout.rows_above >= _ROWS_ABOVE and (layout.exchanged or not layout.rows_below):
            below = "columns stand in rows" if layout.exchanged else "nothing below it"
            reason = f"its header (line {layout.header_line + 1}) stands below rows as wide, and {below}"
            raise UnreadableInput(
                path, reason, "put the header into the first line, and each ticket into a row"
            )
        if _is_quoted_whole(layout.header, score):
            reason = f"each line stands in quote marks as a whole: {layout.header[0][:_SHOWN]!r}"
            raise UnreadableInput(path, reason, "export it again with quote marks around single cells alone")
        if not lines.damaged.isdisjoint(range(layout.header_line, layout.data_line)):
            reason = f"its header (line {layout.header_line + 1}) is not valid {known.name}"
            raise UnreadableInput(path, reason, "name its encoding with --encoding")
    header = tuple(lines.restore(list(layout.header)))
    place = layout.header_line, layout.data_line
    return DelimitedFile(
        Path(path), known, layout.dialect, header, *place, cr_ends_lines, score, layout.spare
    )


def _is_quoted_whole(header: Sequence[str], score: Score) -> bool:
    """Whether a header of one name is many names, a text's among them, that are not set apart."""
    fewest = TEXT_KNOWN + _FEWEST_NAMES
    return len(header) == 1 and any(score(header[0].split(mark)) >= fewest for mark in DELIMITERS)


def _head_lines(lines: LineReader) -> list[str]:
    """The first lines, fewer where they are long."""
    head = list(islice(lines.lines_from(0), _HEAD_LINES))
    sizes = accumulate(map(len, head))
    return head[: 1 + sum(size < SAMPLE_BYTES for size in sizes)]
