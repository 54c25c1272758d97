from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from complaint_typing import load
from complaint_typing.cli import cli
from complaint_typing.reply_check import check_reply

TICKET = "我要退掉多扣的15元，查一下怎么回事"
GOOD = "让您多花了这笔钱，很抱歉。我正在核对流水，明天下午三点前给您打电话，告诉您查到了什么。"


def run(*arguments, **kwargs):
    return CliRunner().invoke(cli, ["check-reply", *map(str, arguments)], **kwargs)


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "draft.txt"
    path.write_text("很抱歉，但是系统就是这样的。", "gb18030")
    return path


def test_findings_are_told_with_place_remedy_and_source(draft):
    done = run(draft, "--ticket", TICKET)
    assert done.exit_code == 1
    assert "apology_turned，第 5 到 6 字：但是" in done.output
    assert "换成你接下来要做的事" in done.output
    assert "001_9d79b88838705331.txt" in done.output


def test_a_good_draft_ends_with_status_0(tmp_path):
    path = tmp_path / "draft.txt"
    path.write_text(GOOD, "utf-8")
    done = run(path, "--ticket", TICKET, "--lang", "en")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "Nothing to change.")


def test_json_says_the_same_as_python(draft):
    told = json.loads(run(draft, "--ticket", TICKET, "--json").output)
    advice = load().advise(text=TICKET)
    assert told["findings"] == [f.to_dict() for f in check_reply("很抱歉，但是系统就是这样的。", advice)]
    assert told["strategy_id"] == advice.strategy_id


def test_the_ticket_may_be_a_file_and_the_draft_standard_input(tmp_path):
    ticket = tmp_path / "ticket.txt"
    ticket.write_bytes(TICKET.encode("utf-16"))
    done = run("-", "--ticket", ticket, input=GOOD)
    assert done.exit_code == 0


def test_a_customers_history_changes_what_is_marked(tmp_path):
    history = tmp_path / "history.csv"
    header = "ticket_id,customer_id,created_at,text,resolved_at,fault_found,compensation"
    rows = [f"t{i},C1,{date},送我点礼品,{date},no,20" for i, date in enumerate(_recent_days())]
    history.write_text("\n".join([header, *rows]), "utf-8")
    draft = tmp_path / "draft.txt"
    draft.write_text("抱歉，问题已经修好了。另外送您一张20元的券。明天我给您打电话。", "utf-8")
    ticket = ("--ticket", "这次再送我点什么礼品补偿？")
    with_history = run(draft, *ticket, "--history", history, "--customer", "C1")
    assert "goodwill_not_cleared" in with_history.output
    assert "不宜给予" in with_history.output


def _recent_days():
    return [(date.today() - timedelta(days=days)).isoformat() for days in (200, 150, 120, 100)]


def test_an_empty_ticket_is_refused_with_status_2(draft):
    done = run(draft, "--ticket", " ")
    assert done.exit_code == 2
    assert "give the words of the ticket" in done.output


def test_a_history_is_read_as_in_advise(tmp_path, draft):
    history = tmp_path / "history.csv"
    history.write_text("会员号,正文在此,日子\nC1,又坏了,2026-04-03 23:00\n", "gb18030")
    given = ("--history", history, "--map", "text=正文在此", "--map", "created_at=日子")
    zone = ("--tz", "Asia/Shanghai", "--at", "2026-04-04 01:00", "--json")
    asked = (draft, "--ticket", TICKET, *given, "--map", "customer_id=会员号", *zone)
    known = json.loads(run(*asked, "--customer", "C1").stdout)
    somebody_new = run(*asked, "--customer", "C2")
    assert (known["goodwill"], json.loads(somebody_new.stdout)["goodwill"]) == ("unknown", "clear")
    assert "judged as somebody new" in somebody_new.stderr


def test_a_customer_without_a_history_is_bad_usage(draft):
    done = run(draft, "--ticket", TICKET, "--customer", "C1")
    assert (done.exit_code, "--customer goes with --history" in done.stderr) == (2, True)
