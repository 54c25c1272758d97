"""Weights as whole numbers: exact sums, in any order, of rows counted once."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.weight_units import WeightUnits

FEATURES = 40
TABLE = WeightUnits.of(np.random.default_rng(0).normal(size=(FEATURES, 5)).astype(np.float32))
PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, FEATURES - 1)), max_size=60)


def plain_sums(pairs, n_owners):
    rows = [sorted({row for owner, row in pairs if owner == i}) for i in range(n_owners)]
    return np.array([TABLE.units[r].astype(int).sum(axis=0) for r in rows])


@given(PAIRS)
def test_sums_are_those_of_a_plain_loop(pairs):
    owner, row = np.array(sorted(pairs, key=lambda pair: pair[0]), dtype=np.int32).reshape(-1, 2).T
    sums = TABLE.sums(row, np.searchsorted(owner, np.arange(8)))
    assert sums.tolist() == plain_sums(pairs, 7).tolist()


def test_units_keep_weights_to_one_part_in_8190_of_the_largest():
    weights = np.random.default_rng(1).normal(size=(1_000, 3)).astype(np.float32) * [1, 1e-4, 1e4]
    table = WeightUnits.of(weights.astype(np.float32))
    lost = np.abs(table.units * table.scale - weights).max(axis=0)
    assert (lost <= np.abs(weights).max(axis=0) / 8189).all()
    assert np.array_equal(table.units, np.rint(table.units))


def test_a_column_of_zeros_and_an_empty_table_stay_so():
    assert WeightUnits.of(np.zeros((2, 3), dtype=np.float32)).units.tolist() == [[0] * 3] * 2
    empty = WeightUnits.of(np.zeros((0, 3), dtype=np.float32))
    assert empty.sums(np.zeros(0, dtype=np.int32), np.zeros(3, dtype=int)).tolist() == [[0] * 3] * 2


@pytest.mark.parametrize("n", [4_096, 4_097, 30_000])
def test_sums_too_large_for_float32_are_still_exact(n):
    weights = np.array([[1.0, 0.5]], dtype=np.float32) * (np.arange(n) % 3 != 1)[:, None]
    table = WeightUnits.of(weights.astype(np.float32))
    sums = table.sums(np.arange(n, dtype=np.int32), np.array([0, n]))
    exact = table.units.astype(int).sum(axis=0)
    assert sums[0].tolist() == exact.astype(np.float32).tolist()


def test_no_sum_of_rows_leaves_32_bits():
    table = WeightUnits.of(np.ones((1 << 20, 1), dtype=np.float32))
    assert 0 < table.units.astype(np.int64).sum() < 1 << 31


def test_lines_are_the_units_on_cache_lines():
    assert TABLE.lines.ctypes.data % 64 == 0
    assert TABLE.lines.shape == (FEATURES + 1, 32)
    assert np.array_equal(TABLE.lines[:FEATURES, :5], TABLE.units)
    assert not TABLE.lines[:, 5:].any()
    assert not TABLE.lines[FEATURES].any()


def test_what_a_kernel_reads_is_made_where_it_is_needed_and_not_kept_in_pickles():
    table = WeightUnits.of(np.eye(3, dtype=np.float32))
    kept = pickle.dumps(table)
    assert table.lines.shape[0] == 4
    assert pickle.dumps(table) == kept
    assert np.array_equal(pickle.loads(kept).lines, table.lines)
