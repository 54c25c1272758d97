"""Point-in-time counts: what each customer's earlier tickets add up to just before a moment.

Customers are laid one after the other on one line of seconds, more than a year apart, so that one search
among sorted moments counts for all customers at once. A ticket counts in a window `[t - w, t)` when it was
written before `t` and not before `t - w`: the difference of two places on the line. An outcome counts once
it was recorded, for as long as its ticket is in the window. Order means nothing, and the future changes
nothing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .columns import NO_TIME
from .facts import DAY
from .ticket_log import NOBODY, TicketLog

YEAR = 365 * DAY
SOON = 30 * DAY
RECENT = 7 * DAY
_WINDOWS = (7, 30, 90, 365)
_BITS = 62

Whole = NDArray[np.int64]
Counts = dict[str, Whole]


class _Line(NamedTuple):
    """Puts customers one after the other, so far apart that no window reaches a neighbour."""

    first: int
    span: int

    @classmethod
    def of(cls, *times: Whole) -> _Line:
        lowest = min((int(part.min()) for part in times if len(part)), default=0)
        highest = max((int(part.max()) for part in times if len(part)), default=0)
        return cls(lowest, highest - lowest + YEAR + 1)

    def place(self, key: Whole, time: Whole) -> Whole:
        """The moments of keys and times."""
        return key * self.span + (time - self.first + YEAR)

    def keys(self, mine: Whole, theirs: Whole) -> tuple[Whole, Whole]:
        """The same keys, numbered anew where they are too large for the line."""
        both = np.concatenate([mine, theirs])
        if len(both) and (int(both.max()) + 1) * self.span >= 2**_BITS:
            both = np.unique(both, return_inverse=True)[1].reshape(-1)
        return both[: len(mine)], both[len(mine) :]


class _Past(NamedTuple):
    """The log in order of customer and time.

    Attributes
    ----------
    key : ndarray of int64
        The customers, as on the line.
    written : ndarray of int64
        The moments on the line at which tickets were written, sorted.
    resolved : ndarray of int64
        Seconds since 1970 UTC, not before the ticket was written; ``NO_TIME`` where it was not resolved.
    finished : ndarray of bool
        Which tickets were resolved when they were at most a year old: their outcomes count.
    """

    log: TicketLog
    line: _Line
    key: Whole
    written: Whole
    resolved: Whole
    finished: NDArray[np.bool_]


def window_counts(log: TicketLog, asked: TicketLog) -> Counts:
    """What the past of each ticket asked about adds up to.

    Parameters
    ----------
    log : TicketLog
        All tickets that may bear, each once, in any order; those asked about may be among them.
    asked : TicketLog
        The tickets to judge, numbered like ``log``.

    Returns
    -------
    dict of str to ndarray of int64 of shape (n_asked,)
        By the names of :data:`~complaint_typing.facts.FACT_NAMES`: counts, `goodwill_amount_365d` in
        hundredths, `days_*` in seconds with 0 for never, `known` 0 or 1. Zeros for a ticket without customer
        or time.
    """
    log = _only(log, (log.customer != NOBODY) & (log.created_at != NO_TIME))
    known = (asked.customer != NOBODY) & (asked.created_at != NO_TIME)
    places, asked = np.flatnonzero(known), _only(asked, known)
    line = _Line.of(log.created_at, log.resolved_at[log.resolved_at != NO_TIME], asked.created_at)
    mine, theirs = line.keys(log.customer, asked.customer)
    now = line.place(theirs, asked.created_at)
    order = np.argsort(now)
    past = _in_order(log, mine, line)
    counts = _of_customers(past, now[order], theirs[order] * line.span)
    counts |= _of_categories(past, theirs[order], asked.category[order], asked.created_at[order])
    counts["known"] = np.ones(len(places), dtype=np.int64)
    bits = _longest_run(past.key).bit_length()
    return _all_at(places[order], counts, len(known), bits)


def _only(log: TicketLog, chosen: NDArray[np.bool_]) -> TicketLog:
    """The chosen tickets; the log itself where that is all."""
    return log if chosen.all() else log.take(chosen)


def _all_at(places: NDArray[np.intp], counts: Counts, size: int, bits: int) -> Counts:
    """All counts at their places; those of few bits are brought there side by side."""
    small = [name for name in counts if not name.startswith(("days_", "goodwill_amount"))]
    found = {name: _at(places, values, size) for name, values in counts.items() if name not in small}
    for names in _shared(small, bits):
        together = _at(places, _side_by_side([counts[name] for name in names], bits), size)
        found |= _apart(together, names, bits)
    return found


def _at(places: NDArray[np.intp], values: Whole, size: int) -> Whole:
    """The values at their places, zeros elsewhere."""
    column = np.zeros(size, dtype=np.int64)
    column[places] = values
    return column


def _in_order(log: TicketLog, key: Whole, line: _Line) -> _Past:
    written = line.place(key, log.created_at)
    order = np.argsort(written)
    log = log.take(order)
    never = log.resolved_at == NO_TIME
    resolved = np.where(never, NO_TIME, np.maximum(log.resolved_at, log.created_at))
    return _Past(
        log, line, key[order], written[order], resolved, ~never & (resolved - log.created_at <= YEAR)
    )


def _closing(past: _Past, moment: Whole) -> Whole:
    """The moments on the line at which the tickets written at these moments were resolved."""
    return moment + (past.resolved - past.log.created_at)


def _of_customers(past: _Past, now: Whole, start: Whole) -> Counts:
    """The facts about all of a customer's tickets.

    Parameters
    ----------
    now, start : ndarray of int64 of shape (n_asked,)
        The sorted moments asked about, and where their customers begin on the line.
    """
    written = past.written
    at = np.searchsorted(written, now)
    since = {days: np.searchsorted(written, now - days * DAY) for days in _WINDOWS}
    year = since[365]
    counts = {f"tickets_{days}d": at - place for days, place in since.items()}
    counts |= _outcomes(past, now, year)
    counts["open"] = counts["tickets_365d"] - counts["resolved_365d"]
    paid, returned = _gifts(past)
    visits = _sums(returned)
    counts["visits_after_goodwill_365d"] = visits[at] - visits[year]
    counts["days_since_last"] = _since(written, at, now, start)
    counts["days_since_goodwill"] = _since(paid, np.searchsorted(paid, now), now, start)
    oldest = np.append(written, 0)[year]
    counts["days_since_first"] = np.where(at > year, now - oldest, 0)
    return counts


def _since(moments: Whole, place: NDArray[np.intp], now: Whole, start: Whole) -> Whole:
    """Seconds since the customer's latest of the sorted moments before each place; 0 where there is none."""
    latest = np.append(moments, -1)[place - 1]
    return np.where(latest >= start, now - latest, 0)


