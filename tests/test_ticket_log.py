"""One ticket is one event, however many rows tell of it."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from plain_history import logs

from complaint_typing.columns import NO_TIME
from complaint_typing.past_tickets import PastTicket
from complaint_typing.ticket_log import NOBODY, TicketLog, marks
from complaint_typing.ticket_table import tickets_from_columns

MISSING = (NOBODY, NOBODY, NO_TIME, NO_TIME, -1, -1, 0, -1)


def rows_of(log):
    return list(zip(*(getattr(log, field.name).tolist() for field in fields(log)), strict=True))


def plain_merge(rows):
    told = {}
    for mark, row in rows:
        old = told.get(mark, MISSING)
        new = [a if b == m else b for a, b, m in zip(old, row, MISSING, strict=True)]
        new[2] = min((time for time in (old[2], row[2]) if time != NO_TIME), default=NO_TIME)
        told[mark] = tuple(new)
    return sorted(told.values())


@given(logs(), st.data())
def test_rows_of_one_ticket_become_one(log, data):
    told = data.draw(st.lists(st.integers(-3, 3), min_size=len(log), max_size=len(log)))
    merged = log.merged(np.array(told, dtype=np.int64))
    assert sorted(rows_of(merged)) == plain_merge(zip(told, rows_of(log), strict=True))
    assert [getattr(merged, f.name).dtype for f in fields(log)] == [
        getattr(log, f.name).dtype for f in fields(log)
    ]


def test_no_tickets_stay_none():
    empty = TicketLog(*(np.zeros(0, dtype=np.int64) for _ in fields(TicketLog)))
    assert len(empty.merged(np.zeros(0, dtype=np.int64))) == 0


def test_a_ticket_is_known_by_customer_and_id_or_by_customer_time_and_text():
    rows = [
        ("c", "t1", 1, "a"),
        ("c", "t1", 2, "b"),
        ("d", "t1", 1, "a"),
        ("c", "", 1, "a"),
        ("c", "", 1, "a"),
        ("c", "", 2, "a"),
        ("c", "", 1, "b"),
    ]
    names = ("customer_id", "ticket_id", "created_at", "text")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    columns["created_at"] = [1_700_000_000 + day for day in columns["created_at"]]
    found = marks(tickets_from_columns(columns)[0]).tolist()
    assert [found.index(mark) for mark in found] == [0, 0, 2, 3, 3, 5, 6]


def test_fields_kept_alone_and_in_logs_are_merged_alike():
    assert PastTicket("t", 5, "tv", 9, 1, 0, 2, 0).updated(PastTicket("t", 4, "", None, None, 7)) == (
        PastTicket("t", 4, "tv", 9, 1, 7, 2, 0)
    )
