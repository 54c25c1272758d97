"""Tickets as the history store is given them, as it keeps them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .past_tickets import PastTicket

KEPT = PastTicket._fields[1:]


def storable(text: str) -> str:
    r"""A text in which NUL and halves of characters, which databases cannot hold, are written out.

    >>> storable("c1"), storable("\0"), storable("\ud800") == storable("\ud801")
    ('c1', '\\x00', False)
    """
    return text.replace("\0", r"\x00").encode(errors="backslashreplace").decode()


def told_more(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """A row with what a later one tells of the same ticket, as the database does it."""
    row = {name: old[name] if value is None else value for name, value in new.items()}
    times = [time for time in (old["created_at"], new["created_at"]) if time is not None]
    return row | {"created_at": min(times, default=None)}


def past_of(row: Any) -> PastTicket:
    """A row of the store as history keeps it."""
    values = {field: getattr(row, field) for field in KEPT}
    return PastTicket(row.ticket_id, **{**values, "category": row.category or ""})


def known_at(ticket: PastTicket, moment: int) -> PastTicket:
    """A ticket without what was found out only at a moment or later."""
    if ticket.resolved_at is not None and ticket.resolved_at < moment:
        return ticket
    return PastTicket(ticket.ticket_id, ticket.created_at, ticket.category)


def is_before(ticket: PastTicket, moment: int) -> bool:
    """Whether it was written before a moment; without a time nobody knows."""
    return ticket.created_at is not None and ticket.created_at < moment
