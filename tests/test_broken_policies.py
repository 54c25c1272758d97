"""Broken tables, as people break them: `policy check` refuses each and names the row, column and value."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from policy_tables import change, copy_tables, read_cells, write_cells

from complaint_typing.cli import cli
from complaint_typing.resources import data_path


def without(name: str, *ids: str) -> Callable[[Path], None]:
    def drop(folder: Path) -> None:
        cells = read_cells(folder / name)
        write_cells(folder / name, [row for row in cells if row[0] not in ids])

    return drop


def twice(folder: Path) -> int:
    cells = read_cells(folder / "policy.csv")
    write_cells(folder / "policy.csv", [*cells, cells[1]])
    return len(cells) + 1


def overlapping(folder: Path) -> int:
    rows = change(folder / "policy.csv", ("P-CLA-01", "emotional_mode", "rational;emotional"))
    return rows["P-CLA-02"]


def renamed_header(folder: Path) -> int:
    change(folder / "policy.csv", ("rule_id", "goodwill_cap", "goodwill limit"))
    return 1


def surplus_cell(folder: Path) -> int:
    cells = read_cells(folder / "risk_rules.csv")
    cells[3] = [*cells[3], "and more"]
    write_cells(folder / "risk_rules.csv", cells)
    return 4


def torn_quote(folder: Path) -> None:
    path = folder / "playbook.csv"
    path.write_bytes(path.read_bytes().rstrip() + b'\r\nrestore,"torn')


def own_taxonomy(folder: Path) -> int:
    shutil.copy(data_path("taxonomy.csv"), folder)
    ids = [row[1] for row in read_cells(folder / "taxonomy.csv")]
    cells = read_cells(folder / "taxonomy.csv")
    number = ids.index("venting")
    cells[number][0] = "tpye"
    write_cells(folder / "taxonomy.csv", cells)
    return number + 1


def second_step(folder: Path) -> int:
    cells = read_cells(folder / "playbook.csv")
    number = next(i for i, row in enumerate(cells) if row[0] == "explain")
    cells[number + 1][cells[0].index("step")] = "1"
    write_cells(folder / "playbook.csv", cells)
    return number + 2


def untranslated(folder: Path) -> int:
    change(folder / "playbook.csv", ("restore", "say_en", ""))
    return 2


CELLS = {
    "misspelt type": ("P-RES-01", "customer_type", "resolution_seekng"),
    "commas for semicolons": ("P-RES-03", "emotional_mode", "rational,emotional"),
    "a number for a band": ("P-RES-01", "confidence", "0.85"),
    "unknown goodwill": ("P-CMP-05", "goodwill", "review;maybe"),
    "dangling semicolon": ("P-SAM-01", "earlier_tickets", "none;some;"),
    "neither yes nor no": ("P-SAM-01", "same_fault_open", "often"),
    "unknown strategy": ("P-VEN-01", "strategy_id", "let_vnet"),
    "unknown role": ("P-RSP-01", "escalate_to", "the boss"),
    "days in words": ("P-IMP-01", "follow_up_days", "two weeks"),
    "amount with a currency": ("P-CMP-01", "goodwill_cap", "100元"),
    "no amount at all": ("P-CMP-01", "goodwill_cap", "0"),
    "goodwill for the wrong type": ("P-RES-01", "goodwill_cap", "20"),
    "goodwill with a refusal": ("P-CMP-07", "goodwill_cap", "20"),
    "refusal without a person": ("P-CMP-07", "requires_human", "0"),
    "abuser without a person": ("P-ABU-01", "requires_human", "0"),
    "a word for a switch": ("P-RES-01", "requires_human", "是"),
    "no reason given": ("P-RES-01", "rationale_zh", ""),
    "no source": ("P-UNF-04", "source", ""),
    "unknown signal": ("K-MED-01", "signal", "press"),
    "half a day": ("K-SAF-01", "follow_up_days", "0.5"),
}
TABLES = {
    "a row twice": (twice, "policy.csv", "rule_id", "P-SAM-01"),
    "two rows for one case": (overlapping, "policy.csv", "rule_id", "P-CLA-02"),
    "a column renamed": (renamed_header, "policy.csv", "goodwill_cap", ""),
    "a signal without a rule": (without("risk_rules.csv", "K-SAF-01"), "risk_rules.csv", "signal", "safety"),
    "an unquoted comma": (surplus_cell, "risk_rules.csv", "", "and more"),
    "a step numbered twice": (second_step, "playbook.csv", "step", "1"),
    "an untranslated phrase": (untranslated, "playbook.csv", "say_en", ""),
    "a torn file": (torn_quote, "playbook.csv", "", ""),
    "an unknown kind of term": (own_taxonomy, "taxonomy.csv", "kind", "tpye"),
}


def assert_refused(folder: Path, table: str, number: int | None, column: str, value: str) -> None:
    done = CliRunner().invoke(cli, ["policy", "check", "--policy", str(folder)])
    assert (done.exit_code, done.stdout) == (2, "")
    first, *faults = done.stderr.splitlines()
    assert first.startswith(f"error: {folder / table}: ")
    place = ([f"row {number}"] if number else []) + ([f"column {column}"] if column else [])
    told = [fault.strip() for fault in faults if fault.strip().startswith(", ".join(place))]
    assert told, done.stderr
    assert all(f"got '{value}'" in fault for fault in told) or not value
    assert all(";" in fault for fault in told)


@pytest.mark.parametrize("name", CELLS)
def test_a_wrong_cell_is_named_with_its_value(name: str, tmp_path: Path) -> None:
    rule_id, column, value = CELLS[name]
    table = "risk_rules.csv" if rule_id.startswith("K") else "policy.csv"
    number = change(copy_tables(tmp_path) / table, CELLS[name])[rule_id]
    assert_refused(tmp_path, table, number, column, value)


@pytest.mark.parametrize("name", TABLES)
def test_a_spoilt_table_is_refused_and_the_place_named(name: str, tmp_path: Path) -> None:
    spoil, table, column, value = TABLES[name]
    assert_refused(tmp_path, table, spoil(copy_tables(tmp_path)), column, value)


def test_a_missing_row_is_told_by_the_cases_it_leaves(tmp_path: Path) -> None:
    without("policy.csv", "P-VEN-05", "P-IMP-04")(copy_tables(tmp_path))
    done = CliRunner().invoke(cli, ["policy", "check", "--policy", str(tmp_path)])
    assert done.exit_code == 2
    assert "no row matches customer_type=venting;improvement_seeking, emotional_mode=attack" in done.stderr
