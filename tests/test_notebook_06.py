"""The notebook on outcomes runs top to bottom and leaves files that can be used."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pandas as pd
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def test_outcomes(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOKS / "06_outcomes.ipynb", as_version=4)
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 7
    assert not [output for output in outputs if output.get("name") == "stderr"]
    table = pd.read_csv(tmp_path / "strategies.csv")
    assert {"any", "extras", "satisfaction", "goodwill CNY"} <= set(table["measure"])
    effects = pd.read_csv(tmp_path / "strategy_effects.csv").set_index(["customer_type", "outcome"])
    assert effects.loc[("resolution_seeking", "satisfaction"), "difference"] < 0
    answer = json.loads((tmp_path / "goodwill.json").read_text(encoding="utf-8"))
    extras = next(
        row
        for row in answer["effects"]
        if (row["outcome"], row["day"], row["weighted"]) == ("extras", 90, True)
    )
    assert extras["low"] < 0.043 < extras["high"]
    assert 'src="http' not in (tmp_path / "goodwill.html").read_text(encoding="utf-8")
