"""Grids for people are rectangular, in one language, and leave no change out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_tables import DOMAIN, NAMES, POLICY, SIGNALS, change, copy_tables

from complaint_typing.policy import PolicyTable
from complaint_typing.policy_diff import diff
from complaint_typing.policy_impact import Impact, TicketChange
from complaint_typing.policy_show import MOST_TICKETS_NAMED, diff_grids, explanation_grids, impact_grids

LANGS = st.sampled_from(["zh", "en"])


def assert_rectangular(grids):
    assert all(len(row) == len(grid.header) for grid in grids for row in grid.rows)


@given(values=st.sampled_from(DOMAIN), signals=st.sets(st.sampled_from(SIGNALS)), lang=LANGS)
def test_an_explanation_shows_values_answer_and_near_misses(values, signals, lang):
    told = POLICY.explain(**values)
    outcome = POLICY.outcome_of(told.rule, signals)
    asked, answer, near = grids = explanation_grids(POLICY, told, outcome, lang)
    assert_rectangular(grids)
    assert told.rule.rule_id in asked.title
    assert len(asked.rows) == len(NAMES)
    assert sum("any (not read)" in row or "任意（不看）" in row for row in asked.rows) == 7 - len(told.read)
    said = dict(answer.rows)
    assert outcome.next_step(lang) in said.values()
    assert "; ".join(outcome.sources) in said.values()
    assert "; ".join(outcome.rule_ids) in said.values()
    assert [row[0] for row in near.rows] == [miss.rule.rule_id for miss in told.near]
    texts = [cell for grid in grids for cell in (grid.title, *grid.header, *np.ravel(grid.rows))]
    assert lang == "zh" or all(text.isascii() for text in texts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_difference_shows_rows_and_answers(tmp_path, lang):
    change(
        copy_tables(tmp_path) / "policy.csv",
        ("P-RES-01", "rule_id", "P-RES-99"),
        ("P-CMP-01", "goodwill_cap", "80"),
    )
    new = PolicyTable.read(tmp_path)
    title, rows, outputs = grids = diff_grids(diff(POLICY, new), POLICY, new, lang)
    assert_rectangular(grids)
    assert POLICY.version in title.title
    assert new.version in title.title
    kinds = {"zh": ["修改", "删去", "新增"], "en": ["changed", "removed", "added"]}[lang]
    assert sorted(row[1:3] for row in rows.rows) == [
        ["P-CMP-01", kinds[0]],
        ["P-RES-01", kinds[1]],
        ["P-RES-99", kinds[2]],
    ]
    assert [row[1:3] for row in outputs.rows] == [["100", "80"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tickets_with_the_same_change_stand_together(lang):
    many = MOST_TICKETS_NAMED + 3
    sure = [TicketChange(i, f"T{i}", ("A",), ("B",), ("strategy_id",), True) for i in range(many)]
    perhaps = TicketChange(99, "", ("A",), ("C",), ("follow_up_days",), False)
    found, *notes = impact_grids(Impact(200, (*sure, perhaps), 2, 0), lang)
    assert_rectangular([found])
    assert [row[4] for row in found.rows] == [str(many), "1"]
    assert "T0, T1" in found.rows[0][5]
    assert str(many) in found.rows[0][5].rpartition(",")[2]
    assert "99" in found.rows[1][5]
    assert len(notes) == 1
    assert "2" in notes[0].title
