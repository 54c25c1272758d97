"""Rows come out exactly, whatever the dialect, the encoding and the buffer edges; or they are told."""

from __future__ import annotations

import gzip
import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaint_typing import lines
from complaint_typing.delimited import open_delimited
from complaint_typing.errors import BadValue, UnreadableInput

KNOWN = {"id", "customer", "text", "编号", "内容", "編號", "內容"}
HEADER = ["编号", "客户", "内容", "备注"]
PHRASES = [
    "快递丢了，没人管",
    "退款\r\n三天没到",
    'he said "no"',
    "a,b;c\td|e",
    "",
    "007",
    "NA",
    "😅 lange Wörter",
    "'quoted'",
]


def score(row):
    columns = {cell.strip() for cell in row} & KNOWN
    return len(columns) + (100 if columns & {"text", "内容", "內容"} else 0)


def delimited(rows, mark=",", end="\r\n"):
    return "".join(mark.join('"' + c.replace('"', '""') + '"' for c in row) + end for row in rows)


def read(path, block_rows=2000, **options):
    rows, faults = [], []
    for block in open_delimited(path, score, **options).blocks(block_rows):
        assert len(block.rows) == len(block.numbers) == len(block.spans)
        rows += zip(block.numbers, block.rows, strict=True)
        faults += block.faults
    assert sorted([n for n, _ in rows] + [f.row_number for f in faults]) == list(
        range(1, len(rows) + len(faults) + 1)
    )
    return [row for _, row in rows], faults


def read_text(tmp_path, text, codec="utf-8", **options):
    place = tmp_path / "export.csv"
    place.write_bytes(text.encode(codec))
    return read(place, **options)


def table(n, seed=1):
    pick = random.Random(seed)
    return [[f"{i:03d}", f"C{i % 7}", *pick.choices(PHRASES, k=2)] for i in range(n)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_every_delimiter_and_line_end(tmp_path, mark, end):
    rows = table(120)
    assert read_text(tmp_path, delimited([HEADER, *rows], mark, end)) == (rows, [])


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_buffer_edges_at_every_byte(tmp_path, monkeypatch, codec, end):
    rows = [["1", "快\r\n递", "丢了\n", "\r"], ["2", "😅", 'a""b', "\r\n"], ["3", "x", "", "é"]]
    place = tmp_path / "export.csv"
    place.write_bytes(delimited([HEADER, *rows], end=end).encode(codec))
    for size in range(1, 90):
        monkeypatch.setattr(lines, "CHUNK_BYTES", size)
        assert read(place, encoding=codec) == (rows, []), size


CELLS = st.text(
    st.one_of(
        st.sampled_from(list("\0\r\n,;|\t\"' \\\u2028\x85\x1c\ufeff投诉😅")),
        st.characters(exclude_categories=["Cs"]),
    )
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-16-le", "gb18030"]),
    st.integers(1, 4),
)
def test_any_unicode_comes_back(tmp_path, rows, mark, end, codec, block_rows):
    rows = [[str(i), *row] for i, row in enumerate(rows)]
    data = delimited([HEADER, *rows], mark, end)
    found = read_text(tmp_path, data, codec, encoding=codec, delimiter=mark, block_rows=block_rows)
    assert found == (rows, [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["utf-8", "gb18030", "cp1252"]))
def test_any_bytes_are_rows_or_told(tmp_path, data, encoding):
    place = tmp_path / "export.csv"
    place.write_bytes(b"id,text\n" + data)
    rows, faults = read(place, encoding=encoding)
    assert all(len(row) == 2 for row in rows)
    assert all(fault.raw for fault in faults)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text('",\n a\\\r', max_size=60))
def test_quarantined_and_read_lines_together_are_the_file(tmp_path, text):
    place = tmp_path / "export.csv"
    body = ("\n" + text).encode()
    place.write_bytes(b"id,text,more" + body)
    file = open_delimited(place, score)
    pieces = []
    for block in file.blocks():
        spans = dict(zip(block.numbers, block.spans, strict=True))
        block.take_out(list(range(len(block.rows))), "no_text")
        for fault in block.faults:
            assert place.read_bytes()[fault.byte_offset :].startswith(fault.raw)
            assert place.read_bytes()[: fault.byte_offset].count(b"\n") == fault.line - 1
            assert fault.row_number not in spans or spans[fault.row_number][0] == fault.line - 1
            pieces.append(fault.raw)
    left = [line for line in (b"id,text,more" + body).splitlines(keepends=True)[1:] if line.strip()]
    assert b"".join(b"".join(pieces).split()) == b"".join(b"".join(left).split())


def test_preamble_and_blank_lines_before_the_header_are_passed_over(tmp_path):
    text = "投诉明细\n导出时间：,2024-03-05\n\n,,,\n" + delimited([HEADER, ["1", "C", "x", ""]])
    assert read_text(tmp_path, text) == ([["1", "C", "x", ""]], [])


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"'])
def test_sep_line_decides(tmp_path, line):
    assert read_text(tmp_path, f"{line}\r\nid;text\r\n1;a,b\r\n") == ([["1", "a,b"]], [])


