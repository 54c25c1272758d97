"""Clean rows are split as the csv module splits them, and written as their cells would be, one by one."""

from __future__ import annotations

import csv
import io
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaint_typing.cell_bytes import each_cell
from complaint_typing.cell_rows import CellRows
from complaint_typing.clean_rows import split_clean
from complaint_typing.row_bytes import written_rows

HEADER = ("id", "text", "note")
PIECES = st.sampled_from(
    ["a", "投诉", "😅", ",", ";", '"', '""', "\n", "\r\n", " ", "=1", "'", "＝", "-3.5", "", "id", "é"]
)
CELLS = st.lists(PIECES, max_size=4).map("".join)


def strictly(data: bytes, delimiter: str) -> list[list[str]]:
    """What the csv module reads until it refuses."""
    lines, rows = io.StringIO(data.decode(), newline="\n"), []
    try:
        for row in csv.reader(lines, delimiter=delimiter, strict=True):
            rows.append(row)
    except csv.Error:
        pass
    return rows


def as_file(rows, delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\r\n") -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
    return held.getvalue().encode()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_clean_rows_are_read_and_written_whole(given_rows, delimiter, quoting, end):
    rows = [[f"{i}x", *row[1:]] for i, row in enumerate(given_rows)]
    found = split_clean(as_file(rows, delimiter, quoting, end), delimiter, '"', HEADER)
    assert found == rows
    assert pickle.loads(pickle.dumps(found)) == rows
    for guarded in (True, False):
        expected = [b",".join(each_cell(row, guarded)) for row in rows]
        assert written_rows(found, guarded) == expected
    assert CellRows.joined([found[:2], found[2:]]) == rows
    assert [found[i] for i in range(len(rows))] == rows


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*'ab,,"\n\n', '""', "\r\n", "é"]), max_size=40).map("".join))
def test_of_any_text_only_rows_that_read_in_one_way_are_taken(text):
    found = split_clean(text.encode(), ",", '"', HEADER)
    assert [*found] == strictly(text.encode(), ",")[: len(found)]
    assert all(len(row) == len(HEADER) for row in found)


@pytest.mark.parametrize(
    ("odd", "clean"),
    [("1,a\n", 1), ("\n", 1), ('1,a"b,c\n', 1), ('1,"a"b,c\n', 1), ("id,text,note\n", 1), ('1,"a,c\n', 1)],
)
def test_what_needs_a_closer_look_ends_the_clean_rows(odd, clean):
    data = f"0,x,y\n{odd}2,x,y\n".encode()
    assert len(split_clean(data, ",", '"', HEADER)) == clean
    assert len(split_clean(b"0,x,y\n2,x,y\n3", ",", '"', HEADER)) == clean + 1
