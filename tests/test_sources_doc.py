"""The seventeen points of the sources each have a section that names its article and shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from complaint_typing.policy import PolicyTable

TEXT = (Path(__file__).parent.parent / "docs" / "sources.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"(?m)^## (?=\d)", TEXT)[1:]


def test_there_are_seventeen_points_in_order() -> None:
    assert [int(section.partition(".")[0]) for section in SECTIONS] == list(range(1, 18))


@pytest.mark.parametrize("section", SECTIONS, ids=range(1, 18))
def test_every_point_names_its_article_and_runs_something(section: str) -> None:
    assert re.search(r"\(00[0-4]\)$", section.partition("\n")[0])
    assert ">>> " in section


def test_every_article_that_a_table_cites_is_listed() -> None:
    policy = PolicyTable.read()
    steps = [step for strategy in policy.playbook.values() for step in strategy.steps]
    cited = {name for row in (*policy.rules, *policy.risk_rules, *steps) for name in row.source.split(";")}
    assert cited == {*re.findall(r"(?m)^\| `(00\d_[0-9a-f]+\.txt)`", TEXT)}
