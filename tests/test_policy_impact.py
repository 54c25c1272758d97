"""Impact on scored tickets: what it is sure of is what scoring anew with the other policy changes."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_tables import POLICY, change, copy_tables

from complaint_typing import load, read_scored, score_csv
from complaint_typing.advisor import Advisor
from complaint_typing.errors import BadValue
from complaint_typing.policy import PolicyTable
from complaint_typing.policy_impact import impact
from complaint_typing.resources import data_path
from complaint_typing.tickets import read_frame

SHOWN = ("strategy_id", "next_step", "escalate_to", "follow_up_days", "requires_human")
EXPORT = data_path("examples") / "zh_hotline.csv"
ROWS = [
    rule.rule_id for rule in POLICY.rules if rule.rule_id.startswith(("P-RES", "P-CMP", "P-VEN", "P-SAM"))
]


@pytest.fixture(scope="module")
def scored(tmp_path_factory) -> pd.DataFrame:
    target = tmp_path_factory.mktemp("scored") / "scored.csv"
    score_csv(EXPORT, target)
    return read_scored(target)


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return load()


def changed_rows(advisor: Advisor, new: PolicyTable) -> set[int]:
    """Rows in which scoring with another policy gives another answer."""
    frame = read_frame(EXPORT)
    before, after = (Advisor(advisor.model, policy).score(frame) for policy in (POLICY, new))
    columns = [name if f"{name}_scored" not in before else f"{name}_scored" for name in SHOWN]
    return {i + 1 for i in range(len(frame)) if list(before[columns].iloc[i]) != list(after[columns].iloc[i])}


@settings(max_examples=6)
@given(
    edits=st.lists(
        st.tuples(
            st.sampled_from(ROWS),
            st.sampled_from(
                [
                    ("follow_up_days", "11"),
                    ("next_step_zh", "先确认，办妥。"),
                    ("next_step_en", "Confirm, then settle it."),
                    ("escalate_to", "specialist"),
                ]
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_certain_changes_are_those_of_scoring_anew(tmp_path_factory, scored, advisor, edits):
    folder = copy_tables(tmp_path_factory.mktemp("policy"))
    change(folder / "policy.csv", *((rule_id, *edit) for rule_id, edit in edits))
    new = PolicyTable.read(folder)
    found = impact(POLICY, new, scored)
    assert found.tickets == len(scored)
    truth = changed_rows(advisor, new)
    assert {each.row for each in found.changes} == truth
    assert all(each.certain for each in found.changes)
    assert (found.unread, found.scored_otherwise) == (0, 0)
    for each in found.changes:
        assert ";".join(each.old_rules) == scored["policy_rule"].iloc[each.row - 1]


def test_the_same_policy_changes_nothing(scored):
    assert impact(POLICY, POLICY, scored).changes == ()


def one_ticket(**columns) -> pd.DataFrame:
    values = {
        "text": "-", "customer_type": "resolution_seeking", "confidence": 0.9,
        "top_type": "resolution_seeking", "secondary_type": "", "emotional_mode": "rational",
        "risk_signals": "", "goodwill": "clear",
        "relation_state": "", "strategy_id": "restore", "strategy": "-", "next_step": "先致歉",
        "escalate_to": "",
        "follow_up_days": 3, "requires_human": 0, "evidence": "-", "policy_rule": "P-RES-01",
        "model_version": "m", "policy_version": POLICY.version,
    }  # fmt: skip
    return pd.DataFrame([values | columns])


def test_a_risk_rule_changes_the_tickets_with_its_signal(tmp_path):
    change(copy_tables(tmp_path) / "risk_rules.csv", ("K-SEN-01", "warning_zh", "请上级出面。"))
    new = PolicyTable.read(tmp_path)
    (found,) = impact(POLICY, new, one_ticket(risk_signals="media;senior")).changes
    assert (found.outputs, found.certain) == (("next_step",), True)
    assert found.old_rules == found.new_rules == ("P-RES-01", "K-MED-01", "K-SEN-01")
    assert impact(POLICY, new, one_ticket(risk_signals="media")).changes == ()


def test_where_several_bands_are_left_a_change_of_some_is_not_certain(tmp_path):
    change(copy_tables(tmp_path) / "policy.csv", ("P-RES-01", "follow_up_days", "5"))
    new = PolicyTable.read(tmp_path)
    (sure,) = impact(POLICY, new, one_ticket()).changes
    assert (sure.certain, sure.outputs, sure.old_rules) == (True, ("follow_up_days",), ("P-RES-01",))
    elsewhere = impact(POLICY, new, one_ticket(policy_version="policy-00000000"))
    (perhaps,) = elsewhere.changes
    assert (perhaps.certain, elsewhere.scored_otherwise) == (False, 1)


def test_a_rule_that_the_files_own_history_cannot_explain_is_believed(tmp_path):
    change(copy_tables(tmp_path) / "policy.csv", ("P-RES-03", "follow_up_days", "5"))
    (found,) = impact(POLICY, PolicyTable.read(tmp_path), one_ticket(policy_rule="P-RES-03")).changes
    assert (found.certain, found.old_rules) == (True, ("P-RES-03",))


def test_earlier_tickets_given_to_scoring_count(tmp_path):
    change(copy_tables(tmp_path) / "policy.csv", ("P-RES-05", "strategy_id", "ask_purpose"))
    ticket = one_ticket(customer_id="c", created_at="2026-05-01", category="tv", policy_rule="P-SAM-01")
    earlier = pd.DataFrame(
        {"text": ["-"], "customer_id": ["c"], "created_at": ["2026-04-01"], "category": ["tv"]}
    )
    assert impact(POLICY, PolicyTable.read(tmp_path), ticket, earlier).changes == ()


def test_a_type_that_a_policy_does_not_know_is_counted_not_guessed():
    found = impact(POLICY, POLICY, one_ticket(customer_type="testing"))
    assert (found.changes, found.unread) == ((), 1)


def test_a_table_that_was_never_scored_is_refused():
    with pytest.raises(BadValue, match=r"not a table with the scored columns, got 'text'; score it first"):
        impact(POLICY, POLICY, pd.DataFrame({"text": ["-"]}))
