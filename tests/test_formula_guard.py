"""No text cell starts a formula, numbers stay as they are, and the guard comes off exactly."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.formula_guard import guard, guard_row, unguard, unguard_exact, unguard_row

STARTERS = list("=+-@＝＋－＠\t\r\n\0")
LEADING = ["", " ", "  ", "　", '"', "'", "“", "‘", "\xa0", '" ', "\ufeff", "\u200b", "`"]


@pytest.mark.parametrize("leading", LEADING)
@pytest.mark.parametrize("starter", STARTERS)
def test_every_start_of_a_formula_is_guarded(leading, starter):
    cell = f"{leading}{starter}cmd|' /C calc'!A0"
    assert guard(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell",
    [
        "-3.5",
        "+5",
        "-5.00",
        "-1,234.50",
        "+1e5",
        "-2%",
        " -3.5 ",
        "-0",
        "+86 138-0013-8000",
        "+8613800138000",
        "+852 2345 6789",
        "+1 (415) 555-0100",
        "1+1",
        "a=b",
        "",
        "退款",
        "“引号”里的话",
        '"so" it',
        "…",
        "#1",
        "a@b.com",
    ],
)
def test_numbers_phone_numbers_and_plain_texts_stay(cell):
    assert guard(cell) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "-3.5x",
        "+1+2",
        "-A1",
        "+cmd",
        "--5",
        "=5",
        "-3.5=",
        "\t-3.5",
        "－3.5",
        "+" + "1" * 50,
        "+12"[:2] + "+1",
    ],
)
def test_what_only_resembles_a_number_is_guarded(cell):
    assert guard(cell) == "'" + cell


def test_an_apostrophe_gets_a_second():
    assert guard("'tis") == "''tis"
    assert guard("'=1") == "''=1"


@given(st.text())
def test_the_guard_comes_off_exactly(cell):
    assert unguard(guard(cell)) == cell
    assert unguard_row(guard_row([cell, cell])) == [cell, cell]
    assert unguard_exact(guard_row([cell])) == [cell]


@given(st.text(alphabet=st.one_of(st.sampled_from([*STARTERS, *"'\" 　1.5"]), st.characters()), max_size=12))
def test_no_written_cell_starts_a_formula(cell):
    written = guard(cell)
    start = unicodedata.normalize("NFKC", written.strip(' 　"“”‘’')[:1])
    assert start not in {"=", "@", "\t", "\r", "\n", "\0"}
    if start in {"+", "-"}:
        assert written == cell
        assert all(c in "+-0123456789.,eE%() " for c in cell)


@given(st.text().filter(lambda cell: guard(cell) == cell and not cell.startswith("'")))
def test_an_unguarded_file_is_not_changed_by_the_exact_unguarding(cell):
    assert unguard_exact([cell, "'" + cell]) == [cell, "'" + cell]


def test_a_long_hostile_cell_takes_no_time():
    assert guard(" " * 10**6 + "=1").startswith("'")
    assert guard("-" + "1" * 10**6).startswith("'")
    assert guard("+" + "1-" * 5 * 10**5).startswith("'")
