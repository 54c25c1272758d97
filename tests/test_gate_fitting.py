"""The rule under an open gate is learned with care: precision first, silence where there is too little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from complaint_typing.fitting import labelled
from complaint_typing.gate_fitting import ABUSE_PRECISION, ABUSE_RECALL, fit_gate
from complaint_typing.out_of_fold import OutOfFold
from complaint_typing.ticket_texts import facts_of

N = 400
ABUSER = "repeat_abuser"


@pytest.fixture(scope="module")
def made(model):
    """Tickets under an open gate, whose text tells abusers apart in nine cases of ten."""
    rng = np.random.default_rng(1)
    abuser = rng.random(N) < 0.6
    facts = dict(facts_of(["-"] * N)) | {
        "known": np.ones(N, dtype=bool),
        "tickets_365d": rng.integers(3, 8, N),
        "resolved_365d": np.full(N, 3),
        "unproven_365d": np.where(abuser, 3, rng.integers(2, 4, N)),
        "goodwill_365d": rng.integers(0, 3, N),
    }
    logits = rng.normal(0, 1, (N, len(model.bias))).astype(np.float32)
    logits[:, -1] = np.where(abuser == (rng.random(N) < 0.9), 2, -2) + rng.normal(0, 1, N)
    data = labelled(["-"] * N, facts, np.where(abuser, ABUSER, "venting"))
    return logits, data


def typed(model, logits, data, weights):
    scores = OutOfFold(logits, np.ones(N, np.float32)).scores(replace(model, gate_weights=weights), data)
    return np.array(model.types)[scores.types.argmax(axis=1)] == ABUSER


def figures(model, made, weights):
    logits, data = made
    said = typed(model, logits, data, weights)
    return (data.types[said] == ABUSER).mean(), said[data.types == ABUSER].mean()


def test_precision_comes_first_while_four_in_five_are_found(model, made):
    weights = fit_gate(model, *made, np.ones(N, dtype=bool))
    precision, recall = figures(model, made, weights)
    assert precision >= ABUSE_PRECISION or recall == pytest.approx(ABUSE_RECALL, abs=0.01)
    assert recall >= ABUSE_RECALL - 0.01
    bolder = (weights[0], weights[1] + 2, *weights[2:])
    assert figures(model, made, bolder)[0] < precision


def test_no_past_makes_an_abuser_of_a_text_that_asks_for_nothing(model, made):
    """Beside them stand tickets of customers without a past, who ask for less than any of these."""
    logits, data = made
    both = np.vstack([logits, logits])
    both[N:, -1] = np.minimum(both[N:, -1], 0) - 3
    facts = {name: np.append(values, np.zeros_like(values)) for name, values in data.facts.items()}
    twice = labelled(["-"] * 2 * N, facts, np.append(data.types, ["venting"] * N))
    weights = fit_gate(model, both, twice, np.ones(2 * N, dtype=bool))
    alone = fit_gate(model, logits, data, np.ones(N, dtype=bool))
    quiet = np.full_like(logits, -4)
    assert weights[0] > alone[0]
    assert not typed(model, quiet, data, weights).any()


def test_only_the_chosen_rows_teach(model, made):
    logits, data = made
    rows = np.arange(N) < N // 2
    noise = np.where(rows[:, None], logits, -logits)
    assert fit_gate(model, noise, data, rows) == fit_gate(model, logits, data, rows)


def test_too_few_of_a_kind_teach_nothing(model, made):
    logits, data = made
    few = np.flatnonzero(data.types == ABUSER)[:9]
    rows = (data.types != ABUSER) | np.isin(np.arange(N), few)
    assert fit_gate(model, logits, data, rows) == ()
    closed = replace(data, facts=facts_of(["-"] * N))
    assert fit_gate(model, logits, closed, np.ones(N, dtype=bool)) == ()
