"""A process that writes into a history store; it loads nothing else, so that it starts soon."""

from __future__ import annotations

from complaint_typing.store import SqlHistory


def write_many(url: str, writer: str, n: int) -> None:
    """Tickets that others write too, their outcomes, and tickets of its own."""
    store = SqlHistory(url)
    for i in range(n):
        store.append([{"customer_id": f"c{i % 5}", "ticket_id": f"t{i}", "created_at": "2026-01-01"}])
        store.append([{"ticket_id": f"t{i}", "resolved_at": "2026-01-02", "fault_found": "yes"}])
        store.append([{"customer_id": f"c{i % 5}", "ticket_id": f"{writer}-{i}", "created_at": "2026-01-03"}])
