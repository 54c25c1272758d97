"""A policy that went through a spreadsheet is the same policy, whatever the spreadsheet did to the file."""

from __future__ import annotations

import csv
import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_tables import POLICY, change, copy_tables

from complaint_typing.policy import TABLES, PolicyTable
from complaint_typing.policy_diff import diff

CELLS = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from("\n,;\"'\t=+-@，；“”"), max_size=30
).filter(str.strip)
EDITS = st.fixed_dictionaries(
    {
        ("policy.csv", "P-RES-01", "next_step_zh"): CELLS,
        ("policy.csv", "P-VEN-02", "rationale_en"): CELLS,
        ("policy.csv", "P-UNF-04", "source"): CELLS,
        ("risk_rules.csv", "K-CHU-01", "warning_en"): CELLS,
        ("playbook.csv", "restore", "say_zh"): CELLS,
        ("playbook.csv", "let_vent", "do_en"): CELLS,
    }
)
SPREADSHEETS = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
        "delimiter": st.sampled_from(",;\t"),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "lineterminator": st.sampled_from(["\r\n", "\n"]),
        "blank_rows": st.integers(0, 2),
        "blank_columns": st.integers(0, 2),
        "padded": st.booleans(),
        "crlf_in_cells": st.booleans(),
    }
)


def saved_again(path, *, encoding, blank_rows, blank_columns, padded, crlf_in_cells, **dialect):
    """Open a table and save it as a spreadsheet would."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    header, *rows = [[*row, *[""] * blank_columns] for row in rows]
    rows = [[f" {cell} " if padded else cell for cell in row] for row in rows]
    if crlf_in_cells:
        rows = [[cell.replace("\n", "\r\n") for cell in row] for row in rows]
    rows += [[""] * len(header)] * blank_rows
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows([header, *rows])
    path.write_bytes(text.getvalue().encode(encoding))


def contents(policy):
    """Every cell of every table, blanks around it left out."""
    return {
        name: [{column: cell.strip() for column, cell in row.items()} for _, row in table]
        for name, table in policy.tables.items()
    }


@settings(max_examples=15)
@given(edits=EDITS, spreadsheet=SPREADSHEETS)
def test_nothing_is_lost_on_the_way_through_a_spreadsheet(tmp_path_factory, edits, spreadsheet):
    folder = copy_tables(tmp_path_factory.mktemp("policy"))
    for (name, rule_id, column), cell in edits.items():
        change(folder / name, (rule_id, column, cell))
    before = PolicyTable.read(folder)
    exported = tmp_path_factory.mktemp("exported")
    before.export(exported)
    for name in TABLES:
        saved_again(exported / name, **spreadsheet)
    after = PolicyTable.read(exported)
    assert after.version == before.version
    assert (after.rules, after.risk_rules, dict(after.playbook)) == (
        before.rules,
        before.risk_rules,
        dict(before.playbook),
    )
    assert contents(after) == contents(before)
    assert np.array_equal(after.row_of, before.row_of)
    assert diff(before, after).rows == ()


@settings(max_examples=15)
@given(cells=st.lists(CELLS, min_size=1, max_size=12))
def test_what_is_written_is_what_is_read(tmp_path_factory, cells):
    folder = copy_tables(tmp_path_factory.mktemp("policy"))
    ids = [rule.rule_id for rule in POLICY.rules][: len(cells)]
    change(folder / "policy.csv", *((name, "next_step_en", c) for name, c in zip(ids, cells, strict=True)))
    read = {rule.rule_id: rule.next_step_en for rule in PolicyTable.read(folder).rules}
    assert [read[name] for name in ids] == [cell.strip() for cell in cells]
