"""The notebook on labelling runs top to bottom, and what it writes goes out, comes back and trains."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import openpyxl
from nbclient import NotebookClient

from complaint_typing.labels import read_labelled

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def test_label(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOKS / "02_label.ipynb", as_version=4)
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 4
    assert not [output for output in outputs if output.get("name") == "stderr"]
    said = "".join(output.get("text", "") for output in outputs)
    assert "tickets to discuss" in said
    assert "of the 20 changed labels stand in the first tenth" in said
    assert openpyxl.load_workbook(tmp_path / "anna.xlsx").sheetnames == ["labels", "guide"]
    assert len(json.loads((tmp_path / "label_studio_tasks.json").read_text(encoding="utf-8"))) == 120
    mine = read_labelled([tmp_path / "my_labels.csv"])
    assert 80 < len(mine) < 120
    assert mine["customer_type"].nunique() >= 7
