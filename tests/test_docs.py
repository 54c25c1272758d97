"""Types, columns and commands are documented; the README agrees with the model card and its translation."""

from __future__ import annotations

import csv
import re
from collections import Counter
from doctest import DocTestParser
from pathlib import Path

import pytest

from complaint_typing import score_csv
from complaint_typing.cli import cli
from complaint_typing.columns import LABEL_COLUMNS, SCORED_COLUMNS, TICKET_COLUMNS
from complaint_typing.facts import HISTORY_COLUMNS
from complaint_typing.policy import PolicyTable
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy

ROOT = Path(__file__).parent.parent
README = {
    lang: (ROOT / name).read_text(encoding="utf-8")
    for lang, name in {"en": "README.md", "zh": "README.zh.md"}.items()
}
COLUMNS = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")

SIZES = {"en": ("A decision table of {} rows", "{} strategies"), "zh": ("决策表共 {} 行", "{} 种策略")}
FIGURES = {
    "accuracy of the top type": "准确率（最可能的类型）",
    "macro-F1": "宏 F1",
    "right type among the top two": "前两位中有正确类型",
    "expected calibration error": "校准误差",
    "coverage (share decided)": "定类率（能定下类型的占比）",
    "precision when decided": "定类准确率（定下类型的当中判对的占比）",
    "macro-F1 of the emotional mode": "情绪模式的宏 F1",
}
LINK = re.compile(r"\]\(([^)]+)\)")
SAID = re.compile(r"(?<!`)`[^`]+`(?!`)|\]\([^)]+\)|(?<![A-Za-z])\d+(?:[.,]\d+)*")
"""What stands in both languages alike: code, links and figures."""

in_each_language = pytest.mark.parametrize("lang", README)


def said(text: str) -> Counter[str]:
    found = (" ".join(each.split()) for each in SAID.findall(text))
    return Counter(each.replace('render("en")', 'render("zh")') for each in found)


@in_each_language
@pytest.mark.parametrize("type_", [*read_taxonomy().types, *read_taxonomy().ids("outcome")])
def test_readme_names_every_type_with_its_strategies(type_: str, lang: str) -> None:
    row = next(
        line for line in README[lang].splitlines() if line.startswith((f"| `{type_}` ", f"| *{type_}* "))
    )
    policy = PolicyTable.read()
    usual = policy.decide_one(
        customer_type=type_,
        emotional_mode="rational",
        goodwill="clear",
        confidence="high",
        earlier_tickets="none",
        same_fault_open="no",
        justified_before="no",
    )
    assert policy.playbook[usual.strategy_id].name(lang) in row
    assert read_taxonomy().name(type_, "zh") in row
    assert read_taxonomy().meaning(type_, lang) in row


@in_each_language
def test_readme_states_the_size_of_the_policy(lang: str) -> None:
    policy = PolicyTable.read()
    for words, size in zip(SIZES[lang], (len(policy.rules), len(policy.playbook)), strict=True):
        assert re.search(rf"(?<!\d){words.format(size)}", README[lang])


def test_every_column_is_documented() -> None:
    names = [column.name for column in (*TICKET_COLUMNS, *SCORED_COLUMNS, *LABEL_COLUMNS)]
    assert [name for name in (*names, *HISTORY_COLUMNS) if f"| `{name}` |" not in COLUMNS] == []


@in_each_language
@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_is_in_the_readme(command: str, lang: str) -> None:
    assert f"| `{command}" in README[lang]


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_teaches_by_example(command: str) -> None:
    assert "Example" in (cli.commands[command].help or "")


@in_each_language
@pytest.mark.parametrize("label", FIGURES)
def test_readme_figures_are_the_model_cards(label: str, lang: str) -> None:
    card = (data_path("model") / "MODEL_CARD.md").read_text(encoding="utf-8")
    measured = re.search(rf"\| {re.escape(label)} (\| .+ \|)", card)
    assert measured
    assert f"| {label if lang == 'en' else FIGURES[label]} {measured[1]}" in README[lang]


@in_each_language
def test_the_example_of_the_readme_is_what_the_first_command_writes(tmp_path, lang):
    score_csv(data_path("examples") / "zh_hotline.csv", tmp_path / "scored.csv")
    with (tmp_path / "scored.csv").open(encoding="utf-8-sig", newline="") as file:
        scored = list(csv.DictReader(file))
    shown = [
        line.strip("| ").split(" | ")
        for line in README[lang].split("投诉内容 |")[1].split("\n\n")[0].splitlines()[2:]
    ]
    assert len(shown) == 6
    for text, type_, confidence, strategy, step, human, evidence in shown:
        (row,) = (row for row in scored if row["投诉内容"].startswith(text.rstrip("…")))
        told = row["customer_type"], row["strategy"], row["requires_human"], row["evidence"]
        assert told == (type_, strategy, human, evidence)
        assert float(row["confidence"]) == pytest.approx(float(confidence), abs=0.006)
        assert row["next_step"].startswith(step.rstrip("…"))


@in_each_language
def test_documents_that_the_readme_links_to_are_there(lang: str) -> None:
    links = LINK.findall(README[lang])
    assert [link for link in links if not (ROOT / link).is_file()] == []


@pytest.mark.parametrize(("lang", "other"), [("en", "[中文](README.zh.md)"), ("zh", "[English](README.md)")])
def test_each_readme_links_to_the_other_below_its_title(lang: str, other: str) -> None:
    assert other in README[lang].splitlines()[2]


def test_both_readmes_have_the_same_shell_commands() -> None:
    english, chinese = (re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for page in README.values())
    assert len(english) == 2
    assert english == chinese


def test_both_readmes_have_the_same_python_session() -> None:
    english, chinese = (
        "".join(example.source for example in DocTestParser().get_examples(page)) for page in README.values()
    )
    assert "advise(" in english
    words = re.compile(r'(?<=text=)"[^"]*"|(?<=: )"[^"]*"')
    assert words.sub("", english) == words.sub("", chinese)


def test_both_readmes_have_the_same_code_figures_and_links_in_each_section() -> None:
    sections = [re.split(r"^## ", page, flags=re.MULTILINE) for page in README.values()]
    to_each_other = Counter(["](README.md)", "](README.zh.md)"])
    for english, chinese in zip(*sections, strict=True):
        assert said(english) - to_each_other == said(chinese) - to_each_other


def test_both_readmes_have_the_same_tables() -> None:
    english, chinese = (
        [said(line) for line in page.splitlines() if line.startswith("|")] for page in README.values()
    )
    assert len(english) > 50
    assert english == chinese
