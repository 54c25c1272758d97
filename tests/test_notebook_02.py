"""The notebook on labelling runs top to bottom, and what it writes goes out, comes back and trains."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
from notebook_runs import pictures, printed, run

from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path


def test_label(tmp_path: Path) -> None:
    export = pd.read_csv(data_path("training") / "G12.csv", dtype=str).head(60)[["ticket_id", "text"]]
    export.assign(客户类型="VIP").to_csv(tmp_path / "other.csv", index=False)
    outputs, again = run("02_label", tmp_path, again="'other.csv'")
    assert pictures(outputs) == 4
    assert printed(outputs, "stderr") == ""
    said = "".join(output.get("text", "") for output in outputs)
    assert "tickets to discuss" in said
    assert "of the 20 changed labels stand in the first tenth" in said
    assert openpyxl.load_workbook(tmp_path / "G10_anna.xlsx").sheetnames == ["labels", "guide"]
    assert len(json.loads((tmp_path / "label_studio_tasks.json").read_text(encoding="utf-8"))) == len(export)
    mine = read_labelled([tmp_path / "my_labels.csv"])
    assert 80 < len(mine) < 120
    assert mine["customer_type"].nunique() >= 7
    assert "60 tickets, 0 with a label" in printed(again)
    assert "The sheets wait for their labels" in printed(again)
    assert (tmp_path / "other_bo.xlsx").is_file()
