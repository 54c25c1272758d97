"""The command `talk`: a transcript as a page or as JSON, in three forms of files."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from complaint_typing.cli import cli
from complaint_typing.cli_talk import talk

LINES = """客户：你们这群骗子！退钱！
客服：让您气成这样，抱歉。您从头说。
客户：约的周一上午来装，等到下午没人来。
客服：我重复一遍：约的周一上午，等到下午没人来，对吗？
客户：对。
"""


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(cli, ["talk", *map(str, arguments)])

    return invoke


@pytest.fixture
def file(tmp_path):
    (tmp_path / "call.txt").write_text(LINES, encoding="utf-8")
    return tmp_path / "call.txt"


def test_the_page(run, file):
    done = run(file)
    assert done.exit_code == 0, done.output
    assert "对话 1" in done.output
    for part in (
        "攻击模式，还缺“事实对”的认同和“心情对”的认同",
        "辱骂“这群骗子”",
        "先停下",
        "第一次认同",
        "[先降温 4]",
    ):
        assert part in done.output


def test_the_page_in_the_other_language(run, file):
    done = run(file, "--lang", "en")
    assert "Talk 1" in done.output
    assert "Attack, still missing: the yes to the facts and the yes to the feeling" in done.output
    assert "For example: I'm sorry it has come to this." in done.output


def test_json_has_a_talk_a_line(run, file):
    file.write_text(LINES + "----\nCustomer: Where is my parcel, please?\n", encoding="utf-8")
    talks = [json.loads(line) for line in run(file, "--format", "json").output.splitlines()]
    assert [found["id"] for found in talks] == ["1", "2"]
    stages = [turn["stage"] for turn in talks[0]["turns"]]
    assert stages == ["attack", "attack", "emotional", "emotional", "emotional"]
    assert [turn["missing"] for turn in talks[0]["turns"]][-1] == ["feeling"]
    assert talks[0]["turns"][0]["next_step"]
    assert talks[1]["turns"][0]["language"] == "en"


def test_all_three_forms_tell_the_same(run, tmp_path, file):
    turns = [line.split("：", 1) for line in LINES.splitlines()]
    roles = {"客户": "customer", "客服": "agent"}
    said = [{"role": roles[who], "text": text} for who, text in turns]
    (tmp_path / "call.jsonl").write_text(json.dumps({"turns": said}), encoding="utf-8")
    rows = [f"1,{turn['role']},{turn['text']}" for turn in said]
    (tmp_path / "call.csv").write_text("\n".join(["conversation_id,role,text", *rows]), encoding="utf-8")
    pages = {run(tmp_path / name).output for name in ("call.txt", "call.jsonl", "call.csv")}
    assert len(pages) == 1


def test_a_time_that_cannot_be_read_counts_as_missing_and_is_reported(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    rows = ["role,text,at", "customer,Where is my parcel?,10:03", "agent,One moment.,2026-05-01 10:04"]
    (tmp_path / "chat.csv").write_text("\n".join(rows), encoding="utf-8")
    talk.main([str(tmp_path / "chat.csv"), "--format", "json"], standalone_mode=False)
    printed = capsys.readouterr()
    assert [turn["at"] for turn in json.loads(printed.out)["turns"]] == [None, 1777629840]
    assert "times that cannot be read and count as missing: 1" in printed.err


def test_unusable_input_ends_with_status_two_and_one_sentence(run, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear all, nobody speaks here.", encoding="utf-8")
    done = run(tmp_path / "letter.txt")
    assert done.exit_code == 2
    assert "line 1 names no speaker; begin each turn with" in done.output
    assert "Traceback" not in done.output


def test_help_has_examples(run):
    done = run("--help")
    assert "Examples:" in done.output
    assert "complaint-typing talk call.txt" in done.output
