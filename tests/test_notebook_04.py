"""The audits run top to bottom without a warning, and their charts say what the audits found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from notebook_runs import NOTEBOOKS, pictures, printed, run

from complaint_typing.model import Model
from complaint_typing.workbench.fairness import audit_fairness
from complaint_typing.workbench.plots import audits
from complaint_typing.workbench.plots.style import save_chart
from complaint_typing.workbench.shortcuts import HIDING, Masked, ShortcutReport


def test_audit(tmp_path: Path) -> None:
    outputs, _ = run("04_audit", tmp_path)
    assert pictures(outputs) == 7
    assert printed(outputs, "stderr") == ""
    said = [output["text"] for output in outputs if output.get("name") == "stdout"]
    card = (NOTEBOOKS.parent / "docs" / "model_card.md").read_text(encoding="utf-8")
    moved = re.search(r"the type moves in (\d+) tickets", card)
    assert moved
    assert f"{moved[1]} of 157 tickets move" in said[1]
    assert all(name in said[1] for name in re.findall(r"\| attribute \| (\w+) \| \d+ \| [1-9]", card))
    assert said[2].startswith("Nothing drifted")
    assert "customer types: drift" in said[3]


def values(chart: Any) -> list[dict[str, Any]]:
    """The rows of the largest table that a chart shows."""
    return max(chart.to_dict()["datasets"].values(), key=len)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_suspect_labels_are_counted_in_pairs(lang: str) -> None:
    errors = pd.DataFrame(
        {
            "customer_type": ["venting", "venting", "high_energy", "my_type"],
            "suggested_type": ["high_energy", "high_energy", "venting", "my_type"],
            "likely_error": [True, True, True, False],
        }
    )
    chart = audits.suspect_labels(errors, lang)
    assert [row["tickets"] for row in values(chart)] == [2, 1]
    (subtitle,) = chart.to_dict()["title"]["subtitle"]
    assert "3" in subtitle


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_costly_cue_is_red(lang: str) -> None:
    rows = [
        Masked(hidden, group, 40, 5, 0.8 - (0.05 if (hidden, group) == ("brands", "chat") else 0), 0.7, 0.0)
        for group in ("all", "chat")
        for hidden in HIDING
    ]
    chart = audits.shortcut_losses(ShortcutReport(rows, {}), lang)
    shown = values(chart)
    assert len(shown) == 2 * (len(HIDING) - 1)
    assert [(row["group"], row["change"]) for row in shown if row["notable"]] == [("chat (40)", -5.0)]
    title = chart.to_dict()["title"]
    assert {"zh": "准确率变了", "en": "Change in accuracy"}[lang] in title["text"]
    assert {"zh": "负数：", "en": "minus: fewer right"}[lang] in title["subtitle"]


def test_swaps_are_shown_by_attribute_and_language(model: Model, tmp_path: Path) -> None:
    texts = ["{gender|She|He} wants a refund", "My {age|young|old} neighbour is tired of this"]
    cases = pd.DataFrame({"ticket_id": ["1", "2"], "language": "en", "text": texts})
    cases.to_csv(tmp_path / "cases.csv", index=False)
    report = audit_fairness(model, tmp_path / "cases.csv")
    chart = audits.fairness_shifts(report, "zh")
    assert sorted(row["row"] for row in values(chart)) == ["en (2)", "年龄 (1)", "性别 (1)"]
    save_chart(chart, tmp_path / "chart.svg")
    assert {row["swap"].split(" → ")[0] for row in values(audits.largest_swaps(report))} == {"She", "young"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pairs_of_suspect_labels_that_are_not_shown_are_told(lang: str) -> None:
    types = [f"type_{n:02d}" for n in range(15)]
    given = [name for place, name in enumerate(types) for _ in range(16 - place)]
    errors = pd.DataFrame({"customer_type": given, "suggested_type": "venting", "likely_error": True})
    chart = audits.suspect_labels(errors, lang)
    assert sum(row["tickets"] for row in values(chart)) == len(given) - (4 + 3 + 2)
    told = {"en": "12 commonest pairs; not shown: 3 more (9 of", "zh": "12 种，另有 3 种（9 条）"}
    assert told[lang] in chart.to_dict()["title"]["subtitle"][1]
