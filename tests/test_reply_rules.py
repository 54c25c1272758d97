from __future__ import annotations

import re

import pytest

from complaint_typing.errors import PolicyError
from complaint_typing.reply_rules import CODED, read_reply_rules
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy

SHIPPED = read_reply_rules()
RULES, CUES = (data_path(name).read_text("utf-8") for name in ("reply_rules.csv", "reply_cues.csv"))
FACTS = {"goodwill": "g", "type": "t", "role": "r", "cap": "100", "days": 3}


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.id)
def test_every_rule_speaks_both_languages_and_names_its_articles(rule):
    assert re.search("[\u4e00-\u9fff]", rule.text("zh", **FACTS))
    assert rule.text("en", **FACTS).isascii()
    assert all(re.fullmatch(r"00[0-4]_[0-9a-f]{16}\.txt", name) for name in rule.source.split(";"))
    assert {*rule.types} <= {"*", *read_taxonomy().types, *read_taxonomy().ids("outcome")}
    assert {*rule.except_modes} <= {*read_taxonomy().modes}


def test_coded_findings_are_all_there():
    assert {rule.id for rule in SHIPPED.rules if rule.when == "coded"} == CODED


@pytest.mark.parametrize(
    "table, old, new, message",
    [
        ("rules", "told_to_calm,present", "told_to_calm,often", "column when: unknown, got 'often'"),
        ("rules", "told_to_calm,present", "told_to_calm,coded", "column id: not coded, got 'told_to_calm'"),
        ("rules", "present,guarantee", "present,", "column cues: empty"),
        ("rules", "present,guarantee", "present,vow", "no such cue, got 'vow'"),
        ("rules", "{cap}", "{limit}", "column text_zh: unknown or open braces"),
        ("rules", "{cap}", "{cap", "unknown or open braces"),
        ("rules", "told_to_calm,present", "no_plan,present", "already given in row"),
        ("cues", "told_to_calm,zh,", "told_to_calm,fr,", "not a language, got 'fr'"),
        ("cues", "told_to_calm,zh,", "told_to_calm,zh,(", "unreadable phrases"),
        ("cues", "told_to_calm,", "hush,", "cue: not there, got 'told_to_calm'"),
        ("cues", "safety,en,safety|emergency|ambulance|police,", "safety,en,,", "column phrases: empty"),
    ],
)
def test_faults_of_ones_own_tables_name_the_cell(tmp_path, table, old, new, message):
    text = {"rules": RULES, "cues": CUES}[table]
    assert old in text
    (tmp_path / f"reply_{table}.csv").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(PolicyError, match=re.escape(message)):
        read_reply_rules(tmp_path)


def test_a_folder_without_the_tables_gets_the_shipped_ones(tmp_path):
    assert read_reply_rules(tmp_path).rules == SHIPPED.rules


def test_excel_in_gb18030_loses_nothing(tmp_path):
    (tmp_path / "reply_rules.csv").write_text(RULES, "gb18030")
    assert read_reply_rules(tmp_path).rules == SHIPPED.rules
