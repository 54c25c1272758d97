"""Everything of a policy has a name in both languages."""

from __future__ import annotations

import pytest
from policy_tables import NAMES, POLICY

from complaint_typing.errors import BadValue
from complaint_typing.policy_diff import OUTPUTS, answer
from complaint_typing.policy_words import box_in_words, column_name, listed, output_in_words, value_name


@pytest.mark.parametrize("column", ["rule_id", *NAMES, *OUTPUTS])
def test_columns_have_names_in_two_languages(column):
    assert column_name(column, "en").isascii()
    assert not column_name(column, "zh").isascii()


@pytest.mark.parametrize("name", NAMES)
def test_values_have_names_that_tell_them_apart(name):
    for lang in ("zh", "en"):
        known = POLICY.conditions[name]
        assert len({value_name(value, POLICY.taxonomy, lang) for value in known}) == len(known)


def test_long_lists_are_told_by_what_they_leave_out():
    known = POLICY.conditions["customer_type"]
    assert listed(known, known, POLICY.taxonomy, "zh") == "*"
    assert listed(known[:-1], known, POLICY.taxonomy, "zh") == "除 未见过的类型 外"
    assert listed(known[:2], known, POLICY.taxonomy, "zh") == "实质解决型、物质补偿型"


def test_a_box_tells_only_what_it_restricts():
    everything = tuple(tuple(range(len(values))) for values in POLICY.conditions.values())
    assert box_in_words(everything, POLICY.conditions, POLICY.taxonomy, "en") == "everywhere"
    calm = (everything[0], (2,), *everything[2:-1], (0,))
    said = box_in_words(calm, POLICY.conditions, POLICY.taxonomy, "en")
    assert said == "Mode: Rational; Justified before: yes"


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_answer_of_every_row_can_be_said(output):
    for rule in POLICY.rules:
        for lang in ("zh", "en"):
            said = output_in_words(output, answer(rule, output), POLICY.playbook, POLICY.taxonomy, lang)
            assert bool(said) == (answer(rule, output) not in (None, ""))
            assert lang == "zh" or said.isascii()


def test_other_languages_are_refused():
    with pytest.raises(BadValue, match="use zh or en"):
        column_name("source", "fr")
