"""History of tables: outcomes, visits after gifts, earlier tables, and tickets listed more than once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plain_history import table

from complaint_typing.errors import MissingColumns
from complaint_typing.facts import HISTORY_COLUMNS
from complaint_typing.history import add_history, history_facts
from complaint_typing.ticket_log import TicketLog


def test_an_outcome_of_the_ticket_itself_is_no_history_of_it():
    frame = table(
        {"created_at": "2026-02-01", "resolved_at": "2026-02-01", "fault_found": "no", "compensation": 9}
    )
    history = add_history(frame)
    assert history["history_has_outcomes"].all()
    assert not history[[name for name in HISTORY_COLUMNS if name.endswith("_365d")]].to_numpy().any()
    assert history["history_days_since_goodwill"].isna().all()


@pytest.mark.parametrize(
    ("paid", "visit", "counts"),
    [
        ("2026-01-10 10:00:00", "2026-01-10 10:00:00", 0),
        ("2026-01-10 10:00:00", "2026-01-10 10:00:01", 1),
        ("2026-01-10 10:00:00", "2026-02-09 10:00:00", 1),
        ("2026-01-10 10:00:00", "2026-02-09 10:00:01", 0),
        (None, "2026-01-20", 0),
    ],
)
def test_a_visit_counts_as_soon_after_a_gift_within_thirty_days_of_its_payment(paid, visit, counts):
    gift = {"created_at": "2026-01-05", "resolved_at": paid, "compensation": 20}
    frame = table(gift, {"created_at": visit}, {"created_at": "2026-03-01"})
    assert add_history(frame)["history_visits_after_goodwill_365d"].tolist() == [0, 0, counts]
    others = frame.assign(customer_id=["someone else", "c", "c"])
    assert not add_history(others)["history_visits_after_goodwill_365d"].any()


def test_a_visit_soon_after_a_gift_counts_for_a_year_from_the_visit():
    gift = {"created_at": "2026-01-05", "resolved_at": "2026-01-10", "compensation": 20}
    frame = table(
        gift, {"created_at": "2026-01-20"}, {"created_at": "2027-01-20"}, {"created_at": "2027-01-21"}
    )
    assert add_history(frame)["history_visits_after_goodwill_365d"].tolist() == [0, 0, 1, 0]


def test_a_ticket_is_no_visit_after_its_own_gift():
    paid_before_written = TicketLog(*(np.array([value] * 2) for value in (0, 0, 50, 40, 900, 1, 5, 0)))
    asked = replace(paid_before_written, created_at=np.array([60, 60]))
    assert history_facts(paid_before_written, asked, True)["visits_after_goodwill_365d"].tolist() == [0, 0]


def test_a_ticket_without_customer_or_time_has_no_history_and_is_no_ones():
    frame = table(
        {"created_at": "2026-01-01"},
        {"created_at": "2026-01-02", "customer_id": ""},
        {"created_at": None},
        {"created_at": "2026-01-03"},
    ).assign(customer_id=["c", "", "c", "c"])
    history = add_history(frame)
    assert history["history_known"].tolist() == [True, False, False, True]
    assert history["history_tickets_7d"].tolist() == [0, 0, 0, 1]


def test_earlier_tickets_count_once_and_the_newer_record_of_a_ticket_wins():
    earlier = pd.DataFrame(
        {
            "ticket_id": ["t1", "t2", None],
            "text": "-",
            "customer_id": "c",
            "created_at": ["2026-01-01", "2026-01-02", "2026-01-03"],
            "resolved_at": ["2026-01-05"] * 3,
            "fault_found": ["yes", "no", "no"],
        }
    )
    now = pd.DataFrame(
        {
            "ticket_id": ["t2", "t9", None],
            "text": "-",
            "customer_id": "c",
            "created_at": ["2026-01-02", "2026-01-10", "2026-01-11"],
            "resolved_at": ["2026-01-06", None, None],
            "fault_found": ["yes", "", ""],
        }
    )
    history = add_history(now, earlier)
    assert history["history_tickets_365d"].tolist() == [1, 3, 4]
    assert history["history_justified_365d"].tolist() == [0, 2, 2]
    assert history["history_unproven_365d"].tolist() == [0, 1, 1]
    assert add_history(now)["history_tickets_365d"].tolist() == [0, 1, 2]


def test_a_ticket_repeated_within_one_table_counts_once():
    frame = table({"created_at": "2026-01-01"}, {"created_at": "2026-01-01"}, {"created_at": "2026-01-02"})
    assert add_history(frame.assign(ticket_id="t"))["history_tickets_7d"].tolist() == [0, 0, 1]


def test_a_later_row_of_a_ticket_tells_more_of_it_and_takes_nothing_back():
    told = {"resolved_at": "2026-01-03", "fault_found": "no", "compensation": 20, "reopened": 1}
    frame = table(
        {"ticket_id": "t1", "created_at": "2026-01-01", **told},
        {
            "ticket_id": "t1",
            "created_at": "2026-01-05",
            "fault_found": "yes",
            "compensation": 0,
            "reopened": 0,
        },
        {"ticket_id": "t1", "created_at": None},
        {"ticket_id": "t2", "created_at": "2026-01-04"},
        {"ticket_id": "t3", "created_at": "2026-02-01"},
    )
    history = add_history(frame)
    assert history["history_tickets_365d"].tolist() == [0, 2, 0, 1, 2]
    row = history.iloc[-1]
    assert (row["history_justified_365d"], row["history_unproven_365d"]) == (1, 0)
    assert (row["history_goodwill_365d"], row["history_reopened_365d"]) == (0, 0)


def test_a_low_score_alone_is_no_record_of_outcomes():
    frame = table({"created_at": "2026-01-02"})
    for name, counts in {"satisfaction": 0, "agent_reply": 0, "reopened": 0, "compensation": 1}.items():
        assert add_history(frame.assign(**{name: 1}))["history_has_outcomes"].tolist() == [counts]


@pytest.mark.parametrize("earlier", [None, pd.DataFrame(), table({"created_at": "2026-01-01"}).iloc[:0]])
def test_no_earlier_tickets_change_nothing(earlier):
    frame = table({"created_at": "2026-01-01"}, {"created_at": "2026-01-02"})
    pd.testing.assert_frame_equal(add_history(frame, earlier), add_history(frame))


def test_outcomes_are_recorded_when_any_source_has_a_column_for_them():
    frame = table({"created_at": "2026-01-02"})
    outcomes = table({"created_at": "2026-01-01", "fault_found": None}, customer_id="someone else")
    assert add_history(frame)["history_has_outcomes"].tolist() == [False]
    assert add_history(frame, outcomes)["history_has_outcomes"].tolist() == [True]


def test_the_table_keeps_its_rows_order_index_and_columns():
    frame = table({"created_at": "2026-01-02"}, {"created_at": "2026-01-01"}).set_index(pd.Index([7, 7]))
    before = frame.copy()
    history = add_history(frame)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(history[list(before.columns)], before)
    assert list(history.columns) == [*before.columns, *HISTORY_COLUMNS]
    assert history["history_tickets_7d"].tolist() == [1, 0]
    pd.testing.assert_frame_equal(add_history(history), history)


def test_columns_are_found_by_other_names_too():
    frame = pd.DataFrame({"投诉内容": "没电", "客户编号": "c", "受理时间": ["2026-01-01", "2026-01-03"]})
    assert add_history(frame)["history_days_since_last"].tolist()[1] == 2


def test_a_table_without_text_is_refused():
    with pytest.raises(MissingColumns, match="no column found for: text"):
        add_history(pd.DataFrame({"customer_id": ["c"]}))


def test_an_empty_table_gains_the_columns():
    assert add_history(pd.DataFrame({"text": []})).columns.tolist() == ["text", *HISTORY_COLUMNS]
