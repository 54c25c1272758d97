"""Real exports of strangers and real labels, from the folder that the environment variable SHARED names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from complaint_typing import read_scored, score_csv
from complaint_typing.columns import SCORED_COLUMNS
from complaint_typing.labels import read_labelled
from complaint_typing.tickets import read_frame

SHARED = Path(os.environ["SHARED"])
EXPORTS = sorted((SHARED / "real" / "exports").glob("*.csv"))
ALWAYS = [column.name for column in SCORED_COLUMNS if not column.may_be_empty]


@pytest.mark.parametrize("export", EXPORTS, ids=lambda path: path.stem)
def test_real_export_is_scored_whole(export: Path, tmp_path: Path) -> None:
    target = tmp_path / "scored.csv"
    summary = score_csv(export, target)
    scored = read_scored(target)
    assert summary.rows_in == summary.rows_out + summary.rows_quarantined
    assert len(scored) == summary.rows_out > 0.9 * summary.rows_in
    for name in ALWAYS:
        assert (scored[name].astype(str) != "").all(), name
    original = read_frame(export)
    assert original["text"].tolist() == scored[summary.columns["text"]].tolist()


def test_exports_are_there() -> None:
    assert len(EXPORTS) == 5


def test_no_worse_than_the_peer_on_real_labels() -> None:
    """Character TF-IDF and logistic regression on the corpus: 0.67 accuracy, 0.61 macro-F1."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "complaint_typing",
            "evaluate",
            str(SHARED / "real" / "real_dev.csv"),
            "--json",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout)
    print(json.dumps({k: v for k, v in figures.items() if k not in ("per_type", "confusion")}, indent=1))
    assert figures["accuracy"]["value"] >= 0.67
    assert figures["macro_f1"]["value"] >= 0.61


def test_real_labels_are_read_as_they_are() -> None:
    table = pd.read_csv(SHARED / "real" / "real_dev.csv", dtype=str)
    assert len(read_labelled([SHARED / "real" / "real_dev.csv"])) == len(table)
