"""A quarantined row can be found, understood and recovered, and its file harms no spreadsheet."""

from __future__ import annotations

import base64
import csv
import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaint_typing.errors import UnreadableInput
from complaint_typing.quarantine import (
    QUARANTINE_COLUMNS,
    REASONS,
    QuarantinedRow,
    quarantine_head,
    quarantine_line,
    read_quarantine,
)


def written_to(place, rows, masked=True):
    place.write_bytes(quarantine_head() + b"".join(quarantine_line(row, masked) for row in rows))


def table(place):
    return list(csv.reader(io.StringIO(place.read_text("utf-8-sig").replace("\0", ""), newline="")))


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_explained_in_both_languages(reason):
    row = QuarantinedRow(1, 2, 3, reason, b"", "")
    assert re.search("[\u4e00-\u9fff]", row.meaning("zh"))
    assert re.fullmatch("[A-Za-z ,]+", row.meaning("en"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.binary(max_size=30)))
def test_bytes_are_recovered_exactly(tmp_path, pieces):
    rows = [
        QuarantinedRow(i, i, i, "no_text", raw, raw.decode("utf-8", "replace"))
        for i, raw in enumerate(pieces)
    ]
    written_to(tmp_path / "q.csv", rows)
    header, *written = table(tmp_path / "q.csv")
    assert header == list(QUARANTINE_COLUMNS)
    assert [base64.b64decode(row[-1]) for row in written] == pieces
    assert [row.raw for row in read_quarantine(tmp_path / "q.csv")] == pieces


def test_rows_come_back_as_they_were(tmp_path):
    rows = [
        QuarantinedRow(1, 2, 30, "cut_off", b'=1,"a\r\n\x00', '=1,"a\r\n\x00'),
        QuarantinedRow(7, 9, None, "no_text", b'["7"]', '["7"]'),
    ]
    written_to(tmp_path / "q.csv", rows)
    assert read_quarantine(tmp_path / "q.csv") == rows


def test_text_is_masked_unless_asked_otherwise_and_bytes_never(tmp_path):
    row = QuarantinedRow(1, 2, 3, "no_text", b"call 13800138000", "call 13800138000")
    written_to(tmp_path / "q.csv", [row])
    assert b"13800138000" not in (tmp_path / "q.csv").read_bytes()
    ((back),) = read_quarantine(tmp_path / "q.csv")
    assert (back.text, back.raw) == ("call [phone …00]", row.raw)
    written_to(tmp_path / "q.csv", [row], masked=False)
    assert read_quarantine(tmp_path / "q.csv") == [row]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"",
        lambda data: data[:-9],
        lambda data: data.replace(b"no_text", b"no_thing"),
        lambda data: data.replace(b'"1","2"', b'"one","2"'),
        lambda data: data.replace(b'"YQ=="', b'"!!"'),
        lambda data: data + b"\xff",
    ],
)
def test_a_changed_file_is_told(tmp_path, change):
    written_to(tmp_path / "q.csv", [QuarantinedRow(1, 2, 3, "no_text", b"a", "a")])
    (tmp_path / "q.csv").write_bytes(change((tmp_path / "q.csv").read_bytes()))
    with pytest.raises(UnreadableInput, match=r"q\.csv: .*; take the file as scoring wrote it"):
        read_quarantine(tmp_path / "q.csv")


def test_no_cell_starts_a_formula(tmp_path):
    written_to(tmp_path / "q.csv", [QuarantinedRow(1, 1, 0, "no_text", b"=1+1", "=1+1")])
    assert table(tmp_path / "q.csv")[1][6] == "'=1+1"
