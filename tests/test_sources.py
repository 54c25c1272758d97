"""A file's format is told by what is in it, whatever its name."""

from __future__ import annotations

import gzip

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest

from complaint_typing.errors import UnreadableInput
from complaint_typing.tickets import TicketFile

ROWS = [("007", "C1", "2024-03-05", "没人管"), ("8", "", "", "no, answer")]
HEADER = ("id", "customer id", "created at", "text")


def written(tmp_path, form):
    place = tmp_path / "export.dat"
    if form == "xlsx":
        book = openpyxl.Workbook()
        for row in (HEADER, *ROWS):
            book.active.append(row)
        book.save(place)
    elif form == "parquet":
        columns = zip(*ROWS, strict=True)
        table = pa.table(dict(zip(HEADER, map(pa.array, columns), strict=True)))
        pyarrow.parquet.write_table(table, place)
    elif form.startswith("json"):
        lines = [
            "{" + ", ".join(f'"{k}": "{v}"' for k, v in zip(HEADER, row, strict=True)) + "}" for row in ROWS
        ]
        text = "\n".join(lines) if form == "jsonl" else "[" + ",\n".join(lines) + "]"
        place.write_text(text, encoding="utf-8")
    else:
        lines = [",".join(f'"{cell}"' for cell in row) for row in (HEADER, *ROWS)]
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


@pytest.mark.parametrize("head", [b"%PDF-1.7", b"\xd0\xcf\x11\xe0rest"])
def test_other_formats_are_named(tmp_path, head):
    (tmp_path / "a.csv").write_bytes(head)
    with pytest.raises(UnreadableInput, match=r"PDF|old Excel workbook"):
        TicketFile.open(tmp_path / "a.csv")
