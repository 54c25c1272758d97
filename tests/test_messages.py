"""Whatever the library says of errors, and all help of the command line, has its Chinese."""

from __future__ import annotations

import ast
import csv
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

import complaint_typing
from complaint_typing import quarantine, tongue
from complaint_typing.batch_errors import MissingHistoryColumns, ScoringStopped
from complaint_typing.cli import cli
from complaint_typing.cli_language import asked_language
from complaint_typing.errors import (
    BadLabels,
    BadValue,
    LabelFault,
    MissingColumns,
    PolicyError,
    TableFault,
    UnreadableInput,
)
from complaint_typing.resources import data_path
from complaint_typing.tongue import Tongue

PACKAGE = Path(complaint_typing.__file__).parent
PHRASES = {
    "BadValue": (3, 4),
    "BadOption": (2, 3),
    "UnreadableInput": (1, 2),
    "ArtifactError": (1, 2),
    "KeptHistoryError": (0, 1),
    "UnwritableTarget": (1, 2),
    "TableFault": (3, 4),
    "LabelFault": (4,),
    "ScoringStopped": (0,),
    "UsageError": (0,),
    "refuse": (1, 2),
    "say": (0,),
}
"""Which arguments of a call are sentences, or parts of them."""

REASONS = ("artifact.py", "model_settings.py")
"""Where the words of a ValueError or TypeError become the reason of another error."""

PLACE = re.compile(r"\{\d+\}")
ENGLISH = re.compile(r"[a-z]{2}")


