from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from care_frames import scored
from click.testing import CliRunner

from complaint_typing.batch import score_csv
from complaint_typing.cli import cli
from complaint_typing.errors import MissingScoredColumns, TargetExists
from complaint_typing.policy import PolicyTable
from complaint_typing.workbench.care import care
from complaint_typing.workbench.followups import read_answers

HEADER = "工单编号,客户编号,受理时间,投诉内容,业务类型,网点,坐席工号,处理完成时间,是否有责,满意度,是否重开"
TEXTS = ("快递三天没到，请查一下", "柜员态度太差，我要她道歉", "多扣了15元，请退还", "你们看着给点补偿吧")


@pytest.fixture(scope="module")
def scored_file(tmp_path_factory) -> Path:
    """An export with a vendor's headers, scored by the model and policy that ship."""
    folder = tmp_path_factory.mktemp("care")
    lines = [HEADER]
    for i in range(48):
        place = f"{'快递' if i % 4 == 0 else '柜台'},{'城东店' if i % 2 else '城西店'},S{i % 3}"
        outcome = f"2025-07-01 10:00,{'有责' if i % 3 else '无责'},{1 + i % 5},{i % 2}"
        day = f"2025-0{1 + i % 6}-1{i % 10} 09:30"
        lines.append(f"G{i},K{i % 17},{day},{TEXTS[i % 4]}，{i}号,{place},{outcome}")
    (folder / "export.csv").write_text("\n".join(lines), encoding="utf-8")
    score_csv(folder / "export.csv", folder / "scored.csv")
    return folder / "scored.csv"


def run(*arguments: object):
    return CliRunner().invoke(cli, ["care", *map(str, arguments)])


def test_an_export_scored_as_usual_has_everything(scored_file):
    found = care(scored_file, today="2025-07-10")
    assert list(found.causes) == ["category", "branch", "agent"]
    assert list(found.reports) == ["category", "branch"]
    assert found.not_done == {}
    assert set(found.causes["agent"]["measure"]) == {"fault_found", "reopened", "dissatisfied", "attack_mode"}
    assert found.causes["branch"].groupby("measure")["tickets"].sum().eq(48).all()
    assert len(found.exposure.agents) == 3
    assert set(found.follow_ups["status"]) <= {"overdue", "today", "upcoming"}


@pytest.mark.parametrize(
    ("lang", "told", "not_told"), [("zh", "报告日期", "Causes"), ("en", "date of the report", "原因与对策")]
)
def test_the_terminal_speaks_the_language_of_the_environment(scored_file, monkeypatch, lang, told, not_told):
    monkeypatch.setenv("LANG", f"{lang}.UTF-8")
    shown = run(scored_file, "--today", "2025-07-10").stdout
    assert told in shown
    assert not_told not in shown


def test_files_are_written_whole_guarded_and_bilingual(scored_file, tmp_path):
    found = care(scored_file, today="2025-07-10")
    paths = found.write(tmp_path / "out")
    assert sorted(path.name for path in paths) == sorted(path.name for path in (tmp_path / "out").iterdir())
    listed = tmp_path / "out" / "follow_ups.csv"
    assert listed.read_bytes().startswith(b"\xef\xbb\xbf")
    with open(listed, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["ticket_id"] for row in rows] == found.follow_ups["ticket_id"].tolist()
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row["due"]) for row in rows)
    report = (tmp_path / "out" / "causes_and_remedies_branch.md").read_text(encoding="utf-8")
    assert "发生了什么 / What happened" in report
    assert not re.search(r"\b[GK]\d", report)


def test_formulas_in_cells_are_kept_from_starting(tmp_path):
    frame = scored(6, branch="=HYPERLINK(1)", ticket_id="@SUM(A1)")
    for path in care(frame, today="2025-07-10").write(tmp_path / "out"):
        if path.suffix == ".csv":
            with open(path, encoding="utf-8-sig", newline="") as file:
                cells = [cell for row in csv.reader(file) for cell in row]
            assert not [cell for cell in cells if cell[:1] in {"=", "@"}]


def test_what_the_team_has_filled_in_is_never_overwritten(scored_file, tmp_path):
    found = care(scored_file, today="2025-07-10")
    (tmp_path / "causes_and_remedies_branch.md").write_text("owner: Li", encoding="utf-8")
    with pytest.raises(TargetExists, match=r"causes_and_remedies_branch\.md: already there"):
        found.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["causes_and_remedies_branch.md"]


def test_parts_that_cannot_be_made_are_named_and_the_rest_is_made():
    found = care(scored(6), today="2025-07-10")
    assert found.not_done == {
        "causes_category": ["category"],
        "causes_branch": ["branch"],
        "causes_agent": ["agent_id"],
        "exposure": ["agent_id"],
    }
    assert len(found.follow_ups) == 6
    with pytest.raises(MissingScoredColumns, match="not found: branch, customer_type"):
        care(scored(6).drop(columns="customer_type"), today="2025-07-10", by="branch")


