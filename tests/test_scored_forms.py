"""The same scored table in every form: each comes back exactly, block by block or at once."""

from __future__ import annotations

import gzip
import json
import sys
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scored_files import ScoredWriter

from complaint_typing import score_csv
from complaint_typing.columns import SCORED_COLUMNS
from complaint_typing.errors import BadValue, MissingExtra, UnequalColumns, UnreadableInput
from complaint_typing.resources import data_path
from complaint_typing.rows import JsonText
from complaint_typing.scored import read_scored
from complaint_typing.scored_forms import scored_form
from complaint_typing.tickets import TicketFile

FORMS = [".csv", ".csv.gz", ".jsonl", ".ndjson.gz", ".json", ".xlsx", ".parquet"]
NASTY = [
    "=1+1",
    "+cmd",
    "-1",
    "@x",
    "＝A1",
    "\tx",
    "a\r\nb",
    "\rx",
    "a\0b",
    "'=1",
    "_x000D_",
    "#N/A",
    " x ",
    "007",
    "1E5",
]
CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(NASTY),
    st.text("\r\n_x0D=' \x1f\ufffe"),
)


def scored(n, **own):
    columns = {c.name: [f"{c.name} {i}" for i in range(n)] for c in SCORED_COLUMNS}
    columns |= {"confidence": [0.5] * n, "requires_human": [i % 2 for i in range(n)]}
    return columns | {"follow_up_days": [3 if i % 2 else None for i in range(n)]} | own


def write(path, header, rows, block_rows=1000, **options):
    with ScoredWriter(path, header, **options) as writer:
        for i in range(0, len(rows), block_rows):
            part = rows[i : i + block_rows]
            writer.write(part, scored(len(part)))
    return writer.header


@pytest.mark.parametrize("form", FORMS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=8)
@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_any_text_comes_back(tmp_path, form, rows):
    place = tmp_path / f"scored{form}"
    names = write(place, ["text", "备注"], rows)
    back = read_scored(place)
    assert list(back.columns) == names
    assert back[["text", "备注"]].to_numpy().tolist() == rows


@pytest.mark.parametrize("form", FORMS)
def test_numbers_are_numbers(tmp_path, form):
    place = tmp_path / f"scored{form}"
    with ScoredWriter(place, ["text", "confidence"], proba_types=["a", "b"]) as writer:
        writer.write([["x", "high"], ["y", "low"]], scored(2), np.array([[0.25, 0.75], [1 / 3, 2 / 3]]))
    back = read_scored(place)
    assert back["confidence"].tolist() == ["high", "low"]
    assert back["confidence_scored"].tolist() == [0.5, 0.5]
    assert back["requires_human"].tolist() == [0, 1]
    assert back["follow_up_days"].isna().tolist() == [True, False]
    assert back[["p_a", "p_b"]].to_numpy().tolist() == [[0.25, 0.75], [0.333333, 0.666667]]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_depends_on_its_blocks_only_and_makes_the_same_bytes_again(tmp_path, form):
    rows = [[str(i), f"没人管 {i}"] for i in range(10)]
    for name in ("one", "two"):
        write(tmp_path / f"{name}{form}", ["id", "text"], rows, block_rows=3)
    assert (tmp_path / f"one{form}").read_bytes() == (tmp_path / f"two{form}").read_bytes()
    maker = scored_form(tmp_path / f"a{form}", ["id", "text"])
    gathered = maker.head() + b"".join(
        maker.block(rows[i : i + 3], scored(len(rows[i : i + 3])), None, i + 1) for i in range(0, 10, 3)
    )
    (tmp_path / "gathered").write_bytes(gathered)
    made = (
        (tmp_path / "whole").read_bytes()
        if maker.assemble(tmp_path / "gathered", tmp_path / "whole")
        else gathered
    )
    assert made == (tmp_path / f"one{form}").read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_scoring_again_gives_the_same_file(tmp_path, form):
    rows = [["=1+1", "'tis"], ["a\r\nb", "-3.5"], ["''x", ""]]
    write(tmp_path / f"one{form}", ["text", "goodwill"], rows)
    file = TicketFile.open(tmp_path / f"one{form}")
    (block,) = file.blocks()
    assert [row[:2] for row in block.rows] == rows
    write(tmp_path / f"two{form}", file.header, block.rows)
    assert (tmp_path / f"one{form}").read_bytes() == (tmp_path / f"two{form}").read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_table_without_rows(tmp_path, form):
    write(tmp_path / f"a{form}", ["text"], [])
    assert len(read_scored(tmp_path / f"a{form}")) == 0


@pytest.mark.parametrize("form", FORMS)
def test_lone_surrogates_and_uneven_rows_are_refused(tmp_path, form):
    with pytest.raises(BadValue, match="row 2, column note: not text that UTF-8 can hold"):
        write(tmp_path / f"a{form}", ["text", "note"], [["a", "b"], ["c", "private \ud800 words"]])
    with pytest.raises(UnequalColumns, match="header 2, row 2 1"):
        write(tmp_path / f"a{form}", ["text", "note"], [["a", "b"], ["c"]])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_an_export_scored_into_every_form_says_the_same(tmp_path, form):
    source = data_path("examples") / "zh_hotline.csv"
    score_csv(source, tmp_path / "plain.csv", proba=True)
    score_csv(source, tmp_path / f"other{form}", proba=True)
    pd.testing.assert_frame_equal(read_scored(tmp_path / "plain.csv"), read_scored(tmp_path / f"other{form}"))


