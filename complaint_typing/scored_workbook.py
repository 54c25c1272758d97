"""A scored table as an Excel workbook: every text a text and never a formula, the header in sight."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from numpy.typing import NDArray

from .errors import BadValue
from .formula_guard import guard
from .scored_json import ScoredJson, gathered_rows
from .workbooks import import_openpyxl

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
MOST_COLUMNS = 16_384
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_LOOKED_AT, _NARROWEST, _WIDEST = 100, 8, 60
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_REMEDY = "write .csv or .jsonl instead"


def escaped(text: str) -> str:
    """A text as cells hold it: what XML cannot have is written as ``_x000D_``.

    >>> escaped("a\\r\\n_x000D_")
    'a_x000D_\\n_x005F_x000D_'
    """
    return _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


class ScoredWorkbook(ScoredJson):
    """Blocks are gathered as lines of JSON; at the end they become a workbook, row by row.

    Parameters
    ----------
    input_header : sequence of str
    proba_types : sequence of str, optional

    Raises
    ------
    MissingExtra
        When openpyxl is not installed.
    BadValue
        When there are more columns than a workbook can hold.
    """

    def __init__(self, input_header: Sequence[str], proba_types: Sequence[str] | None = None):
        import_openpyxl()
        super().__init__(input_header, proba_types, typed=False)
        if len(self.header) > MOST_COLUMNS:
            limit = f"of at most {MOST_COLUMNS:,} columns, as a sheet is"
            raise BadValue(None, "header", f"{len(self.header):,} columns", limit, _REMEDY)

    def block(
        self,
        rows: Sequence[Sequence[str]],
        columns: Mapping[str, Sequence[Any]],
        probabilities: NDArray[Any] | None = None,
        first_row: int = 1,
    ) -> bytes:
        """A block of rows.

        Raises
        ------
        BadValue
            When there are more rows, or a cell is longer, than a workbook can hold.
        """
        if first_row + len(rows) > MOST_ROWS:
            limit = f"one of the {MOST_ROWS - 1:,} rows that a sheet can hold"
            raise BadValue(None, "rows", first_row + len(rows), limit, _REMEDY)
        for i, row in enumerate(rows):
            if sum(map(len, row)) > MOST_CHARACTERS // 7:
                self._check_lengths(row, first_row + i)
        return super().block(rows, columns, probabilities, first_row)

    def _check_lengths(self, row: Sequence[str], number: int) -> None:
        for name, cell in zip(self.header, (row[i] for i in self._kept), strict=False):
            if len(escaped(cell)) > MOST_CHARACTERS:
                limit = f"of at most {MOST_CHARACTERS:,} characters, as a workbook's cells are"
                raise BadValue(number, name, f"{len(cell):,} characters", limit, _REMEDY)

    def assemble(self, gathered: Path, whole: Path) -> bool:
        """Make the workbook of the lines."""
        openpyxl = import_openpyxl()
        rows = gathered_rows(gathered)
        first = list(islice(rows, _LOOKED_AT))
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("scored")
        sheet.freeze_panes = "A2"
        for i, width in enumerate(self._widths(first), 1):
            sheet.column_dimensions[openpyxl.utils.get_column_letter(i)].width = width
        bold = openpyxl.styles.Font(bold=True)
        sheet.append([_cell(sheet, name, font=bold) for name in self.header])
        for row in chain(first, rows):
            sheet.append([_cell(sheet, value) if isinstance(value, str) else value for value in row])
        with _Dateless(whole, "w", ZIP_DEFLATED, allowZip64=True) as archive:
            openpyxl.writer.excel.ExcelWriter(book, archive).save()
        return True

    def _widths(self, rows: Sequence[Sequence[Any]]) -> Iterator[int]:
        """Of each column, in characters: as its longest line among the first rows, within limits."""
        for i, name in enumerate(self.header):
            texts = [name, *(str(row[i]) for row in rows if row[i] is not None)]
            longest = max(_width(line) for text in texts for line in text[:_WIDEST].splitlines() or [""])
            yield min(max(longest + 2, _NARROWEST), _WIDEST)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _cell(sheet: Any, text: str, font: Any = None) -> Any:
    """A cell that is a text whatever it looks like; typed again in Excel it stays one."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, escaped(text) or None)
    if text:
        cell.data_type = "s"
    if guard(text) != text:
        cell.quotePrefix = True
    if font is not None:
        cell.font = font
    return cell


class _Dateless(ZipFile):
    """An archive without the time of writing, so that the same rows make the same bytes."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *options: Any) -> None:  # type: ignore[override]
        data = data.encode() if isinstance(data, str) else data
        super().writestr(_entry(zinfo_or_arcname), _DATES.sub(rb"\g<1>1980-01-01T00:00:00Z", data))

    def write(self, filename: Any, arcname: Any = None, *options: Any) -> None:  # type: ignore[override]
        with open(filename, "rb") as source, self.open(_entry(arcname), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target)


def _entry(name: Any) -> ZipInfo:
    entry = ZipInfo(name, _LONG_AGO)
    entry.compress_type = ZIP_DEFLATED
    return entry
