"""What an open gate weighs: facts within bounds, a closed gate beyond any weight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.folding import fold_texts
from complaint_typing.gate import GATE_FACTS, gate_facts, gate_log_odds, gate_log_odds_one
from complaint_typing.screening import abuse_gate
from complaint_typing.ticket_texts import facts_of

PASTS = st.lists(
    st.tuples(st.booleans(), *[st.integers(0, 12)] * 4),
    min_size=1,
    max_size=20,
)
WEIGHTS = st.lists(st.floats(-50, 50), min_size=2 + len(GATE_FACTS), max_size=2 + len(GATE_FACTS))


def facts(pasts):
    names = ("known", "tickets_365d", "resolved_365d", "unproven_365d", "goodwill_365d")
    return dict(zip(names, map(np.array, zip(*pasts, strict=True)), strict=True))


@given(PASTS, WEIGHTS)
def test_no_weight_opens_a_closed_gate(pasts, weights):
    past = facts(pasts)
    assert np.array_equal(np.isfinite(gate_log_odds(past, weights)), abuse_gate(past))


@given(PASTS)
def test_without_weights_an_open_gate_adds_nothing(pasts):
    past = facts(pasts)
    assert set(gate_log_odds(past, ())[abuse_gate(past)].tolist()) <= {0.0}


@given(PASTS, WEIGHTS)
def test_odds_are_the_weighted_facts(pasts, weights):
    past = facts(pasts)
    is_open = abuse_gate(past)
    expected = gate_facts(past)[is_open] @ np.array(weights[2:]) + weights[1]
    assert gate_log_odds(past, weights)[is_open] == pytest.approx(expected, rel=1e-3, abs=1e-3)


@given(
    st.floats(-9, 3),
    st.sampled_from(["老规矩，再送我一个月。", "宽带坏了三天。", "My parcel came late. "]),
)
def test_the_log_odds_are_those_of_the_probability(model, bias, text):
    past = dict(facts_of([text])) | {
        name: np.array([n])
        for name, n in {"known": 1, "tickets_365d": 4, "resolved_365d": 2, "unproven_365d": 2}.items()
    }
    weights = (0.5, bias, *[0.25] * len(GATE_FACTS))
    weighed = replace(model, gate_weights=weights)
    p = weighed.score([text], past).types[0]
    abuser = model.types.index("repeat_abuser")
    asks = weighed.weigh_sums(weighed.sums(fold_texts([text])), past).logits[0, -1]
    expected = 0.5 * asks + float(gate_log_odds(past, weights)[0])
    assert p[abuser] == pytest.approx(1 / (1 + np.exp(-expected)), abs=1e-4)
    before = replace(model, gated=()).score([text], past).types[0]
    others = np.delete(before, abuser)
    assert np.delete(p, abuser) == pytest.approx(others / others.sum() * (1 - p[abuser]), abs=1e-4)


@given(st.tuples(*(st.integers(0, 12) for _ in range(4))), st.booleans())
def test_one_ticket_has_the_odds_of_a_block(counts, known):
    names = ("tickets_365d", "resolved_365d", "unproven_365d", "goodwill_365d")
    past = dict(zip(names, counts, strict=True)) | {"known": known}
    weights = [0.7, -1.3, 0.11, 0.23, 0.31, 0.47, 0.59, -0.61, 0.73]
    block = gate_log_odds({name: np.array([value] * 3) for name, value in past.items()}, weights)
    assert gate_log_odds_one(past, weights) == block[1]
