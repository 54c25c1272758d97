from __future__ import annotations

import pandas as pd
import pytest
from care_frames import scored
from scored_files import ScoredWriter

from complaint_typing.errors import AmbiguousDates, MissingColumns, MissingScoredColumns
from complaint_typing.scored import read_scored
from complaint_typing.workbench.care_tickets import care_tickets

SCORED_BLOCK = {
    "customer_type": "venting",
    "confidence": 0.9,
    "top_type": "venting",
    "secondary_type": "",
    "emotional_mode": "attack",
    "risk_signals": "",
    "goodwill": "clear",
    "relation_state": "",
    "strategy_id": "let_vent",
    "strategy": "倾听宣泄",
    "next_step": "回电",
    "escalate_to": "",
    "follow_up_days": None,
    "requires_human": 0,
    "evidence": "受够了",
    "policy_rule": "P-1",
    "model_version": "m",
    "policy_version": "p",
}


@pytest.fixture
def scored_file(tmp_path):
    """A scored file with a vendor's headers, one of them named like a scored column."""
    header = ["工单编号", "投诉内容", "受理时间", "网点", "坐席工号", "是否有责", "满意度", "customer_type"]
    rows = [
        ["A1", "受够了", "2025-03-01 23:30", "城东", "007", "有责", "不满意", "human label"],
        ["A2", "行吧", "2025-03-02", "", "", "perhaps", "", ""],
    ]
    path = tmp_path / "scored.csv"
    with ScoredWriter(path, header) as writer:
        writer.write(rows, {name: [value] * 2 for name, value in SCORED_BLOCK.items()})
    return path


def test_contract_columns_are_found_by_their_aliases_and_scored_ones_in_their_block(scored_file):
    tickets = care_tickets(scored_file)
    first = tickets.table.iloc[0]
    assert (first["branch"], first["agent_id"], first["fault_found"], first["satisfaction"]) == (
        "城东",
        "007",
        1,
        2,
    )
    assert first["customer_type"] == "venting"
    assert first["emotional_mode"] == "attack"
    assert {"branch", "agent_id", "strategy_id", "resolved_at"} - tickets.present == {"resolved_at"}


def test_a_frame_says_the_same_as_its_file(scored_file):
    pd.testing.assert_frame_equal(
        care_tickets(read_scored(scored_file)).table, care_tickets(scored_file).table
    )


def test_empty_cells_are_missing_and_bad_ones_are_counted(scored_file):
    tickets = care_tickets(scored_file)
    second = tickets.table.iloc[1]
    assert (second["fault_found"], second["satisfaction"], second["reopened"]) == (-1, 0, -1)
    assert tickets.bad_values == {"fault_found": 1}


def test_days_are_those_of_the_zone_asked_for(scored_file):
    assert str(care_tickets(scored_file).table["created"][0].date()) == "2025-03-01"
    frame = scored(1, created_at="2025-03-01T23:30:00Z")
    assert str(care_tickets(frame, tz="Asia/Shanghai").table["created"][0].date()) == "2025-03-02"


def test_all_missing_columns_are_named_at_once_with_a_remedy_for_each_kind():
    frame = scored(2).drop(columns=["strategy_id", "evidence"])
    with pytest.raises(MissingScoredColumns, match="not found: branch, strategy_id, evidence") as caught:
        care_tickets(frame).need(["ticket_id", "branch", "strategy_id", "evidence"])
    assert caught.value.missing == ["branch", "strategy_id", "evidence"]
    assert caught.value.scored == ["strategy_id", "evidence"]
    assert "complaint-typing score) for strategy_id, evidence" in str(caught.value)
    assert "--map branch=YOUR_HEADER" in str(caught.value)
    assert isinstance(caught.value, MissingColumns)


def test_a_header_named_by_hand_wins():
    frame = scored(1, outlet="east", **{"filiale": "west"})
    assert care_tickets(frame, {"branch": "filiale"}).table["branch"][0] == "west"
    with pytest.raises(MissingColumns, match="no column found for: branch"):
        care_tickets(frame, {"branch": "nowhere"})


def test_unclear_dates_are_refused_until_an_order_is_given():
    frame = scored(1, created_at="03/04/2025")
    with pytest.raises(AmbiguousDates, match="date_order"):
        care_tickets(frame)
    assert care_tickets(frame, date_order="dmy").table["created"][0].month == 4


def test_reopened_tells_no_from_not_recorded():
    assert care_tickets(scored(3, reopened=["是", "0", ""])).table["reopened"].tolist() == [1, 0, -1]


def test_a_person_s_correction_wins_over_the_verdict():
    tickets = care_tickets(scored(2, corrected_type=["venting", ""]))
    assert tickets.types.tolist() == ["venting", "resolution_seeking"]


def test_an_empty_file_has_no_tickets():
    assert len(care_tickets(scored(3)[:0]).table) == 0


def test_what_stands_for_no_customer_is_none():
    ids = ["N/A", "null", "unknown", "无", "#REF!", "1.1E+17", " 007 ", "ann"]
    tickets = care_tickets(scored(len(ids), customer_id=ids))
    assert tickets.table["customer_id"].tolist() == [*[""] * 6, "007", "ann"]
    assert tickets.bad_values == {"customer_id": 2}
