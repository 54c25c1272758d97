"""One customer's earlier tickets as they are counted, and the history facts at a moment, in plain numbers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .facts import DAY
from .past_tickets import PastTicket
from .window_counts import RECENT, SOON, YEAR

_NEVER = float("nan")
_OPEN = 2**62
_BITS = 32
_MASK = 2**_BITS - 1


class Event(NamedTuple):
    """A ticket with a time, as it is counted.

    Attributes
    ----------
    written : int
        Seconds since 1970 UTC.
    closed : int
        Never before `written`; later than all times while it is not resolved.
    category : str
    reopened, paid : bool
    outcomes : int
        What its outcome adds to the counts of resolved, justified, unproven, goodwill, reopened and
        dissatisfied, and to the goodwill in hundredths, side by side in one whole number.
    """

    written: int
    closed: int
    category: str
    reopened: bool
    paid: bool
    outcomes: int

    @classmethod
    def of(cls, ticket: PastTicket, written: int) -> Event:
        """A kept ticket that was written at a time."""
        cents, reopened = ticket.goodwill_cents or 0, ticket.reopened == 1
        found, bad = ticket.fault_found, ticket.satisfaction in (1, 2)
        counts = (True, found == 1, found in (0, 2), cents > 0, reopened, bad, cents)
        closed = _OPEN if ticket.resolved_at is None else max(ticket.resolved_at, written)
        outcomes = sum(count << (_BITS * k) for k, count in enumerate(counts))
        return cls(written, closed, ticket.category, reopened, cents > 0, outcomes)


def facts_at(
    events: Iterable[Event], at: int, category: str, known: bool, has_outcomes: bool
) -> dict[str, Any]:
    """The history facts just before a moment, by the names and in the order of ``facts.FACT_NAMES``.

    Parameters
    ----------
    events : iterable of Event
        In any order; those at or after the moment do not count.
    at : int
        Seconds since 1970 UTC.
    category : str
        Of the ticket asked about; "" is that of no ticket.
    known, has_outcomes : bool

    >>> event = Event.of(PastTicket("t1", 0, fault_found=1, resolved_at=86_400), 0)
    >>> told = facts_at([event], 2 * 86_400, "", True, True)
    >>> told["justified_365d"], told["days_since_last"], told["goodwill_amount_365d"]
    (1, 2.0, 0.0)
    """
    since, recent = at - YEAR, at - RECENT
    past = [event for event in events if event[0] < at]
    year: list[int] = []
    paid: list[int] = []
    told = same_open = same_resolved = 0
    for written, closed, of, reopened, gave, outcomes in past:
        resolved, same = closed < at, of == category != ""
        if gave and resolved:
            paid.append(closed)
        if same and resolved and closed >= recent:
            same_resolved += 1
        if written >= since:
            year.append(written)
            told += outcomes if resolved else 0
            same_open += same and (reopened or not resolved)
    year.sort()
    paid.sort()
    n, done = len(year), told & _MASK
    return {
        "known": known,
        "has_outcomes": has_outcomes,
        "tickets_7d": n - bisect_left(year, at - 7 * DAY),
        "tickets_30d": n - bisect_left(year, at - 30 * DAY),
        "tickets_90d": n - bisect_left(year, at - 90 * DAY),
        "tickets_365d": n,
        "open": n - done,
        "resolved_365d": done,
        "justified_365d": told >> _BITS & _MASK,
        "unproven_365d": told >> 2 * _BITS & _MASK,
        "goodwill_365d": told >> 3 * _BITS & _MASK,
        "goodwill_amount_365d": float(told >> 6 * _BITS) / 100,
        "visits_after_goodwill_365d": sum([_soon_after(paid, visit) for visit in year]) if paid else 0,
        "reopened_365d": told >> 4 * _BITS & _MASK,
        "dissatisfied_365d": told >> 5 * _BITS & _MASK,
        "same_fault_open": same_open,
        "same_fault_resolved_7d": same_resolved,
        "days_since_last": (at - (year[-1] if year else max(past)[0])) / DAY if past else _NEVER,
        "days_since_first": (at - year[0]) / DAY if year else _NEVER,
        "days_since_goodwill": (at - paid[-1]) / DAY if paid else _NEVER,
    }


def _soon_after(paid: Sequence[int], moment: int) -> bool:
    """Whether one of the sorted payments lies in the thirty days before a moment."""
    place = bisect_left(paid, moment)
    return place > 0 and moment - paid[place - 1] <= SOON
