"""Finds the delimiter and the header record among the first lines of a file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from operator import ge

DELIMITERS = (",", ";", "\t", "|")
RARE_DELIMITERS = ("，", "；", ":", "^", "~", "\x1f", "\x01", " ")
TEXT_KNOWN = 100
Score = Callable[[list[str]], int]
"""How much a record looks like a header: the columns known, and `TEXT_KNOWN` more where a text is one."""
_HEADER_WITHIN = 20
_TITLES = 3
_JUDGED = 60
_UNUSUAL = 0.15
_FEWEST_KNOWN, _RARE_EVEN = 2, 0.5
_FEWEST_SINGLE_QUOTED = 2
_SINGLE_QUOTED = re.compile(r"(?:^|[,;\t|])'(?:[^'\n]|'')*'(?=[,;\t|\r\n])", re.MULTILINE)
_RULE = re.compile(r"\s*(?::?[-=]+:?\s*)?")
_LONG_RULE = re.compile(r"[-=]{3}")
_Merit = tuple[int, float, int]
_SEP_LINE = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)
_BLANK_QUOTE = re.compile(r'[,;\t|] +"')
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class Dialect:
    """How the fields of a record are set apart.

    Parameters
    ----------
    delimiter : str
        One character.
    quote : str
        One character; doubled inside a quoted field.
    skip_blanks : bool
        Whether blanks after a delimiter do not count, so that a quote may follow them.
    """

    delimiter: str = ","
    quote: str = '"'
    skip_blanks: bool = False

    def options(self) -> dict[str, object]:
        """The same for the `csv` module; what it cannot read without a guess is an error there."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "skipinitialspace": self.skip_blanks,
            "strict": True,
        }


@dataclass(frozen=True)
class Layout:
    """Where the header is, and in which dialect.

    Parameters
    ----------
    dialect : Dialect
        Of header and rows.
    header : tuple of str
        As in the file.
    header_line, data_line : int
        Indices of the header's first line and of the line after the header, from 0. A ruled line below
        the header (``|---|---|``) is no row.
    rows_above, rows_below : int
        How many of the first records stand above the header and are as wide, and how many below it.
    spare : int
        How many fields more than the header most of the rows below have.
    exchanged : bool
        Whether the first column knows more names of columns than the header does.
    """

    dialect: Dialect
    header: tuple[str, ...]
    header_line: int
    data_line: int
    rows_above: int = field(default=0, repr=False)
    rows_below: int = field(default=0, repr=False)
    spare: int = field(default=0, repr=False)
    exchanged: bool = field(default=False, repr=False)


def ends_lines_with_cr(text: str) -> bool:
    """Whether lines end with a lone CR, as old Macintosh programs write them.

    >>> [ends_lines_with_cr(text) for text in ("id,text\\r1,a\\r", '"a\\rb"\\n1\\n', "a\\r\\n")]
    [True, False, False]
    """
    outside = _QUOTED.sub("", text)
    feed, back = outside.find("\n"), outside.find("\r")
    return back >= 0 and (feed < 0 or back < feed) and "\r\n" not in outside


def _records(lines: Sequence[str], dialect: Dialect) -> list[tuple[int, int, list[str]]]:
    """The first records with the line that each begins at and the line after it; blank ones left out."""
    reader = csv.reader(lines, **{**dialect.options(), "strict": False})  # type: ignore[arg-type]
    found, start = [], 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                found.append((start, reader.line_num, row))
            start = reader.line_num
            if len(found) == _JUDGED:
                break
    except csv.Error:
        return found
    return found


def best_header(records: Sequence[tuple[int, int, list[str]]], score: Score) -> tuple[_Merit, int]:
    """How good the best header is (score, share of rows of its width, width), and which it is.

    Of several tables below each other the first one's header is best, so that its rows are not taken for a
    preamble. A ticket whose category is "Complaint" is no header: a row above it that is as wide, and knows
    as many names, or is full of different ones where the ticket's cells recur below, comes first. The merit
    is that of the row that knows most, so that no other delimiter seems better.
    """
    merits = []
    for i, (_, _, row) in enumerate(records[:_HEADER_WITHIN]):
        later = [len(r) for _, _, r in records[i + 1 :]]
        even = later.count(len(row)) / len(later) if later else 1.0
        known = score(row)
        merits.append((known, even, len(row)) if known or len(row) > 1 else (0, 0.0, 1))
    best = max(merits)
    i = merits.index(best)
    if best[0] >= TEXT_KNOWN:
        enough = TEXT_KNOWN + max((best[0] - TEXT_KNOWN) / 2, _FEWEST_KNOWN)
        has_rows = [any(not known for known, *_ in merits[k + 1 : i]) for k in range(i)]
        i = next((k for k in range(i) if has_rows[k] and merits[k][0] >= enough), i)
        rows, names = [row for *_, row in records], [merit[0] for merit in merits]
        merit = merits[i]
        return merit, next((k for k in range(i) if _rather_a_header(rows, names, k, i)), i)
    return merits[i], i


