"""A difference names every combination that is answered otherwise, once, and every row that was touched."""

from __future__ import annotations

import itertools
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_tables import (
    CODES,
    DECIDED,
    POLICY,
    change,
    copy_tables,
    read_cells,
    write_cells,
)

from complaint_typing.policy import PolicyTable
from complaint_typing.policy_diff import OUTPUTS, answer, diff
from complaint_typing.resources import data_path

PLAIN = [rule.rule_id for rule in POLICY.rules if rule.rule_id.startswith(("P-RES", "P-VEN", "P-CLA"))]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(PLAIN),
        st.sampled_from(
            [
                ("strategy_id", "restore"),
                ("strategy_id", "let_vent"),
                ("follow_up_days", "9"),
                ("follow_up_days", ""),
                ("escalate_to", "senior_manager"),
                ("requires_human", "1"),
                ("next_step_en", "Do it."),
                ("rationale_zh", "因为。"),
                ("source", "own handbook"),
            ]
        ),
    ),
    max_size=6,
)


@pytest.fixture
def folder(tmp_path):
    return copy_tables(tmp_path)


def edited(folder, *changes):
    change(folder / "policy.csv", *changes)
    return PolicyTable.read(folder)


@settings(max_examples=12)
@given(edits=EDITS)
def test_boxes_are_exactly_the_combinations_whose_answer_changed(tmp_path_factory, edits):
    folder = copy_tables(tmp_path_factory.mktemp("policy"))
    new = edited(folder, *((rule_id, *edit) for rule_id, edit in edits))
    found = diff(POLICY, new)
    now = [new.rules[row] for row in new.decide(CODES)]
    pairs = list(zip(DECIDED, now, strict=True))
    for output in OUTPUTS:
        told = {}
        for each in (one for one in found.outputs if one.output == output):
            cells = [codes for box in each.boxes for codes in itertools.product(*box)]
            assert len(cells) == each.combinations
            assert not {*cells} & {*told}
            told |= dict.fromkeys(cells, (each.old, each.new))
        expected = {
            tuple(codes): (answer(old, output), answer(new, output))
            for codes, (old, new) in zip(CODES, pairs, strict=True)
            if answer(old, output) != answer(new, output)
        }
        assert told == expected
    changed = [any(answer(old, output) != answer(new, output) for output in OUTPUTS) for old, new in pairs]
    assert (found.changed, found.combinations) == (sum(changed), len(CODES))


@settings(max_examples=25)
@given(edits=EDITS)
def test_the_way_back_is_the_difference_turned_round(tmp_path_factory, edits):
    folder = copy_tables(tmp_path_factory.mktemp("policy"))
    new = edited(folder, *((rule_id, *edit) for rule_id, edit in edits))
    there, back = diff(POLICY, new), diff(new, POLICY)
    turned = {(each.output, each.new, each.old, each.combinations) for each in back.outputs}
    assert {(each.output, each.old, each.new, each.combinations) for each in there.outputs} == turned
    assert {(row.id, row.table) for row in there.rows} == {(row.id, row.table) for row in back.rows}


def test_rows_changed_added_and_removed_are_named_with_their_cells(folder):
    path = folder / "policy.csv"
    change(path, ("P-CMP-01", "goodwill_cap", "80"), ("P-VEN-01", "rule_id", "P-VEN-99"))
    change(folder / "risk_rules.csv", ("K-CHU-01", "follow_up_days", "1"))
    change(folder / "playbook.csv", ("restore", "say_en", "Sorry."))
    cells = read_cells(folder / "playbook.csv")
    asks = cells[0].index("asks")
    spared = [
        [*row[:asks], "none", *row[asks + 1 :]] if row[0] == "let_vent" else row
        for row in cells
        if (row[0], row[5]) != ("improve", "6")
    ]
    write_cells(folder / "playbook.csv", spared)
    found = diff(POLICY, PolicyTable.read(folder))
    rows = {(row.table, row.id, row.kind): dict(row.cells) for row in found.rows}
    was = POLICY.playbook["restore"].steps[0].say_en
    assert rows == {
        ("policy.csv", "P-CMP-01", "changed"): {"goodwill_cap": ("100", "80")},
        ("policy.csv", "P-VEN-01", "removed"): {},
        ("policy.csv", "P-VEN-99", "added"): {},
        ("risk_rules.csv", "K-CHU-01", "changed"): {"follow_up_days": ("2", "1")},
        ("playbook.csv", "restore 1", "changed"): {"say_en": (was, "Sorry.")},
        ("playbook.csv", "improve 6", "removed"): {},
        **{
            ("playbook.csv", f"let_vent {step.number}", "changed"): {"asks": ("when;where", "none")}
            for step in POLICY.playbook["let_vent"].steps
        },
    }
    (cap,) = found.outputs
    assert (cap.output, cap.old, cap.new) == ("goodwill_cap", 100.0, 80.0)


def test_an_answer_moved_to_another_condition_is_one_box_each(folder):
    narrower = [(rule_id, "earlier_tickets", "none") for rule_id in ("P-RES-01", "P-RES-02")]
    new = edited(folder, *narrower, ("P-RES-03", "earlier_tickets", "some;many"))
    (step, *_) = [each for each in diff(POLICY, new).outputs if each.output == "escalate_to"]
    assert (step.old, step.new, len(step.boxes)) == ("", "team_lead", 1)
    conditions = {row.id: dict(row.cells) for row in diff(POLICY, new).rows}
    assert conditions["P-RES-01"]["earlier_tickets"] == ("none;some", "none")


def test_encoding_order_and_quoting_are_no_difference(folder):
    path = folder / "policy.csv"
    header, *rows = read_cells(path)
    write_cells(path, [header, *rows[::-1]], "gb18030", delimiter=";")
    found = diff(POLICY, PolicyTable.read(folder))
    assert (found.rows, found.outputs, found.changed) == ((), (), 0)


def test_a_type_that_only_one_knows_is_told_and_not_compared(folder):
    shutil.copy(data_path("taxonomy.csv"), folder)
    path = folder / "taxonomy.csv"
    write_cells(
        path, [*read_cells(path), ["type", "testing", "测试型", "Testing", "试", "Tests", "own handbook"]]
    )
    for row in read_cells(folder / "policy.csv")[1:]:
        if "venting" in row[1]:
            change(folder / "policy.csv", (row[0], "customer_type", f"{row[1]};testing"))
    new = PolicyTable.read(folder)
    found = diff(POLICY, new)
    assert dict(found.one_sided) == {"customer_type": ("testing",)}
    assert (found.changed, found.combinations) == (0, len(CODES))
    assert ("taxonomy.csv", "testing", "added") in {(row.table, row.id, row.kind) for row in found.rows}
    assert np.prod([len(values) for values in found.conditions.values()]) == len(CODES)