def table(name: str) -> list[dict[str, str]]:
    with data_path(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(node: ast.expr | None) -> list[str]:
    """The strings that an expression may be, values in them as {0}, {1} ...; none for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return written(node.body) + written(node.orelse)
    if isinstance(node, ast.JoinedStr):
        number, text = 0, ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += str(part.value).replace("{", "{{").replace("}", "}}")
            else:
                text, number = f"{text}{{{number}}}", number + 1
        return [text]
    return []


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def assigned(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=True))
                yield from (
                    (name.id, text)
                    for name, value in pairs
                    if isinstance(name, ast.Name)
                    for text in written(value)
                )


def phrases(path: Path, tree: ast.Module) -> Iterator[str]:
    names: dict[str, list[str]] = {}
    for name, text in assigned(tree):
        names.setdefault(name, []).append(text)
    places = PHRASES | (dict.fromkeys(("ValueError", "TypeError"), (0,)) if path.name in REASONS else {})
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            last = zip(reversed(node.args.args), reversed(node.args.defaults), strict=False)
            yield from (text for name, value in last if name.arg == "remedy" for text in written(value))
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        for place in places.get(called or "", ()):
            given = node.args[place] if place < len(node.args) else None
            yield from names.get(given.id, []) if isinstance(given, ast.Name) else written(given)


def test_every_sentence_of_an_error_has_its_chinese() -> None:
    known = {row["en"] for row in table("messages.csv")}
    said = (
        (path.name, text)
        for path, tree in trees().items()
        for text in phrases(path, tree)
        if ENGLISH.search(text)
    )
    assert sorted({(name, text) for name, text in said if text not in known}) == []


def test_no_sentence_is_kept_that_nobody_says() -> None:
    said = {
        text
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.expr)
        for text in written(node)
    }
    assert [row["en"] for row in table("messages.csv") if not row["said_by"] and row["en"] not in said] == []


@pytest.mark.parametrize("name", ["messages.csv", "help.csv"])
def test_both_languages_hold_the_same_places(name: str) -> None:
    rows = table(name)
    assert len({row["en"] for row in rows}) == len(rows)
    assert [row for row in rows if not row["zh"].strip()] == []
    assert [row for row in rows if sorted(PLACE.findall(row["en"])) != sorted(PLACE.findall(row["zh"]))] == []


def test_no_row_of_the_table_is_passed_over() -> None:
    assert tongue.chinese() == {row["en"]: row["zh"] for row in table("messages.csv")}


def test_a_place_that_holds_a_sentence_is_there() -> None:
    rows = [(row, place) for row in table("messages.csv") for place in row["sentences_at"].split()]
    assert rows
    assert [row for row, place in rows if f"{{{place}}}" not in row["en"]] == []


def commands(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from commands(below)


def test_all_help_has_its_chinese() -> None:
    options = (option for command in commands(cli) for option in command.params)
    said = {command.help for command in commands(cli)} | {getattr(option, "help", None) for option in options}
    assert said - {None, ""} == {row["en"] for row in table("help.csv")}


FAULT = TableFault(3, "rule_id", "", "empty", "fill it in or remove the row")
LABEL = LabelFault("m.csv", 7, "customer_type", "vent", "a term of the taxonomy", "venting")
SAID = [
    (
        BadValue(17, "created_at", "32/13", "a time", "write it as 2024-12-31 09:30"),
        "第 17 行，created_at 列：不是时间，读到 '32/13'；写成 2024-12-31 09:30",
    ),
    (
        MissingColumns(["text"], ["id", "txet"], {"text": ["txet"]}),
        "找不到这些列：text。文件的表头：'id', 'txet'。最接近的猜测：text = 'txet'。"
        "请用 --map 指明，例如 --map text=txet（在 Python 里：mapping={'text': 'txet'}）",
    ),
    (
        MissingHistoryColumns(["customer_id"], ["text"], path="may.csv"),
        "may.csv：找不到这些列：customer_id。文件的表头：'text'。请用 --history-map 指明，"
        "例如 --history-map customer_id=你的表头"
        "（在 Python 里：history_mapping={'customer_id': '你的表头'}）",
    ),
    (
        UnreadableInput("a.csv", "its compression is damaged (CRC)", "unpack it"),
        "a.csv：压缩数据已损坏（CRC）；先解压",
    ),
    (
        PolicyError("policy.csv", [FAULT]),
        "policy.csv：1 处错误\n  第 3 行，rule_id 列：为空；填上内容，或删去这一行",
    ),
    (
        BadLabels([LABEL], {"customer_type": ["venting"]}),
        "有 1 个标签不能用；请改正后重新运行\n  "
        "m.csv，第 7 行，customer_type 列：不是分类表里的条目，读到 'vent'；也许是 venting\n  "
        "customer_type 可以用：venting",
    ),
    (
        ScoringStopped("No space left on device", 40_000, "a.part"),
        "已停止：磁盘已满。已评分的 40,000 行保存在 a.part；加上 --resume（resume=True）再运行一次即可继续",
    ),
]


@pytest.mark.parametrize(("error", "chinese"), SAID, ids=lambda value: type(value).__name__)
def test_errors_speak_chinese(error: complaint_typing.errors.ComplaintTypingError, chinese: str) -> None:
    assert error.render("zh") == chinese
    assert error.render("en") == str(error)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "manifest.json cannot be read (Expecting value: line 2 column 1 (char 2))",
            "manifest.json 无法读取（这里应有一个值：第 2 行第 1 列（第 2 个字符））",
        ),
        (
            "its compression is damaged (CRC check failed 0x1 != 0x2)",
            "压缩数据已损坏（CRC 校验不符：0x1 与 0x2）",
        ),
        (
            "unreadable phrases (missing ), unterminated subpattern at position 3)",
            "短语无法解析（位置 3 的左括号没有闭合）",
        ),
        ("not a CSV table (',' expected after '\"')", "不是 CSV 表（双引号之后应是分隔符）"),
        (
            "it was changed near line 4: it has 3 fields, not 2",
            "文件第 4 行附近被改动过：有 3 个字段，应为 2 个",
        ),
        (f"mend it ({quarantine.REASONS['unclosed_quote'][1]})", "改正这一行（引号未闭合）"),
    ],
)
def test_what_python_says_inside_is_chinese_too(english: str, chinese: str) -> None:
    assert Tongue("zh")(english) == chinese


def test_reasons_of_quarantine_are_sentences_of_errors_too() -> None:
    known = {row["en"] for row in table("messages.csv")}
    assert {english for _, english in quarantine.REASONS.values()} <= known


def test_a_sentence_without_chinese_stays_english() -> None:
    assert Tongue("zh")("nobody wrote this") == "nobody wrote this"


def test_what_was_filled_in_stays_as_it_is_unless_it_is_a_sentence() -> None:
    say = Tongue("zh")
    assert say("use one of: row id, use case, text") == "请用其中之一：row id, use case, text"
    assert say("use one of nothing") == "请用其中之一：nothing"
    assert say("bias.npy cannot be opened (Permission denied)") == "bias.npy 无法打开（没有权限）"
    assert say("m-1: digests, shapes and values; 3 n-grams, 2 outputs").endswith("；3 个字符组合，2 个输出")
    assert say("option tz (nothing then, UTC now)") == "选项 tz（当时是 无，现在是 UTC）"


@pytest.mark.parametrize(
    "part", ["word ", "a (row 1 then, 2 now) ", "unknown ", "x: line 1 column 2; is not "]
)
def test_a_long_sentence_is_told_at_once(part: str) -> None:
    Tongue("zh")("what loads the table")
    begun = time.perf_counter()
    Tongue("zh")(part * (100_000 // len(part)))
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"something,else\n1,2\n",
        b"en,zh\nrow {0}\n",
        b"en,zh\nrow {0},{1}\n",
        b"en,zh\nrow {0},{0} {\n",
    ],
)
def test_a_damaged_table_leaves_english(
    content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "messages.csv").write_bytes(content)
    caches = (tongue._rows, tongue._forms, tongue.chinese)
    with monkeypatch.context() as patched:
        patched.setattr(tongue, "packaged", lambda name: tmp_path / name)
        for known in caches:
            known.cache_clear()
        told = Tongue("zh")("row {0}", 17), Tongue("zh")("row 17")
    for known in caches:
        known.cache_clear()
    assert told == ("row 17", "row 17")


@pytest.mark.parametrize("name", ["help.csv", "messages.csv"])
def test_commands_work_without_the_tables_of_chinese(name: str) -> None:
    without = (
        "import complaint_typing.tongue as tongue; there = tongue.packaged; "
        f"tongue.packaged = lambda name: None if name == {name!r} else there(name); "
        "from complaint_typing.cli import main; main()"
    )
    env = os.environ | {"LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1"}
    asked = [sys.executable, "-c", without, "score", "--help"]
    told = subprocess.run(asked, env=env, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "--resume" in told


def run(*arguments: str, lang: str = "zh_CN.UTF-8") -> str:
    result = CliRunner().invoke(cli, list(arguments), env={"LANG": lang})
    assert result.exit_code == 2
    return result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["score", "nofile.csv"], "错误：'SOURCE' 的值无效：文件 'nofile.csv' 不存在。"),
        (["score"], "错误：缺少参数 'SOURCE'。"),
        (
            ["advise", "--lang", "fr", "x"],
            "错误：'--lang' 的值无效：'fr' 不在可选值之中：'zh', 'zh-Hant', 'en'。",
        ),
        (["advise", "--customer", "a", "x"], "错误：--customer 要与 --history 同用"),
        (["score", "s.csv", "--jobs", "x"], "错误：'--jobs' 的值无效：'x' 不是整数。"),
        (["score", "s.csv", "--jobs", "-5"], "错误：'--jobs' 的值无效：-5 不在范围 x>=-1 之内。"),
        (["scores"], "错误：没有命令 'scores'。"),
        (["advise", "--tz", "Mars", "--at", "2025-03-01 10:00", "x"], "错误：tz：不是时区，读到 'Mars'；"),
    ],
)
def test_the_command_line_tells_errors_in_chinese(arguments: list[str], told: str) -> None:
    assert told in run(*arguments)


@pytest.mark.parametrize("wrong", ["--prob", "--adapt", "--zzzz"])
def test_whatever_click_proposes_is_proposed_in_chinese(wrong: str) -> None:
    told = run("score", wrong, "a").splitlines()[-1]
    assert wrong in told
    assert not re.search("[A-Z]", told)


def test_a_run_that_is_broken_off_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("complaint_typing.advisor.load", broken_off)
    for lang, told in (("zh_CN.UTF-8", "\n已中止。\n"), ("en_GB.UTF-8", "\nAborted!\n")):
        result = CliRunner().invoke(cli, ["advise", "x"], env={"LANG": lang})
        assert (result.exit_code, result.stderr) == (1, told)


def test_the_last_language_asked_for_holds() -> None:
    assert asked_language(["--lang", "zh", "--lang=en", "--", "--lang", "zh"]) == "en"


def test_a_language_asked_for_goes_before_that_of_the_environment() -> None:
    assert "error: tz: not a time zone" in run("advise", "--lang", "en", "--tz", "Mars", "x")
    assert "错误：tz：不是时区" in run("advise", "--lang", "zh", "--tz", "Mars", "x", lang="en_GB.UTF-8")


def help_of(command: str, columns: int) -> str:
    asked = [sys.executable, "-m", "complaint_typing", command, "--help"]
    env = os.environ | {"LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1", "COLUMNS": str(columns)}
    return subprocess.run(asked, env=env, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def test_help_is_chinese_where_the_environment_is() -> None:
    told = help_of("score", 80)
    assert told.startswith(
        "用法：python -m complaint_typing score [OPTIONS] SOURCE\n\n  给导出文件里的每件工单"
    )
    assert "选项：\n  -o, --output PATH            要写出的评分文件。（必填）\n" in told
    assert "complaint-typing score export.csv -o scored.csv\n" in told
    assert not re.search(r"[A-Z][a-z]+ [a-z]+ [a-z]+", told)


@pytest.mark.parametrize("columns", [60, 120])
@pytest.mark.parametrize("command", ["score", "talk"])
def test_lines_of_help_fit_and_begin_with_no_closing_mark(command: str, columns: int) -> None:
    lines = [line for line in help_of(command, columns).splitlines() if "complaint-typing" not in line]
    assert [
        line for line in lines if cell_len(line) > columns or line.lstrip()[:1] in tuple("，。；：、）")
    ] == []
    assert not any("default" in line for line in lines)
