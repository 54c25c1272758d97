"""A list of tickets beside one: it tells what a table of the same rows tells, and what is none is refused."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaint_typing import Advisor, CustomerHistory, load
from complaint_typing.errors import AmbiguousDates, BadValue
from complaint_typing.facts import FACT_NAMES
from complaint_typing.given_history import read_given
from complaint_typing.history import add_history

IDS = [12, "12", 12.0, " 12 ", np.int64(12), np.float64(12), "12.0", 0, "0", 5, "007", 7]
NOBODY = [None, "", " ", float("nan"), pd.NA, pd.NaT, "N/A", "null", "#REF!", "1.1E+17"]
TICKET = {"text": "我要补偿两个月话费", "created_at": "2026-02-01"}
DATED = {"text": "refund", "created_at": "03/05/2026"}


def claims(*ids: object, **fields: object) -> list[dict[str, object]]:
    told = {"text": "a", "resolved_at": "2026-01-09", "fault_found": "no", "compensation": 5, **fields}
    return [
        {**told, "ticket_id": f"t{i}", "created_at": f"2026-01-0{i % 8 + 1}", "customer_id": who}
        for i, who in enumerate(ids)
    ]


def in_table(ticket: dict[str, object], past: list[dict[str, object]]) -> dict[str, object]:
    told = add_history(pd.DataFrame([*past, ticket], dtype=object)).iloc[-1]
    return {name: float(told[f"history_{name}"]) for name in FACT_NAMES}


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return load()


@given(st.sampled_from(IDS + NOBODY), st.lists(st.sampled_from(IDS + NOBODY), min_size=1), st.booleans())
@settings(max_examples=30)
def test_facts_are_those_of_a_table_with_the_same_rows(who, ids, has_outcomes):
    past, ticket = claims(*ids), {**TICKET, "customer_id": who}
    if not has_outcomes:
        past = [{n: entry[n] for n in ("text", "ticket_id", "created_at", "customer_id")} for entry in past]
    told = {name: float(value) for name, value in read_given(ticket, past)[1].items()}
    np.testing.assert_equal(told, in_table(ticket, past))


@pytest.mark.parametrize("who", [12, 12.0, " 12 ", 5, None, "N/A", pd.NA])
def test_one_ticket_is_answered_as_in_a_table_with_the_same_rows(advisor, who):
    past, ticket = claims(12, "12", 0, 12.0, None), {**TICKET, "customer_id": who}
    advice = advisor.advise(ticket, past)
    row = advisor.score(pd.DataFrame([*past, ticket], dtype=object), proba=True).iloc[-1]
    for name in ("customer_type", "goodwill", "requires_human", "strategy_id"):
        assert getattr(advice, name) == row[name]
    assert list(advice.probabilities.values()) == row.filter(regex="^p_").tolist()


def test_without_the_field_on_one_side_the_history_is_the_customers():
    named, unnamed = claims("a", "a"), [{**c, "customer_id": None} for c in claims(1)]
    bare = [{name: value for name, value in c.items() if name != "customer_id"} for c in named]
    assert read_given(TICKET, named + unnamed)[1]["tickets_365d"] == 2
    for who in ("a", "b", None):
        assert read_given({**TICKET, "customer_id": who}, bare)[1]["tickets_365d"] == 2


@pytest.mark.parametrize("entry", [None, "x", 1, [], ("a", 1)])
def test_an_entry_that_is_no_ticket_is_refused_by_its_place(advisor, entry):
    told = "row 2, column {}: not a ticket, got '" + type(entry).__name__ + "'; give each as a mapping"
    past = [claims(1)[0], entry]
    for door in (advisor.advise, advisor.explain):
        with pytest.raises(BadValue, match=told.format("history")):
            door(TICKET, past)
    with pytest.raises(BadValue, match=told.format("tickets")):
        CustomerHistory(past)
    with pytest.raises(BadValue, match="column ticket: not a ticket"):
        CustomerHistory().add(entry)


@pytest.mark.parametrize("history", [5, b"x", np.array(5), pd.DataFrame(claims(1)), pd.NaT])
def test_what_is_no_list_of_tickets_is_refused(history):
    with pytest.raises(BadValue, match=r"history: not a list of tickets, .*to_dict"):
        read_given(TICKET, history)
    with pytest.raises(BadValue, match="tickets: not a list of tickets"):
        CustomerHistory(history)
    assert len(CustomerHistory(row for _, row in pd.DataFrame(claims(1, 1)).iterrows())) == 2


@pytest.mark.parametrize("zone", [5, b"x", [], "Moon", np.array([1]), pd.NA])
@pytest.mark.parametrize("history", [(), claims(1), CustomerHistory()])
def test_what_is_no_zone_is_refused_with_and_without_times(zone, history):
    for ticket in (TICKET, {"text": "refund"}):
        with pytest.raises(BadValue, match=r"tz: not a time zone, got .* use a name such as"):
            read_given(ticket, history, tz=zone)
    with pytest.raises(BadValue, match="tz: not a time zone"):
        CustomerHistory(tz=zone)


@pytest.mark.parametrize(
    "several", [["13812345678"], np.array(["13812345678"] * 2), pd.Series(["13812345678"])]
)
def test_several_ids_or_times_in_one_cell_are_refused_and_masked(several):
    for column, expected in (("customer_id", "an id"), ("created_at", "a time")):
        with pytest.raises(BadValue, match=f"^column {column}: not {expected}, got ") as told:
            read_given({**TICKET, column: several})
        assert "13812345678" not in str(told.value)
    with pytest.raises(BadValue, match="row 2, column customer_id: not an id"):
        read_given({**TICKET, "customer_id": "a"}, claims("a", several))
    past = CustomerHistory([{**entry, "created_at": several} for entry in claims("a")])
    assert past.undated == 1


@pytest.mark.parametrize(
    "missing", ["", " ", "\t", float("nan"), pd.NaT, pd.NA, np.datetime64("NaT")], ids=repr
)
def test_a_ticket_whose_time_is_missing_is_written_now(advisor, missing):
    asked = {"text": "Again! Give me another voucher, same as last time."}
    kept = CustomerHistory(claims(1, 1, 1, 1))
    for history in (claims(1, 1, 1, 1), kept):
        given, none = (advisor.advise({**asked, "created_at": v}, history) for v in (missing, None))
        assert given.facts["days_since_first"] == pytest.approx(none.facts["days_since_first"], abs=1)
        assert (given.customer_type, given.goodwill) == (none.customer_type, none.goodwill)
    read = read_given({**asked, "created_at": missing}, kept)[0]
    assert read.created_at == pytest.approx(time.time(), abs=60)


def test_an_order_of_dates_may_be_said_at_every_door(advisor):
    past = [{"created_at": "02/05/2026"}]
    for door in (advisor.advise, advisor.explain):
        with pytest.raises(AmbiguousDates, match="write 2024-12-31, or say date_order"):
            door(DATED)
        with pytest.raises(BadValue, match="date_order: not an order of day and month"):
            door(DATED, date_order="ymd")
    days = {"dmy": 1.0, "mdy": 28.0}
    for order, passed in days.items():
        known = CustomerHistory(past, date_order=order)
        kept = CustomerHistory.from_json(known.to_json())
        kept.add({"created_at": "01/05/2026"})
        for history, how in ((past, {"date_order": order}), (known, {}), (kept, {})):
            assert advisor.advise(DATED, history, **how).facts["days_since_last"] == passed
        assert advisor.explain(DATED, known).facts == advisor.explain(DATED, past, date_order=order).facts
        assert known.facts_of_one(known.seconds("03/05/2026"))["days_since_last"] == passed
