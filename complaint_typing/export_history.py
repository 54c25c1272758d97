"""History facts of every row of an export, in little memory and whatever the order of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import NO_TIME
from .facts import FACT_NAMES
from .history import Facts, facts_of_counts
from .ticket_log import NOBODY, TicketLog, hashes, log_of, marks
from .ticket_table import Tickets
from .window_counts import Counts, window_counts

SHARE_ROWS = 1 << 15
_WIDTHS = (np.uint8, np.uint16, np.uint32, np.int64)


class ExportHistory:
    """Gathers what history needs of an export and of earlier ones, and then answers for its rows.

    Of a ticket it keeps 51 bytes, whatever the length of its text and ids: customers, categories and tickets
    are known by 64-bit hashes. The facts are counted for one share of the customers at a time and kept in
    the smallest whole numbers that hold them.

    Attributes
    ----------
    undated_earlier : int
        Rows of earlier exports that have no time, so that they count for nothing.

    >>> from complaint_typing.ticket_table import tickets_from_columns
    >>> columns = {"text": ["no light", "still no light"], "customer_id": ["c", "c"],
    ...            "created_at": ["2026-01-01", "2026-01-05"]}
    >>> history = ExportHistory()
    >>> history.add(tickets_from_columns(columns)[0])
    >>> history.facts().at(slice(2))["tickets_7d"].tolist()
    [0, 1]
    """

    def __init__(self) -> None:
        self._columns: dict[str, _Growing] = {}
        self._asked = 0
        self._has_outcomes = False
        self.undated_earlier = 0

    def add(self, tickets: Tickets, asked: bool = True) -> None:
        """Gather a block; first those of the export that is asked about, then those of earlier ones."""
        log = log_of(tickets, hashes(tickets.customer_id), hashes(tickets.category))
        columns = {field.name: getattr(log, field.name) for field in fields(log)} | {"mark": marks(tickets)}
        for name, values in columns.items():
            self._columns.setdefault(name, _Growing(values.dtype)).extend(values)
        self._has_outcomes |= tickets.has_outcomes
        if asked:
            self._asked += len(tickets)
        else:
            self.undated_earlier += int((tickets.created_at == NO_TIME).sum())

    def facts(self, share_rows: int = SHARE_ROWS) -> CompactFacts:
        """The facts of the rows asked about; what was gathered is given up.

        Parameters
        ----------
        share_rows : int
            About how many rows are looked at together.
        """
        found = CompactFacts(self._asked, self._has_outcomes)
        if not self._columns:
            return found
        whole: dict[str, Any] = {name: column.whole() for name, column in self._columns.items()}
        self._columns.clear()
        told = whole.pop("mark")
        log = TicketLog(**whole)
        for rows in _shares(log.customer, share_rows):
            rows = np.concatenate([rows[rows >= self._asked], rows[rows < self._asked]])
            part, asked = _numbered(log.take(rows)), rows < self._asked
            found.put(rows[asked], window_counts(part.merged(told[rows]), part.take(asked)))
        return found


class _Growing:
    """A column that grows in place, so that no row is held twice when the last block is there."""

    def __init__(self, dtype: np.dtype[Any]):
        self._values, self._size = np.empty(SHARE_ROWS, dtype), 0

    def extend(self, values: NDArray[Any]) -> None:
        end = self._size + len(values)
        if end > len(self._values):
            self._values.resize(end + end // 16, refcheck=False)
        self._values[self._size : end] = values
        self._size = end

    def whole(self) -> NDArray[Any]:
        """All of it."""
        self._values.resize(self._size, refcheck=False)
        return self._values


class CompactFacts:
    """History facts of many rows; of each fact an array that grows wider when a larger number comes.

    Parameters
    ----------
    n_rows : int
    has_outcomes : bool
        Whether the sources had an outcome column.
    """

    def __init__(self, n_rows: int, has_outcomes: bool):
        self._has_outcomes = has_outcomes
        self._counts: dict[str, NDArray[Any]] = {
            name: np.zeros(n_rows, dtype=np.uint8) for name in FACT_NAMES if name != "has_outcomes"
        }

    def put(self, rows: NDArray[np.int64], counts: Counts) -> None:
        """Store what was counted for some rows."""
        for name, values in counts.items():
            width = next(kind for kind in _WIDTHS if values.max(initial=0) <= np.iinfo(kind).max)
            column = self._counts[name]
            column = self._counts[name] = column.astype(np.promote_types(column.dtype, width), copy=False)
            column[rows] = values

    def at(self, rows: slice | NDArray[np.int64]) -> Facts:
        """The facts of some rows, in the order asked for, as history counts them."""
        counts = {name: column[rows] for name, column in self._counts.items()}
        return facts_of_counts(counts, self._has_outcomes)


def _shares(customer: NDArray[np.int64], share_rows: int) -> Iterator[NDArray[np.int64]]:
    """Rows of whole customers, about so many at a time, in their order for each; no one's are left out."""
    order = np.argsort(customer, kind="stable").astype(np.int32 if len(customer) < 2**31 else np.int64)
    order = order[customer[order] != NOBODY]
    begin = 0
    while begin < len(order):
        end = min(begin + share_rows, len(order))
        while end < len(order) and customer[order[end]] == customer[order[end - 1]]:
            end += 1
        yield order[begin:end].astype(np.int64)
        begin = end


def _numbered(log: TicketLog) -> TicketLog:
    """The same tickets with small numbers for the hashes of customers and categories."""
    customer = np.unique(log.customer, return_inverse=True)[1].reshape(-1)
    category = np.unique(log.category, return_inverse=True)[1].reshape(-1)
    filed = log.category != NOBODY
    return replace(log, customer=customer, category=np.where(filed, category, NOBODY))
