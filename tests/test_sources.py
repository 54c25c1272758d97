"""A file's format is told by what is in it, whatever its name."""

from __future__ import annotations

import bz2
import gzip
import lzma

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest

from complaint_typing.errors import UnreadableInput
from complaint_typing.tickets import TicketFile

ROWS = [("007", "C1", "2024-03-05", "没人管"), ("8", "", "", "no, answer")]
HEADER = ("id", "customer id", "created at", "text")


def written(tmp_path, form, rows=ROWS):
    place = tmp_path / "export.dat"
    if form == "xlsx":
        book = openpyxl.Workbook()
        for row in (HEADER, *rows):
            book.active.append(row)
        book.save(place)
    elif form == "parquet":
        columns = zip(*rows, strict=True)
        table = pa.table(dict(zip(HEADER, map(pa.array, columns), strict=True)))
        pyarrow.parquet.write_table(table, place)
    elif form.startswith("json"):
        lines = [
            "{" + ", ".join(f'"{k}": "{v}"' for k, v in zip(HEADER, row, strict=True)) + "}" for row in rows
        ]
        text = "\n".join(lines) if form == "jsonl" else "[" + ",\n".join(lines) + "]"
        place.write_text(text, encoding="utf-8")
    else:
        lines = [",".join(f'"{cell}"' for cell in row) for row in (HEADER, *rows)]
        data = "\n".join(lines).encode()
        place.write_bytes(gzip.compress(data) if form == "gz" else data)
    return place


@pytest.mark.parametrize("form", ["csv", "gz", "jsonl", "json", "xlsx", "parquet"])
def test_the_same_rows_in_every_format(tmp_path, form):
    file = TicketFile.open(written(tmp_path, form))
    (block,) = file.blocks()
    assert file.header == HEADER
    assert [tuple(row) for row in block.rows] == ROWS
    assert file.mapping == {"text": 3, "ticket_id": 0, "customer_id": 1, "created_at": 2}
    assert (file.report.rows_in, file.report.rows_out) == (2, 2)
    assert file.layout


TABLE = b"id,text\n1,no answer\n"
FOREIGN = [
    (b"%PDF-1.7", "it is a PDF"),
    (b"\xd0\xcf\x11\xe0rest", "it is an old Excel workbook"),
    (bz2.compress(TABLE), "it is compressed with bzip2; unpack it"),
    (lzma.compress(TABLE), "it is compressed with xz; unpack it"),
    (b"\x28\xb5\x2f\xfdrest", "it is compressed with zstd; unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7-Zip archive; unpack it"),
    (b"Rar!\x1a\x07", "it is a RAR archive; unpack it"),
    (gzip.compress(b"PAR1rest"), "what is compressed in it is no text; unpack it"),
    (gzip.compress(b"PK\x03\x04rest"), "what is compressed in it is no text; unpack it"),
]


@pytest.mark.parametrize(("data", "told"), FOREIGN, ids=[told for _, told in FOREIGN])
def test_other_formats_are_named(tmp_path, data, told):
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(UnreadableInput, match=told):
        TicketFile.open(tmp_path / "a.csv")


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx", "parquet"])
def test_a_header_in_another_language_below_the_header_is_no_ticket(tmp_path, form):
    names = ("工单编号", "客户编号", "受理时间", "投诉内容")
    file = TicketFile.open(written(tmp_path, form, [names, *ROWS]))
    (block,) = file.blocks()
    assert block.tickets.text == ["没人管", "no, answer"]
    assert [(row.row_number, row.reason) for row in block.quarantined] == [(1, "repeated_header")]
    assert not file.report.bad_values
