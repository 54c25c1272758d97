"""Earlier exports are read with the options of the export, as far as they fit, and in any order."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

from complaint_typing import read_scored, score_csv
from complaint_typing.batch_errors import MissingHistoryColumns
from complaint_typing.batch_summary import read_manifest
from complaint_typing.history_files import open_history
from complaint_typing.resources import data_path
from complaint_typing.tickets import read_frame


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def test_the_map_counts_as_far_as_headers_are_there(tmp_path: Path) -> None:
    mapping = {"text": "memo", "customer_id": "member"}
    same = write(tmp_path / "a.csv", "memo,member,created_at\nno light,c1,2026-01-01\n")
    other = write(tmp_path / "b.csv", "text,member,created_at\nno light,c1,2026-01-01\n")
    own = write(tmp_path / "c.csv", "body,who,created_at\nno light,c1,2026-01-01\n")
    assert open_history(same, mapping).mapping["customer_id"] == 1
    assert open_history(other, mapping).mapping == {"text": 0, "customer_id": 1, "created_at": 2}
    assert open_history(own, mapping, {"text": "body", "customer_id": "who"}).mapping["text"] == 0


def test_a_byte_order_mark_goes_before_the_encoding_of_the_export(tmp_path: Path) -> None:
    text = "工单编号,客户编号,受理时间,投诉内容\n1,张,2026-01-01,停电\n"
    marked = write(tmp_path / "a.csv", text, "utf-8-sig")
    plain = write(tmp_path / "b.csv", text, "gb18030")
    for path in (marked, plain):
        block = next(open_history(path, encoding="gb18030").blocks())
        assert block.tickets.customer_id == ["张"]


@pytest.mark.parametrize("header, missing", [("text,created_at", "customer_id"), ("id,customer_id", "text")])
def test_a_file_that_tells_nothing_is_named(tmp_path: Path, header: str, missing: str) -> None:
    path = write(tmp_path / "may.csv", f"{header}\na,b\n")
    with pytest.raises(MissingHistoryColumns, match=rf"may\.csv: .*for: {missing}.* --history-map"):
        open_history(path)


def test_rows_without_a_time_that_can_be_read_are_counted(tmp_path: Path) -> None:
    now = write(tmp_path / "now.csv", "ticket_id,customer_id,created_at,text\n9,a,2026-05-01,again\n")
    rows = "1,a,first of May,one\n2,a,2026-04-01,two\n3,b,,three\n4,a,2026-04-02,\n5,a,2026-04-03,six,7\n"
    past = write(tmp_path / "past.csv", f"ticket_id,customer_id,created_at,text\n{rows}")
    summary = score_csv(now, tmp_path / "scored.csv", history=past)
    assert (summary.history_rows, summary.history_undated) == (3, 2)
    assert summary.history_quarantined == {"no_text": 1, "too_many_fields": 1}
    assert read_manifest(tmp_path / "scored.csv")["result"]["history_quarantined"] == {
        "no_text": 1,
        "too_many_fields": 1,
    }


def test_order_of_rows_and_files_means_nothing(tmp_path: Path) -> None:
    table = read_frame(data_path("examples") / "zh_hotline.csv").sort_values("created_at")
    table.to_csv(tmp_path / "all.csv", index=False)
    past, now = table.iloc[:24], table.iloc[24:]
    rows = list(range(len(past)))
    random.Random(1).shuffle(rows)
    past.iloc[rows[:9]].to_csv(tmp_path / "one.csv", index=False)
    past.iloc[rows[9:]].to_csv(tmp_path / "two.csv", index=False)
    now.sample(frac=1, random_state=2).to_csv(tmp_path / "now.csv", index=False)
    score_csv(tmp_path / "all.csv", tmp_path / "a.csv")
    summary = score_csv(
        tmp_path / "now.csv", tmp_path / "b.csv", history=[tmp_path / "two.csv", tmp_path / "one.csv"]
    )
    assert summary.history_rows == 24
    whole = read_scored(tmp_path / "a.csv").set_index("ticket_id")
    parts = read_scored(tmp_path / "b.csv").set_index("ticket_id")
    pd.testing.assert_frame_equal(parts.sort_index(), whole.loc[parts.index].sort_index())
