"""The notebook on retraining runs top to bottom, and `score --model` uses the model that it saves."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

from complaint_typing import score_csv
from complaint_typing.resources import data_path

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def test_retrain(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOKS / "03_retrain.ipynb", as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    plots = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert len(plots) == 6
    source = data_path("examples") / "en_helpdesk.csv"
    summary = score_csv(source, tmp_path / "scored.csv", model=tmp_path / "my_model")
    assert summary.rows_out > 30
    assert summary.model_version != score_csv(source, tmp_path / "shipped.csv").model_version
