"""Cells of a workbook come out as they are meant: ids as texts, dates as dates, nothing cut off or lost."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from complaint_typing.columns import header_score
from complaint_typing.errors import BadValue, MissingExtra, UnreadableInput
from complaint_typing.tickets import TicketFile, read_frame
from complaint_typing.workbooks import open_workbook

HEADER = ["工单编号", "客户编号", "受理时间", "投诉内容"]


def workbook(tmp_path, rows, name="export.xlsx", **more):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "工单"
    for row in rows:
        sheet.append(row)
    for title, content in more.items():
        other = book.create_sheet(title)
        for row in content:
            other.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def changed(place, change, part="xl/worksheets/sheet1.xml"):
    """A workbook with the text of its first sheet changed, or of another part."""
    with zipfile.ZipFile(place) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(place, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return place


def read(place, **options):
    file = open_workbook(place, header_score, **options)
    blocks = list(file.blocks(3))
    return file, [row for b in blocks for row in b.rows], [fault for b in blocks for fault in b.faults]


def test_dates_are_times_and_ids_are_texts(tmp_path):
    when = datetime(2024, 3, 5, 9, 30)
    place = workbook(tmp_path, [HEADER, ["007", 1.1e17, when, "没人管"], [8, "C1", date(2024, 3, 6), "NA"]])
    (block,) = TicketFile.open(place, tz="Asia/Shanghai").blocks()
    assert block.tickets.ticket_id == ["007", "8"]
    assert block.tickets.customer_id == ["", "C1"]
    assert [row[1] for row in block.rows] == ["1.1E+17", "C1"]
    assert block.tickets.created_at.tolist() == [1709602200, 1709654400]
    assert block.tickets.text == ["没人管", "NA"]


def test_numbers_shown_with_leading_zeros_keep_them(tmp_path):
    place = workbook(tmp_path, [HEADER, [7, 0.5, time(9, 30), True]])
    book = openpyxl.load_workbook(place)
    book.active["A2"].number_format = "0000"
    book.save(place)
    assert read(place)[1] == [["0007", "0.5", "09:30:00", "TRUE"]]


def test_preamble_blank_rows_and_rows_that_are_too_long(tmp_path):
    rows = [
        ["投诉明细"],
        [],
        HEADER,
        ["1", "C", None, "a"],
        [],
        ["2", "C", None, "b", "extra"],
        HEADER,
        ["3"],
    ]
    file, found, faults = read(workbook(tmp_path, rows))
    assert (file.header, file.header_row) == (tuple(HEADER), 2)
    assert found == [["1", "C", "", "a"], ["3", "", "", ""]]
    assert [(f.row_number, f.line, f.byte_offset, f.reason) for f in faults] == [
        (2, 6, None, "too_many_fields"),
        (3, 7, None, "repeated_header"),
    ]
    assert json.loads(faults[0].raw) == ["2", "C", "", "b", "extra"]


def test_rows_without_text_are_set_aside_with_their_cells(tmp_path):
    file = TicketFile.open(workbook(tmp_path, [HEADER, ["1", "C", None, "a"], ["2", "D", None, None]]))
    (block,) = file.blocks()
    assert [(q.row_number, q.line, q.reason, q.text) for q in block.quarantined] == [
        (2, 3, "no_text", '["2", "D", "", ""]')
    ]


def test_two_header_rows_with_merged_cells(tmp_path):
    rows = [
        ["工单编号", "客户", None, "投诉内容"],
        [None, "客户编号", "受理时间", None],
        ["1", "C", None, "a"],
    ]
    place = workbook(tmp_path, rows)
    book = openpyxl.load_workbook(place)
    for cells in ("A1:A2", "B1:C1", "D1:D2"):
        book.active.merge_cells(cells)
    book.save(place)
    file, found, _ = read(place)
    assert file.header == ("工单编号", "客户编号", "受理时间", "投诉内容")
    assert found == [["1", "C", "", "a"]]


def test_a_merged_column_holds_for_each_of_its_rows(tmp_path):
    place = workbook(
        tmp_path, [HEADER, ["1", "C1", None, "a"], ["2", None, None, "b"], ["3", "C2", None, "c"]]
    )
    book = openpyxl.load_workbook(place)
    book.active.merge_cells("B2:B3")
    book.save(place)
    assert [row[1] for row in read(place)[1]] == ["C1", "C1", "C2"]


def test_a_formula_is_its_stored_value_or_itself(tmp_path):
    place = workbook(tmp_path, [HEADER, ["1", '="C"&1', None, "a"], ["2", "=1+1", None, "b"]])
    stored = changed(place, lambda xml: xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"))
    assert [row[1] for row in read(stored)[1]] == ['="C"&1', "2"]


def test_wrong_dimensions_cut_nothing_off(tmp_path):
    place = workbook(tmp_path, [HEADER, ["1", "C", None, "a"], ["2", "C", None, "b"]])
    wrong = changed(place, lambda xml: xml.replace(b'<dimension ref="A1:D3"', b'<dimension ref="A1:B2"'))
    assert len(read(wrong)[1]) == 2


def test_escaped_characters_are_what_they_stand_for(tmp_path):
    assert read(workbook(tmp_path, [HEADER, ["1", "C", None, "a_x000D_\nb_x005F_"]]))[1][0][3] == "a\r\nb_"


def test_the_only_sheet_with_tickets_is_read(tmp_path):
    place = workbook(tmp_path, [["说明"]], data=[HEADER, ["1", "C", None, "a"]])
    assert read(place)[0].layout == "sheet 'data' of 2, header in row 1"


def test_several_sheets_with_tickets_are_asked_about(tmp_path):
    place = workbook(tmp_path, [HEADER, ["1", "C", None, "a"]], feb=[HEADER, ["2", "C", None, "b"]])
    with pytest.raises(
        BadValue, match=r"not one sheet with tickets, got '工单, feb'; say which with --sheet"
    ):
        TicketFile.open(place)
    assert read(place, sheet="feb")[1] == [["2", "C", "", "b"]]
    assert read_frame(place, sheet="feb")["text"].tolist() == ["b"]
    with pytest.raises(BadValue, match="not a sheet of the workbook, got 'march'"):
        TicketFile.open(place, sheet="march")
    (tmp_path / "a.csv").write_text("text\na\n")
    with pytest.raises(BadValue, match="it is no workbook"):
        TicketFile.open(tmp_path / "a.csv", sheet="feb")


def test_damaged_workbooks_and_other_archives_are_typed_errors(tmp_path):
    place = workbook(tmp_path, [HEADER, ["1", "C", None, "a"]])
    whole = place.read_bytes()
    for cut in (10, len(whole) // 2, len(whole) - 5):
        (tmp_path / "cut.xlsx").write_bytes(whole[:cut])
        with pytest.raises(UnreadableInput, match="damaged or protected"):
            TicketFile.open(tmp_path / "cut.xlsx")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.csv", "text\na\n")
    with pytest.raises(UnreadableInput, match="it is an archive; unpack it"):
        TicketFile.open(tmp_path / "other.zip")
    with pytest.raises(UnreadableInput, match="it is empty"):
        TicketFile.open(workbook(tmp_path, []))


def test_without_openpyxl_the_extra_is_named(tmp_path, monkeypatch):
    place = workbook(tmp_path, [HEADER, ["1", "C", None, "a"]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtra, match=r"this needs openpyxl: pip install 'complaint-typing\[excel\]'"):
        TicketFile.open(place)


def test_a_sheet_that_is_a_chart_holds_no_tickets(tmp_path):
    book = openpyxl.load_workbook(workbook(tmp_path, [HEADER, ["1", "C", None, "a"]]))
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=1, min_row=1, max_row=2))
    book.create_chartsheet("chart", 0).add_chart(chart)
    book.save(tmp_path / "chart.xlsx")
    assert read(tmp_path / "chart.xlsx")[1] == [["1", "C", "", "a"]]
    book.create_chartsheet("none")  # openpyxl does not read a sheet without its chart
    book.save(tmp_path / "none.xlsx")
    with pytest.raises(UnreadableInput, match=r"the workbook is damaged or protected .*; open and save it"):
        read(tmp_path / "none.xlsx")


def test_a_strict_workbook_is_named(tmp_path):
    def strict(text):
        return text.replace(
            b"schemas.openxmlformats.org/spreadsheetml/2006", b"purl.oclc.org/ooxml/spreadsheetml"
        )

    place = changed(workbook(tmp_path, [HEADER, ["1", "C", None, "a"]]), strict, "xl/workbook.xml")
    with pytest.raises(UnreadableInput, match="it is a Strict Open XML workbook; save it as an ordinary"):
        TicketFile.open(place)


@pytest.mark.parametrize("flag", [b"\x01\0\x08\0", b"\0\0\x09\0"], ids=["encrypted", "another compression"])
def test_parts_that_cannot_be_unpacked_are_typed_errors(tmp_path, flag):
    place = workbook(tmp_path, [HEADER, ["1", "C", None, "a"]])
    plain = rb"(PK\x03\x04..|PK\x01\x02....)\0\0\x08\0"
    place.write_bytes(re.sub(plain, lambda found: found[1] + flag, place.read_bytes(), flags=re.DOTALL))
    with pytest.raises(UnreadableInput, match=r"damaged or protected \((RuntimeError|NotImplementedError)\)"):
        TicketFile.open(place)
