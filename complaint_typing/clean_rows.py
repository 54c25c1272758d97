"""Splits the rows of a clean CSV file all at once, by where its marks stand; as far as it is clean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .cell_rows import CellRows
from .dialects import Dialect
from .lines import LineReader

_LF, _CR = 10, 13
_SIGNS = 2  # delimiter and quote, one character each


@dataclass(frozen=True)
class CleanLines:
    """Consecutive clean rows and where they stand in the file.

    Parameters
    ----------
    rows : CellRows
    first : int
        The line that they begin at, from 0.
    ends : list of int
        The line after each row.
    """

    rows: CellRows
    first: int
    ends: list[int]

    def spans(self) -> Iterator[tuple[int, int]]:
        """First line and the line after the last, of each row."""
        return pairwise([self.first, *self.ends])

    def cut(self, n: int) -> tuple[CleanLines, CleanLines | None]:
        """The first `n` rows, and the others if there are any."""
        if n >= len(self.ends):
            return self, None
        head = CleanLines(self.rows[:n], self.first, self.ends[:n])
        return head, CleanLines(self.rows[n:], self.ends[n - 1], self.ends[n:])


def clean_lines(
    lines: LineReader, at: int, dialect: Dialect, header: tuple[str, ...]
) -> tuple[CleanLines | None, int]:
    """The clean rows from a line on, as far as read at once; and the line after all that is read.

    None where the first row is not clean, or the dialect or the header leave it open what a row is.
    """
    data, end = lines.plain_from(at)
    signs = dialect.delimiter + dialect.quote
    if not data or dialect.skip_blanks or not signs.isascii() or len(signs) != _SIGNS or len(header) == 1:
        return None, end
    rows = split_clean(data, dialect.delimiter, dialect.quote, header)
    if not rows:
        return None, end
    n = len(rows)
    if rows.data.count(b"\n") == n - 1:
        return CleanLines(rows, at, [*range(at + 1, at + n + 1)]), end
    feeds = np.flatnonzero(np.frombuffer(rows.data, np.uint8) == _LF)
    ends = np.searchsorted(feeds, rows.spans()[1]) + (at + 1)
    return CleanLines(rows, at, ends.tolist()), end


def split_clean(data: bytes, delimiter: str, quote: str, header: tuple[str, ...]) -> CellRows:
    """The rows at the beginning that can be read in one way only; none where the first is no such row.

    They are as wide as the header and not the header again, end with a line feed, and quote marks stand only
    around whole cells or doubled in these. Of such rows every reader makes the same cells.

    Parameters
    ----------
    data : bytes
        UTF-8, from the first byte of a row on; every CR stands before a line feed, and no NUL is there.
    delimiter, quote : str
        One ASCII character each.
    header : tuple of str
        Of two cells or more.

    >>> rows = split_clean(b'1,"a ""b"", c"\\r\\n2,\\r\\n\\r\\n3,d\\r\\n', ",", '"', ("id", "text"))
    >>> list(rows)
    [['1', 'a "b", c'], ['2', '']]
    """
    width, mark, codes = len(header), ord(quote), np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(codes == mark)
    marks = np.flatnonzero((codes == ord(delimiter)) | (codes == _LF))
    if len(quotes):
        marks = marks[np.searchsorted(quotes, marks) & 1 == 0]
    wide = np.diff(np.flatnonzero(codes[marks] == _LF), prepend=-1) == width
    n = len(wide) if wide.all() else int(wide.argmin())
    if n and len(quotes):
        quotes = quotes[: np.searchsorted(quotes, marks[n * width - 1])]
        wrong = _out_of_place(codes, quotes, ord(delimiter))
        n = n if wrong < 0 else int(np.searchsorted(marks[width - 1 : n * width : width], wrong))
    rows = _cells(data, codes, marks[: n * width].reshape(n, width), quotes, (delimiter, quote))
    return rows.taken(slice(0, _header_again(rows, codes, header)))


def _cells(
    data: bytes,
    codes: NDArray[np.uint8],
    marks: NDArray[np.intp],
    quotes: NDArray[np.intp],
    signs: tuple[str, str],
) -> CellRows:
    """The cells before these marks, none of which is amiss."""
    ends, starts = marks.astype(np.int32), np.zeros(marks.shape, np.int32)
    starts.reshape(-1)[1:] = ends.reshape(-1)[:-1] + 1
    quoted, doubled = np.zeros((2, *marks.shape), bool)
    if not len(marks):
        return CellRows(data, starts, ends, quoted, doubled, *signs)
    ends[:, -1] -= codes[ends[:, -1] - 1] == _CR
    quotes = quotes[: np.searchsorted(quotes, marks[-1, -1])]
    if len(quotes):
        quoted = codes[starts] == ord(signs[1])
        closing, opening = quotes[1:-1:2], quotes[2::2]
        doubled.reshape(-1)[np.searchsorted(marks.reshape(-1), closing[opening == closing + 1])] = True
        starts, ends = starts + quoted, ends - quoted
    return CellRows(data, starts, ends, quoted, doubled, *signs)


def _out_of_place(codes: NDArray[np.uint8], quotes: NDArray[np.intp], delimiter: int) -> int:
    """The first quote mark that neither opens nor closes a cell nor is one of two; -1 where there is none."""
    opening, closing = quotes[::2], quotes[1::2]
    twice = opening[1:] == closing[:-1] + 1
    before, after = codes[np.maximum(opening - 1, 0)], codes[closing + 1]
    opens = (before == delimiter) | (before == _LF) | (opening == 0)
    closes = (after == delimiter) | (after == _LF) | (after == _CR)
    opens[1:] |= twice
    closes[:-1] |= twice
    wrong = [*opening[~opens][:1].tolist(), *closing[~closes][:1].tolist()]
    return min(wrong, default=-1)


def _header_again(rows: CellRows, codes: NDArray[np.uint8], header: tuple[str, ...]) -> int:
    """The first row that is the header; behind the last one where none is."""
    first = header[0].replace(rows.quote, rows.quote * 2).encode("utf-8", "surrogatepass")
    start = rows.starts[:, 0]
    alike = np.flatnonzero(rows.ends[:, 0] - start == len(first))
    for place, code in enumerate(first):
        alike = alike[codes[start[alike] + place] == code]
    again = (row for row in alike.tolist() if rows[row] == list(header))
    return next(again, len(rows))
