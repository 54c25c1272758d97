"""Reads exports into checked tickets, and sets aside the rows that cannot be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import partial
from itertools import chain
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .column_values import TIME_COLUMNS, find_date_order
from .columns import also_matching, header_score, is_header_again, map_headers
from .errors import AmbiguousDates
from .formula_guard import unguard_exact
from .ngrams import distinct
from .quarantine import QuarantinedRow
from .rows import RowBlock, RowSource
from .scored_header import own_columns
from .sources import open_source
from .ticket_table import BadValues, ColumnReport, Tickets, tickets_from_columns
from .times import NO_TIME, checked_order, order_from, zone_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class FileReport:
    """What a pass over a file met; ``rows_in == rows_out + sum(quarantined.values())``, always.

    Parameters
    ----------
    rows_in, rows_out : int
        Data rows read, and handed out as tickets.
    quarantined : dict of str to int
        Rows set aside, by reason.
    bad_values : dict of str to BadValues
        Values taken as missing, by column.
    repeated_ticket_ids : int
        Rows whose `ticket_id` an earlier row had; known at the end of the pass.
    padded_rows, repaired_rows : int
        Rows with fewer fields than the header, and rows with quote marks that break the standard's rules.
    replaced : int
        Replacement characters (U+FFFD) that the file has, and bytes that cannot be decoded.
    """

    rows_in: int = 0
    rows_out: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    bad_values: dict[str, BadValues] = field(default_factory=dict)
    repeated_ticket_ids: int = 0
    padded_rows: int = 0
    repaired_rows: int = 0
    replaced: int = 0

    def add(self, rows: RowBlock, columns: ColumnReport) -> None:
        """Count a block."""
        self.rows_in += len(rows.rows) + len(rows.faults)
        self.rows_out += len(rows.rows)
        self.padded_rows += rows.padded
        self.repaired_rows += rows.repaired
        self.replaced += rows.replaced
        for fault in rows.faults:
            self.quarantined[fault.reason] = self.quarantined.get(fault.reason, 0) + 1
        for name, values in columns.bad.items():
            self.bad_values.setdefault(name, BadValues()).add(values)


@dataclass(frozen=True)
class Block:
    """Consecutive rows of a file.

    Parameters
    ----------
    header : tuple of str
        Of the file.
    rows : list of list of str, n_tickets long
        All fields as in the file, each row as long as the header.
    row_numbers : list of int
        Of each row, from 1; quarantined rows count too.
    tickets : Tickets
        The same rows, checked.
    quarantined : list of QuarantinedRow
        Rows among these that were set aside.
    """

    header: tuple[str, ...]
    rows: list[list[str]]
    row_numbers: list[int]
    tickets: Tickets
    quarantined: list[QuarantinedRow]


class TicketFile:
    """An export of tickets; made by :meth:`open`.

    Attributes
    ----------
    header : tuple of str
        As in the file.
    encoding : Encoding
        ``name`` and ``how`` it was decided.
    delimiter : str
        One character; "" where the format has none.
    form, layout : str
        ``csv``, ``json``, ``xlsx`` or ``parquet``; and how the rows are laid out, for people.
    mapping : dict of str to int
        Contract column -> index into `header`.
    unmapped : list of str
        Headers that only pass through.
    shadowed : dict of str to list of str
        Contract column -> further headers that would have served it.
    own : range
        Indices of columns that an earlier scoring appended; they are not mapped, and where there are any its
        formula guard is undone.
    report : FileReport
        Of the latest pass.
    """

    def __init__(
        self,
        file: RowSource,
        mapping: Mapping[str, str] | None,
        tz: str | tzinfo,
        date_order: str | None,
        block_rows: int,
    ):
        self.own = own = own_columns(file.header)
        self._file, self._tz, self._order, self._block_rows = file, zone_of(tz), date_order, block_rows
        self._order_known = date_order is not None
        self._guarded = bool(own) and file.form == "csv"
        self.header = tuple(unguard_exact(file.header)) if self._guarded else file.header
        given = ["" if i in own else name for i, name in enumerate(self.header)]
        self.encoding, self.delimiter = file.encoding, file.delimiter
        self.form, self.layout = file.form, file.layout
        self.mapping = map_headers(given, mapping)
        used = {*own, *self.mapping.values()}
        self.unmapped = [name for i, name in enumerate(given) if i not in used]
        self.shadowed = also_matching(given, self.mapping)
        self.report = FileReport()

    @property
    def date_order(self) -> str | None:
        """Order of day and month, given or found: ``dmy`` or ``mdy``; None where no date leaves it open."""
        return self._order

    @classmethod
    def open(
        cls,
        path: str | PathLike[str],
        mapping: Mapping[str, str] | None = None,
        encoding: str = "auto",
        tz: str | tzinfo = "UTC",
        date_order: str | None = None,
        block_rows: int = 2000,
        delimiter: str | None = None,
        sheet: str | None = None,
    ) -> TicketFile:
        """Find out what a file is; its rows are read by :meth:`blocks`.

        Parameters
        ----------
        path : path
            Delimited text or JSON, plain or gzip; a workbook (.xlsx); Parquet.
        mapping : mapping of str to str, optional
            Contract column -> header of the file, where the aliases do not know it.
        encoding : str, default "auto"
            Or the name of one.
        tz : str or tzinfo, default "UTC"
            Zone of times that name none.
        date_order : {"dmy", "mdy"}, optional
            Order of dates with the year last; by default the whole file decides.
        block_rows : int, default 2000
            Most rows of a block.
        delimiter : str, optional
            One character; by default the header decides.
        sheet : str, optional
            Of a workbook; by default the only one with tickets.

        Raises
        ------
        UnreadableInput
            When the file cannot be opened, is empty, damaged or no text.
        MissingColumns
            When no header is known as `text` or `subject`, or `mapping` names one that is not there.
        BadValue
            When an argument makes no sense, or a sheet must be chosen.
        MissingExtra
            When the package for the file's format is not installed.
        AmbiguousDates
            When nothing tells whether days or months come first; also later, from :meth:`blocks`.

        Examples
        --------
        >>> import tempfile
        >>> place = tempfile.mkdtemp() + "/export.csv"
        >>> with open(place, "w", encoding="gb18030") as file:
        ...     _ = file.write("工单编号,受理时间,投诉内容\\n007,2024/3/5 9:30,快递丢了\\n008,2024/3/6,\\n")
        >>> export = TicketFile.open(place, tz="Asia/Shanghai")
        >>> [block.tickets.ticket_id for block in export.blocks()]
        [['007']]
        >>> export.report.rows_in, export.report.rows_out, export.report.quarantined
        (2, 1, {'no_text': 1})
        """
        checked_order(date_order)
        score = partial(header_score, overrides=mapping)
        source = open_source(path, score, encoding, delimiter, sheet)
        made = cls(source, mapping, tz, date_order, block_rows)
        made._look_at_dates(made._columns(next(made._file.blocks(block_rows), RowBlock()), made.mapping))
        return made

    def blocks(self) -> Iterator[Block]:
        """The rows from the first to the last; every call is a new pass and begins a new `report`.

        Raises
        ------
        UnreadableInput
            When the file is damaged further on.
        AmbiguousDates
            When dates further on cannot be read.
        """
        report = self.report = FileReport()
        hashes: list[NDArray[np.int64]] = []
        for block, counted in self._checked(self.mapping):
            report.add(*counted)
            named = [hash(i) for i in block.tickets.ticket_id if i]
            hashes.append(np.array(named, np.int64))
            yield block
        seen = np.concatenate([*hashes, np.empty(0, np.int64)])
        report.repeated_ticket_ids = len(seen) - len(distinct(seen))

    def blocks_again(self, columns: Collection[str]) -> Iterator[Block]:
        """The same blocks, but with no other columns checked than these; `report` stays as it is."""
        mapping = {name: index for name, index in self.mapping.items() if name in columns}
        for block, _ in self._checked(mapping):
            yield block

    def _checked(self, mapping: Mapping[str, int]) -> Iterator[tuple[Block, tuple[RowBlock, ColumnReport]]]:
        for rows in self._file.blocks(self._block_rows):
            if self._guarded:
                rows.rows = [unguard_exact(row) for row in rows.rows]
            if rows.numbers[:1] == [1] and is_header_again(rows.rows[0], self.mapping):
                rows.take_out([0], "repeated_header")
            cells = self._columns(rows, mapping)
            self._look_at_dates(cells)
            tickets, columns = self._tickets(cells, rows)
            if columns.no_text:
                rows.take_out(columns.no_text, "no_text")
                tickets, columns = self._tickets(self._columns(rows, mapping), rows)
            yield Block(self.header, rows.rows, rows.numbers, tickets, rows.faults), (rows, columns)

    def _columns(self, rows: RowBlock, mapping: Mapping[str, int]) -> dict[str, Sequence[str]]:
        columns = list(zip(*rows.rows, strict=True)) or [()] * len(self.header)
        return {name: columns[index] for name, index in mapping.items()}

    def _tickets(self, cells: Mapping[str, Sequence[str]], rows: RowBlock) -> tuple[Tickets, ColumnReport]:
        return tickets_from_columns(cells, self._tz, self._order, rows.numbers)

    def _look_at_dates(self, cells: Mapping[str, Sequence[str]]) -> None:
        """Where days and months may be mistaken for each other, let the whole file decide, once."""
        if self._order_known or not find_date_order(cells)[1]:
            return
        evidence: dict[str, str] = {}
        for block in self._file.blocks(self._block_rows):
            evidence = {**find_date_order(self._columns(block, self.mapping))[0], **evidence}
        read = [self.header[self.mapping[name]] for name in TIME_COLUMNS if name in self.mapping]
        try:
            self._order, self._order_known = order_from(evidence, " and ".join(read)), True
        except AmbiguousDates as error:
            raise AmbiguousDates(
                error.column, error.examples, error.contradictory, str(self._file.path)
            ) from None


def read_frame(
    path: str | PathLike[str],
    mapping: Mapping[str, str] | None = None,
    encoding: str = "auto",
    tz: str | tzinfo = "UTC",
    date_order: str | None = None,
    sheet: str | None = None,
) -> pd.DataFrame:
    """Read an export as a table of texts for notebooks.

    Contract columns get their contract names; `created_at` and `resolved_at` become ISO 8601 in UTC, empty
    where missing or bad. All other columns pass through; those that an earlier scoring appended are left out.

    Parameters
    ----------
    path, mapping, encoding, tz, date_order, sheet
        As for :meth:`TicketFile.open`.

    Returns
    -------
    DataFrame of str
        One row per ticket; quarantined rows are missing, their number is in ``attrs["quarantined"]``. Values
        that count as missing are counted by column in ``attrs["bad_values"]``.

    Raises
    ------
    UnreadableInput, MissingColumns, BadValue, MissingExtra, AmbiguousDates
        As :meth:`TicketFile.open`.

    Examples
    --------
    >>> import tempfile
    >>> place = tempfile.mkdtemp() + "/export.csv"
    >>> with open(place, "w") as file:
    ...     _ = file.write("Id,Description,Created at,Plan\\n007,No answer,2024-03-05,gold\\n")
    >>> read_frame(place).to_dict("records")
    [{'ticket_id': '007', 'text': 'No answer', 'created_at': '2024-03-05T00:00:00Z', 'Plan': 'gold'}]
    """
    return read_numbered_frame(path, mapping, encoding, tz, date_order, sheet)[0]


def read_numbered_frame(
    path: str | PathLike[str],
    mapping: Mapping[str, str] | None = None,
    encoding: str = "auto",
    tz: str | tzinfo = "UTC",
    date_order: str | None = None,
    sheet: str | None = None,
) -> tuple[pd.DataFrame, list[int]]:
    """As :func:`read_frame`, and the number of each row in the file, from 1; quarantined rows count too."""
    import pandas as pd

    file = TicketFile.open(path, mapping, encoding, tz, date_order, sheet=sheet)
    names = _frame_names(file)
    numbers: list[int] = []
    parts: list[list[Sequence[str]]] = [[] for _ in names]
    for block in file.blocks():
        numbers += block.row_numbers
        columns = list(zip(*block.rows, strict=True)) or [()] * len(file.header)
        for part, (index, name) in zip(parts, names.items(), strict=True):
            part.append(_iso(getattr(block.tickets, name)) if name in TIME_COLUMNS else columns[index])
    values = {name: list(chain.from_iterable(part)) for part, name in zip(parts, names.values(), strict=True)}
    frame = pd.DataFrame(values, dtype=object)
    frame.attrs["quarantined"] = sum(file.report.quarantined.values())
    frame.attrs["bad_values"] = {name: bad.count for name, bad in file.report.bad_values.items()}
    frame.attrs["headers"] = {column: file.header[index] for column, index in file.mapping.items()}
    return frame, numbers


def headers_of(frame: pd.DataFrame) -> list[str]:
    """The columns of a table, called as in the file that it was read from."""
    own = frame.attrs.get("headers", {})
    return [str(own.get(name, name)) for name in frame.columns]


def _frame_names(file: TicketFile) -> dict[int, str]:
    """Index into the header -> name in a table; names that would come twice get a number."""
    canonical = {index: column for column, index in file.mapping.items()}
    names: dict[int, str] = {}
    taken = set(file.mapping)
    for i, header in enumerate(file.header):
        if i in canonical:
            names[i] = canonical[i]
        elif i not in file.own:
            name, n = header, 1
            while name in taken:
                name, n = f"{header}_{n + 1}", n + 1
            taken.add(name)
            names[i] = name
    return names


def _iso(seconds: NDArray[np.int64]) -> list[str]:
    """ISO 8601 of each time, "" where missing."""
    known = seconds != NO_TIME
    texts = np.datetime_as_string(np.where(known, seconds, 0).astype("datetime64[s]"))
    return [f"{text}Z" if k else "" for text, k in zip(texts.tolist(), known.tolist(), strict=True)]
