"""History facts as numbers: zero for an unknown past, larger for more, fading with time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.facts import FACTS
from complaint_typing.stacking import STACKED_NAMES, stack
from complaint_typing.ticket_texts import facts_of

KIND = {fact.name: fact.kind for fact in FACTS}
COUNTS = [name for name in STACKED_NAMES if KIND[name] in ("count", "money")]
DAYS = [name for name in STACKED_NAMES if KIND[name] == "days"]


def stacked(name: str, value: float) -> float:
    facts = dict(facts_of([""])) | {name: np.array([value])}
    row = stack(facts)[0]
    others = [n for n in STACKED_NAMES if n != name]
    assert not row[[STACKED_NAMES.index(n) for n in others]].any()
    return float(row[STACKED_NAMES.index(name)])


def test_names_are_facts_and_unique():
    assert len(set(STACKED_NAMES)) == len(COUNTS) + len(DAYS)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_an_unknown_past_is_all_zeros(n):
    past = stack(facts_of([""] * n))
    assert past.shape == (n, len(STACKED_NAMES))
    assert past.dtype == np.float32
    assert not past.any()


@given(st.sampled_from(COUNTS), st.integers(0, 1000), st.integers(1, 1000))
def test_more_of_it_is_a_larger_number(name, few, more):
    assert 0 <= stacked(name, few) < stacked(name, few + more)


@given(st.sampled_from(DAYS), st.floats(0, 600), st.floats(0.5, 600))
def test_an_event_fades_with_the_days(name, days, later):
    assert 1 >= stacked(name, days) > stacked(name, days + later) > 0


def test_the_scale_of_each_number():
    assert stacked("tickets_365d", 3) == pytest.approx(np.log(4))
    assert stacked("goodwill_amount_365d", 250) == pytest.approx(np.log(3.5))
    assert stacked("days_since_last", 30) == pytest.approx(np.exp(-1))
    assert stacked("days_since_goodwill", 90) == pytest.approx(np.exp(-1))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_each_row_is_stacked_by_itself(counts):
    facts = dict(facts_of([""] * len(counts))) | {"open": np.array(counts)}
    alone = [
        stack({name: column[i : i + 1] for name, column in facts.items()})[0] for i in range(len(counts))
    ]
    assert np.array_equal(stack(facts), np.array(alone))
