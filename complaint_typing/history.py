"""Point-in-time history: one definition of every fact, for one ticket, a frame or an export of millions.

A past ticket bears on a fact during one interval of time: it counts in `tickets_7d` from just after it was
written until seven days later; its finding counts from just after it was recorded until a year after the
ticket was written. Every fact is the sum of values over the intervals that hold the moment asked about, so
the order of rows means nothing and the future cannot change the past.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .columns import NO_TIME, map_headers
from .facts import DAY, FACT_NAMES
from .ticket_table import Tickets, tickets_from_columns

YEAR = 365 * DAY
SOON_DAYS = 30
NOBODY = -1
SAME_FAULT = ("same_fault_open", "same_fault_resolved_7d")
_NEVER = 2**62
_FIRST_SECOND = -2_208_988_800
_SPAN = 2**34

Facts = dict[str, NDArray[Any]]


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
        Goodwill paid, in hundredths of the currency.
    fault_found, satisfaction, reopened : ndarray of int8
        As in :class:`~complaint_typing.tickets.Tickets`.
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


class LogBuilder:
    """Numbers the customers and categories of several blocks of tickets alike.

    >>> from complaint_typing.tickets import tickets_from_columns
    >>> tickets, _ = tickets_from_columns({"text": ["a", "b"], "customer_id": ["c1", ""]})
    >>> LogBuilder().add(tickets).customer.tolist()
    [0, -1]
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self.customers: dict[str, int] = {}
        self.categories: dict[str, int] = {}

    def add(self, tickets: Tickets) -> TicketLog:
        """The log of one block."""
        return TicketLog(
            _codes(tickets.customer_id, self.customers),
            _codes(tickets.category, self.categories),
            tickets.created_at,
            tickets.resolved_at,
            tickets.goodwill_cents,
            tickets.fault_found,
            tickets.satisfaction,
            tickets.reopened,
        )

    def fresh(self, tickets: Tickets) -> NDArray[np.bool_]:
        """Which tickets of a block were not met before; one ticket is one event, however often it is listed.

        A ticket is known by customer and ``ticket_id``, or without an id by customer, time and text.
        """
        rows = zip(
            tickets.customer_id, tickets.ticket_id, tickets.created_at.tolist(), tickets.text, strict=True
        )
        marks = [hash((who, name) if name else (who, at, text)) for who, name, at, text in rows]
        new = []
        for mark in marks:
            new.append(mark not in self._seen)
            self._seen.add(mark)
        return np.array(new, dtype=bool)


def _codes(names: Sequence[str], known: dict[str, int]) -> NDArray[np.int64]:
    return np.array([known.setdefault(n, len(known)) if n else NOBODY for n in names], dtype=np.int64)


class Bearing(NamedTuple):
    """During ``(start, end]`` a past ticket adds ``value`` to a fact; arrays of shape (n_tickets,)."""

    value: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def bearings(log: TicketLog) -> dict[str, Bearing]:
    """When, and by how much, each past ticket bears on each summed fact.

    Windows are `[t - w, t)` seen from the ticket asked about. An outcome bears only after its own
    ``resolved_at``, and never without one. Amounts are whole hundredths, so sums are exact.
    """
    created, year = log.created_at, log.created_at + YEAR
    resolved = np.where(log.resolved_at == NO_TIME, _NEVER, log.resolved_at)
    known_until = np.maximum(resolved, year)
    one = np.ones(len(log), dtype=np.int64)

    def outcome(value: NDArray[Any]) -> Bearing:
        return Bearing(value.astype(np.int64), resolved, known_until)

    unfinished = np.minimum(resolved, year)
    returned = _soon_after_goodwill(log).astype(np.int64)
    return {
        "tickets_7d": Bearing(one, created, created + 7 * DAY),
        "tickets_30d": Bearing(one, created, created + 30 * DAY),
        "tickets_90d": Bearing(one, created, created + 90 * DAY),
        "tickets_365d": Bearing(one, created, year),
        "open": Bearing(one, created, unfinished),
        "resolved_365d": outcome(one),
        "justified_365d": outcome(log.fault_found == 1),
        "unproven_365d": outcome((log.fault_found == 0) | (log.fault_found == 2)),
        "goodwill_365d": outcome(log.goodwill_cents > 0),
        "goodwill_amount_365d": outcome(log.goodwill_cents),
        "visits_after_goodwill_365d": Bearing(returned, created, year),
        "reopened_365d": outcome(log.reopened == 1),
        "dissatisfied_365d": outcome((log.satisfaction == 1) | (log.satisfaction == 2)),
        "same_fault_open": Bearing(one, created, np.where(log.reopened == 1, year, unfinished)),
        "same_fault_resolved_7d": Bearing(one, resolved, resolved + 7 * DAY),
    }


def _soon_after_goodwill(log: TicketLog) -> NDArray[np.bool_]:
    """Whether each ticket was written within 30 days after a goodwill payment on an earlier one (source 004).

    A payment counts after its ticket's ``resolved_at``, so it was known before the ticket was written, and
    all the more before any later ticket that asks.
    """
    paid = np.flatnonzero((log.goodwill_cents > 0) & (log.resolved_at != NO_TIME))
    if not len(paid):
        return np.zeros(len(log), dtype=bool)
    paid_at = np.maximum(log.resolved_at[paid], log.created_at[paid])
    since = _days_since(log.customer[paid], paid_at, _moment(log.customer, log.created_at))
    return since <= SOON_DAYS


def _moment(key: NDArray[np.int64], time: NDArray[np.int64]) -> NDArray[np.int64]:
    """One sortable number for a key and a time."""
    return key * _SPAN + np.clip(time - _FIRST_SECOND, 0, _SPAN - 1)


