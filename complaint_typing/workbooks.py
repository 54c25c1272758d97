"""Streams the rows of a sheet of an Excel workbook; what its cells hold as texts, exactly."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice, repeat, zip_longest
from os import PathLike
from pathlib import Path
from typing import Any

from .cells import number_text
from .dialects import TEXT_KNOWN, Score, best_header
from .encodings import Encoding
from .errors import BadOption, ComplaintTypingError, MissingExtra, UnreadableInput
from .rows import RowBlock, set_aside_cells, with_cells
from .text_limit import HALF_CHARACTER

_LOOKED_AT = 60
_SCANNED = 1 << 20
_OVERLAP = 200
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ZEROS = re.compile("0{2,20}")

Grid = Iterator[list[str]]


def import_openpyxl() -> Any:
    """The module `openpyxl`.

    Raises
    ------
    MissingExtra
        When it is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("excel", "openpyxl") from None
    # it warns of what a workbook has beside its cells
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    return openpyxl


def cell_text(value: object, number_format: str = "General") -> str:
    """What a cell of a workbook holds, as text: dates in ISO 8601, whole numbers without a fraction, and
    those that have lost digits as spreadsheets show them.

    >>> [cell_text(v) for v in (7.0, 1.1e17, 0.5, True, None, datetime(2024, 3, 5, 9, 30), "007")]
    ['7', '1.1E+17', '0.5', 'TRUE', '', '2024-03-05 09:30:00', '007']
    >>> cell_text(7, "000")
    '007'
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(" ", "microseconds" if value.microsecond else "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    told = number_text(getattr(value, "text", value))  # the formula of an array is an object
    return told.zfill(len(number_format)) if told.isdigit() and _ZEROS.fullmatch(number_format) else told


@dataclass(frozen=True)
class _Sheet:
    """What must be known of a sheet before its cells are read."""

    path: Path
    name: str
    merged: dict[tuple[int, int], int]
    """First cell of a merged column (row and column from 0) -> its last row."""
    has_formulas: bool

    def rows(self) -> Grid:
        """The texts of each row, as far as its last filled cell."""
        values = _cells(self.path, self.name, True)
        formulas = _cells(self.path, self.name, False) if self.has_formulas else repeat(())
        reach: dict[int, tuple[int, str]] = {}
        for r, (row, told) in enumerate(zip(values, formulas, strict=False)):
            texts = [_known_text(*pair) for pair in zip_longest(row, told)] if told else [*map(_text, row)]
            if self.merged:
                self._fill(texts, r, reach)
            while texts and not texts[-1]:
                texts.pop()
            yield texts

    def _fill(self, texts: list[str], r: int, reach: dict[int, tuple[int, str]]) -> None:
        """Repeat the first cell of a merged column in the cells below it."""
        for c, (last, top) in reach.items():
            if r <= last and top:
                texts += [""] * (c + 1 - len(texts))
                texts[c] = texts[c] or top
        for c, text in enumerate(texts):
            if (r, c) in self.merged:
                reach[c] = self.merged[r, c], text


def _text(cell: Any) -> str:
    return cell_text(cell.value, cell.number_format if isinstance(cell.value, (int, float)) else "")


def _known_text(cell: Any, formula: Any) -> str:
    """A formula's stored value; the formula itself where none is stored."""
    return _text(cell) if cell is not None and cell.value is not None else _text(formula)


@contextmanager
def _opened(path: str | PathLike[str], data_only: bool = True) -> Iterator[Any]:
    """A workbook; whatever is wrong with it is an error of ours."""
    load = import_openpyxl().load_workbook
    try:
        with (
            open(path, "rb") as stream,
            closing(load(stream, read_only=True, data_only=data_only)) as book,
        ):
            yield book
    except (ComplaintTypingError, MemoryError):
        raise
    except Exception as error:  # a damaged archive or XML can raise nearly anything
        reason = f"the workbook is damaged or protected ({type(error).__name__})"
        raise UnreadableInput(path, reason, "open and save it again, or save it as CSV UTF-8") from error


def _cells(path: Path, name: str, data_only: bool) -> Iterator[Sequence[Any]]:
    with _opened(path, data_only) as book:
        sheet = book[name]
        sheet.reset_dimensions()  # many programs write wrong ones, and rows beyond them would be lost
        yield from sheet.iter_rows()


def _looked_through(path: Path, sheet: Any) -> _Sheet:
    """Find merged columns and formulas in the text of a sheet."""
    merged: dict[tuple[int, int], int] = {}
    has_formulas, before = False, b""
    with sheet._get_source() as source:
        while chunk := source.read(_SCANNED):
            text = before + chunk
            has_formulas = has_formulas or _FORMULA.search(text) is not None
            for first, top, _, bottom in _MERGE.findall(text):
                if top != bottom:
                    merged[int(top) - 1, _column(first)] = int(bottom) - 1
            before = text[-_OVERLAP:]
    return _Sheet(path, sheet.title, merged, has_formulas)