def _sums(values: NDArray[Any]) -> Whole:
    """The sum of the values before each place."""
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def _outcomes(past: _Past, now: Whole, year: NDArray[np.intp]) -> Counts:
    """Sums over the outcomes known before each moment, of tickets that are at most a year old.

    A finished ticket was resolved within its year, so that the sum over those resolved before the moment
    less the sum over those written more than a year before it is what counts.
    """
    log, finished = past.log, past.finished
    closed = _closing(past, past.written)[finished]
    order = np.argsort(closed)
    place = np.searchsorted(closed[order], now)

    def known_then(values: Whole) -> Whole:
        return _sums(values[finished][order])[place] - _sums(np.where(finished, values, 0))[year]

    flags = {
        "resolved_365d": np.ones(len(log), dtype=bool),
        "justified_365d": log.fault_found == 1,
        "unproven_365d": (log.fault_found == 0) | (log.fault_found == 2),
        "goodwill_365d": log.goodwill_cents > 0,
        "reopened_365d": log.reopened == 1,
        "dissatisfied_365d": (log.satisfaction == 1) | (log.satisfaction == 2),
    }
    counts = {"goodwill_amount_365d": known_then(np.maximum(log.goodwill_cents, 0))}
    bits = _longest_run(past.key).bit_length()
    for names in _shared(list(flags), bits):
        found = known_then(_side_by_side([flags[name] for name in names], bits))
        counts |= _apart(found, names, bits)
    return counts


