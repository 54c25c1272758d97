"""Columns of a Parquet file come out as texts that mean the same."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timezone
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet
import pytest

from complaint_typing.columns import NO_TIME
from complaint_typing.errors import MissingExtra, UnreadableInput
from complaint_typing.parquet_rows import open_parquet
from complaint_typing.tickets import TicketFile


def parquet(tmp_path, **columns):
    place = tmp_path / "export.parquet"
    pyarrow.parquet.write_table(pa.table(columns), place, row_group_size=2)
    return place


def test_values_of_every_kind(tmp_path):
    place = parquet(
        tmp_path,
        id=["007", None, "NA"],
        number=[1, 2**60, None],
        real=[5.0, 0.25, 1.1e17],
        amount=[Decimal("1.50"), None, Decimal("2")],
        flag=[True, False, None],
        day=[date(2024, 3, 5), None, date(2024, 3, 6)],
        naive=pa.array([datetime(2024, 3, 5, 9, 30), None, None], pa.timestamp("ns")),
        zoned=pa.array(
            [datetime(2024, 3, 5, 9, 30, tzinfo=timezone.utc), None, None], pa.timestamp("ms", "UTC")
        ),
        tags=[["a", "b"], None, []],
        kind=pa.array(["x", "y", None]).dictionary_encode(),
        raw=[b"ab\xff", None, b""],
    )
    file = open_parquet(place)
    assert [row for block in file.blocks(2) for row in block.rows] == [
        ["007", "1", "5", "1.50", "True", "2024-03-05", "2024-03-05 09:30:00", "2024-03-05 09:30:00+00:00",
         '["a", "b"]', "x", "ab\\xff"],
        ["", str(2**60), "0.25", "", "False", "", "", "", "", "y", ""],
        ["NA", "", "1.1E+17", "2.00", "", "2024-03-06", "", "", "[]", "", ""],
    ]  # fmt: skip


def test_a_date_beyond_all_calendars_costs_no_row(tmp_path):
    far = pa.array([2**62, 0, None], pa.int64()).cast(pa.timestamp("us"))
    days = pa.array([2**31 - 1, 0, None], pa.int32()).cast(pa.date32())
    file = TicketFile.open(parquet(tmp_path, text=["a"] * 3, created_at=far, due=days))
    times = [time for block in file.blocks() for time in block.tickets.created_at.tolist()]
    assert times == [NO_TIME, 0, NO_TIME]
    assert file.report.bad_values["created_at"].count == 1


def test_tickets_of_a_parquet_file(tmp_path):
    when = pa.array([datetime(2024, 3, 5, 9, 30), None], pa.timestamp("us"))
    file = TicketFile.open(
        parquet(tmp_path, id=[7, 8], text=["没人管", ""], created_at=when), tz="Asia/Shanghai"
    )
    (block,) = file.blocks()
    assert (file.form, file.header) == ("parquet", ("id", "text", "created_at"))
    assert block.tickets.created_at.tolist() == [1709602200]
    assert [(q.row_number, q.reason, q.raw) for q in block.quarantined] == [(2, "no_text", b'["8", "", ""]')]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_texts_that_are_no_utf8_are_set_aside(tmp_path, kind):
    raw = pa.array(["没人管".encode(), "没人管".encode("gbk"), None, b"late"])
    size = pa.large_binary() if pa.types.is_large_string(kind) else pa.binary()
    plain = pa.string() if pa.types.is_dictionary(kind) else kind
    said = pa.Array.from_buffers(plain, len(raw), raw.cast(size).buffers())
    text = said.dictionary_encode() if pa.types.is_dictionary(kind) else said
    file = TicketFile.open(parquet(tmp_path, id=[1, 2, 3, 4], text=text))
    assert [text for block in file.blocks() for text in block.tickets.text] == ["没人管", "late"]
    (first, _) = aside = [row for block in file.blocks() for row in block.quarantined]
    assert [(row.row_number, row.reason) for row in aside] == [(2, "undecodable_bytes"), (3, "no_text")]
    kept = json.loads(first.raw.decode("utf-8", "surrogatepass"))
    assert kept[1].encode("utf-8", "surrogateescape").decode("gbk") == "没人管"
    assert file.report.replaced == 2  # the other bytes of these are UTF-8 by chance


def test_damaged_files_are_typed_errors(tmp_path):
    place = parquet(tmp_path, text=["a"] * 100)
    whole = place.read_bytes()
    for cut in (8, len(whole) // 2, len(whole) - 1):
        place.write_bytes(whole[:cut])
        with pytest.raises(UnreadableInput, match="no whole Parquet file"):
            TicketFile.open(place)
    place.write_bytes(whole.replace(b"text", b"te\xffx"))
    with pytest.raises(UnreadableInput, match=r"no whole Parquet file .*; write it again"):
        list(TicketFile.open(place).blocks())


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch):
    place = parquet(tmp_path, text=["a"])
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtra, match=r"this needs pyarrow: pip install 'complaint-typing\[parquet\]'"):
        TicketFile.open(place)
