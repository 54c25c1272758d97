"""The header is found where it is, in the dialect that it is written in; plain files win."""

from __future__ import annotations

import pytest

from complaint_typing.columns import header_score
from complaint_typing.dialects import Dialect, ends_lines_with_cr, find_layout
from complaint_typing.errors import UnreadableInput
from complaint_typing.sources import open_source


def layout(text, **options):
    return find_layout(text.splitlines(keepends=True), header_score, **options)


@pytest.mark.parametrize(
    ("text", "dialect", "header", "header_line"),
    [
        ("id,text\n1,a;b\n", Dialect(), ("id", "text"), 0),
        ("id;text\n1;a,b,c\n", Dialect(";"), ("id", "text"), 0),
        ("id\ttext\n1\ta,b\n", Dialect("\t"), ("id", "text"), 0),
        ("id|text\n1|a,b\n", Dialect("|"), ("id", "text"), 0),
        ("sep=|\nid|text\n", Dialect("|"), ("id", "text"), 1),
        ("text\na,b\n", Dialect(";"), ("text",), 0),
        ("Complaints of today\n\n2024-03-05;x\nid;text\n1;a\n", Dialect(";"), ("id", "text"), 3),
        (
            "标题,投诉明细\n工单编号,客户编号,投诉内容\n1,C,x\n",
            Dialect(),
            ("工单编号", "客户编号", "投诉内容"),
            1,
        ),
        (
            "导出人,王,时间,2024-01-01\n序,投诉内容,片区,备注\n1,x,东,\n",
            Dialect(),
            ("序", "投诉内容", "片区", "备注"),
            1,
        ),
        ("'id','text'\n'1','a,b'\n", Dialect(quote="'"), ("id", "text"), 0),
        ('id, text\n1, "a, b"\n2, "c, d"\n', Dialect(skip_blanks=True), ("id", "text"), 0),
        ("id,text\n1,'tis\n2,'twas a, b\n", Dialect(), ("id", "text"), 0),
        ("id,text\n1,'a, b'\n2,'it''s'\n3,'c, d'\n", Dialect(quote="'"), ("id", "text"), 0),
        ('"id","te""xt","text"\n', Dialect(), ("id", 'te"xt', "text"), 0),
    ],
)
def test_layouts(text, dialect, header, header_line):
    found = layout(text)
    assert (found.dialect, found.header, found.header_line) == (dialect, header, header_line)


@pytest.mark.parametrize("mark", [":", "^", "~", "\x1f", " "])
def test_rare_delimiters_are_found_where_the_header_says_so(mark):
    assert layout(f"id{mark}text\n1{mark}a\n2{mark}b\n").header == ("id", "text")


def test_a_title_of_several_words_is_no_header_of_blanks():
    assert layout("my text\nno answer for three days\n").header == ("my text",)


def test_rows_quoted_as_a_whole_are_not_split_at_their_inner_commas():
    assert layout('"id,text"\n"1,a"\n"2,b"\n').header == ("id,text",)


def test_a_header_of_several_lines():
    found = layout('id,"text\nas told"\n1,a\n', delimiter=",")
    assert (found.header, found.header_line, found.data_line) == (("id", "text\nas told"), 0, 2)


def test_a_given_delimiter_is_kept():
    assert layout("id;text,more\n1;a,b\n", delimiter=";").header == ("id", "text,more")


def test_headers_further_down_than_twenty_records_are_not_looked_for():
    assert layout("x,y\n" * 30 + "id,text\n").header == ("x", "y")


@pytest.mark.parametrize("text", ["", "\n\n", " \n"])
def test_no_record_is_no_layout(text):
    assert layout(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\rb\r", True),
        ("a\nb\r", False),
        ("a\r\nb", False),
        ('"a\r"\nb', False),
        ('"a\n"\rb', True),
        ("a", False),
    ],
)
def test_line_ends(text, expected):
    assert ends_lines_with_cr(text) == expected


def test_lines_quoted_as_a_whole_are_named_with_a_remedy(tmp_path):
    place = tmp_path / "a.csv"
    place.write_text('"id,text,created at"\n"1,Late,2024-03-05"\n"2,Lost,2024-03-06"\n', encoding="utf-8")
    with pytest.raises(UnreadableInput, match=r"each line stands in quote marks as a whole.*export it again"):
        open_source(place, header_score)
