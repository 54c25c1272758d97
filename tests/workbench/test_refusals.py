from __future__ import annotations

import pytest
from care_frames import scored

from complaint_typing.errors import MissingScoredColumns
from complaint_typing.playbook import read_playbook
from complaint_typing.policy import PolicyTable
from complaint_typing.workbench.refusals import DEFINITION_EN, DEFINITION_ZH, refusals_by_the_rules


@pytest.mark.parametrize(
    ("advised", "done", "fault", "expected"),
    [
        ("refusal", "", "no", True),
        ("refusal", "", "", True),
        ("refusal", "", "unknown", True),
        ("refusal", "", "yes", False),
        ("restore", "refusal", "no", True),
        ("restore", "有礼有据的拒绝", "", True),
        ("restore", "Friendly, firm boundary", "no", True),
        ("restore", "restore; refusal", "no", True),
        ("refusal", "restore", "no", False),
        ("refusal", "电话解释", "no", True),
        ("restore", "电话解释", "no", False),
        ("restore", "", "no", False),
    ],
)
def test_what_was_carried_out_decides_and_else_what_was_advised(advised, done, fault, expected):
    frame = scored(1, strategy_id=advised, strategy_done=done, fault_found=fault)
    assert refusals_by_the_rules(frame).tolist() == [expected]


@pytest.mark.parametrize(
    ("fault", "resolved", "expected"),
    [
        ("no", "2025-03-09", True),
        ("no", "", False),
        ("unknown", "2025-03-09", False),
        ("yes", "2025-03-09", False),
    ],
)
def test_repeat_abuse_needs_a_closed_finding_of_no_fault(fault, resolved, expected):
    frame = scored(1, customer_type="repeat_abuser", fault_found=fault, resolved_at=resolved)
    assert refusals_by_the_rules(frame).tolist() == [expected]


def test_repeat_abuse_counts_without_a_column_of_closing_times_and_not_once_corrected():
    frame = scored(1, customer_type="repeat_abuser", fault_found="no")
    assert refusals_by_the_rules(frame).tolist() == [True]
    assert refusals_by_the_rules(frame.assign(corrected_type="respect_seeking")).tolist() == [False]


def test_the_playbook_in_use_says_which_strategies_turn_something_down(tmp_path):
    PolicyTable.read().export(tmp_path)
    playbook = tmp_path / "playbook.csv"
    text = playbook.read_text(encoding="utf-8-sig")
    assert read_playbook()["improve"].adverse is False
    playbook.write_text(
        text.replace(
            "认真回应建议,Take the suggestion seriously,0", "认真回应建议,Take the suggestion seriously,1"
        ),
        encoding="utf-8-sig",
    )
    frame = scored(1, strategy_id="improve")
    assert refusals_by_the_rules(frame).tolist() == [False]
    assert refusals_by_the_rules(frame, tmp_path).tolist() == [True]


def test_the_definition_is_told_in_both_languages_and_columns_are_asked_for():
    assert "拒绝" in DEFINITION_ZH
    assert "turns something down" in DEFINITION_EN
    with pytest.raises(MissingScoredColumns, match="strategy_id, customer_type"):
        refusals_by_the_rules(scored(1).drop(columns=["strategy_id", "customer_type"]))
