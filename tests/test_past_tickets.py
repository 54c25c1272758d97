"""What is kept of an earlier ticket: read alone as in files, told more than once."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.errors import AmbiguousDates
from complaint_typing.past_tickets import PastTicket, checked_past, read_past, read_past_ticket, read_several

CELLS = {
    "ticket_id": st.sampled_from([None, "", " t1 ", 7.0, float("nan"), "é"]),
    "created_at": st.sampled_from(
        [None, "", " ", "2026-01-02", "2026/1/2 9:30", 1_767_225_600, "soon", datetime.date(2026, 1, 2)]
    ),
    "category": st.sampled_from([None, "tv", 5, ""]),
    "resolved_at": st.sampled_from(
        ["2026-01-01T23:00:00+08:00", "2026-01-09", None, np.datetime64("2026-02-01")]
    ),
    "fault_found": st.sampled_from(["yes", "否", "不详", "perhaps", None, True, 0]),
    "compensation": st.sampled_from(["¥1,200.50", 0, None, -3, "some", 12.345]),
    "satisfaction": st.sampled_from([1, "5.0", "满意", None, 9, ""]),
    "reopened": st.sampled_from([0, 1, True, "是", None, "later"]),
    "text": st.just("words"),
}
TICKETS = st.fixed_dictionaries({}, optional=CELLS)


@given(TICKETS, st.sampled_from(["UTC", "+08:00"]))
def test_one_is_read_as_many_are(ticket, tz):
    assert [read_past_ticket(ticket, tz)] == read_past([ticket], tz)


@given(st.lists(TICKETS, max_size=4))
def test_a_few_are_read_as_in_a_table(tickets):
    assert read_several(tickets) == read_past(tickets)


@pytest.mark.parametrize("other", ["25/12/2025", "2026-01-02"])
def test_open_dates_among_a_few_are_told_by_the_others_or_refused(other):
    tickets = [{"created_at": "03/05/2026"}, {"created_at": other}]
    if other == "2026-01-02":
        with pytest.raises(AmbiguousDates, match="03/05/2026"):
            read_several(tickets)
    else:
        assert read_several(tickets) == read_past(tickets)


def test_dates_with_the_year_last_are_read_alone_where_the_other_date_tells():
    ticket = {"created_at": "03/05/2026", "resolved_at": "25/05/2026"}
    assert [read_past_ticket(ticket)] == read_past([ticket])


@given(TICKETS, TICKETS, TICKETS)
def test_telling_more_of_a_ticket_is_the_same_in_one_go_or_two(a, b, c):
    one, two, three = read_past([a, b, c])
    assert one.updated(two).updated(three) == one.updated(two.updated(three))
    assert one.updated(one) == one
    assert one.updated(PastTicket()) == one


@given(TICKETS)
def test_what_was_read_may_be_kept(ticket):
    past = read_past_ticket(ticket)
    assert checked_past(list(past)) == past


@pytest.mark.parametrize("row", [["t1", True, "", *[None] * 5], ["t1", 1.5, "", *[None] * 5], []])
def test_what_is_no_kept_ticket_is_refused(row):
    with pytest.raises(ValueError, match="not a kept ticket"):
        checked_past(row)
