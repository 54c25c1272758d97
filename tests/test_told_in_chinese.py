"""Whatever a file says of how it was read has Chinese words."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from complaint_typing.inspection import inspect_file
from complaint_typing.time_forms import time_form
from complaint_typing.tongue import Tongue

in_chinese = Tongue("zh")

ROWS = [{"工单编号": f"{n}", "投诉内容": "家里的宽带又断了，请尽快派人来修"} for n in range(40)]
TEXT = "工单编号,投诉内容\n" + "\n".join(f"{row['工单编号']},{row['投诉内容']}" for row in ROWS) + "\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r"])
def test_encodings_and_layouts_are_told_in_chinese(tmp_path, codec, end):
    (tmp_path / "t.csv").write_bytes(TEXT.replace("\n", end).encode(codec))
    found = inspect_file(tmp_path / "t.csv")
    for told in (found.encoding_decided_by, found.layout):
        assert in_chinese(told) != told


def test_other_formats_are_told_in_chinese(tmp_path):
    pd.DataFrame(ROWS).to_excel(tmp_path / "t.xlsx", index=False)
    (tmp_path / "array.json").write_text(json.dumps(ROWS), encoding="utf-8")
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    (tmp_path / "ascii.csv").write_text("id,text\n1,broken\n", encoding="utf-8")
    found = [inspect_file(tmp_path / name) for name in ("t.xlsx", "array.json", "t.jsonl", "ascii.csv")]
    found.append(inspect_file(tmp_path / "ascii.csv", encoding="utf-8"))
    for one in found:
        for told in (one.encoding_decided_by, one.layout):
            assert in_chinese(told) != told


@pytest.mark.parametrize("lists", [{"tickets": ROWS}, {"count": 40, "data": ROWS}])
def test_lists_inside_and_columns_are_told_in_chinese(tmp_path, lists):
    (tmp_path / "t.json").write_text(json.dumps(lists), encoding="utf-8")
    pd.DataFrame(ROWS).to_parquet(tmp_path / "t.parquet")
    for name in ("t.json", "t.parquet"):
        layout = inspect_file(tmp_path / name).layout
        assert in_chinese(layout) != layout


TIMES = [
    "soon",
    "1709600000",
    "1709600000123",
    "5/3/2024 9:30",
    "5/3/2024 9:30:00Z",
    "2024-03-05T09:30Z",
]


def test_forms_of_times_are_told_in_chinese():
    assert [in_chinese(time_form(text)) for text in TIMES] == [
        "不是时间",
        "1970年以来的秒数",
        "1970年以来的毫秒数",
        "D/M/YYYY 或 M/D/YYYY h:mm",
        "D/M/YYYY 或 M/D/YYYY h:mm:ss，带时区",
        "YYYY-MM-DDThh:mm，带时区",
    ]


def test_what_has_no_translation_stays():
    assert in_chinese("sworn") == "sworn"
