"""One customer's past: the same facts as in a batch, one ticket at a time."""

from __future__ import annotations

import json
from datetime import timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing import __version__, customer_history
from complaint_typing.customer_history import FORMAT, CustomerHistory
from complaint_typing.errors import AmbiguousDates, BadValue, KeptHistoryError
from complaint_typing.facts import DAY, FACT_NAMES, FACTS_VERSION

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


def test_a_ticket_without_an_id_that_is_told_twice_is_one_as_in_a_file():
    ticket = {"created_at": "2026-01-01", "subject": "late", "text": "where is it?"}
    past = CustomerHistory([ticket, ticket | {"created_at": "2026-01-01T00:00:00Z"}])
    past.add(ticket | {"resolved_at": "2026-01-02", "fault_found": "no"})
    past.add(ticket | {"text": "where is mine?"})
    for found in (past, CustomerHistory.from_json(past.to_json())):
        facts = found.facts(found.seconds("2026-01-05"))
        assert (facts["tickets_7d"].tolist(), facts["unproven_365d"].tolist()) == ([2], [1])


def test_a_history_that_was_kept_reads_times_in_the_same_zone():
    for zone in ("Asia/Shanghai", ZoneInfo("Asia/Shanghai"), timezone(timedelta(hours=8)), "+08:00"):
        past = CustomerHistory.from_json(CustomerHistory(tz=zone).to_json())
        past.add({"created_at": "2026-01-01 08:00"})
        assert past.to_dict()["tickets"][0][1] == 1_767_225_600
    old = {name: value for name, value in CustomerHistory().to_dict().items() if name != "tz"}
    assert CustomerHistory.from_dict(old).tz == "UTC"
    with pytest.raises(KeptHistoryError, match="it is no history that was kept"):
        CustomerHistory.from_dict(CustomerHistory().to_dict() | {"tz": 8})


def test_a_moment_is_read_in_the_zone_and_order_of_the_history():
    past = CustomerHistory([{"created_at": "2026-01-01 10:00"}], tz="Asia/Shanghai", date_order="dmy")
    assert past.facts(past.seconds("2026-01-01 10:00"))["tickets_7d"].tolist() == [0]
    assert past.facts(past.seconds("2026-01-01 10:01"))["tickets_7d"].tolist() == [1]
    assert past.seconds("02/01/2026") == past.seconds("2026-01-02 00:00:00+08:00")
    for time in ("soon", None, [1]):
        with pytest.raises(BadValue, match="column time: not a time"):
            past.seconds(time)


def test_what_is_no_kept_mapping_is_refused():
    for kept in (None, [], 5):
        with pytest.raises(KeptHistoryError, match="no history that was kept"):
            CustomerHistory.from_dict(kept)  # type: ignore[arg-type]


def test_the_page_on_logging_tells_of_tickets_without_a_time(caplog):
    CustomerHistory.of([{"created_at": "13812345678x"}, {"created_at": "2026-01-01"}])
    [record] = caplog.records
    assert (record.name, record.levelname) == ("complaint_typing.customer_history", "WARNING")
    assert record.getMessage() == "1 of 2 earlier tickets have no time: they count for nothing"
    page = (Path(__file__).parent.parent / "docs" / "advice.md").read_text(encoding="utf-8")
    assert "have no time" in page[page.index("## Logging") :]


def test_an_unknown_past_is_not_an_empty_one():
    at = CustomerHistory().seconds("2026-01-01")
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


def test_a_past_without_any_time_is_unknown_and_one_with_some_is_not():
    undated, at = {"resolved_at": "2026-01-01", "fault_found": "yes"}, CustomerHistory().seconds("2026-02-01")
    past = CustomerHistory.of([undated, undated])
    assert (past.facts(at)["known"][0], past.undated, len(past)) == (False, 2, 2)
    partly = CustomerHistory.of([undated, {"created_at": "2026-01-01"}])
    assert (partly.facts(at)["known"][0], partly.undated) == (True, 1)


def test_a_wrong_payment_can_be_taken_back_and_a_missing_value_takes_nothing_back():
    paid = {"ticket_id": "t1", "created_at": "2026-01-01", "resolved_at": "2026-01-02", "compensation": 50}
    past, at = CustomerHistory([paid]), CustomerHistory().seconds("2026-02-01")
    past.add({"ticket_id": "t1", "compensation": None, "resolved_at": "", "fault_found": float("nan")})
    assert past.facts(at)["goodwill_amount_365d"].tolist() == [50.0]
    past.add({"ticket_id": "t1", "compensation": 0})
    assert past.facts(at)["goodwill_365d"].tolist() == [0]