def _rather_a_header(rows: Sequence[Sequence[str]], known: Sequence[int], k: int, i: int) -> bool:
    """Whether row `k` is the header instead of a later one, `i`, that knows a text's name."""
    row, later, names = rows[k], rows[i], known[i] - TEXT_KNOWN
    if len(row) != len(later) or known[k] >= TEXT_KNOWN:
        return False
    if known[k] >= max(names, _FEWEST_KNOWN):
        return True
    filled = {cell.strip() for cell in row} - {""}
    if names > 1 or len(filled) < len(row) or len(row) == 1 or any(cell[0].isdigit() for cell in filled):
        return False
    alike = [other for other in rows[i + 1 :] if len(other) == len(later)]
    recurs = any(cell.strip() and cell == other[c] for c, cell in enumerate(later) for other in alike)
    return recurs or i - k > _TITLES


def find_layout(lines: Sequence[str], score: Score, delimiter: str | None = None) -> Layout | None:
    """Find header and dialect by what the header says; without a known header, by rows of equal width.

    A plain comma-separated file wins over anything else that explains the lines equally well; rare
    delimiters are tried only where no text column is known otherwise. Lines before the header (titles,
    export dates) are passed over; a line ``sep=;`` decides the delimiter.

    Parameters
    ----------
    lines : sequence of str
        The first lines with their ends.
    score : callable
        How many columns of a record are known names of headers; 100 more where a text column is one.
    delimiter : str, optional
        The delimiter, if it is known.

    Returns
    -------
    Layout or None
        None where there is no record at all.

    >>> known = lambda row: len({"id", "text"} & set(row)) + 100 * ("text" in row)
    >>> find_layout(["Complaints 2024\\n", "\\n", "id;text\\n", "1;a,b\\n"], known)
    Layout(dialect=Dialect(delimiter=';', quote='"', skip_blanks=False), header=('id', 'text'),
           header_line=2, data_line=3)
    """
    first = 0
    if lines and (named := _SEP_LINE.fullmatch(lines[0])):
        delimiter, first = delimiter or named[1], 1
    text = "".join(lines)
    marks = (delimiter,) if delimiter else DELIMITERS
    dialects = [Dialect(mark) for mark in marks]
    if _BLANK_QUOTE.search(text):
        dialects += [Dialect(mark, skip_blanks=True) for mark in marks]
    if len(_SINGLE_QUOTED.findall(text)) >= _FEWEST_SINGLE_QUOTED:
        dialects += [Dialect(mark, "'") for mark in marks]
    found = [_tried(lines, first, dialect, score) for dialect in dialects]
    if not delimiter and max(merit for merit, _ in found) < (TEXT_KNOWN, 0.0, 0):
        rare = [_tried(lines, first, Dialect(mark), score) for mark in RARE_DELIMITERS]
        least = (TEXT_KNOWN, _RARE_EVEN, 2)
        found += [tried for tried in rare if all(map(ge, tried[0], least))]
    return max(found, key=lambda tried: tried[0])[1]


def _tried(lines: Sequence[str], first: int, dialect: Dialect, score: Score) -> tuple[_Merit, Layout | None]:
    """How well a dialect explains the lines, and the layout that it gives."""
    records = _records(lines[first:], dialect)
    if not records:
        return (-1, 0.0, 0), None
    (known, even, width), i = best_header(records, score)
    unusual = dialect.skip_blanks + (dialect.quote != Dialect.quote)
    start, end, row = records[i]
    below = [r for _, _, r in records[i + 1 :]]
    dialect, row = _blanks_skipped(dialect, row, below), _without_empty_end(row, below)
    row = [cell.lstrip(" ") if dialect.skip_blanks else cell for cell in row]
    if below and all(map(_RULE.fullmatch, below[0])) and any(map(_LONG_RULE.search, below[0])):
        end, below = records[i + 1][1], below[1:]
    above = sum(len(r) == width for _, _, r in records[:i])
    exchanged = above > 0 and score([r[0] for _, _, r in records]) > known
    usual = Counter(map(len, below)).most_common(1)
    spare = max(usual[0][0] - len(row), 0) if usual else 0
    layout = Layout(dialect, tuple(row), first + start, first + end, above, len(below), spare, exchanged)
    return (known, even - _UNUSUAL * unusual, width), layout


def _blanks_skipped(dialect: Dialect, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Dialect:
    """The same dialect, with blanks left out where one stands behind each delimiter."""
    cells = [cell for row in (header, *rows) for cell in row[1:] if cell]
    if dialect.skip_blanks or not cells or not all(cell.startswith(" ") for cell in cells):
        return dialect
    return replace(dialect, skip_blanks=True)


def _without_empty_end(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A header without the names that are empty at its end, as far as nothing stands below them."""
    width = len(header)
    while width > 1 and not header[width - 1].strip() and not any("".join(row[width - 1 :]) for row in rows):
        width -= 1
    return list(header[:width])
