"""One customer's past, compact: what a service keeps to judge the customer's next ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from . import cells
from .columns import NO_TIME
from .facts import DAY, FACT_NAMES
from .history import SAME_FAULT, Bearing, Facts, LogBuilder, TicketLog, bearings
from .ticket_table import tickets_from_columns

_FIELDS = (
    "ticket_id",
    "created_at",
    "category",
    "resolved_at",
    "fault_found",
    "compensation",
    "satisfaction",
    "reopened",
)


class _Read(NamedTuple):
    """A customer's tickets as a log, what they bear, codes of categories, whether outcomes are recorded."""

    log: TicketLog
    borne: Mapping[str, Bearing]
    categories: Mapping[str, int]
    outcomes: bool


class CustomerHistory:
    """The tickets of one customer, without their texts.

    Parameters
    ----------
    tickets : iterable of mapping
        Fields of the ticket contract; texts are not kept. Fields of a later entry with the same
        ``ticket_id`` replace those of the earlier one, so an outcome is recorded by giving the ticket again.

    >>> ticket = {"created_at": "2026-01-01", "resolved_at": "2026-01-03", "fault_found": "yes"}
    >>> past = CustomerHistory([ticket])
    >>> facts = past.facts(past.seconds("2026-02-01"))
    >>> facts["justified_365d"].tolist(), facts["days_since_last"].tolist()
    ([1], [31.0])
    """

    def __init__(self, tickets: Iterable[Mapping[str, Any]] = ()):
        self._entries: dict[str | int, dict[str, Any]] = {}
        self._cache: _Read | None = None
        self._changes = 0
        self.stated = True
        for ticket in tickets:
            self.add(ticket)

    @classmethod
    def of(cls, tickets: Iterable[Mapping[str, Any]]) -> CustomerHistory:
        """A history of the given tickets; an unknown past where there are none."""
        history = cls(tickets)
        history.stated = bool(history._entries)
        return history

    @staticmethod
    def seconds(time: object) -> int:
        """A time as seconds since 1970 UTC, read as in files."""
        return int(tickets_from_columns({"text": ["-"], "created_at": [time]})[0].created_at[0])

    def add(self, ticket: Mapping[str, Any]) -> None:
        """Record a ticket, or what became of it."""
        kept = {name: ticket[name] for name in _FIELDS if name in ticket}
        key = cells.ids([kept.get("ticket_id")])[0] or len(self._entries)
        self._entries[key] = {**self._entries.get(key, {}), **kept}
        self._changes += 1
        self._cache = None

    def __len__(self) -> int:
        return len(self._entries)

    def _read(self) -> _Read:
        """The entries, read once for all moments."""
        read, changes = self._cache, self._changes
        if read is None:
            entries = list(self._entries.values())
            names = [name for name in _FIELDS if any(name in entry for entry in entries)]
            columns = {name: [entry.get(name) for entry in entries] for name in names}
            tickets, _ = tickets_from_columns({"text": ["-"] * len(entries), **columns})
            builder = LogBuilder()
            log = builder.add(tickets)
            log = log.take(log.created_at != NO_TIME)
            outcomes = self.stated and (tickets.has_outcomes or not entries)
            read = _Read(log, bearings(log), builder.categories, outcomes)
            if changes == self._changes:
                self._cache = read
        return read

    def facts(self, at: int, category: str = "") -> Facts:
        """The history facts at a moment, as :func:`~complaint_typing.history.history_facts` gives them.

        Parameters
        ----------
        at : int
            Seconds since 1970 UTC.
        category : str
            Of the ticket asked about, for the facts about the same fault.

        Returns
        -------
        dict of str to ndarray of shape (1,)
        """
        log, borne, categories, outcomes = self._read()
        sums: dict[str, Any] = {"known": self.stated, "has_outcomes": outcomes}
        for name, (value, start, end) in borne.items():
            bears = (start < at) & (at <= end)
            if name in SAME_FAULT:
                bears &= log.category == categories.get(category, NO_TIME)
            sums[name] = value[bears].sum()
        sums["goodwill_amount_365d"] = sums["goodwill_amount_365d"] / 100
        sums["days_since_last"] = _days_since(log.created_at, at)
        paid = (log.goodwill_cents > 0) & (log.resolved_at != NO_TIME)
        sums["days_since_goodwill"] = _days_since(log.resolved_at[paid], at)
        return {name: np.array([sums[name]]) for name in FACT_NAMES}


def _days_since(times: Any, at: int) -> float:
    before = times[times < at]
    return (at - before.max()) / DAY if len(before) else float("nan")