def test_a_ticket_was_written_when_it_was_first_told_of():
    past = CustomerHistory([{"ticket_id": "t1", "created_at": day} for day in ("2026-01-05", "2026-01-03")])
    past.add({"ticket_id": "t1", "created_at": "2026-01-09"})
    assert past.facts(past.seconds("2026-01-10"))["days_since_last"].tolist() == [7.0]


def test_recording_one_ticket_does_not_read_the_others_again(monkeypatch):
    past = CustomerHistory([{"ticket_id": str(i), "created_at": "2026-01-01"} for i in range(50)])
    read = []
    real = customer_history.read_past_ticket
    monkeypatch.setattr(customer_history, "read_several", None)
    monkeypatch.setattr(customer_history, "read_past_ticket", lambda *given: read.append(1) or real(*given))
    past.add({"ticket_id": "7", "resolved_at": "2026-01-02"})
    assert (len(read), len(past)) == (1, 50)


def test_days_and_months_are_told_apart_by_all_tickets_together_or_refused():
    past = CustomerHistory([{"created_at": "03/05/2026"}, {"created_at": "25/12/2025"}])
    assert past.facts(past.seconds("2026-05-04"))["days_since_last"].tolist() == [1.0]
    with pytest.raises(AmbiguousDates, match="day and month cannot be told apart"):
        past.add({"created_at": "03/06/2026"})


def test_the_zone_of_naive_times_can_be_named():
    past = CustomerHistory([{"created_at": "2026-01-01 08:00"}], tz="Asia/Shanghai")
    past.add({"created_at": "2026-01-02 08:00"})
    assert past.facts(past.seconds("2026-01-03 08:00"))["days_since_last"].tolist() == [1.0]


@given(st.lists(tickets(), max_size=6), st.booleans())
def test_json_brings_back_the_same_history_and_says_what_wrote_it(past, stated):
    history = CustomerHistory(past)
    history.stated = stated
    kept = json.loads(history.to_json())
    assert (kept["format"], kept["facts"], kept["package"]) == (FORMAT, FACTS_VERSION, __version__)
    again = CustomerHistory.from_json(history.to_json())
    assert again.to_dict() == history.to_dict() == kept
    again.add({"created_at": "2026-01-01"})
    assert len(again) == len(history) + 1


@pytest.mark.parametrize("stamp", ["format", "facts"])
def test_a_newer_history_is_refused(stamp):
    kept = {**CustomerHistory().to_dict(), stamp: 99}
    with pytest.raises(KeptHistoryError, match=f"{stamp} 99 is newer than 1; upgrade complaint-typing"):
        CustomerHistory.from_dict(kept)


GOOD = ["t1", 5, "tv", None, 1, None, None, 0]


@pytest.mark.parametrize(
    "change",
    [
        {"tickets": None},
        {"tickets": [GOOD[:-1]]},
        {"tickets": [[*GOOD, 1]]},
        {"tickets": [["t1", "2026-01-01", *GOOD[2:]]]},
        {"tickets": [[None, *GOOD[1:]]]},
        {"tickets": [["t1", 2**70, *GOOD[2:]]]},
        {"tickets": ["t1234567"]},
        {"stated": "no"},
        {"has_outcomes": None},
    ],
)
def test_what_is_no_kept_history_is_refused(change):
    kept = {**CustomerHistory().to_dict(), "tickets": [GOOD]}
    assert len(CustomerHistory.from_dict(kept)) == 1
    with pytest.raises(KeptHistoryError, match="no history that was kept; build it again"):
        CustomerHistory.from_dict({**kept, **change})


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "{}", b"\xff", '{"format": 1}', '[{"a":' * 100_000])
def test_what_is_no_json_of_a_history_is_refused(text):
    with pytest.raises(KeptHistoryError, match="no history that was kept"):
        CustomerHistory.from_json(text)


def test_a_ticket_without_time_counts_nowhere():
    past = CustomerHistory([{"created_at": None, "resolved_at": "2026-01-01", "fault_found": "no"}])
    facts = past.facts(past.seconds("2026-01-02"))
    assert (facts["known"][0], facts["tickets_365d"][0], facts["resolved_365d"][0]) == (True, 0, 0)


def test_facts_stand_in_the_order_in_which_they_are_named():
    assert tuple(CustomerHistory().facts_of_one(0)) == FACT_NAMES


def test_half_characters_in_names_survive_json_that_can_be_written():
    past = CustomerHistory(
        [{"ticket_id": "退\ud83d", "category": "\udfff\\ud800", "created_at": "2026-01-01"}]
    )
    written = past.to_json().encode()
    assert "退".encode() in written
    assert CustomerHistory.from_json(written).to_dict() == past.to_dict()
