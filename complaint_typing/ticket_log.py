"""Tickets as numbers for history: customers and categories coded, one ticket one event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import NO_TIME
from .ticket_table import Tickets

NOBODY = -1
_LATEST = 2**62
_MISSING = {
    "customer": NOBODY,
    "category": NOBODY,
    "created_at": NO_TIME,
    "resolved_at": NO_TIME,
    "goodwill_cents": -1,
    "fault_found": -1,
    "satisfaction": 0,
    "reopened": -1,
}


@dataclass(frozen=True)
class TicketLog:
    """What history needs of tickets; every array has shape (n_tickets,).

    Attributes
    ----------
    customer, category : ndarray of int64
        Codes; ``NOBODY`` for a ticket that belongs to no one, or has no category.
    created_at, resolved_at : ndarray of int64
        Seconds since 1970 UTC, ``NO_TIME`` where missing.
    goodwill_cents : ndarray of int64
        Goodwill paid, in hundredths of the currency; -1 where missing.
    fault_found, satisfaction, reopened : ndarray of int8
        As in :class:`~complaint_typing.ticket_table.Tickets`.
    """

    customer: NDArray[np.int64]
    category: NDArray[np.int64]
    created_at: NDArray[np.int64]
    resolved_at: NDArray[np.int64]
    goodwill_cents: NDArray[np.int64]
    fault_found: NDArray[np.int8]
    satisfaction: NDArray[np.int8]
    reopened: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.customer)

    def take(self, chosen: NDArray[Any]) -> TicketLog:
        """The rows of an index or a mask."""
        return TicketLog(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @classmethod
    def joined(cls, logs: Sequence[TicketLog]) -> TicketLog:
        """Several logs, one after the other."""
        return cls(*(np.concatenate([getattr(log, f.name) for log in logs]) for f in fields(cls)))

    def merged(self, marks: NDArray[np.int64]) -> TicketLog:
        """One row for each mark: the earliest `created_at`, of all other fields the last that is not missing.

        A ticket is written once, however many rows tell of it; what they tell is replaced by what is told
        later, and a missing value replaces nothing.

        Parameters
        ----------
        marks : ndarray of int64 of shape (n_tickets,)
            What tells tickets apart; rows of one ticket stand in the order in which they were recorded.
        """
        order = np.argsort(marks, kind="stable")
        repeats = np.diff(marks[order]) == 0
        if not repeats.any():
            return self
        first = np.append(True, ~repeats)
        in_group = np.append(repeats, False) | ~first
        rows, starts = order[in_group], np.flatnonzero(first[in_group])
        alone = self.take(np.sort(order[~in_group]))
        last = {
            f.name: _last_known(getattr(self, f.name)[rows], starts, _MISSING[f.name]) for f in fields(self)
        }
        created = np.where(self.created_at[rows] == NO_TIME, _LATEST, self.created_at[rows])
        earliest = np.minimum.reduceat(created, starts)
        last["created_at"] = np.where(earliest == _LATEST, NO_TIME, earliest)
        return TicketLog.joined([alone, TicketLog(**last)])


def _last_known(values: NDArray[Any], starts: NDArray[np.intp], missing: int) -> NDArray[Any]:
    """Of each group of values the last that is not missing."""
    places = np.where(values == missing, -1, np.arange(len(values)))
    last = np.maximum.reduceat(places, starts)
    return np.where(last < 0, missing, values[last]).astype(values.dtype)


def log_of(tickets: Tickets, customer: NDArray[np.int64], category: NDArray[np.int64]) -> TicketLog:
    """A block of tickets with its coded customers and categories."""
    return TicketLog(
        customer,
        category,
        tickets.created_at,
        tickets.resolved_at,
        tickets.goodwill_cents,
        tickets.fault_found,
        tickets.satisfaction,
        tickets.reopened,
    )


def codes(names: Sequence[str], known: dict[str, int]) -> NDArray[np.int64]:
    """Each name's number, numbering new ones; ``NOBODY`` for an empty name.

    >>> known = {"tv": 0}
    >>> codes(["net", "", "tv"], known).tolist(), known
    ([1, -1, 0], {'tv': 0, 'net': 1})
    """
    return np.array([known.setdefault(n, len(known)) if n else NOBODY for n in names], dtype=np.int64)


def hashes(names: Sequence[str]) -> NDArray[np.int64]:
    """A number for each name that needs no table of names; ``NOBODY`` for an empty one.

    Two of ten million different names share a number once in 370,000 runs.

    >>> one, other, nobody = hashes(["c1", "c2", ""]).tolist()
    >>> one != other, nobody
    (True, -1)
    """
    return np.array([hash(name) if name else NOBODY for name in names], dtype=np.int64)


def marks(tickets: Tickets) -> NDArray[np.int64]:
    """What tells tickets apart: customer and ``ticket_id``, or without an id customer, time and text."""
    rows = zip(tickets.customer_id, tickets.ticket_id, tickets.created_at.tolist(), tickets.text, strict=True)
    return np.array(
        [hash((who, name) if name else (who, at, text)) for who, name, at, text in rows], dtype=np.int64
    )
