"""The notebook on labelling runs top to bottom, and what it writes goes out, comes back and trains."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
from notebook_runs import pictures, printed, run

from complaint_typing.labels import read_labelled


def test_label(tmp_path: Path) -> None:
    outputs, _ = run("02_label", tmp_path)
    assert pictures(outputs) == 4
    assert printed(outputs, "stderr") == ""
    said = "".join(output.get("text", "") for output in outputs)
    assert "tickets to discuss" in said
    assert "of the 20 changed labels stand in the first tenth" in said
    assert openpyxl.load_workbook(tmp_path / "anna.xlsx").sheetnames == ["labels", "guide"]
    assert len(json.loads((tmp_path / "label_studio_tasks.json").read_text(encoding="utf-8"))) == 120
    mine = read_labelled([tmp_path / "my_labels.csv"])
    assert 80 < len(mine) < 120
    assert mine["customer_type"].nunique() >= 7
