"""Labelling in a spreadsheet: a sheet with drop-down lists goes out, checked labels come back."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..atomic import atomic_writer, write_atomic
from ..errors import BadOption, MissingColumns, TableFault, TargetExists
from ..formula_guard import guard, guard_row, unguard_exact
from ..label_terms import Terms
from ..taxonomy import LANGUAGES, Taxonomy, checked_language, read_taxonomy
from ..tickets import read_numbered_frame
from ..workbooks import import_openpyxl
from .errors import LabellingError
from .label_terms import (
    FILLED,
    LABEL_COLUMNS,
    SHOWN,
    checked_tickets,
    labels_frame,
    same_text,
    shown_text,
)

SHEET, GUIDE = "labels", "guide"
_WIDTHS = {"ticket_id": 16, "text": 90, "note": 40}
_GUIDE_HEADER = ("column", "id", "name_zh", "name_en", "meaning_zh", "meaning_en")
_FIRST_LINE = {
    "zh": "请为每条工单选一个 customer_type：用哪种接待方式能了结这起投诉？"
    "拿不准就写 note，不要改 ticket_id 和 text。",
    "en": "Choose one customer_type a ticket: which handling would end this complaint? In doubt write a "
    "note; leave ticket_id and text as they are.",
}


def write_labelling_sheet(
    tickets: pd.DataFrame,
    path: str | Path,
    lang: str = "zh",
    masked: bool = True,
    taxonomy: Taxonomy | None = None,
) -> None:
    """Write tickets for a labeller: ``.xlsx`` with drop-down lists and a guide, or ``.csv``.

    The model's opinion is left out on purpose: labellers who see it agree with it too often.

    Parameters
    ----------
    tickets : DataFrame
        With ``ticket_id`` and ``text``; a queue of :func:`~complaint_typing.workbench.labelling.queue`.
    path : path
    lang : str
        Of the names in the drop-down lists, "zh" or "en"; what comes back is understood in both.
    masked : bool
        Whether personal data in the texts is masked.
    taxonomy : Taxonomy, optional

    Raises
    ------
    MissingColumns, BadValue
        As :func:`~complaint_typing.workbench.label_terms.checked_tickets`.
    BadOption
        When the name asks for another format.
    TargetExists
        When the file is there: somebody may have filled it in.
    MissingExtra
        When openpyxl is not installed and a workbook is asked for.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "anna.csv"
    >>> queue = pd.DataFrame({"ticket_id": ["007"], "text": ["=1+1 is not my bill"]})
    >>> write_labelling_sheet(queue, place)
    >>> print(place.read_text(encoding="utf-8-sig").splitlines()[1])
    007,'=1+1 is not my bill,,,,
    """
    rows = [(key, shown_text(text, masked)) for key, text in checked_tickets(tickets)]
    terms = Terms(taxonomy or read_taxonomy())
    checked_language(lang)
    if Path(path).exists():
        raise TargetExists(path)
    if Path(path).suffix.lower() == ".xlsx":
        _write_workbook(rows, Path(path), terms, lang)
    elif Path(path).suffix.lower() == ".csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow((*SHOWN, *FILLED))
        writer.writerows([*guard_row(row), *[""] * len(FILLED)] for row in rows)
        write_atomic(path, "\ufeff" + text.getvalue())
    else:
        raise BadOption("path", path, "a sheet that is written", "name it .xlsx or .csv")


def _write_workbook(rows: Sequence[tuple[str, str]], path: Path, terms: Terms, lang: str) -> None:
    openpyxl = import_openpyxl()
    book = openpyxl.Workbook()
    sheet, guide = book.active, book.create_sheet(GUIDE)
    sheet.title = SHEET
    lists = _write_guide(guide, terms, lang)
    sheet.append([*SHOWN, *FILLED])
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            _text_cell(sheet.cell(number, place), value)
    _laid_out(openpyxl, sheet, {name: _WIDTHS.get(name, 24) for name in (*SHOWN, *FILLED)})
    for place, column in enumerate((*SHOWN, *FILLED), start=1):
        if column in lists:
            letter = openpyxl.utils.get_column_letter(place)
            rule = openpyxl.worksheet.datavalidation.DataValidation(
                type="list", formula1=lists[column], allow_blank=True, showErrorMessage=True
            )
            rule.errorTitle, rule.error = column, "✗ → guide"
            rule.add(f"{letter}2:{letter}{len(rows) + 1}")
            sheet.add_data_validation(rule)
    with atomic_writer(path) as file:
        book.save(file)


def _write_guide(guide: Any, terms: Terms, lang: str) -> dict[str, str]:
    """The labels with their meanings; where the list of each column stands, as a formula of the workbook."""
    from openpyxl.styles import Alignment, Font

    guide.append([_FIRST_LINE["zh"]])
    guide.append([_FIRST_LINE["en"]])
    guide.append(_GUIDE_HEADER)
    lists, name_letter = {}, "C" if lang == "zh" else "D"
    for column in LABEL_COLUMNS:
        first = guide.max_row + 1
        for id in terms.ids(column):
            told = [
                *(terms.name(id, each) for each in LANGUAGES),
                *(terms.meaning(id, each) for each in LANGUAGES),
            ]
            guide.append([column, id, *told])
        lists[column] = f"{GUIDE}!${name_letter}${first}:${name_letter}${guide.max_row}"
    for letter, width in zip("ABCDEF", (18, 24, 16, 24, 60, 60), strict=True):
        guide.column_dimensions[letter].width = width
    for row in guide.iter_rows(min_row=4):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in guide[3]:
        cell.font = Font(bold=True)
    return lists


def _text_cell(cell: Any, text: str) -> None:
    """A text whatever it looks like: ids keep their zeros, nothing becomes a formula."""
    cell.value, cell.number_format = text, "@"
    if text:
        cell.data_type = "s"
    cell.quotePrefix = guard(text) != text


def _laid_out(openpyxl: Any, sheet: Any, widths: dict[str, int]) -> None:
    sheet.freeze_panes = "B2"
    for place, width in enumerate(widths.values(), start=1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place)].width = width
        sheet.cell(1, place).font = openpyxl.styles.Font(bold=True)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = openpyxl.styles.Alignment(wrap_text=True, vertical="top")


def read_labelling_sheet(
    path: str | Path,
    tickets: pd.DataFrame,
    labeller: str | None = None,
    complete: bool = True,
    masked: bool = True,
    taxonomy: Taxonomy | None = None,
) -> pd.DataFrame:
    """Read a sheet that came back, and check every row of it against what went out.

    Parameters
    ----------
    path : path
        As :func:`write_labelling_sheet` wrote it and a person filled it, in any encoding and order of rows.
    tickets : DataFrame
        What went out.
    labeller : str, optional
        Who filled it; the file's name without its ending by default.
    complete : bool
        Whether a ticket that went out and has no row is a fault. One without a label never is.
    masked : bool
        As it went out.
    taxonomy : Taxonomy, optional

    Returns
    -------
    DataFrame
        Rows with a ``customer_type``, see :func:`~complaint_typing.workbench.label_terms.labels_frame`; ids,
        whatever language the labels were written in.

    Raises
    ------
    UnreadableInput, MissingColumns
        When it cannot be read, or has no ``ticket_id`` or ``customer_type``.
    LabellingError
        Unknown labels, unknown, double, missing and changed rows: all of them.
    """
    sent = dict(checked_tickets(tickets))
    frame, numbers = _read(path)
    terms, faults = Terms(taxonomy or read_taxonomy()), list[TableFault]()
    rows: dict[str, dict[str, Any]] = {}
    for record, number in zip(frame.to_dict("records"), numbers, strict=True):
        key = record["ticket_id"]
        found = _row_faults(record, number + 1, sent, rows, masked)
        labels = {column: terms.understood(column, record.get(column, "")) for column in LABEL_COLUMNS}
        found += [terms.fault(number + 1, c, record[c]) for c, label in labels.items() if label is None]
        faults += found
        rows.setdefault(key, {"ticket_id": key, **labels, "note": record.get("note", ""), "row": number + 1})
    if complete:
        remedy = "put the row back, or read with complete=False"
        faults += [
            TableFault(None, "ticket_id", key, "no row any more", remedy) for key in sent if key not in rows
        ]
    if faults:
        raise LabellingError(path, faults)
    who = labeller or Path(path).stem
    return labels_frame([{**row, "labeller": who} for row in rows.values() if row["customer_type"]])


def _read(path: str | Path) -> tuple[pd.DataFrame, list[int]]:
    sheet = SHEET if Path(path).suffix.lower() in (".xlsx", ".xlsm") else None
    frame, numbers = read_numbered_frame(path, sheet=sheet)
    found = [str(name) for name in frame.columns]
    if missing := [name for name in ("ticket_id", "customer_type") if name not in found]:
        raise MissingColumns(missing, found, path=path)
    if sheet is None:
        rows = [unguard_exact(row) for row in frame.to_numpy().tolist()]
        frame = pd.DataFrame(rows, columns=frame.columns, dtype=object)
    return frame, numbers


def _row_faults(
    record: dict[Any, Any], row: int, sent: dict[str, str], before: dict[str, Any], masked: bool
) -> list[TableFault]:
    key = record["ticket_id"]
    if key not in sent:
        return [TableFault(row, "ticket_id", key, "not a ticket that went out", "restore the id of this row")]
    if key in before:
        what = f"already in row {before[key]['row']}"
        return [TableFault(row, "ticket_id", key, what, "keep one row for each ticket")]
    if not same_text(record.get("text", ""), shown_text(sent[key], masked)):
        what = "not the text that went out"
        return [
            TableFault(row, "text", record.get("text", ""), what, "restore it, the label may be another's")
        ]
    return []
