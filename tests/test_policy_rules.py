import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_tables import DECIDED, NAMES, POLICY, change, copy_tables, read_cells, refused, write_cells

from complaint_typing.policy import TABLES
from complaint_typing.policy_domain import products


@pytest.fixture
def folder(tmp_path):
    return copy_tables(tmp_path)


@pytest.mark.parametrize(
    "rule_id, column, value, message",
    [
        ("P-RES-01", "rule_id", "", "empty"),
        ("P-RES-02", "rule_id", "P-RES-01", "already given in row"),
        ("P-RES-01", "customer_type", "resolution_seekng", "unknown value 'resolution_seekng'"),
        ("P-RES-01", "customer_type", "", "empty"),
        ("P-RES-01", "emotional_mode", "rational;", "empty value between semicolons"),
        ("P-RES-01", "emotional_mode", "rational,attack", "unknown value 'rational,attack'"),
        ("P-RES-01", "confidence", "0.8", "unknown value '0.8'"),
        ("P-RES-01", "earlier_tickets", "2", "unknown value '2'"),
        ("P-RES-01", "strategy_id", "restor", "unknown strategy"),
        ("P-RES-01", "escalate_to", "boss", "unknown role"),
        ("P-RES-01", "follow_up_days", "soon", "not a number of days"),
        ("P-RES-01", "follow_up_days", "-3", "not a number of days"),
        ("P-RES-01", "requires_human", "maybe", "not a switch"),
        ("P-RES-01", "requires_human", "", "empty"),
        ("P-RES-01", "next_step_en", "", "empty"),
        ("P-RES-01", "source", "", "empty"),
        ("P-RES-01", "goodwill_cap", "20", "goodwill is for compensation_seeking only"),
        ("P-CMP-01", "goodwill_cap", "1,000", "not an amount above 0"),
        ("P-CMP-01", "goodwill_cap", "0", "not an amount above 0"),
        ("P-CMP-01", "goodwill_cap", "nan", "not an amount above 0"),
        ("P-CMP-08", "goodwill_cap", "20", "screened clear or review"),
        ("P-CMP-07", "goodwill_cap", "20", "strategy refusal is adverse"),
        ("P-CMP-05", "requires_human", "0", "goodwill is given under review"),
        ("P-CMP-07", "requires_human", "0", "strategy refusal is adverse"),
        ("P-ABU-04", "requires_human", "0", "the row may match repeat_abuser"),
    ],
)
def test_a_wrong_cell_is_named(folder, rule_id, column, value, message):
    number = change(folder / "policy.csv", (rule_id, column, value))[rule_id]
    faults = refused(folder).faults
    assert any((f.row, f.column) == (number, column) and message in f.what for f in faults)
    assert {f.row for f in faults} == {number}
    assert all(f.remedy for f in faults)


def test_goodwill_before_the_fault_is_mended_is_refused(folder):
    path = folder / "policy.csv"
    change(path, ("P-SAM-01", "customer_type", "compensation_seeking"), ("P-SAM-01", "goodwill_cap", "20"))
    assert "column goodwill_cap: goodwill comes after the fault itself is mended, got '20'" in str(
        refused(folder)
    )


def test_a_near_miss_is_suggested(folder):
    change(folder / "policy.csv", ("P-RES-01", "strategy_id", "restor"))
    assert str(refused(folder)).endswith("got 'restor'; did you mean restore?")


def test_all_faults_are_told_at_once(folder):
    path = folder / "policy.csv"
    rows = change(
        path,
        ("P-VEN-01", "follow_up_days", "x"),
        ("P-RES-01", "goodwill", "yes"),
        ("P-IMP-01", "rationale_zh", ""),
    )
    places = {(fault.row, fault.column) for fault in refused(folder).faults}
    assert places == {
        (rows["P-VEN-01"], "follow_up_days"),
        (rows["P-RES-01"], "goodwill"),
        (rows["P-IMP-01"], "rationale_zh"),
    }


def test_a_missing_row_is_named_by_the_combinations_it_leaves(folder):
    path = folder / "policy.csv"
    write_cells(path, [row for row in read_cells(path) if row[0] != "P-VEN-05"])
    (fault,) = refused(folder).faults
    assert fault.what == (
        "no row matches customer_type=venting, emotional_mode=attack, confidence=high;medium, "
        "same_fault_open=no (36 of 36 uncovered combinations)"
    )
    assert "P-LOW-04" in fault.remedy