def test_tab_separated_utf16_of_excel(tmp_path):
    text = 'id\ttext\r\n007\t"a\nb"\r\n1.1E+17\tNA\r\n'
    assert read_text(tmp_path, text, "utf-16") == ([["007", "a\nb"], ["1.1E+17", "NA"]], [])


def test_single_quotes_and_blanks_after_delimiters(tmp_path):
    assert read_text(tmp_path, "'id','text'\n'1','it''s, so'\n")[0] == [["1", "it's, so"]]
    assert read_text(tmp_path, 'id, text\n1, "a, b"\n2, "c, d"\n')[0] == [["1", "a, b"], ["2", "c, d"]]


def test_short_rows_are_padded_long_rows_are_not_cut(tmp_path):
    rows, faults = read_text(tmp_path, "id,customer,text\n1\n2,C\n3,C,x,,\n4,C,x,y\n5,C,x\n")
    assert rows == [["1", "", ""], ["2", "C", ""], ["3", "C", "x"], ["5", "C", "x"]]
    assert [(f.row_number, f.line, f.reason, f.raw) for f in faults] == [
        (4, 5, "too_many_fields", b"4,C,x,y\n")
    ]


def test_blank_lines_are_no_rows_and_repeated_headers_are_told(tmp_path):
    rows, faults = read_text(tmp_path, "id,text\n\n1,a\n\n\nid,text\n2,b\n\n")
    assert rows == [["1", "a"], ["2", "b"]]
    assert [(f.row_number, f.line, f.reason) for f in faults] == [(2, 6, "repeated_header")]


@pytest.mark.parametrize("quote", ["", '"'])
def test_the_header_of_a_file_that_was_appended_with_its_mark_is_no_row(tmp_path, quote):
    header = f"\ufeff{quote}id{quote},text\n"
    rows, faults = read_text(tmp_path, f"{header}1,a\n{header}2,b\n")
    assert rows == [["1", "a"], ["2", "b"]]
    assert [(f.row_number, f.line, f.reason, f.raw) for f in faults] == [
        (2, 3, "repeated_header", header.encode())
    ]


def test_an_unclosed_quote_swallows_only_its_own_row(tmp_path):
    text = 'id,text,end\n1,"a,x\n2,b,x\n3,"c\nd",x\n4,e,x\n'
    rows, faults = read_text(tmp_path, text)
    assert rows == [["2", "b", "x"], ["3", "c\nd", "x"], ["4", "e", "x"]]
    assert [(f.row_number, f.line, f.raw) for f in faults] == [(1, 2, b'1,"a,x\n')]


def test_an_unclosed_quote_at_the_end_takes_its_own_lines(tmp_path):
    rows, faults = read_text(tmp_path, 'id,text,end\n1,a,x\n2,"b\nc\nd')
    assert rows == [["1", "a", "x"]]
    assert [(f.reason, f.raw) for f in faults] == [("unclosed_quote", b'2,"b\nc\nd')]


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        (r'1,"she said \"no\", twice",x', 'she said "no", twice'),
        ('1,"she said "no" twice",x', 'she said "no" twice'),
        (r'1,"ends with a slash\",x', "ends with a slash\\"),
        ('1,she said "no" twice,x', 'she said "no" twice'),
    ],
)
def test_foreign_escapes_that_read_in_one_way_only(tmp_path, line, cell):
    assert read_text(tmp_path, f"id,text,end\n0,a,x\n{line}\n2,b,x\n")[0][1] == ["1", cell, "x"]


def test_a_quoted_start_with_more_behind_it_is_told_not_changed(tmp_path):
    rows, faults = read_text(tmp_path, 'id,text,end\n1,"Big" sale,x\n2,b,x\n')
    assert rows == [["2", "b", "x"]]
    assert [(f.reason, f.text) for f in faults] == [("stray_quote", '1,"Big" sale,x\n')]


def test_rows_that_are_all_broken_alike_are_told_one_by_one(tmp_path):
    rows, faults = read_text(tmp_path, "id,text,end\n" + '1,"so" it is,x\n' * 50)
    assert (rows, [f.row_number for f in faults]) == ([], list(range(1, 51)))


def test_pieces_of_a_broken_region_are_never_taken_for_rows(tmp_path):
    pieces = "said, again\n" * 1500
    rows, faults = read_text(tmp_path, f'id,text,end\n1,a,x\n2,"never closed\n{pieces}3,b,x\n')
    assert rows == [["1", "a", "x"], ["3", "b", "x"]]
    assert {f.reason for f in faults} <= {"unclosed_quote", "stray_quote"}


