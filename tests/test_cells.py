"""What people put into cells, and what it means; nothing is guessed, bad values are told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.cells import (
    FAULT_WORDS,
    FLAG_WORDS,
    LANGUAGE_WORDS,
    SCORE_WORDS,
    cents,
    choices,
    identities,
    ids,
    texts,
)
from complaint_typing.missing import is_missing


def test_what_names_nobody_makes_no_customer_of_many():
    nobody = ["N/A", "null", "NULL", "-", "无", " none ", "\\N", "Unknown", float("nan"), None, ""]
    assert identities(nobody) == ([""] * len(nobody), [])
    lost = ["#REF!", "#N/A", "1.1E+17", "1,38E+10", "8E+9", "1.2345678901234568e+17", 123456789012345678.0]
    assert identities(["c1", *lost, "N/A"]) == (["c1", *[""] * 8], [1, 2, 3, 4, 5, 6, 7])
    kept = ["0", "E+", "+86 138", "9007199254740992", "#7", "A1E+5", "nadia", "无名", "NA-1"]
    assert identities(kept) == (kept, [])


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,200.50", 120050),
        ("¥50", 5000),
        ("￥50.5", 5050),
        ("50元", 5000),
        ("５０", 5000),
        ("RMB 50", 5000),
        ("50 USD", 5000),
        ("HK$1,000", 100000),
        ("0", 0),
        ("-0", 0),
        ("0.005", 1),
        ("12.345", 1235),
        (20, 2000),
        (20.5, 2050),
        (np.float64(0.29), 29),
        (np.int64(7), 700),
        ("1,234,567", 123456700),
        ("€3", 300),
        ("5块", 500),
    ],
)
def test_money(cell, amount):
    assert cents([cell]) == ([amount], [])


@pytest.mark.parametrize(
    "cell",
    [
        "-3",
        "¥-3",
        "1,20",
        "1.200,50",
        "some",
        "5万",
        "1e3",
        "inf",
        "12 34",
        True,
        -2.5,
        "9" * 30,
        "9" * 10**6,
        [5],
    ],
)
def test_what_is_no_amount_is_bad(cell):
    assert cents([cell, "1"]) == ([-1, 100], [0])


@pytest.mark.parametrize(
    "cell", ["", " ", "-", "N/A", "null", "None", "无", None, float("nan"), pd.NA, pd.NaT]
)
def test_missing_cells_are_not_bad(cell):
    assert cents([cell]) == ([-1], [])
    assert choices([cell], SCORE_WORDS, 0) == ([0], [])


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        (["yes", "Y", "TRUE", "1", "1.0", 1, 1.0, True, "是", "有责", "有責", "有", " 属实 "], "yes"),
        (["no", "N", "false", "0", "0.0", 0, False, np.False_, "否", "无责", "無責", "无", "不成立"], "no"),
        (["unknown", "未知", "不詳", "待定"], "unknown"),
    ],
)
def test_findings(cells, finding):
    assert choices(cells, FAULT_WORDS, "") == ([finding] * len(cells), [])


def test_scores():
    good = ["5", "5.0", "５", "5分", 5, 5.0, "good", "Very satisfied", "非常满意"]
    assert choices(good, SCORE_WORDS, 0) == ([5] * len(good), [])
    assert choices(["bad", "Bad with comment", "1"], SCORE_WORDS, 0) == ([1, 1, 1], [])
    assert choices(["offered", "unoffered", "0"], SCORE_WORDS, 0) == ([0, 0, 0], [])
    assert choices(["6", "4.5", "-1", "great"], SCORE_WORDS, 0) == ([0] * 4, [0, 1, 2, 3])


def test_flags_and_languages():
    assert choices(["1", "否", True, "maybe"], FLAG_WORDS, 0) == ([1, 0, 1, 0], [3])
    given_, meant = (
        ["zh-CN", "ZH_TW", "繁體中文", "zh-Hant-HK", "粵語", "EN-us", "中文", "fr"],
        ["zh-Hans", "zh-Hant", "zh-Hant", "zh-Hant", "", "en", "", ""],
    )
    assert choices(given_, LANGUAGE_WORDS, "") == (meant, [7])


@given(st.lists(st.text()))
def test_texts_stay_as_they_are_and_ids_lose_only_outer_blanks(column):
    assert texts(column) == column
    assert ids(column) == [text.strip() for text in column]


def test_ids_of_tables_in_memory():
    column = [
        "007",
        12,
        12.0,
        np.float32(12),
        float(2**53),
        110000000000000000.0,
        110000000000000001,
        "1.1E+17",
        "NA",
        "null",
        None,
        float("nan"),
        pd.NA,
    ]
    large = ["9007199254740992", "1.1E+17", "110000000000000001"]
    expected = ["007", "12", "12", "12", *large, "1.1E+17", "NA", "null", "", "", ""]
    assert ids(column) == expected


@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())))
def test_any_cells_give_as_many_values_and_valid_positions(column):
    for values, bad in (cents(column), choices(column, FAULT_WORDS, "")):
        assert len(values) == len(column)
        assert sorted(set(bad)) == bad
        assert all(not is_missing(column[i]) for i in bad)
