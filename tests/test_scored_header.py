"""Scoring a scored file replaces its own columns and no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.columns import SCORED_COLUMNS
from complaint_typing.scored_header import own_columns, scored_names

NAMES = [c.name for c in SCORED_COLUMNS]
PLAIN = st.lists(
    st.one_of(st.text(max_size=5), st.sampled_from([*NAMES[:9], "p_x", "p_y", "text", "goodwill_scored"])),
    max_size=9,
)


@given(PLAIN, st.sampled_from([(), ("a", "b"), ("a", "b", "c")]))
def test_what_was_appended_is_found_again(kept, types):
    header = [*kept, *scored_names(kept, types)]
    own = own_columns(header)
    assert own == range(len(kept), len(header))
    again = [name for i, name in enumerate(header) if i not in own]
    assert again == kept
    assert scored_names(again, types) == header[len(kept) :]


@given(PLAIN, st.lists(st.sampled_from(["note", "Region", "text2"]), max_size=3))
def test_columns_that_a_person_added_behind_stay(kept, added):
    header = [*kept, *scored_names(kept), *added]
    assert own_columns(header) == range(len(kept), len(header) - len(added))


def test_names_are_never_doubled():
    header = ["text", "goodwill", "goodwill_scored", "customer_type"]
    names = scored_names(header)
    assert len({*header, *names}) == len(header) + len(names)
    assert names[0] == "customer_type_scored"
    assert names[6] == "goodwill_scored2"


@pytest.mark.parametrize(
    "header",
    [
        ["text", "customer_type"],
        ["text", "customer_type", "secondary_type", "emotional_mode", "risk_signals"],
        ["customer_type", "text", "top_type", "model_version", "policy_version"],
        ["top_type", "model_version", "policy_version"],
        [],
    ],
)
def test_labels_and_scattered_names_are_not_taken_for_scored_columns(header):
    assert own_columns(header) == range(0)


def test_a_block_of_an_earlier_version_with_fewer_columns_is_known():
    fewer = [name for name in NAMES if name not in ("relation_state", "goodwill")]
    assert own_columns(["text", *fewer, "note"]) == range(1, 1 + len(fewer))


def test_one_column_that_looks_like_a_probability_stays():
    assert own_columns(["text", *NAMES, "p_value"]) == range(1, 1 + len(NAMES))