def test_nul_and_stray_carriage_returns_are_kept(tmp_path):
    rows, faults = read_text(tmp_path, 'id,text\n1,a\0b\n2,c\rd\n3,"e\r\nf\0"\n4,g\r\r\n')
    assert rows == [["1", "a\0b"], ["2", "c\rd"], ["3", "e\r\nf\0"], ["4", "g"]]
    assert faults == []


def test_a_field_of_a_million_characters(tmp_path):
    long = "退款，" * 350_000
    assert read_text(tmp_path, delimited([HEADER, ["1", "C", long, ""], ["2", "", "x", ""]]))[0][0][2] == long


@pytest.mark.parametrize(
    ("codec", "bad"), [("utf-8", b"\xff\xfe"), ("gb18030", b"\x81\xff"), ("utf-16-le", b"\x00\xd8")]
)
def test_undecodable_bytes_set_a_row_aside_with_its_bytes(tmp_path, codec, bad):
    head = delimited([HEADER, *table(40)], end="\n")
    place = tmp_path / "export.csv"
    line = "x,C,".encode(codec) + bad + ",\n".encode(codec)
    place.write_bytes(head.encode(codec) + line + "y,C,z,\n".encode(codec))
    rows, faults = read(place, encoding=codec)
    assert rows == [*table(40), ["y", "C", "z", ""]]
    assert [(f.row_number, f.reason, f.raw) for f in faults] == [(41, "undecodable_bytes", line)]
    assert "\ufffd" in faults[0].text


def test_foreign_bytes_far_behind_a_plain_beginning_still_decide_the_encoding(tmp_path):
    place = tmp_path / "export.csv"
    body = "".join(f"{i},no answer for days\n" for i in range(20_000)) + "20000,快递丢了没人管\n" * 10
    place.write_bytes(("id,text\n" + body).encode("gbk"))
    file = open_delimited(place, score)
    assert file.encoding.name == "gb18030"
    assert [row for block in file.blocks() for row in block.rows][-1] == ["20000", "快递丢了没人管"]


def test_blocks_hold_at_most_what_was_asked_and_can_be_read_twice(tmp_path):
    (tmp_path / "a.csv").write_text(delimited([HEADER, *table(25)]), newline="")
    file = open_delimited(tmp_path / "a.csv", score)
    for _ in range(2):
        assert [len(block.rows) for block in file.blocks(10)] == [10, 10, 5]


def test_long_rows_make_small_blocks(tmp_path):
    rows = [[str(i), "C", "x" * 10**6, ""] for i in range(30)]
    (tmp_path / "a.csv").write_text(delimited([HEADER, *rows]), newline="")
    sizes = [len(block.rows) for block in open_delimited(tmp_path / "a.csv", score).blocks()]
    assert sum(sizes) == 30
    assert max(sizes) < 15


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b"\n\n\r\n", "it is empty"),
        (b"PK\x03\x04rest", "it is a workbook or archive"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        (b"%PDF-1.7", "it is a PDF"),
        (gzip.compress(b"id,text\n1,a\n" * 999, mtime=0)[:-20], "its compression is damaged"),
        (b"\x81id,text\n1,a\n", r"its header \(line 1\) is not valid utf-8"),
    ],
)
def test_what_is_no_table_is_a_typed_error(tmp_path, data, message):
    (tmp_path / "export.csv").write_bytes(data)
    with pytest.raises(UnreadableInput, match=message):
        read(tmp_path / "export.csv", encoding="utf-8")


def test_a_folder_and_a_missing_file_are_typed_errors(tmp_path):
    for place in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(UnreadableInput, match="check its path"):
            open_delimited(place, score)


def test_an_endless_line_is_a_typed_error(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_RECORD", 10_000)
    monkeypatch.setattr(lines, "CHUNK_BYTES", 1000)
    (tmp_path / "a.csv").write_text("id,text\n1,a\n" + "x" * 50_000)
    with pytest.raises(UnreadableInput, match=re.escape("line 3 (byte 12) is longer than 10000 bytes")):
        read(tmp_path / "a.csv")


def test_an_endless_quoted_field_is_set_aside_and_reading_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_RECORD", 10_000)
    monkeypatch.setattr(lines, "CHUNK_BYTES", 1000)
    body = "".join(f"{i},text {i},x\n" for i in range(2, 3000))
    rows, faults = read_text(tmp_path, f'id,text,end\n1,"never closed,x\n{body}')
    assert [f.row_number for f in faults] == [1]
    assert len(rows) == 2998


def test_an_unknown_encoding_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("id,text\n1,a\n")
    with pytest.raises(BadValue, match="not an encoding"):
        open_delimited(tmp_path / "a.csv", score, encoding="klingon")


def test_without_a_known_header_the_even_table_is_found(tmp_path):
    (tmp_path / "a.csv").write_text("report of today\nnumber;memo;date\n1;a,b;x\n2;c,d;y\n")
    assert open_delimited(tmp_path / "a.csv", score).header == ("number", "memo", "date")
