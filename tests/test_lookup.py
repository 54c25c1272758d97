"""The look-up of hashes: a dict, whatever the keys."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.lookup import NgramLookup

EDGES = [0, 1, 0xFF, 0x100, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF]
HASHES = st.sampled_from(EDGES) | st.integers(0, 2**32 - 1) | st.integers(0, 20).map(lambda i: i << 24)


def rows(lookup: NgramLookup, hashes: list[int]) -> list[int]:
    return lookup.rows(np.array(hashes, dtype=np.uint32)).tolist()


@given(st.lists(HASHES, unique=True, max_size=80), st.lists(HASHES, max_size=40))
def test_finds_what_a_dict_finds_except_what_it_left_out(keys, others):
    lookup = NgramLookup(np.array(keys, dtype=np.uint32))
    known = {key: row for row, key in enumerate(keys)}
    for row in lookup.left_out.tolist():
        del known[keys[row]]
    asked = [*EDGES, *keys, *others]
    assert rows(lookup, asked) == [known.get(h, -1) for h in asked]


@given(st.sets(st.integers(0, 2**32 - 1), max_size=5))
def test_a_few_keys_that_share_no_place_are_all_kept(keys):
    spread = [(key & 0xFFFFFF00) | place * 3 for place, key in enumerate(sorted(keys))]
    assert NgramLookup(np.array(spread, dtype=np.uint32)).left_out.tolist() == []


def test_where_two_places_are_taken_the_less_important_keys_are_left_out():
    keys = [7, 7 + (1 << 20), 7 + (1 << 21), 9]
    lookup = NgramLookup(np.array(keys, dtype=np.uint32))
    assert lookup.left_out.tolist() == [2]
    assert rows(lookup, keys) == [0, 1, -1, 3]


def test_the_second_place_of_the_last_slot_is_the_first_slot():
    keys = [0xFF, 0xFFFFFFFF]
    lookup = NgramLookup(np.array(keys, dtype=np.uint32))
    assert rows(lookup, [*keys, 0]) == [0, 1, -1]


def test_an_empty_table_knows_nothing():
    assert rows(NgramLookup(np.zeros(0, dtype=np.uint32)), EDGES) == [-1] * len(EDGES)


def test_no_hashes_no_rows():
    assert rows(NgramLookup(np.array([1], dtype=np.uint32)), []) == []
