"""One customer's past: the same facts as in a batch, one ticket at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.customer_history import CustomerHistory
from complaint_typing.facts import DAY, FACT_NAMES
from complaint_typing.history import add_history

START = 1_767_225_600
STEPS = st.sampled_from([0, 1, DAY, 7 * DAY, 7 * DAY + 1, 30 * DAY, 90 * DAY, 365 * DAY, 365 * DAY + 1])


def written(seconds: int) -> str:
    return str(np.datetime64(seconds, "s")) + "Z"


@st.composite
def tickets(draw):
    created = START + draw(STEPS) + draw(STEPS)
    return {
        "created_at": written(created),
        "category": draw(st.sampled_from(["tv", "net", "", None])),
        "resolved_at": draw(st.none() | STEPS.map(lambda step: written(created + step))),
        "fault_found": draw(st.sampled_from(["yes", "no", "unknown", ""])),
        "compensation": draw(st.sampled_from([0, None, 12.34, "¥50"])),
        "satisfaction": draw(st.sampled_from([1, 2, 5, None])),
        "reopened": draw(st.sampled_from([0, 1, None])),
    }


@given(st.lists(tickets(), min_size=1, max_size=10))
def test_one_by_one_equals_the_batch_bit_for_bit(past):
    frame = pd.DataFrame(past).assign(text=[f"text {i}" for i in range(len(past))], customer_id="c")
    batch = add_history(frame)
    history = CustomerHistory(past)
    for i, ticket in enumerate(past):
        facts = history.facts(history.seconds(ticket["created_at"]), ticket["category"] or "")
        assert list(facts) == list(FACT_NAMES)
        for name, value in facts.items():
            expected = batch[f"history_{name}"].to_numpy()[i : i + 1]
            assert (value.dtype, value.tobytes()) == (expected.dtype, expected.tobytes()), name


@given(st.lists(tickets(), max_size=8), st.permutations(range(8)), STEPS)
def test_neither_order_nor_moment_of_recording_matters(past, order, step):
    built = CustomerHistory()
    built.facts(START)
    for i in order:
        if i < len(past):
            built.add(past[i])
            built.facts(START)
    for name, value in CustomerHistory(past).facts(START + step, "tv").items():
        assert np.array_equal(value, built.facts(START + step, "tv")[name], equal_nan=True)


def test_an_outcome_is_recorded_by_giving_the_ticket_again():
    past = CustomerHistory([{"ticket_id": "t1", "created_at": "2026-01-01", "category": "tv"}])
    at = past.seconds("2026-02-01")
    assert past.facts(at, "tv")["same_fault_open"].tolist() == [1]
    past.add({"ticket_id": "t1", "resolved_at": "2026-01-05", "fault_found": "yes"})
    assert len(past) == 1
    facts = past.facts(at, "tv")
    assert (facts["open"][0], facts["justified_365d"][0], facts["tickets_365d"][0]) == (0, 1, 1)
    assert past.facts(past.seconds("2026-01-05"))["justified_365d"].tolist() == [0]


@pytest.mark.parametrize("again", ["7", " 7 ", 7, 7.0])
def test_a_ticket_id_is_read_as_in_files(again):
    past = CustomerHistory([{"ticket_id": "7", "created_at": "2026-01-01"}])
    past.add({"ticket_id": again, "created_at": "2026-01-02"})
    assert len(past) == 1


@pytest.mark.parametrize("missing", [None, "", "  ", float("nan"), pd.NA, pd.NaT])
def test_tickets_without_an_id_are_tickets_of_their_own(missing):
    past = CustomerHistory([{"ticket_id": missing, "created_at": "2026-01-01"}] * 3)
    assert past.facts(past.seconds("2026-01-02"))["tickets_7d"].tolist() == [3]


def test_an_unknown_past_is_not_an_empty_one():
    at = CustomerHistory.seconds("2026-01-01")
    unknown, empty = CustomerHistory.of([]).facts(at), CustomerHistory().facts(at)
    assert (unknown["known"][0], unknown["has_outcomes"][0]) == (False, False)
    assert (empty["known"][0], empty["has_outcomes"][0]) == (True, True)
    given_past = CustomerHistory.of([{"created_at": "2025-12-31", "fault_found": None}]).facts(at)
    assert (given_past["known"][0], given_past["has_outcomes"][0]) == (True, True)


def test_tickets_that_name_no_outcome_column_say_that_none_is_recorded():
    past = CustomerHistory([{"created_at": "2026-01-01"}])
    assert past.facts(past.seconds("2026-01-02"))["has_outcomes"].tolist() == [False]


def test_texts_are_not_kept():
    past = CustomerHistory([{"created_at": "2026-01-01", "text": "my secret", "agent_reply": "theirs"}])
    assert "secret" not in repr(vars(past))
    assert "theirs" not in repr(vars(past))


def test_a_ticket_without_time_counts_nowhere():
    past = CustomerHistory([{"created_at": None, "resolved_at": "2026-01-01", "fault_found": "no"}])
    facts = past.facts(past.seconds("2026-01-02"))
    assert (facts["known"][0], facts["tickets_365d"][0], facts["resolved_365d"][0]) == (True, 0, 0)