def test_an_empty_file_is_no_error(tmp_path):
    frame = scored(3, category="a", branch="b", agent_id="c")[:0]
    found = care(frame, today="2025-07-10")
    assert found.not_done == {}
    assert [len(table) for table in found.causes.values()] == [0, 0, 0]
    assert len(found.follow_ups) == len(found.exposure.agents) == 0
    assert len(found.write(tmp_path / "out")) == 10


def test_the_command_shows_tables_and_the_report(scored_file):
    done = run(scored_file, "--by", "branch", "--today", "2025-07-10", "--lang", "en")
    assert done.exit_code == 0
    for part in (
        "causes by branch",
        "城东店",
        "follow-ups (overdue",
        "exposure to attacks",
        "# Causes and remedies",
    ):
        assert part in done.output
    assert "causes by agent" not in done.output
    zh = run(scored_file, "--today", "2025-07-10", "--lang", "zh").output
    for part in ("原因，按员工（按名称排列，不排名次）", "回访清单", "关心与认可", "按规矩拒绝"):
        assert part in zh


def test_the_command_writes_a_folder_and_takes_the_answers_back(scored_file, tmp_path):
    folder = tmp_path / "july"
    done = run(scored_file, "--today", "2025-07-10", "-o", folder)
    assert done.exit_code == 0
    assert done.stdout.split() == [
        str(folder / name) for name in (p.name for p in map(Path, done.stdout.split()))
    ]
    path = folder / "follow_ups.csv"
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"done": "是", "useful": "是"}
    rows[1] |= {"done": "否"}
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    after = care(scored_file, today="2025-07-10", answers=read_answers(path)).follow_ups
    assert rows[0]["ticket_id"] not in set(after["ticket_id"])
    assert after["ticket_id"][0] == rows[1]["ticket_id"]
    assert (
        run(scored_file, "--today", "2025-07-10", "--answers", path, "--lang", "en").output.count("reopen")
        > 1
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "agent"], "not found: agent_id"),
        (["--today", "31.12."], "error: today: not a date"),
        (["--tz", "Mars"], "not a time zone"),
        (["--map", "branch"], "write it as --map"),
    ],
)
def test_bad_usage_ends_with_status_2_and_a_remedy(tmp_path, arguments, said):
    export = tmp_path / "export.csv"
    export.write_text("id,text\n1,where is my refund\n", encoding="utf-8")
    score_csv(export, tmp_path / "scored.csv")
    done = run(tmp_path / "scored.csv", *arguments)
    assert done.exit_code == 2
    assert said in done.output


def test_a_file_that_was_not_scored_is_refused_with_the_remedy(tmp_path):
    (tmp_path / "export.csv").write_text("id,text,branch\n1,where is my refund,east\n", encoding="utf-8")
    done = run(tmp_path / "export.csv")
    assert done.exit_code == 2
    assert "complaint-typing score) for customer_type, emotional_mode, strategy_id" in done.output


def test_what_looks_like_markup_is_shown_as_it_stands(tmp_path):
    (tmp_path / "export.csv").write_text(
        'id,text,branch\n1,refund please,"[red]east[/nope]"\n', encoding="utf-8"
    )
    score_csv(tmp_path / "export.csv", tmp_path / "scored.csv")
    done = run(tmp_path / "scored.csv", "--by", "branch", "--today", "2025-07-10")
    assert done.exit_code == 0
    assert "[red]east[/nope]" in done.output


def test_what_could_not_be_made_is_told_in_the_language_of_the_page(tmp_path):
    path = tmp_path / "scored.csv"
    scored(2).to_csv(path, index=False)
    zh, en = (run(path, "--lang", lang).stderr for lang in ("zh", "en"))
    assert "遭遇攻击的情况：没有做，文件缺少 agent_id\n" in zh
    assert "原因，按类别：没有做，文件缺少 category\n" in zh
    assert "exposure to attacks: not made, the file has no agent_id\n" in en
    assert "causes_" not in zh + en


def test_the_list_speaks_the_language_asked_for(tmp_path):
    """A ticket scored in Chinese; a next step of no rule stays as it is."""
    path, own = tmp_path / "scored.csv", "自己的下一步"
    rules = PolicyTable.read()
    outcome = rules.outcome(0, 1)
    named = scored(
        2, branch="a", strategy_id="restore", strategy="恢复原状", policy_rule=";".join(outcome.rule_ids)
    )
    named.assign(next_step=[outcome.next_step("zh"), own]).to_csv(path, index=False)
    found = {lang: care(path, today="2025-07-10", lang=lang).follow_ups for lang in ("zh", "en")}
    assert found["en"]["strategy"].tolist() == [rules.playbook["restore"].name("en")] * 2
    assert found["en"]["next_step"].tolist() == [outcome.next_step("en"), own]
    assert found["zh"]["next_step"].tolist() == [outcome.next_step("zh"), own]
    told = run(path, "--today", "2025-07-10", "--lang", "en").output
    assert "恢复原状" not in told
    assert "tickets counted" in " ".join(told.split())
