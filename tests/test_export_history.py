"""The history of a whole export: the facts of a table, whatever the blocks and the shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.export_history import ExportHistory
from complaint_typing.facts import DAY
from complaint_typing.history import facts_of_log
from complaint_typing.ticket_table import tickets_from_columns

START = 1_767_225_600


def export(draw, n):
    days = st.sampled_from([None, *(START + step * DAY for step in (0, 1, 7, 30, 365))])
    columns = {
        "text": [f"text {i}" for i in range(n)],
        "ticket_id": st.sampled_from(["", "t1", "t2"]),
        "customer_id": st.sampled_from(["c1", "c2", "c3", ""]),
        "category": st.sampled_from(["tv", "net", ""]),
        "created_at": days,
        "resolved_at": days,
        "compensation": st.sampled_from(["", 0, 5, 700, 10**8]),
        "fault_found": st.sampled_from(["yes", "no", ""]),
    }
    return {
        name: cells if isinstance(cells, list) else draw(st.lists(cells, min_size=n, max_size=n))
        for name, cells in columns.items()
    }


@st.composite
def exports(draw):
    return export(draw, draw(st.integers(0, 12))), export(draw, draw(st.integers(0, 6)))


def read(columns, rows=slice(None)):
    return tickets_from_columns({name: cells[rows] for name, cells in columns.items()})[0]


@given(exports(), st.integers(1, 5), st.integers(1, 5))
def test_facts_of_blocks_are_those_of_the_table(given_exports, block, share):
    now, earlier = given_exports
    history = ExportHistory()
    for columns, asked in ((now, True), (earlier, False)):
        for start in range(0, len(columns["text"]), block):
            history.add(read(columns, slice(start, start + block)), asked)
    facts = history.facts(share)
    expected = facts_of_log(read(now), read(earlier))
    n = len(now["text"])
    for start in range(0, n, 3):
        found = facts.at(slice(start, min(start + 3, n)))
        for name, values in expected.items():
            part = values[start : start + 3]
            assert (found[name].dtype, found[name].tobytes()) == (part.dtype, part.tobytes()), name
    assert history.undated_earlier == int((read(earlier).created_at < 0).sum())


def test_nothing_gathered_is_nothing_known():
    assert all(len(values) == 0 for values in ExportHistory().facts().at(slice(0)).values())


@pytest.mark.parametrize("n", [2, 300, 70_000])
def test_counts_of_any_size_are_kept(n):
    columns = {"text": ["-"] * n, "ticket_id": [str(i) for i in range(n)], "customer_id": ["c"] * n}
    columns["created_at"] = np.datetime64(START, "s") + np.arange(n)
    history = ExportHistory()
    history.add(tickets_from_columns(columns)[0])
    assert np.array_equal(history.facts().at(slice(n))["tickets_365d"], np.arange(n))
