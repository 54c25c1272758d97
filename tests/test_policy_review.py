import csv
import re
import shutil

import numpy as np
import pytest
from policy_tables import POLICY, SIGNALS, change, copy_tables, read_cells, refused, write_cells

from complaint_typing.errors import BadValue, TargetExists
from complaint_typing.policy import TABLES, PolicyTable
from complaint_typing.resources import data_path


@pytest.fixture
def folder(tmp_path):
    return copy_tables(tmp_path)


@pytest.mark.parametrize(
    "encoding, dialect",
    [
        ("utf-8", {}),
        ("gb18030", {"lineterminator": "\n"}),
        ("utf-8-sig", {"quoting": csv.QUOTE_ALL}),
        ("utf-8-sig", {"delimiter": ";"}),
    ],
)
def test_a_spreadsheet_round_trip_changes_neither_decisions_nor_version(folder, encoding, dialect):
    for name in TABLES:
        header, *rows = read_cells(folder / name)
        padded = [[f" {cell} " for cell in row] + [""] for row in rows]
        write_cells(folder / name, [[*header, ""], *padded, [""] * 3], encoding, **dialect)
    again = PolicyTable.read(folder)
    assert again.version == POLICY.version
    assert again.rules == POLICY.rules
    assert again.risk_rules == POLICY.risk_rules
    assert np.array_equal(again.row_of, POLICY.row_of)


def test_order_of_rows_and_columns_does_not_matter(folder):
    path = folder / "policy.csv"
    header, *rows = read_cells(path)
    write_cells(path, [cells[::-1] for cells in [header, *rows[::-1]]])
    assert PolicyTable.read(folder).version == POLICY.version


def test_full_width_punctuation_and_capitals_are_understood(folder):
    change(
        folder / "policy.csv",
        ("P-RES-03", "emotional_mode", "Emotional；RATIONAL"),
        ("P-RES-03", "goodwill", "＊"),
    )
    assert PolicyTable.read(folder).version == POLICY.version


@pytest.mark.parametrize(
    "name, rule_id, column, value",
    [
        ("policy.csv", "P-CMP-01", "goodwill_cap", "101"),
        ("policy.csv", "P-CMP-01", "rationale_en", "Because we say so."),
        ("risk_rules.csv", "K-CHU-01", "follow_up_days", "1"),
        ("playbook.csv", "restore", "say_en", "Sorry about that."),
    ],
)
def test_any_change_of_content_changes_the_version(folder, name, rule_id, column, value):
    change(folder / name, (rule_id, column, value))
    version = PolicyTable.read(folder).version
    assert re.fullmatch("policy-[0-9a-f]{8}", version)
    assert version != POLICY.version


def test_an_own_taxonomy_may_bring_a_role_of_its_own(folder):
    shutil.copy(data_path("taxonomy.csv"), folder)
    path = folder / "taxonomy.csv"
    write_cells(
        path, [*read_cells(path), ["role", "mayor", "市长", "Mayor", "最高", "Highest", "own handbook"]]
    )
    change(folder / "risk_rules.csv", ("K-MED-01", "escalate_to", "mayor"))
    policy = PolicyTable.read(folder)
    outcome = policy.outcome_of(policy.rules[0], SIGNALS)
    assert outcome.escalate_to == "mayor"


def test_a_new_type_needs_rows_of_its_own(folder):
    shutil.copy(data_path("taxonomy.csv"), folder)
    path = folder / "taxonomy.csv"
    write_cells(
        path, [*read_cells(path), ["type", "testing", "测试型", "Testing", "试", "Tests us", "own handbook"]]
    )
    assert "no row matches customer_type=testing" in str(refused(folder))


def test_export_is_read_back_as_the_same_policy_with_the_columns_one_added(folder, tmp_path):
    path = folder / "policy.csv"
    header, *rows = read_cells(path)
    write_cells(path, [[*header, "note"], *([*row, "ours"] for row in rows)], "gb18030")
    target = tmp_path / "a" / "b"
    written = PolicyTable.read(folder).export(target)
    assert [file.name for file in written] == list(TABLES)
    assert all(file.read_bytes().startswith(b"\xef\xbb\xbf") for file in written)
    assert PolicyTable.read(target).version == POLICY.version
    assert read_cells(target / "policy.csv")[1][-1] == "ours"


