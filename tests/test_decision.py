"""Decisions: each ticket on its own, and thresholds that keep what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.decision import SECOND_AT_LEAST, Thresholds, decide, threshold_for_precision

AT = Thresholds(decide=0.5, sure=0.8, unfamiliar=0.6)
SHARES = st.sampled_from([0.1, 0.2, 0.25, 0.5, 0.5, 0.8, 0.9, 1.0])


@st.composite
def probabilities(draw):
    rows = draw(st.lists(st.lists(st.integers(0, 20), min_size=4, max_size=4), min_size=1, max_size=12))
    table = np.array(rows, dtype=np.float32) + np.float32(0.01)
    return table / table.sum(axis=1, keepdims=True)


@given(probabilities(), st.data())
def test_a_block_is_decided_as_its_rows_are(p, data):
    strangeness = np.array([data.draw(st.floats(0, 1)) for _ in p])
    block = decide(p, strangeness, AT)
    for i in range(len(p)):
        for whole, alone in zip(block, decide(p[i : i + 1], strangeness[i : i + 1], AT), strict=True):
            assert whole[i] == alone[0]


@given(probabilities(), st.floats(0, 1))
def test_what_is_decided_follows_the_thresholds(p, strange):
    decision = decide(p, np.full(len(p), strange), AT)
    for row, top, second, confidence, outcome, band in zip(p, *decision, strict=True):
        assert confidence == row[top] == row.max()
        others = np.delete(row, top)
        assert (
            row[second] == others.max() >= SECOND_AT_LEAST if second >= 0 else others.max() < SECOND_AT_LEAST
        )
        assert second != top
        decided = strange < AT.unfamiliar and confidence >= AT.decide
        assert outcome == (top if decided else 4 + (strange >= AT.unfamiliar))
        assert band == (2 if not decided else int(confidence < AT.sure))


def test_thresholds_themselves_count():
    p = np.array([[0.5, 0.3, 0.2], [0.8, 0.2, 0.0], [0.5, 0.3, 0.2]])
    decision = decide(p, np.array([0.0, 0.0, 0.6]), AT)
    assert decision.outcome.tolist() == [0, 0, 4]
    assert decision.band.tolist() == [1, 0, 2]
    assert decision.second.tolist() == [1, 1, 1]


def test_unfamiliar_comes_before_undetermined():
    assert decide(np.array([[0.4, 0.35, 0.25]]), np.array([0.9]), AT).outcome.tolist() == [4]


def test_a_model_of_one_type_has_no_second():
    assert decide(np.ones((2, 1)), np.zeros(2), AT).second.tolist() == [-1, -1]


def test_probabilities_stay_as_they_were():
    p = np.array([[0.9, 0.1]])
    decide(p, np.zeros(1), AT)
    assert p.tolist() == [[0.9, 0.1]]


@given(
    st.lists(st.tuples(SHARES, st.booleans()), min_size=1, max_size=15),
    st.sampled_from([0.5, 0.75, 0.9, 1.0]),
)
def test_the_threshold_is_the_lowest_confidence_that_reaches_the_precision(tickets, precision):
    confidence = np.array([share for share, _ in tickets])
    correct = np.array([right for _, right in tickets])
    reaching = [c for c in confidence.tolist() if correct[confidence >= c].mean() >= precision]
    found = threshold_for_precision(confidence, correct, precision)
    if reaching:
        assert found == min(reaching)
    else:
        assert found > confidence.max()
        assert found == pytest.approx(confidence.max())


def test_single_precision_confidences_reach_their_own_threshold():
    confidence = np.array([0.9, 0.7], dtype=np.float32)
    assert (confidence >= threshold_for_precision(confidence, np.array([True, True]), 1.0)).all()
    assert not (confidence >= threshold_for_precision(confidence, np.array([False, False]), 0.1)).any()
