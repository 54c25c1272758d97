"""Columns of any table become checked tickets; bad optional values are missing and told by column."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from complaint_typing.columns import NO_TIME
from complaint_typing.errors import AmbiguousDates, MissingColumns, UnequalColumns
from complaint_typing.ticket_table import BadValues, Tickets, join_texts, tickets_from_columns


def equal(a: Tickets, b: Tickets) -> bool:
    return all(
        np.array_equal(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(Tickets)
    )  # fmt: skip


FULL = {
    "ticket_id": ["007", "8"],
    "customer_id": ["C1", ""],
    "subject": ["Late", ""],
    "text": ["Where is it?", "退款"],
    "created_at": ["2024-03-05 09:30", ""],
    "category": ["delivery", ""],
    "language": ["en-US", "简体中文"],
    "agent_reply": ["Sorry.", ""],
    "resolved_at": ["2024-03-06", ""],
    "fault_found": ["是", "unknown"],
    "compensation": ["¥1,200.50", ""],
    "satisfaction": ["5", "unoffered"],
    "reopened": ["yes", "0"],
    "corrected_type": ["", "venting"],
}


def test_every_column_is_read():
    tickets, report = tickets_from_columns(FULL)
    assert tickets.ticket_id == ["007", "8"]
    assert tickets.customer_id == ["C1", ""]
    assert tickets.text == ["Late\nWhere is it?", "退款"]
    assert tickets.created_at.tolist() == [1709631000, NO_TIME]
    assert tickets.resolved_at.tolist() == [1709683200, NO_TIME]
    assert tickets.category == ["delivery", ""]
    assert tickets.language == ["en", "zh-Hans"]
    assert tickets.agent_reply == ["Sorry.", ""]
    assert tickets.fault_found.tolist() == [1, 2]
    assert tickets.goodwill_cents.tolist() == [120050, -1]
    assert tickets.satisfaction.tolist() == [5, 0]
    assert tickets.reopened.tolist() == [1, 0]
    assert tickets.has_outcomes
    assert (report.bad, report.no_text) == ({}, [])
    assert len(tickets) == 2


def test_types_of_arrays_are_as_promised():
    tickets, _ = tickets_from_columns({"text": ["a"]})
    kinds = {
        f.name: getattr(tickets, f.name).dtype for f in dataclasses.fields(tickets) if f.type.startswith("ND")
    }
    assert kinds == {
        "created_at": np.int64,
        "resolved_at": np.int64,
        "goodwill_cents": np.int64,
        "fault_found": np.int8,
        "satisfaction": np.int8,
        "reopened": np.int8,
    }


def test_absent_columns_are_missing_values():
    tickets, report = tickets_from_columns({"subject": ["a", "b"]})
    assert tickets.text == ["a", "b"]
    assert tickets.ticket_id == tickets.customer_id == tickets.language == ["", ""]
    assert tickets.created_at.tolist() == [NO_TIME] * 2
    assert tickets.fault_found.tolist() == [-1, -1]
    assert not tickets.has_outcomes
    assert report.present == ["subject"]


def test_a_frame_gives_the_same_tickets_as_the_texts_of_a_file():
    frame = pd.DataFrame(FULL).replace({"": None})
    frame["created_at"] = pd.to_datetime(frame["created_at"])
    frame["satisfaction"] = [5.0, np.nan]
    frame["compensation"] = [1200.5, np.nan]
    frame["reopened"] = [True, False]
    frame.index = [7, 3]
    from_frame, report = tickets_from_columns({name: frame[name] for name in frame})
    assert equal(from_frame, tickets_from_columns(FULL)[0])
    assert report.bad == {}


def test_bad_values_of_a_frame_are_told_whatever_its_index():
    frame = pd.DataFrame({"text": ["a", "b"], "satisfaction": [5, 9]}, index=["x", "y"])
    assert tickets_from_columns({name: frame[name] for name in frame})[1].bad == {
        "satisfaction": BadValues(1, [(2, 1)])
    }


def test_bad_values_are_missing_and_told_without_being_shown():
    columns = {
        "text": ["a", "b", "c"],
        "created_at": ["2024-03-05", "soon", "2024-03-05"],
        "resolved_at": ["2024-03-04", "later!", ""],
        "compensation": ["-5", "x", "3"],
        "satisfaction": ["6", "5", "best"],
    }
    tickets, report = tickets_from_columns(columns, row_numbers=[11, 12, 13])
    assert report.bad == {
        "created_at": BadValues(1, [(12, 4)]),
        "resolved_at": BadValues(2, [(11, 10), (12, 6)]),
        "compensation": BadValues(2, [(11, 2), (12, 1)]),
        "satisfaction": BadValues(2, [(11, 1), (13, 4)]),
    }
    assert tickets.resolved_at.tolist() == [NO_TIME] * 3
    assert "soon" not in repr(report)


def test_many_bad_values_are_counted_and_the_first_few_shown():
    _, report = tickets_from_columns({"text": ["a"] * 99, "satisfaction": ["x"] * 99})
    bad = report.bad["satisfaction"]
    assert (bad.count, bad.examples) == (99, [(i, 1) for i in range(1, 6)])
    bad.add(BadValues(2, [(100, 1)]))
    assert (bad.count, len(bad.examples)) == (101, 5)


def test_rows_without_text_are_kept_and_listed():
    tickets, report = tickets_from_columns(
        {"text": ["", " \n", "　", "x", None], "subject": ["", "", "", "", "y"]}
    )
    assert report.no_text == [0, 1, 2]
    assert tickets.text[3:] == ["x", "y"]


def test_subject_and_text_are_joined_only_where_both_are_there():
    assert join_texts(["s", "", " ", "s"], ["t", "t", "t", ""]) == ["s\nt", "t", "t", "s"]
    assert join_texts(None, ["t"]) == ["t"]
    assert join_texts(["s"], None) == ["s"]


def test_one_order_of_day_and_month_holds_for_all_time_columns():
    columns = {
        "text": ["a", "b"],
        "created_at": ["03/05/2024", "04/05/2024"],
        "resolved_at": ["25/12/2024", ""],
    }
    tickets, _ = tickets_from_columns(columns)
    assert (
        tickets.created_at[0]
        == tickets_from_columns({"text": ["a"], "created_at": ["2024-05-03"]})[0].created_at[0]
    )
    with pytest.raises(AmbiguousDates, match="column created_at: day and month"):
        tickets_from_columns({"text": ["a", "b"], "created_at": columns["created_at"]})


def test_naive_times_take_the_zone():
    columns = {"text": ["a"], "created_at": ["2024-03-05 17:30"]}
    assert tickets_from_columns(columns, "Asia/Shanghai")[0].created_at.tolist() == [1709631000]


def test_no_text_column_and_unequal_columns_are_refused():
    with pytest.raises(MissingColumns, match="no column found for: text"):
        tickets_from_columns({"ticket_id": ["1"]})
    with pytest.raises(UnequalColumns, match="text 2, ticket_id 1"):
        tickets_from_columns({"text": ["a", "b"], "ticket_id": ["1"]})


def test_no_rows_are_no_tickets():
    tickets, report = tickets_from_columns({name: [] for name in FULL})
    assert len(tickets) == 0
    assert report.bad == {}
