"""The history facts: one name each, and a phrase in both languages."""

from __future__ import annotations

import re

import pytest

from complaint_typing.facts import FACT_NAMES, FACTS, HISTORY_COLUMNS

BY_NAME = {fact.name: fact for fact in FACTS}


def test_names_are_unique_and_in_the_order_of_the_table():
    assert len(set(FACT_NAMES)) == len(FACTS)
    assert list(BY_NAME) == list(FACT_NAMES)
    assert list(HISTORY_COLUMNS) == [f"history_{name}" for name in FACT_NAMES]


@pytest.mark.parametrize("fact", FACTS, ids=FACT_NAMES)
def test_phrases_name_the_value_once_in_each_language(fact):
    holders = 0 if fact.kind == "flag" else 1
    assert fact.zh.count("{n}") == fact.en.count("{n}") == holders
    assert re.search("[一-鿿]", fact.zh)
    assert not re.search("[一-鿿]", fact.en)
    assert "7" in fact.zh.format(n=7) if holders else fact.zh.format(n=7) == fact.zh


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_two_facts_read_alike(lang):
    assert len({getattr(fact, lang) for fact in FACTS}) == len(FACTS)


@pytest.mark.parametrize("fact", FACTS, ids=FACT_NAMES)
def test_kinds_follow_the_names(fact):
    expected = {"known": "flag", "has_outcomes": "flag", "goodwill_amount_365d": "money"}
    days = "days" if fact.name.startswith("days_since") else "count"
    assert fact.kind == expected.get(fact.name, days)