def test_export_overwrites_nothing(folder, tmp_path):
    target = tmp_path / "own"
    target.mkdir()
    (target / "playbook.csv").write_text("mine")
    with pytest.raises(TargetExists, match=r"playbook\.csv: already there"):
        POLICY.export(target)
    assert [file.name for file in target.iterdir()] == ["playbook.csv"]
    assert (target / "playbook.csv").read_text() == "mine"


# What the owner sees


@pytest.mark.parametrize(
    "changes, kind, ids",
    [
        (
            [("P-CMP-08", "strategy_id", "restore"), ("P-CMP-09", "strategy_id", "restore")],
            "strategy_never_used",
            1,
        ),
        (
            [("P-CMP-07", "justified_before", "*"), ("P-CMP-09", "confidence", "medium")],
            "adverse_though_justified",
            1,
        ),
    ],
)
def test_odd_but_valid_rows_are_found(folder, changes, kind, ids):
    change(folder / "policy.csv", *changes)
    found = [finding for finding in PolicyTable.read(folder).check() if finding.kind == kind]
    assert len(found) == ids
    assert all(finding.text_zh and finding.text_en.isascii() for finding in found)


@pytest.mark.parametrize(
    "table, row, changes",
    [
        ("policy.csv", "P-RES-01", {"next_step_en": "先致歉，再办妥。", "rationale_zh": "Solve it."}),
        ("risk_rules.csv", "K-MED-01", {"warning_zh": "Tell public relations first."}),
        ("playbook.csv", "restore", {"strategy_en": "恢复原状"}),
    ],
)
def test_a_text_in_the_column_of_the_other_language_is_found(folder, table, row, changes):
    cells = read_cells(folder / table)
    for line in cells:
        if line[0] == row:
            for column, text in changes.items():
                line[cells[0].index(column)] = text
    write_cells(folder / table, cells)
    (finding,) = PolicyTable.read(folder).check()
    assert (finding.kind, finding.ids) == ("text_in_other_language", (row,))


def test_mergeable_rows_are_found(folder):
    cells = read_cells(folder / "policy.csv")
    columns = ("next_step_zh", "next_step_en", "follow_up_days")
    first = next(row for row in cells if row[0] == "P-RES-01")
    values = [("P-RES-02", name, first[cells[0].index(name)]) for name in columns]
    change(folder / "policy.csv", *values)
    (finding,) = PolicyTable.read(folder).check()
    assert (finding.kind, finding.ids) == ("rows_could_merge", ("P-RES-01", "P-RES-02"))


def test_a_type_that_only_shares_rows_is_found(folder):
    path = folder / "policy.csv"
    cells = [row for row in read_cells(path) if not row[0].startswith("P-IMP")]
    column = cells[0].index("customer_type")
    for row in cells:
        if row[0].startswith("P-CPN"):
            row[column] += ";improvement_seeking"
    write_cells(path, cells)
    kinds = {(finding.kind, finding.ids) for finding in PolicyTable.read(folder).check()}
    assert {("type_without_own_row", ("improvement_seeking",))} <= kinds


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_grid_shows_every_row_in_one_language(lang):
    header, rows = POLICY.rows_for_show(lang)
    assert [row[0] for row in rows] == [rule.rule_id for rule in POLICY.rules]
    assert {len(row) for row in rows} == {len(header)}
    shown = dict(zip(header, rows[[rule.rule_id for rule in POLICY.rules].index("P-CMP-05")], strict=True))
    expected = {"zh": ("物质补偿型", "50", "是"), "en": ("Compensation seeking", "50", "yes")}[lang]
    assert {*expected} <= {*shown.values()}
    assert all(cell.isascii() for row in rows for cell in row) == (lang == "en")


def test_the_grid_refuses_other_languages():
    with pytest.raises(BadValue, match="use zh or en"):
        POLICY.rows_for_show("fr")
