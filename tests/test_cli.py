"""The command line: exit status, what goes to stdout and what to stderr, silence in a pipe."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from complaint_typing import read_scored
from complaint_typing.cli import cli
from complaint_typing.resources import data_path

EXAMPLES = data_path("examples")


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin)


def test_score_says_what_became_of_the_file(tmp_path: Path) -> None:
    done = run("score", EXAMPLES / "zh_hotline.csv", "-o", tmp_path / "s.csv", "--lang", "en")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "39 rows in, 39 scored, 0 quarantined" in done.stderr
    assert "gb18030" in done.stderr
    zh = run("score", EXAMPLES / "zh_hotline.csv", "-o", tmp_path / "s.csv", "--lang", "zh")
    assert "39 行读入" in zh.stderr
    assert "按常用字的多少判定" in zh.stderr


def test_quarantined_rows_are_exit_status_1(tmp_path: Path) -> None:
    done = run("score", EXAMPLES / "en_helpdesk.csv", "-o", tmp_path / "s.csv", "--json")
    assert done.exit_code == 1
    summary = json.loads(done.stdout)
    assert summary["rows_quarantined"] == 1
    assert summary["quarantine_reasons"] == {"no_text": 1}


def test_quiet_is_silent(tmp_path: Path) -> None:
    done = run("score", EXAMPLES / "zh_hotline.csv", "-o", tmp_path / "s.csv", "--quiet")
    assert (done.stdout, done.stderr) == ("", "")


def test_unusable_input_is_exit_status_2_and_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "memo.csv").write_text("id,descriptoin\n1,hello\n", encoding="utf-8")
    done = run("score", tmp_path / "memo.csv", "-o", tmp_path / "s.csv")
    assert done.exit_code == 2
    assert "no column found for: text" in done.stderr
    assert "--map text=descriptoin" in done.stderr
    named = run("score", tmp_path / "memo.csv", "-o", tmp_path / "s.csv", "--map", "text=descriptoin")
    assert named.exit_code == 0
    assert run("score", tmp_path / "memo.csv", "-o", tmp_path / "s.csv", "--map", "text").exit_code == 2


def test_advise_reads_a_ticket_and_its_history() -> None:
    page = run("advise", "The clerk was rude, I want an apology from the manager", "--lang", "en")
    assert page.exit_code == 0
    assert page.stdout.startswith("Customer type: Respect seeking")
    plain = run("advise", "--format", "json", stdin="多扣了我十块钱，请退给我")
    assert json.loads(plain.stdout)["top_type"] == "resolution_seeking"
    known = run(
        "advise", "--history", EXAMPLES / "zh_hotline.csv", "--customer", "K0117", "--at", "2025-03-01",
        "--format", "json", "这次又给我什么补偿",
    )  # fmt: skip
    assert json.loads(known.stdout)["facts"]["goodwill_365d"] >= 2


@pytest.mark.parametrize(
    ("ids", "asked", "sentence"),
    [
        (("", "N/A", ""), ("--customer", ""), "--customer: not a customer's id, got ''; name one"),
        (("", "N/A", ""), ("--customer", "N/A"), "--customer: not a customer's id, got 'N/A'; name one"),
        (("", "", ""), (), "not one customer, got '0 customers'; give a file of this customer's tickets"),
        (("a", "b", ""), (), "not one customer, got '2 customers'; say which with --customer"),
    ],
)
def test_tickets_of_nobody_are_no_ones_history(
    tmp_path: Path, ids: tuple[str, ...], asked: tuple[str, ...], sentence: str
) -> None:
    past = tmp_path / "past.csv"
    rows = [f"{who},2026-01-0{i},again,2026-01-0{i},no,20" for i, who in enumerate(ids, start=1)]
    header = "customer_id,created_at,text,resolved_at,fault_found,compensation"
    past.write_text("\n".join([header, *rows]), encoding="utf-8")
    found = run("advise", "--history", past, *asked, "Me again. Another voucher please.")
    assert (found.exit_code, sentence in found.stderr) == (2, True)


def test_rows_of_nobody_beside_those_of_the_customer_do_not_count(tmp_path: Path) -> None:
    past = tmp_path / "past.csv"
    past.write_text("customer_id,created_at,text\nc,2026-01-01,a\n,2026-01-02,b\n", encoding="utf-8")
    found = run("advise", "--history", past, "--at", "2026-01-05", "--format", "json", "Me again.")
    assert json.loads(found.stdout)["facts"]["tickets_365d"] == 1


def test_a_time_of_advise_is_one_of_the_zone_and_order_given(tmp_path: Path) -> None:
    past = tmp_path / "past.csv"
    past.write_text("customer_id,created_at,text\nc,2026-04-03 23:00,again\n", encoding="utf-8")

    def tickets(at: str) -> int:
        asked = ("--tz", "Asia/Shanghai", "--date-order", "dmy", "--at", at, "--format", "json")
        found = json.loads(run("advise", "--history", past, *asked, "what do I get").stdout)
        return int(found["facts"]["tickets_7d"])

    assert [tickets("03/04/2026 22:59"), tickets("03/04/2026 23:01")] == [0, 1]


def test_advise_explains_the_nearest_type_or_the_one_asked_about() -> None:
    page = run("advise", "--explain", "--lang", "en", "Nobody answers. I want my refund.")
    assert "Why Resolution seeking: logit before calibration" in page.stdout
    assert page.stdout.startswith("Customer type: ")
    plain = run("advise", "--type", "venting", "--format", "json", "Nobody answers. Where is my refund?")
    explained = json.loads(plain.stdout)["explanation"]
    assert explained["type"] == "venting"
    weights = [part["weight"] for part in (*explained["spans"], *explained["facts"])]
    assert explained["bias"] + sum(weights) == pytest.approx(explained["logit"])
    assert run("advise", "--type", "angry", "hello").exit_code == 2


def test_evaluate_and_train(tmp_path: Path) -> None:
    small = [data_path("training") / f"{name}.csv" for name in ("G15", "G26", "N2")]
    trained = run("train", *small, "-o", tmp_path / "model", "--json")
    assert trained.exit_code == 0, trained.stderr
    version = json.loads(trained.stdout)["model_version"]
    judged = run("evaluate", small[0], "--model", tmp_path / "model", "--json")
    assert json.loads(judged.stdout)["n"] == 273
    assert (
        run(
            "score", EXAMPLES / "zh_hotline.csv", "-o", tmp_path / "s.csv", "--model", tmp_path / "model"
        ).exit_code
        == 0
    )
    assert set(read_scored(tmp_path / "s.csv")["model_version"]) == {version}
    table = run("evaluate", small[0], "--model", tmp_path / "model")
    assert "macro-F1" in table.stdout
    chinese = run("evaluate", small[0], "--model", tmp_path / "model", "--lang", "zh", "--adapt-priors")
    assert "宏 F1" in chinese.stdout
    assert "按占比调整后" in chinese.stdout
    assert "macro" not in chinese.stdout
    assert run("evaluate", small[0], "--model", "m", "--out-of-fold", "genre").exit_code == 2


def test_leave_one_out(tmp_path: Path) -> None:
    done = run("evaluate", data_path("training") / "G26.csv", "--out-of-fold", "genre", "--json")
    assert done.exit_code == 0, done.stderr
    assert 0 < json.loads(done.stdout)["accuracy"]["value"] < 1


def test_labels_outside_the_taxonomy_are_named(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("text,customer_type\nhello,angry\n", encoding="utf-8")
    done = run("train", tmp_path / "l.csv", "-o", tmp_path / "m")
    assert done.exit_code == 2
    assert "row 1, column customer_type" in done.stderr
    assert "'angry'" in done.stderr


def test_inspect_shows_how_a_file_is_understood() -> None:
    done = run("inspect", EXAMPLES / "zh_hotline.csv")
    assert done.exit_code == 0
    assert "gb18030" in done.stdout
    assert "投诉内容" in done.stdout
    assert run("inspect", EXAMPLES / "en_helpdesk.csv").exit_code == 1
    assert json.loads(run("inspect", EXAMPLES / "en_helpdesk.csv", "--json").stdout)["rows_in"] == 40


def test_policy_can_be_checked_shown_and_started_anew(tmp_path: Path) -> None:
    assert "complete and unambiguous" in run("policy", "check").stdout
    assert run("policy", "check").exit_code == 0
    assert "渴望尊重型" in run("policy", "show", "--lang", "zh").stdout
    assert run("policy", "export", tmp_path / "mine").exit_code == 0
    table = tmp_path / "mine" / "policy.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    table.write_text("".join(lines[:-1]), encoding="utf-8-sig")
    refused = run("policy", "check", "--policy", tmp_path / "mine")
    assert refused.exit_code == 2
    assert "policy.csv" in refused.stderr


@pytest.mark.parametrize("lang", ["C.UTF-8", "zh_CN.UTF-8"])
def test_runs_as_a_module_and_is_silent_in_a_pipe(tmp_path: Path, lang: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "complaint_typing",
            "score",
            str(EXAMPLES / "zh_hotline.csv"),
            "-o",
            str(tmp_path / "s.csv"),
        ],
        capture_output=True,
        check=True,
        env={"LANG": lang, "PATH": "", "PYTHONUTF8": "1"},
    )
    assert done.stdout == b""
    assert b"\x1b[" not in done.stderr


def test_a_folder_or_the_input_itself_is_no_target(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("text\nWhere is my refund?\n")
    folder = run("score", export, "-o", tmp_path)
    assert (folder.exit_code, folder.stderr) == (
        2,
        f"error: {tmp_path}: it is a folder, no ordinary file; name a file in it\n",
    )
    here = run("score", export, "-o", ".")
    assert (here.exit_code, here.stderr) == (
        2,
        "error: .: it is a folder, no ordinary file; name a file in it\n",
    )
    itself = run("score", export, "-o", export)
    assert itself.exit_code == 2
    assert "it is read, or written as another file, in the same run" in itself.stderr
    assert itself.stderr.endswith("; choose another name\n")
    assert export.read_text() == "text\nWhere is my refund?\n"


def test_a_path_that_cannot_be_used_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "policy").write_text("")
    found = run("policy", "export", tmp_path / "policy")
    assert found.exit_code == 2
    assert "Errno" not in found.stderr
    assert "; check the path" in found.stderr


def test_a_customer_without_a_history_to_look_into_is_bad_usage() -> None:
    found = run("advise", "Where is my refund?", "--customer", "C-17")
    assert found.exit_code == 2
    assert "--customer goes with --history" in found.stderr


def test_what_of_labelled_files_is_not_used_is_told(tmp_path: Path, saved: Path) -> None:
    path = tmp_path / "labelled.csv"
    rows = ["1,请退还多扣的费用。,venting,soon", "1,你们必须道歉。,venting,", "3,,venting,"]
    path.write_text("\n".join(["ticket_id,text,customer_type,created_at", *rows]), encoding="utf-8")
    judged = run("evaluate", path, "--model", saved, "--json")
    assert judged.exit_code == 1
    assert json.loads(judged.stdout)["n"] == 2
    for told in ("left out: 1", "repeated ticket ids: 1", "missing: created_at 1"):
        assert told in judged.stderr
    trained = run("train", data_path("training") / "G26.csv", path, "-o", tmp_path / "model", "--quiet")
    assert trained.exit_code == 1
    assert "left out: 1" in trained.stderr