def test_a_narrowed_row_is_named_as_the_nearest(folder):
    number = change(folder / "policy.csv", ("P-IMP-04", "goodwill", "clear;decline"))["P-IMP-04"]
    (fault,) = refused(folder).faults
    assert "goodwill=review" in fault.what
    assert fault.remedy == f"add a row, or widen P-IMP-04 (row {number}), which differs in goodwill"


def test_the_nearest_row_is_the_one_that_speaks_of_the_same_case(folder):
    number = change(folder / "policy.csv", ("P-RES-01", "earlier_tickets", "none"))["P-RES-01"]
    (fault,) = refused(folder).faults
    assert fault.remedy == f"add a row, or widen P-RES-01 (row {number}), which differs in earlier_tickets"


def test_overlapping_rows_are_both_named_with_what_they_share(folder):
    rows = change(folder / "policy.csv", ("P-CLA-01", "emotional_mode", "rational;emotional"))
    (fault,) = refused(folder).faults
    assert (fault.row, fault.column, fault.value) == (rows["P-CLA-02"], "rule_id", "P-CLA-02")
    assert fault.what == (
        f"P-CLA-01 (row {rows['P-CLA-01']}) matches too: customer_type=clarification_seeking, "
        "emotional_mode=emotional, confidence=high, "
        "earlier_tickets=none;some, same_fault_open=no, justified_before=no (6 combinations)"
    )


def test_many_overlaps_are_counted_not_listed(folder):
    rows = change(folder / "policy.csv", *(("P-UNF-01", name, "*") for name in NAMES))
    error = refused(folder)
    assert len(error.faults) < len(rows)
    assert error.faults[-1].what == f"{len(rows) - 2 - 12} more overlaps"


@given(rule=st.sampled_from(POLICY.rules))
def test_dropping_any_row_is_noticed_with_the_right_count(tmp_path_factory, rule):
    folder = copy_tables(tmp_path_factory.mktemp("policy"))
    path = folder / "policy.csv"
    write_cells(path, [row for row in read_cells(path) if row[0] != rule.rule_id])
    lost = sum(decided is rule for decided in DECIDED)
    faults = refused(folder).faults
    assert sum(int(re.search(r"\((\d+) of", fault.what).group(1)) for fault in faults) == lost
    assert all(f"of {lost} uncovered" in fault.what for fault in faults)


@given(st.lists(st.booleans(), min_size=24, max_size=24))
def test_products_split_a_set_exactly(cells):
    mask = np.array(cells).reshape(2, 3, 4)
    rebuilt = np.zeros(mask.shape, int)
    for box in products(mask):
        rebuilt[np.ix_(*box)] += 1
    assert np.array_equal(rebuilt, mask.astype(int))


def test_an_empty_table_is_refused_in_one_sentence(folder):
    path = folder / "policy.csv"
    write_cells(path, read_cells(path)[:1])
    (fault,) = refused(folder).faults
    assert "no row matches every combination (3564 of 3564 uncovered combinations)" in fault.what


@pytest.mark.parametrize(
    "rule_id, column, value, message",
    [
        ("K-MED-01", "signal", "press", "unknown risk signal"),
        ("K-MED-01", "escalate_to", "press", "unknown role"),
        ("K-MED-01", "follow_up_days", "1.5", "not a number of days"),
        ("K-MED-01", "requires_human", "2", "not a switch"),
        ("K-MED-01", "warning_zh", "", "empty"),
    ],
)
def test_wrong_cells_of_risk_rules_are_named(folder, rule_id, column, value, message):
    number = change(folder / "risk_rules.csv", (rule_id, column, value))[rule_id]
    error = refused(folder)
    assert error.path.endswith("risk_rules.csv")
    assert any((f.row, f.column) == (number, column) and message in f.what for f in error.faults)


def test_a_signal_without_a_risk_rule_is_refused(folder):
    path = folder / "risk_rules.csv"
    write_cells(path, [row for row in read_cells(path) if row[0] != "K-SAF-01"])
    assert "no row for this risk signal, got 'safety'" in str(refused(folder))


def test_a_strategy_missing_from_the_playbook_is_refused(folder):
    path = folder / "playbook.csv"
    write_cells(path, [row for row in read_cells(path) if row[0] != "patience"])
    assert all(fault.what == "unknown strategy" for fault in refused(folder).faults)


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_table_is_named(folder, name):
    (folder / name).unlink()
    assert refused(folder).path.endswith(name)
