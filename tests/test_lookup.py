"""The look-up of hashes: a dict, whatever the keys."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.artifact import load_model
from complaint_typing.lookup import NgramLookup
from complaint_typing.resources import data_path

EDGES = [0, 1, 0xFF, 0x100, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF]
HASHES = st.sampled_from(EDGES) | st.integers(0, 2**32 - 1) | st.integers(0, 20).map(lambda i: i << 24)


def rows(lookup: NgramLookup, hashes: list[int] | np.ndarray) -> list[int]:
    return lookup.rows(np.array(hashes, dtype=np.uint32)).tolist()


@given(st.lists(HASHES, unique=True, max_size=80), st.lists(HASHES, max_size=40))
def test_finds_what_a_dict_finds(keys, others):
    lookup = NgramLookup(np.array(keys, dtype=np.uint32))
    known = {key: row for row, key in enumerate(keys)}
    asked = [*EDGES, *keys, *others]
    assert rows(lookup, asked) == [known.get(h, len(keys)) for h in asked]


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_keys_that_all_want_one_cell_are_found_all_the_same(n, base):
    keys = [(base & 0xFFFFFE00) + i for i in range(n)]
    lookup = NgramLookup(np.array(keys, dtype=np.uint32))
    assert rows(lookup, [*keys, (base & 0xFFFFFE00) + 511]) == [*range(n), n]


@pytest.mark.parametrize("n", [53_000, 110_000])
def test_any_number_of_keys_is_found(n):
    keys = np.unique(np.random.default_rng(n).integers(0, 2**32, n, dtype=np.uint32))
    lookup = NgramLookup(keys)
    asked = np.append(keys, keys + np.uint32(1))
    known = dict(zip(keys.tolist(), range(len(keys)), strict=True))
    assert rows(lookup, asked) == [known.get(h, len(keys)) for h in asked.tolist()]


def test_equal_keys_are_refused():
    with pytest.raises(ValueError, match="its n-grams are not distinct"):
        NgramLookup(np.array([5, 9, 7, 5], dtype=np.uint32))


def test_keys_that_are_no_hashes_are_refused_at_once():
    with pytest.raises(ValueError, match="no hashes: too many are alike"):
        NgramLookup(np.arange(1000, dtype=np.uint32) << np.uint32(20))


def test_the_shipped_model_finds_each_of_its_ngrams():
    keys = load_model(data_path("model")).keys
    assert np.array_equal(NgramLookup(keys).rows(keys), np.arange(len(keys)))


def test_an_empty_table_knows_nothing():
    assert rows(NgramLookup(np.zeros(0, dtype=np.uint32)), EDGES) == [0] * len(EDGES)


def test_no_hashes_no_rows():
    assert rows(NgramLookup(np.array([1], dtype=np.uint32)), []) == []
