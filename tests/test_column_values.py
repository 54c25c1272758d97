"""Each kind of column has its values, and one missing value, whether a cell or the column is missing."""

from __future__ import annotations

import numpy as np
import pytest

from complaint_typing.column_values import empty_column, find_date_order, read_column, read_times
from complaint_typing.columns import NO_TIME, TICKET_COLUMNS

KINDS = sorted({c.kind for c in TICKET_COLUMNS} - {"time"})


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_cell_is_as_good_as_a_missing_column(kind):
    values, bad = read_column(kind, ["", None])
    assert bad == []
    assert np.array_equal(values, empty_column(kind, 2))
    assert getattr(values, "dtype", None) == getattr(empty_column(kind, 2), "dtype", None)


def test_a_missing_time_column():
    assert empty_column("time", 2).tolist() == [NO_TIME, NO_TIME]


def test_resolved_before_created_is_bad_and_at_the_same_time_is_not():
    columns = {"created_at": ["2024-03-05"] * 3, "resolved_at": ["2024-03-04", "2024-03-05", ""]}
    read = read_times(columns, "UTC", None)
    assert read["resolved_at"][1] == [0]
    assert (read["resolved_at"][0] == NO_TIME).tolist() == [True, False, True]
    assert read["created_at"][1] == []


def test_evidence_of_all_time_columns_is_put_together():
    columns = {"created_at": ["03/05/2024"], "resolved_at": ["12/25/2024"]}
    assert find_date_order(columns) == (
        {"mdy": "12/25/2024", "open": "03/05/2024"},
        "created_at and resolved_at",
    )
    assert find_date_order({"created_at": ["2024-03-05"]}) == ({}, "")