def _side_by_side(parts: list[NDArray[Any]], bits: int) -> Whole:
    """Numbers of so many bits as one whole number; sums and differences of such numbers stay apart."""
    together = np.zeros(len(parts[0]), dtype=np.int64)
    for k, part in enumerate(parts):
        together |= part.astype(np.int64) << (k * bits)
    return together


def _apart(together: Whole, names: list[str], bits: int) -> Counts:
    return {name: (together >> (k * bits)) & (2**bits - 1) for k, name in enumerate(names)}


def _longest_run(key: Whole) -> int:
    """How many tickets the customer with the most has, at least 1; the keys are sorted."""
    edges = np.flatnonzero(np.diff(key))
    return int(np.diff(edges, prepend=-1, append=len(key) - 1).max(initial=1))


def _shared(names: list[str], bits: int) -> list[list[str]]:
    """Counts of so many bits that fit side by side into one whole number."""
    size = max(1, _BITS // bits)
    return [names[i : i + size] for i in range(0, len(names), size)]


def _gifts(past: _Past) -> tuple[Whole, NDArray[np.bool_]]:
    """When goodwill was paid, sorted, and which tickets were written within 30 days after it (source 004).

    A payment counts from its ticket's ``resolved_at``, so it was known before such a visit was written, and
    all the more before any later ticket that asks.
    """
    given = (past.log.goodwill_cents > 0) & (past.resolved != NO_TIME)
    paid = np.sort(_closing(past, past.written)[given])
    if not len(paid):
        return paid, np.zeros(len(past.log), dtype=bool)
    place = np.searchsorted(paid, past.written) - 1
    return paid, (place >= 0) & (past.written - paid[np.maximum(place, 0)] <= SOON)


def _of_categories(past: _Past, key: Whole, category: Whole, at: Whole) -> Counts:
    """The facts about a customer's tickets of the same category.

    Parameters
    ----------
    key, category, at : ndarray of int64 of shape (n_asked,)
        The customers of the tickets asked about, as on the line, their categories and times.
    """
    filed, chosen = past.log.category != NOBODY, np.flatnonzero(category != NOBODY)
    n_asked, log = len(category), _only(past.log, filed)
    resolved, finished = past.resolved[filed], past.finished[filed]
    size = max(int(part.max(initial=0)) for part in (log.category, category)) + 1
    mine, theirs = past.line.keys(
        past.key[filed] * size + log.category, key[chosen] * size + category[chosen]
    )
    written, now = past.line.place(mine, log.created_at), past.line.place(theirs, at[chosen])
    order = np.argsort(now)
    now = now[order]
    closed = written + (resolved - log.created_at)
    settled = finished & (log.reopened != 1)
    counts = {
        "same_fault_open": _between(written, now, YEAR)
        - (_before(closed[settled], now) - _before(written[settled], now - YEAR)),
        "same_fault_resolved_7d": _between(closed[resolved != NO_TIME], now, RECENT),
    }
    return {name: _at(chosen[order], values, n_asked) for name, values in counts.items()}


def _before(moments: Whole, now: Whole) -> NDArray[np.intp]:
    """How many of the moments lie before each of the sorted moments asked about."""
    return np.searchsorted(np.sort(moments), now)


def _between(moments: Whole, now: Whole, window: int) -> NDArray[np.intp]:
    """How many of the moments lie in the window of so many seconds before each moment asked about."""
    moments = np.sort(moments)
    return np.searchsorted(moments, now) - np.searchsorted(moments, now - window)
