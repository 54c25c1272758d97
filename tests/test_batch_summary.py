"""The manifest tells what was read and done, in numbers and names of columns, and no cell of any row."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from complaint_typing import score_csv
from complaint_typing.batch_summary import manifest_path, read_manifest, summary_of

SECRET = "Wang Xiaoming 13800138000"


def test_the_manifest_beside_the_output(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_bytes(
        f"工单编号,客户编号,受理时间,投诉内容,满意度\n7,{SECRET},2026-01-01,{SECRET}：网断了,{SECRET}\n8,,,,\n".encode(
            "gb18030"
        )
    )
    summary = score_csv(export, tmp_path / "scored.csv")
    text = manifest_path(tmp_path / "scored.csv").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["plan"]["input"]["name"] == "export.csv"
    assert manifest["plan"]["input"]["sha256"] == hashlib.sha256(export.read_bytes()).hexdigest()
    written = (tmp_path / "scored.csv").read_bytes()
    assert manifest["output"]["sha256"] == hashlib.sha256(written).hexdigest()
    assert manifest["output"]["bytes"] == len(written)
    result = manifest["result"]
    assert (result["rows_in"], result["rows_out"], result["quarantine_reasons"]) == (2, 1, {"no_text": 1})
    assert result["encoding"] == "gb18030"
    assert result["bad_values"] == {"satisfaction": 1}
    assert manifest["plan"]["model"] == result["model_version"]
    assert {"started_at", "runs", "python"} <= manifest.keys()
    assert "Wang" not in text
    assert "138" not in json.dumps([manifest["plan"]["options"], result])
    assert str(tmp_path) not in text
    again = summary_of(manifest, export, tmp_path / "scored.csv", summary.quarantine, 0)
    assert again == summary


def test_the_output_is_the_same_each_time_and_only_the_manifest_tells_when(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("text\nwhere is my refund\n", encoding="utf-8")
    score_csv(export, tmp_path / "scored.csv")
    first = (tmp_path / "scored.csv").read_bytes()
    score_csv(export, tmp_path / "scored.csv")
    assert (tmp_path / "scored.csv").read_bytes() == first


def test_what_is_no_manifest_is_none(tmp_path: Path) -> None:
    for text in ("", "[]", '{"protocol": 99}', "{}"):
        manifest_path(tmp_path / "scored.csv").write_text(text)
        assert read_manifest(tmp_path / "scored.csv") == {}
