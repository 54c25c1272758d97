"""The policy commands: what they print in both languages, and their exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from policy_tables import POLICY, change, copy_tables

from complaint_typing import cli_show, score_csv
from complaint_typing.cli import cli
from complaint_typing.resources import data_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["policy", *(str(argument) for argument in arguments)])


def words(result: Result) -> str:
    """What was printed, without the lines of tables and their wrapping."""
    assert result.exit_code == 0, result.stderr
    return " ".join(result.stdout.replace("│", " ").replace("┃", " ").split())


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    change(
        copy_tables(folder) / "policy.csv",
        ("P-CMP-01", "goodwill_cap", "80"),
        ("P-RES-01", "next_step_en", "Do it."),
    )
    change(folder / "playbook.csv", ("restore", "say_en", "Sorry for [date], [own name]."))
    return folder


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "72 rules, complete and unambiguous, 0 warnings"), ("zh", "72 条规则，完整且无歧义，0 条提醒")],
)
def test_check_says_that_the_tables_are_proved(lang: str, said: str) -> None:
    assert words(run("check", "--lang", lang)).endswith(said)


def test_check_warns_in_the_language_asked_for(tmp_path: Path) -> None:
    change(
        copy_tables(tmp_path) / "policy.csv",
        ("P-CMP-08", "strategy_id", "restore"),
        ("P-CMP-09", "strategy_id", "restore"),
    )
    for lang, said in (("en", "warning: No rule uses"), ("zh", "提醒：策略")):
        found = run("check", "--policy", tmp_path, "--lang", lang)
        assert found.exit_code == 1
        assert said in found.stdout


def test_explain_tells_row_values_answer_and_near_misses() -> None:
    told = words(
        run("explain", "customer_type=compensation_seeking", "goodwill=decline", "--signal", "media")
    )
    assert told.startswith("Row P-CMP-07 applies")
    assert "Earlier tickets none any (not read)" in told
    assert "Rules that fired P-CMP-07; K-MED-01" in told
    assert "003_35351f4ba45c27d3.txt" in told
    assert "P-CMP-01 Goodwill Decline Clear" in told
    zh = words(run("explain", "customer_type=venting", "--lang", "zh"))
    assert zh.startswith("适用规则 P-VEN-02")
    assert "只差一个条件的规则" in zh


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["venting"], "not of the form CONDITION=VALUE, got 'venting'"),
        (["customer_type=grumpy"], "column customer_type: not a value of this condition, got 'grumpy'"),
        (["emotional_mode=attack"], "column customer_type: not a value of this condition, got ''"),
        (["customer_type=venting", "mood=bad"], "column mood: not a condition, got 'bad'"),
        (["customer_type=venting", "--signal", "press"], "not a risk signal, got 'press'"),
    ],
)
def test_explain_refuses_what_it_does_not_know(arguments: list[str], said: str) -> None:
    refused = run("explain", *arguments)
    assert refused.exit_code == 2
    assert said in refused.stderr


def test_diff_tells_rows_and_combinations(edited: Path) -> None:
    told = words(run("diff", "-", edited))
    assert f"{POLICY.version} → policy-" in told
    assert "10 of 3564 combinations are answered otherwise" in told
    assert "Changes in the tables: 3 rows" in told
    assert "P-CMP-01 changed goodwill_cap 100 80" in told
    assert "Sorry for [date], [own name]." in told
    assert "Goodwill cap 100 80 Customer type: Compensation seeking" in told


def test_diff_in_chinese_is_complete_and_shows_what_changed_in_the_other_language(edited: Path) -> None:
    told = words(run("diff", "-", edited, "--lang", "zh")).replace(" ", "")
    assert "3564种组合中10种的结论有变" in told
    assert "…" not in told
    assert "下一步Onesentence" in told
    assert "客户类型：物质补偿型；情绪模式：情感模式、理智模式" in told


def test_diff_of_a_policy_with_itself_says_so() -> None:
    told = words(run("diff", "-", "shipped"))
    assert "0 of 3564 combinations" in told
    assert told.endswith("Changes in the tables: 0 rows Changes of answers: 0")


def test_diff_names_the_tickets_of_a_scored_file(edited: Path, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("Id,text\nT-1,请退还多扣的15元\nT-2,加微信领券\n", encoding="utf-8")
    score_csv(export, tmp_path / "scored.csv", policy=edited)
    change(edited / "policy.csv", *((rule.rule_id, "follow_up_days", "13") for rule in POLICY.rules))
    told = words(run("diff", "-", edited, "--scored", tmp_path / "scored.csv", "--history", export))
    assert "tickets are answered otherwise" in told
    assert "T-1" in told
    assert "2 were scored with another version of the policy" in told
    zh = words(run("diff", "-", edited, "--scored", tmp_path / "scored.csv", "--lang", "zh"))
    assert "件工单中" in zh


def test_diff_refuses_a_broken_policy_and_an_unscored_file(edited: Path) -> None:
    change(edited / "policy.csv", ("P-RES-01", "goodwill", "perhaps"))
    refused = run("diff", "-", edited)
    assert refused.exit_code == 2
    assert "column goodwill: unknown value 'perhaps'" in refused.stderr
    unscored = run("diff", "-", "-", "--scored", data_path("examples") / "en_helpdesk.csv")
    assert unscored.exit_code == 2
    assert "not a table with the scored columns" in unscored.stderr


@pytest.mark.parametrize("codec", ["gb18030", "big5", "utf-16"])
def test_diff_says_of_an_export_in_any_encoding_that_it_was_never_scored(tmp_path: Path, codec: str) -> None:
    export = tmp_path / "export.csv"
    export.write_bytes("編號,內容\nT-1,請退還多扣的錢\n".encode(codec))
    refused = run("diff", "-", "-", "--scored", export)
    assert refused.exit_code == 2
    assert "it is no scored file: it lacks the columns that scoring appends" in refused.stderr
    assert "score it first: complaint-typing score FILE -o SCORED" in refused.stderr


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_show_prints_every_row(lang: str) -> None:
    shown = words(run("show", "--lang", lang))
    assert "…" not in shown
    assert all(rule.rule_id in shown for rule in POLICY.rules)


def test_a_grid_loses_nothing_of_long_cells_and_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    cli_show.grid(["h", "k"], [["字" * 300, "[date] [bold]:smile: " + "x" * 300]])
    printed = capsys.readouterr().out
    assert printed.count("字") == 300
    assert printed.count("x") == 300
    assert "[date] [bold]:smile:" in printed


@pytest.mark.parametrize("width, table", [(40, True), (20, False)])
def test_a_narrow_terminal_has_a_list_instead_of_columns_of_single_letters(capsys, width, table):
    cli_show.grid(["rule", "mode", "role"], [["P-1", "attack", ""]], "Rules", width=width)
    told = capsys.readouterr().out
    assert ("│ P-1" in told) == table
    assert (told == "Rules\nrule: P-1\n  mode: attack\n") != table
