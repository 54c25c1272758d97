"""An explanation names the row that decides, what it reads, and every row that misses in one condition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_tables import DOMAIN, NAMES, POLICY

from complaint_typing.errors import BadValue


@given(values=st.sampled_from(DOMAIN))
def test_the_row_is_the_one_that_decides_and_reads_what_it_restricts(values):
    told = POLICY.explain(**values)
    assert told.rule is POLICY.decide_one(**values)
    assert dict(told.values) == values
    assert [*told.values] == NAMES
    assert {*told.read} == {
        name for name in NAMES if len(told.rule.conditions[name]) < len(POLICY.conditions[name])
    }


@given(values=st.sampled_from(DOMAIN), data=st.data())
def test_changing_a_condition_that_is_not_read_changes_nothing(values, data):
    told = POLICY.explain(**values)
    for name in {*NAMES} - {*told.read}:
        other = data.draw(st.sampled_from(POLICY.conditions[name]))
        assert POLICY.decide_one(**values | {name: other}) is told.rule


@given(values=st.sampled_from(DOMAIN))
def test_near_misses_are_all_rows_that_differ_in_exactly_one_condition(values):
    told = POLICY.explain(**values)
    expected = {}
    for rule in POLICY.rules:
        missed = [name for name in NAMES if values[name] not in rule.conditions[name]]
        if len(missed) == 1:
            expected[rule.rule_id] = missed[0]
    assert {miss.rule.rule_id: miss.condition for miss in told.near} == expected
    for miss in told.near:
        assert miss.value == values[miss.condition]
        assert miss.allowed == miss.rule.conditions[miss.condition]
        for value in miss.allowed:
            assert POLICY.decide_one(**values | {miss.condition: value}) is miss.rule


@given(values=st.sampled_from(DOMAIN))
def test_rows_for_the_same_type_come_first(values):
    others = [miss.condition == "customer_type" for miss in POLICY.explain(**values).near]
    assert others == sorted(others)


def test_unknown_goodwill_is_told_as_the_review_it_is_read_as():
    told = POLICY.explain(**DOMAIN[0] | {"goodwill": "unknown"})
    assert told.values["goodwill"] == "review"
    assert told == POLICY.explain(**DOMAIN[0] | {"goodwill": "review"})


def test_a_value_that_no_condition_has_is_refused():
    with pytest.raises(BadValue, match="column customer_type: not a value of this condition, got 'grumpy'"):
        POLICY.explain(**DOMAIN[0] | {"customer_type": "grumpy"})


@pytest.mark.parametrize("name", ["self", "mood"])
def test_a_condition_that_does_not_exist_is_refused(name):
    with pytest.raises(BadValue, match=f"column {name}: not a condition, got 'x'; use customer_type, "):
        POLICY.explain(**DOMAIN[0] | {name: "x"})
