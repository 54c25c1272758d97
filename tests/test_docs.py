"""Every type, column and command is documented, and the README's figures are the model card's."""

from __future__ import annotations

import csv
import re
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
README = (ROOT / "README.md").read_text(encoding="utf-8")
COLUMNS = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("type_", read_taxonomy().types)
def test_readme_names_every_type_with_its_strategies(type_: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `{type_}`"))
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
    assert policy.playbook[usual.strategy_id].name("en") in row
    assert read_taxonomy().name(type_, "zh") in row


def test_readme_states_the_size_of_the_policy() -> None:
    policy = PolicyTable.read()
    assert f"A decision table of {len(policy.rules)} rows" in README
    assert f"{len(policy.playbook)} strategies" in README


def test_every_column_is_documented() -> None:
    names = [column.name for column in (*TICKET_COLUMNS, *SCORED_COLUMNS, *LABEL_COLUMNS)]
    assert [name for name in (*names, *HISTORY_COLUMNS) if f"| `{name}` |" not in COLUMNS] == []


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_is_in_the_readme_and_teaches_by_example(command: str) -> None:
    assert f"`{command}" in README
    assert "Example" in (cli.commands[command].help or "")


def test_readme_figures_are_the_model_cards() -> None:
    card = (data_path("model") / "MODEL_CARD.md").read_text(encoding="utf-8")
    for label in (
        "accuracy of the top type",
        "macro-F1",
        "expected calibration error",
        "coverage (share decided)",
    ):
        measured = re.search(rf"\| {re.escape(label)} \| ([0-9.]+) ", card)
        assert measured, label
        assert re.search(rf"\| {re.escape(label)} \| {measured[1]} ", README), label


def test_the_example_of_the_readme_is_what_the_first_command_writes(tmp_path):
    score_csv(data_path("examples") / "zh_hotline.csv", tmp_path / "scored.csv")
    with (tmp_path / "scored.csv").open(encoding="utf-8-sig", newline="") as file:
        scored = list(csv.DictReader(file))
    shown = [
        line.strip("| ").split(" | ")
        for line in README.split("投诉内容 |")[1].split("\n\n")[0].splitlines()[2:]
    ]
    assert len(shown) == 6
    for text, type_, confidence, strategy, step, human, evidence in shown:
        (row,) = (row for row in scored if row["投诉内容"].startswith(text.rstrip("…")))
        told = row["customer_type"], row["strategy"], row["requires_human"], row["evidence"]
        assert told == (type_, strategy, human, evidence)
        assert float(row["confidence"]) == pytest.approx(float(confidence), abs=0.006)
        assert row["next_step"].startswith(step.rstrip("…"))
