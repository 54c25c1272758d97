"""The notebook on retraining runs top to bottom, and `score --model` uses the model that it saves."""

from __future__ import annotations

import re
from pathlib import Path

from notebook_runs import pictures, printed, run

from complaint_typing import score_csv
from complaint_typing.resources import data_path


def test_retrain(tmp_path: Path) -> None:
    outputs, _ = run("03_retrain", tmp_path)
    assert pictures(outputs) == 6
    assert printed(outputs, "stderr") == ""
    assert "type_precision   FALLS" in printed(outputs)
    told = re.search(r"resolution_seeking: right in (\d+)% of its verdicts, now (\d\d)%", printed(outputs))
    assert told
    assert int(told[1]) > int(told[2]) + 5
    assert "328 unread tickets, 328 of them your own" in printed(outputs)
    tables = [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert "never" in tables[-1]
    assert "1.5" not in tables[-1]
    source = data_path("examples") / "en_helpdesk.csv"
    summary = score_csv(source, tmp_path / "scored.csv", model=tmp_path / "my_model")
    assert summary.rows_out > 30
    assert summary.model_version != score_csv(source, tmp_path / "shipped.csv").model_version
