"""Checked tickets column by column, and how the columns of any table become them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .column_values import empty_column, read_column, read_times
from .columns import FINDING_COLUMNS, TICKET_COLUMNS
from .errors import MissingColumns, UnequalColumns
from .text_limit import judged_part

_EXAMPLES = 5


@dataclass(frozen=True)
class Tickets:
    """Checked tickets, column by column; every column has length n_tickets.

    Parameters
    ----------
    ticket_id : list of str
        "" where missing.
    customer_id : list of str
        "" means a customer of its own.
    text : list of str
        Subject and text, joined by a newline where both are there.
    created_at : ndarray of int64 of shape (n_tickets,)
        Seconds since 1970-01-01 UTC, `NO_TIME` where missing.
    category : list of str
        "" where missing.
    language : list of str
        "zh-Hans", "zh-Hant", "en", or "" (to be detected).
    agent_reply : list of str
        "" where missing.
    resolved_at : ndarray of int64 of shape (n_tickets,)
        As `created_at`; never before it.
    fault_found : ndarray of int8 of shape (n_tickets,)
        `FAULT_CODES`, -1 where missing.
    goodwill_cents : ndarray of int64 of shape (n_tickets,)
        Goodwill paid in hundredths, -1 where missing.
    satisfaction : ndarray of int8 of shape (n_tickets,)
        1 to 5, 0 where missing.
    reopened : ndarray of int8 of shape (n_tickets,)
        0 or 1; -1 where missing.
    has_outcomes : bool
        Whether the source had one of `FINDING_COLUMNS`.
    """

    ticket_id: list[str]
    customer_id: list[str]
    text: list[str]
    created_at: NDArray[np.int64]
    category: list[str]
    language: list[str]
    agent_reply: list[str]
    resolved_at: NDArray[np.int64]
    fault_found: NDArray[np.int8]
    goodwill_cents: NDArray[np.int64]
    satisfaction: NDArray[np.int8]
    reopened: NDArray[np.int8]
    has_outcomes: bool

    def __len__(self) -> int:
        return len(self.text)

    def part(self, start: int, stop: int) -> Tickets:
        """The tickets from `start` to `stop` (not included)."""
        columns: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        cut: dict[str, Any] = {n: c if isinstance(c, bool) else c[start:stop] for n, c in columns.items()}
        return Tickets(**cut)


@dataclass
class BadValues:
    """Values of one optional column that were taken as missing.

    Parameters
    ----------
    count : int
        How many.
    examples : list of (int, int)
        The first few: row number and length in characters (the values themselves may be private).
    """

    count: int = 0
    examples: list[tuple[int, int]] = field(default_factory=list)

    def add(self, others: BadValues) -> None:
        """Count those of a later block."""
        self.count += others.count
        self.examples += others.examples[: _EXAMPLES - len(self.examples)]


@dataclass
class ColumnReport:
    """What the columns held.

    Parameters
    ----------
    present : list of str
        Contract columns that were there.
    bad : dict of str to BadValues
        By column.
    no_text : list of int
        Positions of rows that have no text at all.
    """

    present: list[str]
    bad: dict[str, BadValues] = field(default_factory=dict)
    no_text: list[int] = field(default_factory=list)


def join_texts(subjects: Sequence[str] | None, texts: Sequence[str] | None) -> list[str]:
    """Subject and text of each ticket, joined by a newline where both are there.

    >>> join_texts(["Late", "", "Broken"], ["Where is it?", "Hello", " "])
    ['Late\\nWhere is it?', 'Hello', 'Broken']
    """
    if subjects is None or texts is None:
        return list(subjects or texts or ())
    return [
        (f"{s}\n{t}" if s and not s.isspace() else t) if t and not t.isspace() else s
        for s, t in zip(subjects, texts, strict=True)
    ]


def _common_length(columns: Mapping[str, Sequence[object]]) -> int:
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise UnequalColumns(lengths)
    return next(iter(lengths.values()))


def tickets_from_columns(
    columns: Mapping[str, Sequence[object]],
    tz: str | tzinfo = "UTC",
    date_order: str | None = None,
    row_numbers: Sequence[int] | None = None,
) -> tuple[Tickets, ColumnReport]:
    """Check the columns of a block of tickets: texts of a file, or a table in memory.

    A bad value of an optional column counts as missing and is reported; nothing is dropped. Of a text above
    20,000 characters the beginning and the end are kept, see :mod:`~complaint_typing.text_limit`.

    Parameters
    ----------
    columns : mapping of str to sequence, each of length n_tickets
        Contract column -> values: texts, numbers, datetimes, pandas Timestamps, None, NaN, NaT. Columns that
        the contract does not know are ignored.
    tz : str or tzinfo, default "UTC"
        Zone of times that name none.
    date_order : {"dmy", "mdy"}, optional
        Order of dates with the year last; by default the columns decide.
    row_numbers : sequence of int of length n_tickets, optional
        For the report; by default 1, 2, 3 ...

    Returns
    -------
    Tickets, ColumnReport
        Rows without any text are kept and listed in ``report.no_text``.

    Raises
    ------
    MissingColumns
        When there is neither `text` nor `subject`.
    UnequalColumns
        When the columns differ in length.
    AmbiguousDates
        When nothing tells whether days or months come first.

    Examples
    --------
    >>> tickets, report = tickets_from_columns({"text": ["退款", "No answer"], "satisfaction": [5, "great"]})
    >>> len(tickets), tickets.satisfaction.tolist(), report.bad
    (2, [5, 0], {'satisfaction': BadValues(count=1, examples=[(2, 5)])})
    >>> tickets_from_columns({"ticket_id": ["1"]})
    Traceback (most recent call last):
        ...
    complaint_typing.errors.MissingColumns: no column found for: text. Headers found: 'ticket_id'. ...
    """
    known = {c.name: c for c in TICKET_COLUMNS if c.name in columns}
    if "text" not in known and "subject" not in known:
        raise MissingColumns(["text"], list(columns))
    columns = {name: columns[name] for name in known}
    n = _common_length(columns)
    read: dict[str, tuple[Any, list[int]]] = dict(read_times(columns, tz, date_order))
    for name in _TICKET_FIELDS - read.keys() & known.keys():
        read[name] = read_column(_IDENTITIES.get(name, known[name].kind), columns[name])
    values = {c.name: read[c.name][0] if c.name in read else empty_column(c.kind, n) for c in TICKET_COLUMNS}
    whole = join_texts(*(values[name] if name in read else None for name in ("subject", "text")))
    text = [judged_part(t) for t in whole]
    report = ColumnReport(list(known), {}, [i for i, t in enumerate(text) if not t or t.isspace()])
    for name in known:
        if name in read and read[name][1]:
            report.bad[name] = _bad_values(columns[name], read[name][1], row_numbers)
    return _assembled(values, text, any(name in known for name in FINDING_COLUMNS)), report


def _bad_values(column: Sequence[object], bad: list[int], rows: Sequence[int] | None) -> BadValues:
    cells = list(column)
    shown = [(rows[i] if rows is not None else i + 1, len(str(cells[i]))) for i in bad[:_EXAMPLES]]
    return BadValues(len(bad), shown)


def _assembled(values: Mapping[str, Any], text: list[str], has_outcomes: bool) -> Tickets:
    renamed = {**values, "text": text, "goodwill_cents": values["compensation"], "has_outcomes": has_outcomes}
    return Tickets(**{f.name: renamed[f.name] for f in fields(Tickets)})


_IDENTITIES = dict.fromkeys(("ticket_id", "customer_id"), "identity")
_TICKET_FIELDS = {f.name for f in fields(Tickets)} | {"subject", "compensation"}