def _sum_before(key: Any, time: Any, value: Any, asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sum of the values before each moment asked about, of this key and of all keys below it."""
    moment = _moment(key, time)
    order = np.argsort(moment, kind="stable")
    sums = np.concatenate(([0], np.cumsum(value[order])))
    return sums[np.searchsorted(moment[order], asked, side="left")]


def _days_since(key: Any, time: Any, asked: NDArray[np.int64]) -> NDArray[np.float64]:
    """Days since the key's latest time before each moment asked about; NaN where there is none."""
    moments = np.sort(_moment(key, time))
    place = np.searchsorted(moments, asked, side="left") - 1
    if not len(moments):
        return np.full(len(asked), np.nan)
    latest = moments[np.maximum(place, 0)]
    same = (place >= 0) & (latest // _SPAN == asked // _SPAN)
    return np.where(same, (asked - latest) / DAY, np.nan)


def history_facts(log: TicketLog, asked: TicketLog, has_outcomes: bool) -> Facts:
    """Every fact of every ticket asked about, from all tickets of the log, strictly before each.

    Parameters
    ----------
    log : TicketLog
        All tickets that may bear, in any order; those asked about may be among them.
    asked : TicketLog
        The tickets to judge, numbered like ``log``.
    has_outcomes : bool
        Whether the sources had any outcome column at all.

    Returns
    -------
    dict of str to ndarray of shape (n_asked,)
        One entry for each name of :data:`~complaint_typing.facts.FACT_NAMES`. A ticket without customer
        or time has zeros and NaN days.
    """
    log = log.take((log.customer != NOBODY) & (log.created_at != NO_TIME))
    known = (asked.customer != NOBODY) & (asked.created_at != NO_TIME)
    now = _moment(asked.customer, asked.created_at)
    facts: Facts = {"known": known, "has_outcomes": np.full(len(asked), has_outcomes)}
    borne = bearings(log)
    for name, (value, start, end) in borne.items():
        if name in SAME_FAULT:
            continue
        begun = _sum_before(log.customer, start, value, now)
        facts[name] = np.where(known, begun - _sum_before(log.customer, end, value, now), 0)
    for name, count in _same_fault(log, asked, borne).items():
        facts[name] = np.where(known, count, 0)
    facts["goodwill_amount_365d"] = facts["goodwill_amount_365d"] / 100
    facts["days_since_last"] = np.where(known, _days_since(log.customer, log.created_at, now), np.nan)
    paid = log.take((log.goodwill_cents > 0) & (log.resolved_at != NO_TIME))
    facts["days_since_goodwill"] = np.where(known, _days_since(paid.customer, paid.resolved_at, now), np.nan)
    return {name: facts[name] for name in FACT_NAMES}


def _same_fault(
    log: TicketLog, asked: TicketLog, borne: Mapping[str, Bearing]
) -> dict[str, NDArray[np.int64]]:
    """The facts that count only earlier tickets of the same customer and category."""
    filed = log.category != NOBODY
    log = log.take(filed)
    pairs = np.stack(
        [np.concatenate([log.customer, asked.customer]), np.concatenate([log.category, asked.category])]
    )
    key = np.unique(pairs, axis=1, return_inverse=True)[1].reshape(-1)
    now = _moment(key[len(log) :], asked.created_at)
    mine, counts = key[: len(log)], {}
    for name in SAME_FAULT:
        value, start, end = (part[filed] for part in borne[name])
        count = _sum_before(mine, start, value, now) - _sum_before(mine, end, value, now)
        counts[name] = np.where(asked.category != NOBODY, count, 0)
    return counts


def columns_of(frame: Any) -> dict[str, list[Any]]:
    """The contract's columns of a table, found by the same header aliases as in files.

    Raises
    ------
    MissingColumns
        When it has neither ``text`` nor ``subject`` under any known name.
    """
    places = map_headers([str(name) for name in frame.columns])
    return {name: frame.iloc[:, place].tolist() for name, place in places.items()}


def add_history(tickets: Any, earlier: Any = None, tz: str = "UTC") -> Any:
    """Append the ``history_*`` columns: what was known of each customer just before each ticket.

    Parameters
    ----------
    tickets : DataFrame of shape (n_tickets, …)
        Each row may bear on later rows of the same customer.
    earlier : DataFrame, optional
        Older tickets of the same customers; a ``ticket_id`` that ``tickets`` has too counts once.
    tz : str
        Zone of times that name none.

    Returns
    -------
    DataFrame
        A copy with one column for each name of :data:`~complaint_typing.facts.HISTORY_COLUMNS`.

    Raises
    ------
    MissingColumns
        When a table has no text column.

    >>> import pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["c", "c"], "text": ["no light", "still no light"],
    ...                     "created_at": ["2026-01-01 09:00", "2026-01-05 09:00"]})
    >>> add_history(log)[["history_tickets_7d", "history_days_since_last"]].values.tolist()
    [[0.0, nan], [1.0, 4.0]]
    """
    now, _ = tickets_from_columns(columns_of(tickets), tz)
    sources = [now]
    if earlier is not None and len(earlier):
        before, _ = tickets_from_columns(columns_of(earlier), tz)
        sources.append(before)
    facts = facts_of_log(*sources)
    return tickets.assign(**{"history_" + name: values for name, values in facts.items()})


def facts_of_log(now: Tickets, *earlier: Tickets) -> Facts:
    """The facts of each ticket of ``now``, from all of ``now`` and of ``earlier``."""
    builder = LogBuilder()
    asked = builder.add(now)
    logs = [asked.take(builder.fresh(now))]
    logs += [builder.add(tickets).take(builder.fresh(tickets)) for tickets in earlier]
    has_outcomes = any(tickets.has_outcomes for tickets in (now, *earlier))
    return history_facts(TicketLog.joined(logs), asked, has_outcomes)
