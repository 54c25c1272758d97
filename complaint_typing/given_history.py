"""One ticket and the history handed in with it: what is judged, and what was known just before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from itertools import compress
from typing import Any

from . import cells
from .columns import FINDING_COLUMNS
from .customer_history import CustomerHistory
from .past_tickets import listed, one_id
from .ticket import Ticket, read_ticket
from .times import checked_order, zone_of

_WHO = "customer_id"


def read_given(
    given: Mapping[str, Any],
    history: Iterable[Mapping[str, Any]] | CustomerHistory = (),
    tz: str | tzinfo | None = None,
    date_order: str | None = None,
) -> tuple[Ticket, dict[str, Any]]:
    """Check a ticket, and tell the facts about its customer as a table with the same rows would.

    Where both have the field ``customer_id``, an entry of the history counts only if it names the customer
    of the ticket, as tables read ids: ``12.0`` is ``12``, and ``N/A`` is nobody. A ticket or an entry
    without the field is taken to be of the customer.

    Parameters
    ----------
    given : mapping
        Fields of the ticket contract.
    history : iterable of mapping, or CustomerHistory
    tz : str or tzinfo, optional
        Zone of times that name none; that of a ``CustomerHistory`` by default, else UTC.
    date_order : {"dmy", "mdy"}, optional
        Order of dates with the year last; that of a ``CustomerHistory`` by default.

    Returns
    -------
    Ticket, dict of str to number
        The facts as of :meth:`~complaint_typing.customer_history.CustomerHistory.facts_of_one`.

    Raises
    ------
    MissingColumns, BadValue, AmbiguousDates
        As :func:`~complaint_typing.ticket.read_ticket`; and when ``history`` is no list of tickets, or an id,
        a zone or an order is none.

    >>> past = [{"customer_id": who, "created_at": "1970-01-01"} for who in ("12", 0, None)]
    >>> ticket, facts = read_given({"text": "-", "customer_id": 12.0, "created_at": "1970-01-02"}, past)
    >>> facts["tickets_7d"]
    1
    """
    if _WHO in given:
        one_id(given[_WHO])
    if isinstance(history, CustomerHistory):
        tz = history.tz if tz is None else tz
        date_order = history.date_order if date_order is None else date_order
    tz, date_order = "UTC" if tz is None else tz, checked_order(date_order)
    ticket = read_ticket(given, zone_of(tz), date_order)
    if isinstance(history, CustomerHistory):
        return ticket, history.facts_of_one(ticket.created_at, ticket.category)
    beside = listed(history, "history")
    facts = _past(given, beside, tz, date_order).facts_of_one(ticket.created_at, ticket.category)
    facts["has_outcomes"] = any(n in entry for entry in beside for n in FINDING_COLUMNS)
    return ticket, facts


def _past(
    given: Mapping[str, Any], beside: Sequence[Mapping[str, Any]], tz: str | tzinfo, date_order: str | None
) -> CustomerHistory:
    """Of the ticket's customer; an empty one of somebody with no entry, an unknown one of nobody."""
    if _WHO not in given:
        return CustomerHistory.of(beside, tz, date_order)
    ids = [one_id(entry.get(_WHO), row) for row, entry in enumerate(beside, start=1)]
    [who, *names], _ = cells.identities([given[_WHO], *ids])
    theirs = (_WHO not in entry or name == who != "" for entry, name in zip(beside, names, strict=True))
    own = [*compress(beside, theirs)]
    return CustomerHistory() if who and beside and not own else CustomerHistory.of(own, tz, date_order)