def test_values_of_a_json_file_keep_their_kind(tmp_path):
    source = tmp_path / "tickets.jsonl"
    source.write_text(
        '{"id": 7, "text": "no answer", "tags": ["a", {"b": 1.50}], "vip": null}\n{"text": "again"}\n'
    )
    score_csv(source, tmp_path / "scored.jsonl")
    first, second = map(json.loads, (tmp_path / "scored.jsonl").read_text().splitlines())
    assert (first["id"], first["tags"], first["vip"]) == (7, ["a", {"b": 1.5}], None)
    assert (second["id"], second["text"]) == (None, "again")
    assert "1.50" in (tmp_path / "scored.jsonl").read_text()
    score_csv(source, tmp_path / "scored.xlsx")
    assert read_scored(tmp_path / "scored.xlsx")["id"].tolist() == ["7", ""]
    assert JsonText("7") == "7"


def test_a_workbook_has_texts_numbers_and_its_header_in_sight(tmp_path):
    write(tmp_path / "a.xlsx", ["id", "text"], [["007", "=HYPERLINK(1)"], ["1E5", "没人管" * 30]])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet.freeze_panes == "A2"
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A3"].value) == ("007", "s", "1E5")
    assert (sheet["B2"].value, sheet["B2"].data_type, sheet["B2"].quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert sheet["D2"].value == 0.5
    assert (sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width) == (8, 60)
    xml = zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert b"<f " not in xml


def test_what_a_workbook_cannot_hold_is_refused_early(tmp_path, monkeypatch):
    with pytest.raises(
        BadValue, match=r"row 2, column text: not of at most 32,767 characters.*\.jsonl instead"
    ):
        write(tmp_path / "a.xlsx", ["text"], [["a"], ["b" * 32_768]])
    write(tmp_path / "a.xlsx", ["text"], [["b" * 32_767]])
    with pytest.raises(
        BadValue, match=r"header: not of at most 16,384 columns.*'16,38\d columns'.*\.jsonl inst"
    ):
        write(tmp_path / "a.xlsx", ["text", *map(str, range(16_384 - 18))], [])
    monkeypatch.setattr("complaint_typing.scored_workbook.MOST_ROWS", 3)
    with pytest.raises(BadValue, match="not one of the 2 rows that a sheet can hold"):
        write(tmp_path / "a.xlsx", ["text"], [["a"]] * 3, block_rows=1)


def test_parquet_has_types(tmp_path):
    write(tmp_path / "a.parquet", ["id", "text"], [["007", "a"], ["8", "b"]])
    schema = pyarrow.parquet.read_schema(tmp_path / "a.parquet")
    kinds = {
        name: str(schema.field(name).type)
        for name in ("id", "confidence", "requires_human", "follow_up_days")
    }
    assert kinds == {
        "id": "string",
        "confidence": "double",
        "requires_human": "int64",
        "follow_up_days": "int64",
    }


def test_equal_headers_get_numbers_where_keys_must_differ(tmp_path):
    header = write(tmp_path / "a.jsonl", ["text", "a", "a"], [["x", "1", "2"]])
    assert header[:3] == ["text", "a", "a_2"]
    assert json.loads((tmp_path / "a.jsonl").read_text())["a_2"] == "2"


def test_gzip_is_one_file_of_many_members(tmp_path):
    write(tmp_path / "a.csv", ["text"], [["a"], ["b"]], block_rows=1)
    write(tmp_path / "a.csv.gz", ["text"], [["a"], ["b"]], block_rows=1)
    with gzip.open(tmp_path / "a.csv.gz") as packed:
        head, *rows = packed.read().splitlines()
    assert [head, *rows] == (tmp_path / "a.csv").read_bytes().splitlines()


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.tsv", "a.xlsx.gz", "a.json.gz"])
def test_names_of_other_formats_are_refused(name):
    with pytest.raises(BadValue, match="not of a format that is written"):
        scored_form(name, ["text"])


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("a.xlsx", "openpyxl", "excel"), ("a.parquet", "pyarrow.parquet", "parquet")],
)
def test_a_missing_package_is_named_before_anything_is_scored(monkeypatch, name, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf"complaint-typing\[{extra}\]"):
        scored_form(name, ["text"])


@pytest.mark.parametrize("form", [".jsonl", ".xlsx"])
def test_a_changed_file_is_a_typed_error(tmp_path, form):
    place = tmp_path / f"a{form}"
    write(place, ["text"], [["x"], ["y"]])
    if form == ".jsonl":
        place.write_text(place.read_text() + "{oops\n")
    else:
        book = openpyxl.load_workbook(place)
        book.active["Z2"] = "more"
        book.save(place)
    with pytest.raises(UnreadableInput, match="it was changed in row"):
        read_scored(place)
