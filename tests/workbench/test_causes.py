from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from care_frames import scored

from complaint_typing.errors import BadValue, MissingScoredColumns
from complaint_typing.workbench.causes import MEASURES, causes
from complaint_typing.workbench.remedies import cause_report


def rate(found: pd.DataFrame, group: str, measure: str) -> pd.Series:
    return found[(found["group"] == group) & (found["measure"] == measure)].iloc[0]


def test_counts_are_exact_and_an_unknown_finding_is_none():
    faults = ["yes", "no", "unknown", ""] * 5
    frame = scored(20, category=["a"] * 12 + ["b"] * 8, fault_found=faults, reopened=["1", ""] * 10)
    found = causes(frame)
    assert rate(found, "a", "fault_found")[["tickets", "events", "cases"]].tolist() == [12, 3, 6]
    assert rate(found, "b", "reopened")[["events", "cases"]].tolist() == [4, 4]
    assert rate(found, "a", "attack_mode")[["events", "cases"]].tolist() == [0, 12]
    assert rate(found, "a", "fault_found")["overall"] == pytest.approx(5 / 10)


def test_a_refusal_by_the_rules_does_not_count_against_agent_or_branch():
    """Li refused by the rules and was scored low for it; An was scored low for other reasons."""
    frame = scored(
        80,
        agent_id=["Li"] * 40 + ["An"] * 40,
        branch=["east"] * 40 + ["west"] * 40,
        category="bills",
        strategy_id=["refusal"] * 30 + ["restore"] * 50,
        satisfaction=["1"] * 30 + ["5"] * 10 + ["1"] * 20 + ["5"] * 20,
        emotional_mode=["attack"] * 30 + ["rational"] * 50,
        reopened=["1"] * 30 + ["0"] * 50,
    )
    for by, group in (("agent", "Li"), ("branch", "east")):
        found = causes(frame, by)
        for measure in ("dissatisfied", "reopened", "attack_mode"):
            row = rate(found, group, measure)
            assert row[["tickets", "not_counted", "events", "cases"]].tolist() == [40, 30, 0, 10]
            assert row["flag"] != "above"
    assert rate(causes(frame, "category"), "bills", "dissatisfied")[["not_counted", "events"]].tolist() == [
        0,
        50,
    ]


def test_the_same_complaints_count_once_fault_was_found():
    frame = scored(10, agent_id="Li", strategy_id="refusal", satisfaction="1", fault_found="yes")
    assert rate(causes(frame, "agent"), "Li", "dissatisfied")[["not_counted", "events"]].tolist() == [0, 10]


def test_a_raw_extreme_of_a_small_group_is_neither_first_nor_flagged():
    frame = scored(
        602,
        branch=["a large branch"] * 300 + ["tiny"] * 2 + ["very bad"] * 300,
        fault_found=["no", "no", "no", "yes"] * 75 + ["yes"] * 2 + ["yes", "yes", "yes", "no"] * 75,
    )
    found = causes(frame, "branch")
    flags = found[found["measure"] == "fault_found"].set_index("group")["flag"].to_dict()
    assert flags == {"a large branch": "below", "tiny": "", "very bad": "above"}
    assert found["group"].drop_duplicates().tolist() == ["a large branch", "tiny", "very bad"]
    tiny = rate(found, "tiny", "fault_found")
    assert tiny["low"] < tiny["overall"] < tiny["rate"] < 1


def test_flags_stand_exactly_where_the_interval_excludes_the_overall_rate():
    random = np.random.default_rng(3)
    frame = scored(
        900,
        category=random.choice(list("abcdefgh"), 900),
        fault_found=random.choice(["yes", "no"], 900),
        satisfaction=random.integers(1, 6, 900).astype(str),
        emotional_mode=random.choice(["attack", "rational"], 900),
    )
    frame.loc[frame["category"] == "c", "fault_found"] = "yes"
    found = causes(frame)
    expected = np.select(
        [found["low"] > found["overall"], found["high"] < found["overall"]], ["above", "below"], ""
    )
    assert found["flag"].tolist() == expected.tolist()
    assert rate(found, "c", "fault_found")["flag"] == "above"


def test_tickets_without_a_group_and_measures_without_a_column_are_left_out():
    found = causes(scored(4, category=["a", "", "a", ""]))
    assert found["group"].tolist() == ["a"]
    assert found["measure"].tolist() == ["attack_mode"]
    assert {m.id for m in MEASURES} >= set(found["measure"])
    assert len(causes(scored(3, category="")[:0])) == 0


def test_personal_data_in_a_name_is_masked_and_places_stay_apart():
    places = ["Ms Li 138-0013-8000", "Ms Li 139-0014-7000", "Leeds"]
    table = causes(scored(6, branch=places * 2), "branch")
    assert set(table["group"]) == {"Ms Li [phone …00]", "Ms Li [phone …00] #2", "Leeds"}
    assert set(table["tickets"]) == {2}
    told = cause_report(scored(18, branch=places * 6), "branch", today="2025-07-01")
    assert told.count("## Ms Li") == 2
    assert "8000" not in told


def test_missing_columns_and_groupings_are_named():
    with pytest.raises(MissingScoredColumns, match="not found: agent_id, emotional_mode") as caught:
        causes(scored(2).drop(columns="emotional_mode"), "agent")
    assert caught.value.missing == ["agent_id", "emotional_mode"]
    with pytest.raises(BadValue, match="use category, branch, agent"):
        causes(scored(2), "planet")
