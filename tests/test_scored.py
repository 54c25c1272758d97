"""A scored file holds every row unharmed, whole or not at all, and nothing in it starts a formula."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scored_files import ScoredWriter

from complaint_typing.columns import SCORED_COLUMNS, header_score
from complaint_typing.delimited import open_delimited
from complaint_typing.errors import BadValue, UnequalColumns, UnreadableInput
from complaint_typing.scored import read_scored
from complaint_typing.scored_csv import six_decimals

NAMES = [c.name for c in SCORED_COLUMNS]
NASTY = [
    "=1+1",
    "+cmd",
    "-1+1",
    "@x",
    "＝A1",
    "\tx",
    "\rx",
    "\nx",
    "\0x",
    ' "=1',
    "'=1",
    "''",
    "'",
    "-3.5",
    "+86 138-0013-8000",
]
CELLS = st.one_of(st.text(), st.sampled_from(NASTY), st.text(",\"'\r\n\0=-+ \u2028\ufeffx"))


def scored(n, **own):
    columns = {c.name: [f"{c.name} {i}" for i in range(n)] for c in SCORED_COLUMNS}
    columns |= {"confidence": [0.5] * n, "requires_human": [i % 2 for i in range(n)]}
    return columns | {"follow_up_days": [3 if i % 2 else None for i in range(n)]} | own


def write(path, header, rows, **options):
    with ScoredWriter(path, header, **options) as writer:
        writer.write(rows, scored(len(rows)))
    return writer.header


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda k: st.lists(st.lists(CELLS, min_size=k, max_size=k), min_size=1, max_size=6)
    ),
    st.booleans(),
)
def test_any_table_of_any_unicode_comes_back(tmp_path, table, guard):
    header, *rows = table
    encodable = all(c < "\ud800" or c > "\udfff" for row in table for cell in row for c in cell)
    place = tmp_path / "scored.csv"
    if not encodable:
        with pytest.raises(BadValue, match="not text that UTF-8 can hold"):
            write(place, header, rows, guard=guard)
        return
    names = write(place, header, rows, guard=guard)
    back = read_scored(place, guarded=guard)
    assert list(back.columns) == names
    assert back.iloc[:, : len(header)].to_numpy().tolist() == rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_scoring_a_scored_file_again_gives_the_same_file(tmp_path, rows):
    rows = [list(row) for row in rows if not any("\ud800" <= c <= "\udfff" for cell in row for c in cell)]
    write(tmp_path / "one.csv", ["text", "goodwill"], rows)
    first = read_scored(tmp_path / "one.csv")
    again = [[str(cell) for cell in row] for row in first.to_numpy().tolist()]
    write(tmp_path / "two.csv", list(first.columns), again)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_form_of_the_file(tmp_path):
    write(tmp_path / "a.csv", ["id", "text"], [["007", "a,b"], ["8", 'say "no"\nnow']])
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,text,customer_type,confidence,")
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == 3
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["id", "text", *NAMES]
    assert [row[:2] for row in rows[1:]] == [["007", "a,b"], ["8", 'say "no"\nnow']]


def test_the_whole_package_reads_it_as_any_export(tmp_path):
    write(tmp_path / "a.csv", ["id", "text"], [["1", cell] for cell in NASTY])
    blocks = open_delimited(tmp_path / "a.csv", header_score).blocks()
    assert sum(len(block.rows) for block in blocks) == len(NASTY)


@pytest.mark.parametrize("cell", [c for c in NASTY if c not in ("-3.5", "+86 138-0013-8000")])
def test_no_cell_starts_a_formula_by_default(tmp_path, cell):
    write(tmp_path / "a.csv", [cell, "text"], [[cell, "x"]])
    raw = list(
        csv.reader(
            io.StringIO(
                (tmp_path / "a.csv")
                .read_text(
                    "utf-8-sig",
                )
                .replace("\0", "0"),
                newline="",
            )
        )
    )
    assert all(row[0].startswith("'") for row in raw)


def test_evidence_is_guarded_and_numbers_are_not(tmp_path):
    with ScoredWriter(tmp_path / "a.csv", ["text"]) as writer:
        writer.write([["-3.5"]], scored(1, evidence=["=cmd"], next_step=["@all"]))
    line = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1]
    assert line.startswith("-3.5,")
    assert ",'=cmd," in line
    assert ",'@all," in line
    assert read_scored(tmp_path / "a.csv").loc[0, "evidence"] == "=cmd"


def test_numbers_come_back_as_numbers(tmp_path):
    with ScoredWriter(tmp_path / "a.csv", ["text", "confidence"], proba_types=["a", "b"]) as writer:
        writer.write([["x", "high"], ["y", "low"]], scored(2), np.array([[0.25, 0.75], [1.0, 0.0]]))
    back = read_scored(tmp_path / "a.csv")
    assert back["confidence"].tolist() == ["high", "low"]
    assert back["confidence_scored"].dtype == np.float64
    assert back["requires_human"].tolist() == [0, 1]
    assert back["follow_up_days"].isna().tolist() == [True, False]
    assert back[["p_a", "p_b"]].to_numpy().tolist() == [[0.25, 0.75], [1.0, 0.0]]


@given(st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=9), min_size=1, max_size=4))
def test_written_probabilities_sum_to_one_and_stay_close(rows):
    for row in rows:
        weights = np.array([row]) + 1e-12 * (np.array([row]) > 0) + (sum(row) == 0)
        exact = weights / weights.sum()
        whole = six_decimals(exact)
        assert whole.sum() == 10**6
        assert (whole >= 0).all()
        assert (abs(whole - exact * 10**6) < 1.000001).all()
        assert (whole[exact == 0] == 0).all()


def test_own_columns_are_replaced_and_a_clash_gets_a_suffix(tmp_path):
    header = write(tmp_path / "a.csv", ["text", "goodwill"], [["x", "y"]])
    assert header[2:] == [n if n != "goodwill" else "goodwill_scored" for n in NAMES]
    with ScoredWriter(tmp_path / "b.csv", header, proba_types=["a", "b"]) as writer:
        assert writer.header == [*header, "p_a", "p_b"]


def test_no_rows_make_a_file_with_a_header(tmp_path):
    with ScoredWriter(tmp_path / "a.csv", ["text"]) as writer:
        writer.write([], scored(0))
    back = read_scored(tmp_path / "a.csv")
    assert list(back.columns) == ["text", *NAMES]
    assert len(back) == 0


def test_a_lone_surrogate_is_refused_with_its_place_and_nothing_is_left(tmp_path):
    with pytest.raises(BadValue, match="row 2, column note: not text that UTF-8 can hold") as told:
        write(tmp_path / "a.csv", ["text", "note"], [["a", "b"], ["c\0", "private \ud800 words"]])
    assert "private" not in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_rows_and_columns_of_other_lengths_are_refused(tmp_path):
    with ScoredWriter(tmp_path / "a.csv", ["text", "id"]) as writer:
        with pytest.raises(UnequalColumns, match="header 2, row 2 1"):
            writer.write([["a", "1"], ["b"]], scored(2))
        with pytest.raises(UnequalColumns, match="rows 1, customer_type 2"):
            writer.write([["a", "1"]], scored(2))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data + b"x,y\r\n", "it has 2 fields, not 19"),
        (lambda data: data.replace(b"customer_type 0", b'"a" b'), "a quote mark stands where"),
        (lambda data: data.replace(b"customer_type 0", b"\xff"), "bytes that its encoding does not know"),
        (lambda data: b"", "it is empty"),
    ],
)
def test_a_changed_file_is_a_typed_error(tmp_path, change, message):
    write(tmp_path / "a.csv", ["text"], [["x"]])
    (tmp_path / "a.csv").write_bytes(change((tmp_path / "a.csv").read_bytes()))
    with pytest.raises(UnreadableInput, match=message):
        read_scored(tmp_path / "a.csv")


def test_a_changed_number_is_a_typed_error(tmp_path):
    write(tmp_path / "a.csv", ["text"], [["x"]])
    (tmp_path / "a.csv").write_bytes((tmp_path / "a.csv").read_bytes().replace(b"0.500000", b"high"))
    with pytest.raises(BadValue, match="row 1, column confidence: not a number, got 'high'"):
        read_scored(tmp_path / "a.csv")
