"""Inspecting shows what scoring would do: encoding, layout, columns, times and what would be set aside."""

from __future__ import annotations

import json
import re

import openpyxl
import pytest
from click.testing import CliRunner

from complaint_typing import score_csv
from complaint_typing.cli import cli
from complaint_typing.errors import AmbiguousDates
from complaint_typing.inspection import inspect_file

TEXT = (
    "导出日期,2024-04-01\r\n工单编号,会员编码,受理时间,投诉内容,正文,片区\r\n"
    "007,C1,2024/3/5 9:30,打13800138000没人接,,东\r\n"
    "008,C1,2024/3/6,\ufffd还没退款,,西\r\n009,C2,不详,,,\r\n008,,2024/3/7 10:00,a,b,c,d 13900139000\r\n"
)


def export(tmp_path, text=TEXT, codec="utf-8"):
    (tmp_path / "export.csv").write_bytes(text.encode(codec))
    return tmp_path / "export.csv"


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_everything_is_told(tmp_path):
    found = inspect_file(export(tmp_path), tz="Asia/Shanghai")
    assert (found.form, found.encoding, found.replaced) == ("csv", "utf-8", 1)
    assert found.layout == "delimiter ',', quote '\"', header in line 2"
    assert found.columns == {"text": "投诉内容", "ticket_id": "工单编号", "created_at": "受理时间"}
    assert (found.unmapped, found.also_matching) == (("会员编码", "正文", "片区"), {"text": ["正文"]})
    assert found.not_found == {"customer_id": ["会员编码"]}
    assert found.first_rows[0] == {
        "text": "打[phone …00]没人接", "ticket_id": "007", "created_at": "2024-03-05T01:30:00Z",
    }  # fmt: skip
    assert [(q["row"], q["line"], q["reason"]) for q in found.quarantined] == [
        (3, 5, "no_text"),
        (4, 6, "too_many_fields"),
    ]
    assert found.quarantined[1]["beginning"] == "008,,2024/3/7 10:00,a,b,c,d [phone …00]"
    assert found.times["created_at"] == {
        "forms": {"YYYY/M/D h:mm": 1, "YYYY/M/D": 1}, "with_zone": 0, "without_zone": 2,
    }  # fmt: skip
    assert (found.date_order, found.tz) == (None, "Asia/Shanghai")


def test_it_is_what_scoring_does(tmp_path):
    found, summary = inspect_file(export(tmp_path)), score_csv(export(tmp_path), tmp_path / "scored.csv")
    for name in (
        "rows_in",
        "rows_out",
        "rows_quarantined",
        "quarantine_reasons",
        "columns",
        "encoding",
        "replaced",
    ):
        assert getattr(found, name) == getattr(summary, name)


def test_personal_data_is_shown_only_to_those_who_ask(tmp_path):
    place = export(tmp_path)
    for options in ((), ("--json",)):
        assert "1380013" not in run("inspect", place, *options).stdout
        assert "13900139000" not in run("inspect", place, *options).stdout
        assert "13800138000" in run("inspect", place, "--no-mask", *options).stdout


def test_an_open_order_of_day_and_month_is_asked_about_everywhere(tmp_path):
    place = export(
        tmp_path, "id,text,created at,customer type\n1,a,03/04/2026,venting\n2,b,05/06/2026,venting\n"
    )
    with pytest.raises(AmbiguousDates, match="03/04/2026"):
        inspect_file(place)
    commands = (
        ("inspect", place), ("score", place, "-o", tmp_path / "s.csv"), ("evaluate", place),
        ("train", place, "-o", tmp_path / "model"),
    )  # fmt: skip
    for command in commands:
        done = run(*command)
        assert done.exit_code == 2
        assert "day and month cannot be told apart, as in '03/04/2026'" in done.stderr
        assert "--date-order" in done.stderr
    shown = run("inspect", place, "--date-order", "dmy")
    assert (shown.exit_code, "days come first" in shown.stdout) == (0, True)
    assert "2026-04-03T00:00:00Z" in shown.stdout


def test_the_page_says_what_a_person_needs(tmp_path):
    page = run("inspect", export(tmp_path)).stdout
    for told in (
        "utf-8 (valid", "header in line 2", "no header found for customer_id; perhaps --map customer_id=会员",
        "text could also be: 正文", "passed through: 会员编码, 正文, 片区", "created_at: YYYY/M/D h:mm 1",
        "2 times name no zone and are read as UTC", "2 would be quarantined (it has no text 1, it has more",
        "it has more fields than the header", "characters lost already or not to be decoded: 1",
    ):  # fmt: skip
        assert told in page


def test_a_sheet_is_chosen(tmp_path):
    book = openpyxl.Workbook()
    for title in ("May", "June"):
        sheet = book.create_sheet(title)
        sheet.append(["id", "text"])
        sheet.append([title, "no answer"])
    book.save(tmp_path / "a.xlsx")
    assert "say which with --sheet" in run("inspect", tmp_path / "a.xlsx").stderr
    shown = json.loads(run("inspect", tmp_path / "a.xlsx", "--sheet", "June", "--json").stdout)
    assert shown["layout"] == "sheet 'June' of 3, header in row 1"
    scored = run("score", tmp_path / "a.xlsx", "--sheet", "June", "-o", tmp_path / "s.jsonl", "--quiet")
    assert scored.exit_code == 0
    assert json.loads((tmp_path / "s.jsonl").read_text())["id"] == "June"


def test_the_text_of_the_quarantine_file_is_masked_unless_asked_otherwise(tmp_path):
    place, aside = export(tmp_path), tmp_path / "s.quarantine.csv"
    run("score", place, "-o", tmp_path / "s.csv", "--quiet")
    assert "13900139000" not in aside.read_text("utf-8-sig")
    run("score", place, "-o", tmp_path / "s.csv", "--quiet", "--no-mask")
    assert "13900139000" in aside.read_text("utf-8-sig")


def test_the_page_is_there_in_chinese(tmp_path):
    page = run("inspect", export(tmp_path), "--lang", "zh").stdout
    assert "文件里的表头" in page
    assert "行可读" in page
    assert "分隔符 ','，引号 '\"'，表头在第 2 行" in page
    assert "没有投诉正文 1" in page
    assert re.search(r"header in the file|no_text|not a time", page) is None


def test_no_file_gives_orders_to_a_terminal(tmp_path):
    place = tmp_path / "a.csv"
    place.write_text("id,text,o\x1b]0;x\n1,\x1b[31mred\x1b[0m,\n\x1b[2J,,\n", encoding="utf-8")
    page = run("inspect", place).stdout
    assert "\x1b" not in page
    for shown in (r"o\x1b]0;x", r"\x1b[31mred", r"\x1b[2J"):
        assert shown in page