def _column(letters: bytes) -> int:
    """Index of a column from its letters, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


@dataclass(frozen=True)
class Workbook:
    """A sheet of a workbook whose header is known.

    Where a column's cells are merged, each row has the value of the first. A formula counts as the value
    that was stored with it; where none was, as its own text.

    Parameters
    ----------
    path : Path
    sheet : _Sheet
    sheets : int
        How many the workbook has.
    header : tuple of str
        As in the sheet.
    header_row : int
        From 0.
    """

    path: Path
    sheet: _Sheet
    sheets: int
    header: tuple[str, ...]
    header_row: int
    form: str = "xlsx"
    delimiter: str = ""

    @property
    def encoding(self) -> Encoding:
        return Encoding("utf-8", "an Excel workbook")

    @property
    def layout(self) -> str:
        return f"sheet {self.sheet.name!r} of {self.sheets}, header in row {self.header_row + 1}"

    def blocks(self, block_rows: int = 2000) -> Iterator[RowBlock]:
        """The rows below the header, in blocks of at most `block_rows`; empty ones are no rows.

        Raises
        ------
        UnreadableInput
            When the workbook is damaged.
        """
        block, number, width = RowBlock(), 0, len(self.header)
        for r, texts in enumerate(self.sheet.rows()):
            if r <= self.header_row or not texts:
                continue
            number += 1
            row = texts + [""] * (width - len(texts))
            reason = _fault(row, self.header)
            if reason:
                block.faults.append(set_aside_cells(row, number, r, reason))
            else:
                block.add(row, number, (r, r + 1))
            if len(block) >= block_rows:
                yield with_cells(block)
                block = RowBlock()
        if len(block):
            yield with_cells(block)


def _fault(row: list[str], header: tuple[str, ...]) -> str:
    if len(row) > len(header):
        return "too_many_fields"
    if HALF_CHARACTER.search("".join(row)):
        return "half_character"
    return "repeated_header" if tuple(row) == header else ""


def open_plain_sheet(path: str | PathLike[str]) -> Workbook:
    """The first sheet of a workbook, its first row being the header.

    Raises
    ------
    MissingExtra, UnreadableInput
        As :func:`open_workbook`.
    """
    with _opened(path) as book:
        sheet = _looked_through(Path(path), book.worksheets[0])
        header = next(sheet.rows(), [])
        return Workbook(Path(path), sheet, len(book.worksheets), tuple(header), 0)


def open_workbook(path: str | PathLike[str], score: Score, sheet: str | None = None) -> Workbook:
    """Find the sheet and the header.

    Parameters
    ----------
    path : path
        Of a workbook (.xlsx, .xlsm).
    score : callable
        How many columns of a row are known names of headers; 100 more where a text column is one.
    sheet : str, optional
        Its name; by default the only one that has a text column.

    Raises
    ------
    MissingExtra
        When openpyxl is not installed.
    UnreadableInput
        When it is no workbook, is damaged or empty.
    BadValue
        When there is no such sheet, or several hold tickets and none is named.
    """
    with _opened(path) as book:
        shown = [each for each in book.worksheets if each.sheet_state == "visible" or each.title == sheet]
        names = [each.title for each in shown]
        if sheet is not None and sheet not in names:
            raise BadOption("sheet", sheet, "a sheet of the workbook", f"use one of: {', '.join(names)}")
        wanted = names if sheet is None else [sheet]
        found = [(name, *_header_of(Path(path), book[name], score)) for name in wanted]
        with_text = [name for name, _, known, _, _ in found if known >= TEXT_KNOWN]
        if len(with_text) > 1:
            remedy = "say which with --sheet, and score them one by one"
            raise BadOption("sheet", ", ".join(with_text), "one sheet with tickets", remedy)
        best = max(found, key=lambda each: each[2], default=None)
        if best is None or not best[3]:
            raise UnreadableInput(path, "it is empty", "export it again")
        return Workbook(Path(path), best[1], len(book.worksheets), tuple(best[3]), best[4])


def _header_of(path: Path, sheet: Any, score: Score) -> tuple[_Sheet, int, list[str], int]:
    """A sheet, how well its header is known, the header, and its row."""
    seen = _looked_through(path, sheet)
    rows = [(r, r + 1, texts) for r, texts in enumerate(islice(seen.rows(), _LOOKED_AT)) if texts]
    if not rows:
        return seen, -1, [], 0
    (known, _, _), i = best_header(rows, score)
    return seen, known, rows[i][2], rows[i][0]
