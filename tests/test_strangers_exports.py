"""Exports as help desks write them: columns, rows, times and ids are understood, or refused with a word."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import openpyxl
import pytest
from click.testing import CliRunner

from complaint_typing import score_csv
from complaint_typing.cells import identities
from complaint_typing.cli import cli
from complaint_typing.columns import map_headers
from complaint_typing.errors import MissingColumns, UnreadableInput
from complaint_typing.inspection import inspect_file
from complaint_typing.scored import read_scored
from complaint_typing.tickets import TicketFile
from complaint_typing.time_forms import NO_TIME_FORM, time_form
from complaint_typing.times import parse_time

PAST = "".join(f"a{n},42,2024-04-0{n} 09:00,no pen,2024-04-0{n}{{}},no,20\n" for n in range(1, 5))
HEADER = "ticket_id,customer_id,created_at,text,resolved_at,fault_found,compensation\n"
NOW = "a5,42,2024-05-01 09:00,give me something extra again,,,\n"


def export(tmp_path, text, name="export.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def texts(place):
    return [text for block in TicketFile.open(place).blocks() for text in block.tickets.text]


@pytest.mark.parametrize("late", [0, 14])
def test_a_category_called_complaint_makes_no_header(tmp_path, late):
    rows = [f"{n},c{n},2024-03-01,{'Complaint' if n >= late else 'Query'},It was late\n" for n in range(20)]
    place = export(tmp_path, "Ticket,Customer ID,Created,Type,Whatever happened\n" + "".join(rows))
    with pytest.raises(MissingColumns, match="'Whatever happened'"):
        TicketFile.open(place)
    file = TicketFile.open(place, {"text": "Whatever happened"})
    assert sum(len(block.rows) for block in file.blocks()) == 20


def test_a_first_row_of_unknown_names_is_the_header_all_the_same(tmp_path):
    place = export(tmp_path, "会话,发言人,类型,说了什么\n7,a,文本,快递丢了\n8,b,文本,还没到\n")
    with pytest.raises(MissingColumns, match="说了什么"):
        TicketFile.open(place)


def test_a_text_that_was_split_at_its_commas_is_set_aside(tmp_path):
    rows = "1,late again,x\n2,Please come, I want an apology,\n3,Please come\\,and see,\n4,where is it,y,\n"
    rows += "".join(f"{n},late,z\n" for n in range(5, 9))
    file = TicketFile.open(export(tmp_path, "id,text,note\n" + rows))
    assert [block.row_numbers for block in file.blocks()] == [[1, 4, 5, 6, 7, 8]]
    assert file.report.quarantined == {"too_many_fields": 2}


def test_short_rows_are_told(tmp_path):
    place = export(tmp_path, "id,customer_id,text,note\n1,c,late again,x\n3,c,where is it\n")
    asked = ["score", str(place), "-o", str(tmp_path / "scored.csv")]
    told = CliRunner().invoke(cli, asked)
    assert "rows with fewer fields than the header, filled up with empty ones: 1" in told.stderr
    assert "1 rows have fewer fields" in CliRunner().invoke(cli, ["inspect", str(place)]).stdout


def test_what_was_resolved_on_the_day_of_its_creation_counts(tmp_path):
    for name, clock in (("day.csv", ""), ("clock.csv", " 18:00")):
        place = export(tmp_path, HEADER + PAST.format(*[clock] * 4) + NOW, name)
        summary = score_csv(place, tmp_path / f"scored_{name}")
        last = read_scored(tmp_path / f"scored_{name}").iloc[-1]
        assert (last["customer_type"], last["goodwill"], summary.bad_values) == (
            "repeat_abuser",
            "decline",
            {},
        )


def test_a_resolution_before_the_creation_is_still_bad(tmp_path):
    rows = "1,c,2024-04-02 09:00,late,2024-04-02 08:00,,\n2,c,2024-04-02 09:00,late,2024-04-01,,\n"
    assert inspect_file(export(tmp_path, HEADER + rows)).bad_values == {"resolved_at": 2}


def test_the_day_ends_in_the_zone_of_the_file(tmp_path):
    place = export(tmp_path, HEADER + "1,c,2024-04-02 09:00,late,2024-04-02,,\n")
    [block] = TicketFile.open(place, tz="Asia/Shanghai").blocks()
    told = datetime.fromtimestamp(int(block.tickets.resolved_at[0]), timezone.utc)
    assert told == datetime(2024, 4, 2, 15, 59, 59, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("headers", "column", "header"),
    [
        (["Id", "Description", "Resolution time", "Solved at"], "resolved_at", "Solved at"),
        (["Id", "Description", "Create date", "Close date"], "created_at", "Create date"),
        (["Subject", "Problem Description"], "text", "Problem Description"),
        (["Comment", "Complaint details"], "text", "Complaint details"),
        (["工单ID", "问题描述", "受理客服", "完结时间"], "resolved_at", "完结时间"),
        (["個案編號", "個案內容", "日期時間"], "text", "個案內容"),
        (["case no", "short_description"], "subject", "short_description"),
        (["工单编号 Ticket ID", "投诉内容（Description）"], "text", "投诉内容（Description）"),
        (["投诉内容", "客户编号/Customer ID"], "customer_id", "客户编号/Customer ID"),
    ],
)
def test_headers_of_help_desks(headers, column, header):
    assert headers[map_headers(headers)[column]] == header


@pytest.mark.parametrize("header", ["Customer", "Caller", "Number"])
def test_what_may_be_a_name_or_a_count_is_no_id(header):
    assert not {"customer_id", "ticket_id"} & {*map_headers([header, "Description"])}


def test_guesses_are_no_names_of_other_columns():
    with pytest.raises(MissingColumns) as caught:
        map_headers(["review_id", "Complaint Date", "Complaint No"])
    assert caught.value.guesses == {"text": []}


def test_a_header_that_is_named_and_not_there_is_told(tmp_path):
    told = CliRunner().invoke(cli, ["inspect", str(export(tmp_path, "id,text\n1,a\n")), "--map", "text=nope"])
    assert told.exit_code == 2
    assert "there is no header 'nope'" in told.stderr


def test_a_subject_alone_is_told_with_the_columns_that_are_missing(tmp_path):
    place = export(tmp_path, "id,Subject,the whole story\n1,Order 4711,I want an apology\n")
    assert "no header found for text" in CliRunner().invoke(cli, ["inspect", str(place)]).stdout
    told = CliRunner().invoke(cli, ["score", str(place), "-o", str(tmp_path / "scored.csv")]).stderr
    assert "columns not found: text, customer_id, created_at" in " ".join(told.split())


def test_one_customer_is_one_however_a_table_dressed_the_id():
    assert len({*identities(["42", "42.0", '="42"', "４２", 42.0, " 42 "])[0]}) == 1
    assert identities(["4.20", "42.05", "v4.0", "１Ａ"])[0] == ["4.20", "42.05", "v4.0", "1A"]


def test_an_earlier_export_with_dressed_ids_counts(tmp_path):
    earlier = export(tmp_path, HEADER + PAST.format(*[" 18:00"] * 4).replace(",42,", ",42.0,"), "earlier.csv")
    score_csv(export(tmp_path, HEADER + NOW), tmp_path / "scored.csv", history=earlier)
    assert read_scored(tmp_path / "scored.csv")["customer_type"].tolist() == ["repeat_abuser"]


def test_two_scored_files_of_one_stem_keep_their_quarantine(tmp_path):
    place = export(tmp_path, "id,text\n1,late\n2,\n")
    summaries = [score_csv(place, tmp_path / name) for name in ("s.csv", "s.jsonl", "s.csv.gz")]
    named = [summary.quarantine for summary in summaries]
    names = ("s.quarantine.csv", "s.jsonl.quarantine.csv", "s.csv.gz.quarantine.csv")
    assert named == [str(tmp_path / name) for name in names]


def test_a_ruled_line_below_a_short_name_is_no_ticket(tmp_path):
    place = export(tmp_path, "id,customer_id,description\n--,-----------,-----------\n1,7,late again\n")
    assert texts(place) == ["late again"]
    assert texts(export(tmp_path, "id,text,note\n-,-,-\n2,late,x\n", "dashes.csv")) == ["-", "late"]


def test_values_that_cannot_be_read_are_shown(tmp_path):
    rows = "1,c,45413.39,late,,perhaps,\n2,c,NULL,late,\\N,13800138000,\n3,c,0000-00-00 00:00:00,late,n/a,,\n"
    found = inspect_file(export(tmp_path, HEADER + rows))
    assert found.bad_values == {"created_at": 1, "fault_found": 2}
    assert found.bad_examples["created_at"] == ((1, "45413.39"),)
    assert dict(found.bad_examples["fault_found"]) == {1: "perhaps", 2: "[phone …00]"}
    shown = CliRunner().invoke(cli, ["inspect", str(tmp_path / "export.csv"), "--lang", "zh"]).stdout
    assert "created_at: 第 1 行 '45413.39'" in shown


@pytest.mark.parametrize(
    "text",
    [
        "05/Mar/24 9:30 AM",
        "5-Mar-24 09:30",
        "Tue Mar 05 2024 09:30:00 GMT+0000 (Greenwich Mean Time)",
        "2024-03-05 17:30 UTC+8",
        "2024-03-05T17:30:00+08:00[Asia/Shanghai]",
        "民國113年3月5日 上午9時30分",
        "2024年3月5日 星期二 早上9点30分",
        "2024-03-05 早上９:30",
        "1709631000000000",
        "1709631000000000000",
    ],
)
def test_times_of_named_products(text):
    assert datetime.fromtimestamp(parse_time(text), timezone.utc).isoformat() == "2024-03-05T09:30:00+00:00"
    assert time_form(text) != NO_TIME_FORM


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05 09:30 (CST)",
        "2024-03-05 9-5",
        "2024-03-05 晚上1点",
        "2024-03-05 晚上０点30分",
        "2024-03-05 晚上12:00",
        "05/03/24",
        "2024-03-05 09:30[X]",
    ],
)
def test_times_that_would_be_guessed_are_none(text):
    assert time_form(text) == NO_TIME_FORM


def test_noon_and_years_of_two_digits():
    assert parse_time("2024-03-05 中午11:30") == parse_time("2024-03-05 11:30")
    assert parse_time("2024-03-05 中午12:30") == parse_time("2024-03-05 12:30")
    assert parse_time("3-Jun-85") == parse_time("1985-06-03")
    assert parse_time("3-Jun-26") == parse_time("2026-06-03")


def test_rows_that_all_end_with_the_delimiter_are_read(tmp_path):
    rows = "".join(f'{n}," my parcel is late",\n' for n in range(5))
    assert len(texts(export(tmp_path, "id,text\n" + rows))) == 5
    plain = "".join(f"{n}, my parcel is late,,\n" for n in range(5))
    assert len(texts(export(tmp_path, "id,text\n" + plain, "plain.csv"))) == 5


@pytest.mark.parametrize(
    "title", ["Exported by,Jane Doe", "Report,Complaints of May", "Region,North", "Customer,Message info"]
)
def test_a_title_as_wide_as_the_header_is_passed_over(tmp_path, title):
    place = export(tmp_path, f"{title}\nplan,complaint text\ngold,late parcel\nsilver,no light\n")
    assert texts(place) == ["late parcel", "no light"]


def test_a_header_that_gave_way_makes_no_other_delimiter_better(tmp_path):
    place = export(tmp_path, "plan,story\ngold it,complaint\ngold it,complaint\ngold it,late text\n")
    with pytest.raises(MissingColumns, match="'plan', 'story'"):
        TicketFile.open(place)


def test_tickets_two_levels_down_and_beside_other_lists(tmp_path):
    ticket = {"id": 1, "text": "late again"}
    for n, whole in enumerate(({"data": {"items": [ticket]}}, {"rows": [ticket], "users": [{"id": 7}]})):
        place = export(tmp_path, json.dumps(whole, indent=n or None), f"{n}.json")
        assert texts(place) == ["late again"]


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        ({"tickets": [{"id": 1, "text": "a"}], "meta": {"errors": [{"message": "bad"}]}}, ["a"]),
        ({"tickets": [{"id": 1, "text": ""}, {"id": 2, "text": "a"}], "page": {"n": [{"k": 1}]}}, ["a"]),
        ({"tickets": [{"id": 1}, {"id": 2, "text": "a"}], "audits": [{"id": 1}]}, ["a"]),
    ],
)
def test_the_list_at_the_top_comes_first(tmp_path, whole, told):
    assert texts(export(tmp_path, json.dumps(whole), "whole.json")) == told


def test_several_lists_are_asked_about(tmp_path):
    place = export(tmp_path, json.dumps({"a": [{"x": 1}], "b": {"c": [{"y": 2}]}}), "two.json")
    with pytest.raises(UnreadableInput, match=r"several lists \('a', 'b\.c'\)"):
        TicketFile.open(place)


def test_fractions_of_a_second_pass_through(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "text", "seen"])
    book.active.append([1, "late", datetime(2024, 3, 5, 9, 30, 0, 750_000)])
    book.save(tmp_path / "export.xlsx")
    score_csv(tmp_path / "export.xlsx", tmp_path / "scored.csv")
    assert read_scored(tmp_path / "scored.csv")["seen"].tolist() == ["2024-03-05 09:30:00.750000"]
