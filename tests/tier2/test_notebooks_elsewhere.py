"""Notebooks run on labelled tickets of a stranger, which have texts and types and no other column."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from nbclient.exceptions import CellExecutionError

from complaint_typing.resources import data_path

sys.path.insert(0, str(Path(__file__).parent.parent))
from notebook_runs import pictures, printed, run


@pytest.fixture
def own(tmp_path: Path) -> pd.DataFrame:
    labelled = pd.read_csv(data_path("training") / "G12.csv", dtype=str).head(200)
    own = labelled[["ticket_id", "text", "customer_type"]].rename(columns={"text": "正文"})
    own.to_csv(tmp_path / "own.csv", index=False, sep=";", encoding="gb18030")
    own.drop(columns="customer_type").to_excel(tmp_path / "unlabelled.xlsx", index=False)
    return own


def test_retrain(tmp_path: Path, own: pd.DataFrame) -> None:
    outputs, _ = run("03_retrain", tmp_path, instead="'own.csv'")
    assert pictures(outputs) == 5
    assert printed(outputs, "stderr") == ""
    assert "No dates: name a dated export" in printed(outputs)
    assert (tmp_path / "my_model").is_dir()


def test_audit(tmp_path: Path, own: pd.DataFrame) -> None:
    outputs, _ = run("04_audit", tmp_path, instead="'own.csv'")
    assert pictures(outputs) == 7
    assert printed(outputs, "stderr") == ""


def test_label(tmp_path: Path, own: pd.DataFrame) -> None:
    with pytest.raises(CellExecutionError, match="The sheets wait for their labels"):
        run("02_label", tmp_path, instead="'unlabelled.xlsx'")
    truth = dict(zip(own["ticket_id"], own["customer_type"], strict=True))
    for number, person in enumerate(("anna", "bo")):
        book = openpyxl.load_workbook(tmp_path / f"{person}.xlsx")
        for place, row in enumerate(book["labels"].iter_rows(min_row=2)):
            row[2].value = "venting" if number and place % 9 == 0 else truth[row[0].value]
        book.save(tmp_path / f"{person}.xlsx")
    outputs, _ = run("02_label", tmp_path, instead="'unlabelled.xlsx'")
    assert "tickets to discuss" in printed(outputs)
    assert pictures(outputs) == 4
    assert len(pd.read_csv(tmp_path / "my_labels.csv")) > 60


def test_nothing_new(tmp_path: Path, own: pd.DataFrame) -> None:
    with pytest.raises(CellExecutionError, match="Nothing new found"):
        run("05_new_types", tmp_path, instead="'own.csv'")
