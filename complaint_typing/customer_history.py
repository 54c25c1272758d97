"""One customer's past, compact: what a service keeps to judge the customer's next ticket."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

import numpy as np

from . import __version__
from .columns import FINDING_COLUMNS
from .errors import KeptHistoryError
from .facts import DAY, FACT_NAMES, FACTS, FACTS_VERSION
from .history import Facts
from .past_tickets import PastTicket, checked_past, read_past, read_past_ticket
from .ticket_table import tickets_from_columns
from .window_counts import RECENT, SOON, YEAR

FORMAT = 1
_NEVER = float("nan")
_OPEN = 2**62


class _Event(NamedTuple):
    """A ticket with a time, as it is counted; ``closed`` never lies before ``written``."""

    written: int
    closed: int
    category: str
    fault_found: int
    goodwill_cents: int
    dissatisfied: bool
    reopened: bool


class CustomerHistory:
    """The tickets of one customer, without their texts.

    A later entry with the same ``ticket_id`` tells more of the same ticket: its values replace those of the
    earlier one, a missing value replaces nothing, and `created_at` stays the earliest. So an outcome is
    recorded by giving the ticket again. Entries without a ``ticket_id`` are tickets of their own.

    Parameters
    ----------
    tickets : iterable of mapping
        Fields of the ticket contract; texts are not kept.
    tz : str or tzinfo, default "UTC"
        Zone of times that name none.

    >>> ticket = {"created_at": "2026-01-01", "resolved_at": "2026-01-03", "fault_found": "yes"}
    >>> past = CustomerHistory([ticket])
    >>> facts = past.facts(past.seconds("2026-02-01"))
    >>> facts["justified_365d"].tolist(), facts["days_since_last"].tolist()
    ([1], [31.0])
    """

    def __init__(self, tickets: Iterable[Mapping[str, Any]] = (), tz: str | tzinfo = "UTC"):
        self._tickets: dict[str | int, PastTicket] = {}
        self._events: dict[str | int, _Event] = {}
        self._finds = False
        self.stated = True
        self.tz = tz
        self._record(list(tickets))

    @classmethod
    def of(cls, tickets: Iterable[Mapping[str, Any]]) -> CustomerHistory:
        """A history of the given tickets; an unknown past where there are none, or none has a time."""
        history = cls(tickets)
        history.stated = history.undated < len(history)
        return history

    @classmethod
    def of_past(cls, tickets: Iterable[PastTicket], has_outcomes: bool) -> CustomerHistory:
        """A history of tickets that were read before."""
        history = cls()
        history._finds = has_outcomes
        for ticket in tickets:
            history._keep(ticket)
        return history

    @staticmethod
    def seconds(time: object) -> int:
        """A time as seconds since 1970 UTC, read as in files."""
        return int(tickets_from_columns({"text": ["-"], "created_at": [time]})[0].created_at[0])

    def add(self, ticket: Mapping[str, Any]) -> None:
        """Record a ticket, or what became of it; the entries there are not read again.

        Raises
        ------
        AmbiguousDates
            When a time does not tell whether its day or its month comes first.
        """
        self._record([ticket])

    def _record(self, tickets: Sequence[Mapping[str, Any]]) -> None:
        one = len(tickets) == 1
        for ticket in [read_past_ticket(tickets[0], self.tz)] if one else read_past(tickets, self.tz):
            self._keep(ticket)
        self._finds = self._finds or any(name in ticket for ticket in tickets for name in FINDING_COLUMNS)

    def _keep(self, ticket: PastTicket) -> None:
        key = ticket.ticket_id or len(self._tickets)
        known = self._tickets.get(key)
        ticket = self._tickets[key] = known.updated(ticket) if known else ticket
        if ticket.created_at is not None:
            self._events[key] = _event(ticket, ticket.created_at)

    def __len__(self) -> int:
        return len(self._tickets)

    @property
    def undated(self) -> int:
        """How many tickets have no time: they count for nothing."""
        return len(self._tickets) - len(self._events)

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
        past = [event for event in list(self._events.values()) if event.written < at]
        found = _counts(past, at) | _same_fault(past, at, category)
        whole = np.array([found[name] for name in _WHOLE], dtype=np.int64)
        parts = np.array([found[name] for name in _FRACTIONS], dtype=np.float64)
        facts: Facts = {name: whole[i : i + 1] for i, name in enumerate(_WHOLE)}
        facts |= {name: parts[i : i + 1] for i, name in enumerate(_FRACTIONS)}
        facts["known"] = np.array([self.stated])
        facts["has_outcomes"] = np.array([self.stated and (self._finds or not self._tickets)])
        return {name: facts[name] for name in FACT_NAMES}

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON: the tickets as numbers, and what they were kept by.

        >>> CustomerHistory([{"ticket_id": "t1", "created_at": 86400 * 20000}]).to_dict()["tickets"]
        [['t1', 1728000000, '', None, None, None, None, None]]
        """
        return {
            "format": FORMAT,
            "facts": FACTS_VERSION,
            "package": __version__,
            "stated": self.stated,
            "has_outcomes": self._finds,
            "tickets": [list(ticket) for ticket in list(self._tickets.values())],
        }

    def to_json(self) -> str:
        """The same as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> CustomerHistory:
        """The history that :meth:`to_dict` wrote.

        Raises
        ------
        KeptHistoryError
            When a newer version wrote it, or it is no history.

        >>> CustomerHistory.from_dict({"format": 99})
        Traceback (most recent call last):
            ...
        complaint_typing.errors.KeptHistoryError: kept history: format 99 is newer than 1; upgrade ...
        """
        for name, known in (("format", FORMAT), ("facts", FACTS_VERSION)):
            version = kept.get(name)
            if isinstance(version, int) and version > known:
                raise KeptHistoryError(f"{name} {version} is newer than {known}", "upgrade complaint-typing")
        try:
            stated, finds = (_flag(kept[name]) for name in ("stated", "has_outcomes"))
            tickets = [checked_past(row) for row in kept["tickets"]]
        except (KeyError, TypeError, ValueError):
            remedy = "build it again from the tickets"
            raise KeptHistoryError("it is no history that was kept", remedy) from None
        history = cls.of_past(tickets, finds)
        history.stated = stated
        return history

    @classmethod
    def from_json(cls, text: str | bytes) -> CustomerHistory:
        """The history that :meth:`to_json` wrote.

        Raises
        ------
        KeptHistoryError
            As :meth:`from_dict`, and when it is no JSON.
        """
        try:
            kept = json.loads(text)
        except ValueError:
            kept = None
        return cls.from_dict(kept if isinstance(kept, dict) else {})


_FRACTIONS = tuple(fact.name for fact in FACTS if fact.kind in ("money", "days"))
_WHOLE = tuple(fact.name for fact in FACTS if fact.kind == "count")


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _event(ticket: PastTicket, written: int) -> _Event:
    return _Event(
        written,
        _OPEN if ticket.resolved_at is None else max(ticket.resolved_at, written),
        ticket.category,
        -1 if ticket.fault_found is None else ticket.fault_found,
        ticket.goodwill_cents or 0,
        ticket.satisfaction in (1, 2),
        ticket.reopened == 1,
    )


def _counts(past: Sequence[_Event], at: int) -> dict[str, float]:
    """The facts about all tickets written before a moment."""
    year = [t for t in past if t.written >= at - YEAR]
    done = [t for t in year if t.closed < at]
    paid = sorted([t.closed for t in past if t.goodwill_cents and t.closed < at])
    return {
        "tickets_7d": _written_since(year, at - 7 * DAY),
        "tickets_30d": _written_since(year, at - 30 * DAY),
        "tickets_90d": _written_since(year, at - 90 * DAY),
        "tickets_365d": len(year),
        "open": len(year) - len(done),
        "resolved_365d": len(done),
        "justified_365d": len([1 for t in done if t.fault_found == 1]),
        "unproven_365d": len([1 for t in done if t.fault_found in (0, 2)]),
        "goodwill_365d": len([1 for t in done if t.goodwill_cents]),
        "goodwill_amount_365d": float(sum([t.goodwill_cents for t in done])) / 100,
        "visits_after_goodwill_365d": len([1 for t in year if paid and _soon_after(paid, t.written)]),
        "reopened_365d": len([1 for t in done if t.reopened]),
        "dissatisfied_365d": len([1 for t in done if t.dissatisfied]),
        "days_since_last": (at - max([t.written for t in past])) / DAY if past else _NEVER,
        "days_since_first": (at - min([t.written for t in year])) / DAY if year else _NEVER,
        "days_since_goodwill": (at - paid[-1]) / DAY if paid else _NEVER,
    }


def _same_fault(past: Sequence[_Event], at: int, category: str) -> dict[str, int]:
    """The facts about tickets of one category."""
    same = [t for t in past if t.category == category] if category else []
    done = [t for t in same if t.closed < at]
    settled = [t for t in done if not t.reopened]
    return {
        "same_fault_open": _written_since(same, at - YEAR) - _written_since(settled, at - YEAR),
        "same_fault_resolved_7d": len([1 for t in done if t.closed >= at - RECENT]),
    }


def _written_since(tickets: Sequence[_Event], moment: int) -> int:
    return len([1 for t in tickets if t.written >= moment])


def _soon_after(paid: Sequence[int], moment: int) -> bool:
    """Whether one of the sorted payments lies in the thirty days before a moment."""
    place = bisect_left(paid, moment)
    return place > 0 and moment - paid[place - 1] <= SOON
