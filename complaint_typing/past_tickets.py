"""One earlier ticket as history keeps it: moments and findings, no words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

import numpy as np

from . import cells
from .column_values import TIME_COLUMNS
from .columns import FAULT_CODES, NO_TIME
from .errors import AmbiguousDates, BadOption, BadValue
from .ticket_table import Tickets, tickets_from_columns
from .times import parse_time

_FEW = 100
KEPT_FIELDS = (
    "ticket_id",
    "created_at",
    "category",
    "resolved_at",
    "fault_found",
    "compensation",
    "satisfaction",
    "reopened",
)


class PastTicket(NamedTuple):
    """What is kept of a ticket; None (and "" for names) where missing.

    Attributes
    ----------
    created_at, resolved_at : int or None
        Seconds since 1970 UTC.
    fault_found : int or None
        As in :data:`~complaint_typing.columns.FAULT_CODES`.
    goodwill_cents : int or None
        Hundredths of the currency.
    satisfaction, reopened : int or None
        1 to 5; 0 or 1.
    """

    ticket_id: str = ""
    created_at: int | None = None
    category: str = ""
    resolved_at: int | None = None
    fault_found: int | None = None
    goodwill_cents: int | None = None
    satisfaction: int | None = None
    reopened: int | None = None

    def updated(self, later: PastTicket) -> PastTicket:
        """The same ticket with what a later entry tells of it.

        It was written at the earliest time told; of all else the later value holds, and a missing value
        replaces nothing.

        >>> PastTicket("t1", 5, "tv").updated(PastTicket("t1", 9, resolved_at=8))
        PastTicket(ticket_id='t1', created_at=5, category='tv', resolved_at=8, fault_found=None, ...)
        """
        new = [old if value in (None, "") else value for old, value in zip(self, later, strict=True)]
        times = [time for time in (self.created_at, later.created_at) if time is not None]
        new[1] = min(times) if times else None
        return PastTicket._make(new)


def listed(tickets: Any, name: str = "tickets") -> list[Mapping[str, Any]]:
    """Tickets that were handed in, as a list; what has `get` and `keys`, as rows of tables have, is one.

    Raises
    ------
    BadValue
        When it is no list, or an entry of it is no ticket.

    >>> listed([None], "history")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadValue: row 1, column history: not a ticket, got 'NoneType'; give each as ...
    """
    try:
        entries = None if isinstance(tickets, str | bytes) or _is_ticket(tickets) else iter(tickets)
    except TypeError:
        entries = None
    if entries is None:
        remedy = "give a list of mappings, such as frame.to_dict('records')"
        raise BadOption(name, type(tickets).__name__, "a list of tickets", remedy)
    found = list(entries)
    for row, entry in enumerate(found, start=1):
        if not _is_ticket(entry):
            remedy = "give each as a mapping of its fields"
            raise BadValue(row, name, type(entry).__name__, "a ticket", remedy)
    return found


def one_id(value: Any, row: int | None = None) -> Any:
    """A customer's id as it was handed in, in a cell or alone.

    Raises
    ------
    BadValue
        When it is several, or bytes: their text would be the id of somebody else.

    >>> one_id(["c1"])
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadValue: column customer_id: not an id, got "['c1']"; give one text or number
    """
    if value.__class__ is not str and hasattr(value, "__len__") and not isinstance(value, str):
        raise BadValue(row, "customer_id", value, "an id", "give one text or number")
    return value


def _is_ticket(entry: Any) -> bool:
    return isinstance(entry, dict) or (hasattr(entry, "keys") and hasattr(entry, "get"))


def read_past(
    tickets: Iterable[Mapping[str, Any]], tz: str | tzinfo = "UTC", date_order: str | None = None
) -> list[PastTicket]:
    """Read fields of the ticket contract as files are read; by default all together tell the order of dates.

    Raises
    ------
    AmbiguousDates
        When nothing tells whether days or months come first.

    >>> [past] = read_past([{"ticket_id": 7.0, "created_at": "1970-01-02", "fault_found": "否"}])
    >>> past.ticket_id, past.created_at, past.fault_found, past.goodwill_cents
    ('7', 86400, 0, None)
    """
    entries = list(tickets)
    names = [name for name in KEPT_FIELDS if any(name in entry for entry in entries)]
    columns = {name: [entry.get(name) for entry in entries] for name in names}
    return past_tickets(tickets_from_columns({"text": ["-"] * len(entries), **columns}, tz, date_order)[0])


def read_past_ticket(
    ticket: Mapping[str, Any], tz: str | tzinfo = "UTC", date_order: str | None = None
) -> PastTicket:
    """One ticket as :func:`read_past` reads it, some ten times as fast.

    >>> read_past_ticket({"ticket_id": "t1", "resolved_at": "1970-01-02", "satisfaction": "满意"})
    PastTicket(ticket_id='t1', created_at=None, category='', resolved_at=86400, fault_found=None, ...)
    """
    try:
        return _read_alone(ticket, tz, date_order)
    except AmbiguousDates:
        return read_past([ticket], tz)[0]


def read_several(
    tickets: Sequence[Mapping[str, Any]], tz: str | tzinfo = "UTC", date_order: str | None = None
) -> list[PastTicket]:
    """Tickets as :func:`read_past` reads them; a few one by one, which is sooner, if no date is open."""
    if len(tickets) > _FEW:
        return read_past(tickets, tz, date_order)
    try:
        return [_read_alone(ticket, tz, date_order) for ticket in tickets]
    except AmbiguousDates:
        return read_past(tickets, tz)


def _read_alone(ticket: Mapping[str, Any], tz: str | tzinfo, date_order: str | None) -> PastTicket:
    """One ticket whose dates tell their order themselves; AmbiguousDates where they do not."""
    created, resolved = (_time(ticket.get(name), tz, date_order) for name in TIME_COLUMNS)
    if created is not None and resolved is not None and resolved < created:
        resolved = None
    names = [*cells.identities([ticket.get("ticket_id")])[0], *cells.ids([ticket.get("category")])]
    fault = cells.choices([ticket.get("fault_found")], cells.FAULT_WORDS, "")[0][0]
    cents = cells.cents([ticket.get("compensation")])[0][0]
    score = cells.choices([ticket.get("satisfaction")], cells.SCORE_WORDS, 0)[0][0]
    reopened = cells.choices([ticket.get("reopened")], cells.FLAG_WORDS, None)[0][0]
    return PastTicket(
        names[0],
        created,
        names[1],
        resolved,
        FAULT_CODES.get(fault),
        None if cents < 0 else cents,
        score or None,
        reopened,
    )


def moment(value: object, name: str = "time", tz: str | tzinfo = "UTC", date_order: str | None = None) -> int:
    """Seconds since 1970 UTC of what must be a time.

    Raises
    ------
    BadValue
        When it is no time.
    AmbiguousDates
        When it does not tell whether its day or its month comes first.

    >>> moment("1970-01-02", tz="+08:00")
    57600
    """
    seconds = _time(value, tz, date_order)
    if seconds is None:
        raise BadValue(None, name, value, "a time", "write it as 2024-12-31 09:30")
    return seconds


def _time(value: object, tz: str | tzinfo, date_order: str | None) -> int | None:
    """Seconds of a time; None where there is none, or it is no time."""
    if value is None:
        return None
    try:
        seconds = parse_time(value, tz, date_order)
    except BadValue:
        return None
    return None if seconds == NO_TIME else seconds


def past_tickets(tickets: Tickets) -> list[PastTicket]:
    """Checked tickets as history keeps them."""
    rows = zip(
        tickets.ticket_id,
        _known(tickets.created_at, NO_TIME),
        tickets.category,
        _known(tickets.resolved_at, NO_TIME),
        _known(tickets.fault_found, -1),
        _known(tickets.goodwill_cents, -1),
        _known(tickets.satisfaction, 0),
        _known(tickets.reopened, -1),
        strict=True,
    )
    return [PastTicket(*row) for row in rows]


def _known(values: np.ndarray[Any, Any], missing: int) -> list[int | None]:
    return [None if value == missing else value for value in values.tolist()]


def checked_past(row: Sequence[Any]) -> PastTicket:
    """A ticket that was kept as a plain list.

    Raises
    ------
    TypeError, ValueError
        When it is something else.

    >>> checked_past(["t1", "soon"])
    Traceback (most recent call last):
        ...
    ValueError: not a kept ticket
    """
    ticket = PastTicket(*row)
    if len(row) != len(ticket) or not all(map(_may_be, PastTicket(), ticket)):
        raise ValueError("not a kept ticket")
    return ticket


def _may_be(default: Any, value: Any) -> bool:
    """Whether a value is of its field's kind: a text, or a whole number or nothing."""
    if isinstance(default, str):
        return isinstance(value, str)
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62)
