"""The figures are those of scikit-learn or of a count by hand, on the rows that the contract names."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
    roc_auc_score,
    top_k_accuracy_score,
)

from complaint_typing.errors import BadValue
from complaint_typing.evaluation import Said, Truth, auroc, evaluate, expected_calibration_error, f1_by_class

TYPES = ("compensation", "repair", "respect")
NAMES = np.array([*TYPES, "undetermined", "unfamiliar"])


def random_case(n: int, seed: int) -> tuple[Truth, Said]:
    """Labels, some of them `none` or unknown to the model, and what a random model says of them."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(3), n)
    labels = np.array([*TYPES, "none", "unknown_type"])
    labels = labels[[rng.choice(5, p=[*(0.7 * row), 0.2, 0.1]) for row in p]]
    labels[:3] = TYPES
    outcome = np.where(rng.random(n) < 0.3, rng.integers(3, 5, n), p.argmax(axis=1))
    said = Said(
        TYPES,
        p,
        NAMES[outcome],
        rng.random(n).round(1),
        np.array(["calm", "angry"])[rng.integers(0, 2, n)],
        [set()] * n,
    )
    return Truth(labels), said


CASES = [random_case(n, seed) for n, seed in ((40, 1), (60, 2), (200, 3))]


@pytest.mark.parametrize(("truth", "said"), CASES)
def test_figures_equal_those_of_scikit_learn(truth, said):
    figures = evaluate(truth, said, resamples=20)
    rows = np.isin(truth.types, TYPES)
    y, top = truth.types[rows], np.array(TYPES)[said.probabilities[rows].argmax(axis=1)]
    assert figures["n"] == rows.sum()
    assert figures["accuracy"]["value"] == pytest.approx(accuracy_score(y, top))
    supported = [name for name in TYPES if (y == name).sum() >= 5]
    assert figures["macro_f1"]["value"] == pytest.approx(f1_score(y, top, labels=supported, average="macro"))
    top_two = top_k_accuracy_score(y, said.probabilities[rows], k=2, labels=TYPES)
    assert figures["top2_accuracy"]["value"] == pytest.approx(top_two)
    table = confusion_matrix(y, top, labels=TYPES)
    counts = {a: {b: table[i, j] for j, b in enumerate(TYPES) if table[i, j]} for i, a in enumerate(TYPES)}
    assert figures["confusion"] == counts
    expected = zip(*precision_recall_fscore_support(y, top, labels=TYPES, zero_division=np.nan), strict=True)
    for name, (precision, recall, f1, n) in zip(TYPES, expected, strict=True):
        shown = figures["per_type"][name]
        assert [shown[k] for k in ("precision", "recall", "f1", "n")] == pytest.approx(
            [precision, recall, f1, n]
        )


@pytest.mark.parametrize(("truth", "said"), CASES)
def test_rows_labelled_none_count_in_coverage_precision_and_auroc_only(truth, said):
    figures = evaluate(truth, said, resamples=5)
    labelled, none = np.isin(truth.types, TYPES), truth.types == "none"
    judged = labelled | none
    decided = np.isin(said.decided, TYPES) & judged
    assert figures["n_none"] == none.sum()
    assert figures["coverage"]["value"] == pytest.approx(decided.sum() / judged.sum())
    right = said.decided[decided] == truth.types[decided]
    assert figures["precision_when_decided"]["value"] == pytest.approx(right.mean())
    expected = roc_auc_score(none[judged], said.strangeness[judged])
    assert figures["unfamiliar_auroc"] == pytest.approx(expected)
    without = evaluate(*taken(truth, said, ~none), resamples=5)
    for name in (
        "n",
        "accuracy",
        "macro_f1",
        "top2_accuracy",
        "expected_calibration_error",
        "per_type",
        "confusion",
    ):
        assert figures[name] == without[name]
    assert without["unfamiliar_auroc"] is None


def taken(truth: Truth, said: Said, rows) -> tuple[Truth, Said]:
    signals = [s for s, wanted in zip(said.signals, rows, strict=True) if wanted]
    arrays = {
        name: getattr(said, name)[rows] for name in ("probabilities", "decided", "strangeness", "modes")
    }
    return Truth(truth.types[rows]), Said(said.types, signals=signals, **arrays)


def test_rows_labelled_with_an_unknown_type_count_nowhere():
    truth, said = CASES[1]
    known = truth.types != "unknown_type"
    assert 0 < known.sum() < len(known)
    assert evaluate(truth, said, resamples=5) == evaluate(*taken(truth, said, known), resamples=5)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(4, 40))
def test_intervals_hold_the_value_and_lie_within_bounds(seed, n):
    figures = evaluate(*random_case(n, seed), resamples=40)
    shown = [figure for figure in figures.values() if isinstance(figure, dict) and "low" in figure]
    assert len(shown) >= 5
    for figure in shown:
        assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1


@pytest.mark.parametrize("seed", range(10))
def test_the_interval_of_a_small_calibration_error_holds_it_too(seed):
    """Resampling tickets of a well calibrated model gives larger errors than the tickets themselves do."""
    error = evaluate(*random_case(150, seed), resamples=100)["expected_calibration_error"]
    assert error["low"] <= error["value"] <= error["high"]


def test_intervals_narrow_with_more_tickets_and_are_reproducible():
    few, many = (evaluate(*random_case(n, 3), resamples=200)["accuracy"] for n in (30, 3000))
    assert many["high"] - many["low"] < (few["high"] - few["low"]) / 3
    assert evaluate(*CASES[0], resamples=30) == evaluate(*CASES[0], resamples=30)


def test_expected_calibration_error_by_hand():
    confidence = np.array([0.10, 0.10, 0.65, 0.70, 1.0, 1.0])
    correct = np.array([0, 1, 1, 0, 1, 0])
    by_bin = [abs(0.20 - 1), abs(0.65 - 1), abs(0.70 - 0), abs(2.0 - 1)]
    assert expected_calibration_error(confidence, correct) == pytest.approx(sum(by_bin) / 6)
    assert expected_calibration_error(np.zeros(0), np.zeros(0)) == 0


def test_gaps_of_one_bin_cancel_and_those_of_two_do_not():
    assert expected_calibration_error(np.array([0.5, 0.5]), np.array([1, 0])) == 0
    assert expected_calibration_error(np.array([0.5, 0.6]), np.array([1, 0])) == pytest.approx(0.55)


@given(st.data(), st.integers(1, 30))
def test_f1_by_class_is_that_of_scikit_learn(data, n):
    truth, said = (data.draw(hnp.arrays(np.intp, n, elements=st.integers(0, 3))) for _ in range(2))
    expected = f1_score(truth, said, labels=range(4), average=None, zero_division=0)
    assert f1_by_class(truth, said, 4) == pytest.approx(expected)


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=20), st.lists(st.integers(0, 5), min_size=1, max_size=20)
)
def test_auroc_is_that_of_scikit_learn(negative, positive):
    labels = [0] * len(negative) + [1] * len(positive)
    expected = roc_auc_score(labels, negative + positive)
    assert auroc(np.array(negative), np.array(positive)) == pytest.approx(expected)


def test_auroc_needs_both_kinds():
    assert auroc(np.zeros(0), np.ones(2)) is None
    assert auroc(np.ones(2), np.zeros(0)) is None


def small(**changes) -> tuple[Truth, Said]:
    """Eight rows of two types, all said to be repair."""
    truth = np.array(["repair"] * 5 + ["respect"] * 2 + ["none"])
    p = np.tile([0.1, 0.6, 0.3], (8, 1))
    said = Said(TYPES, p, np.array(["repair"] * 8), np.zeros(8), np.array(["calm"] * 8), [{"media"}] * 8)
    return replace(Truth(truth), **changes), said


def test_macro_f1_leaves_out_types_with_fewer_than_five_rows():
    assert evaluate(*small(), resamples=0)["macro_f1"]["value"] == pytest.approx(2 * 5 / (5 + 7))


def test_macro_f1_is_missing_where_no_type_has_five_rows():
    figures = evaluate(*small(types=np.array(["repair"] * 4 + ["respect"] * 4)), resamples=5)
    assert figures["macro_f1"] is None


def test_precision_is_missing_where_nothing_is_decided():
    truth, said = small()
    figures = evaluate(truth, replace(said, decided=np.array(["undetermined"] * 8)), resamples=5)
    assert figures["precision_when_decided"] is None
    assert figures["coverage"]["value"] == 0


def test_second_readings_count_in_the_lenient_figure_only():
    acceptable = [set()] * 5 + [{"repair"}, {"compensation"}, {"repair"}]
    figures = evaluate(*small(acceptable=acceptable), resamples=5)
    assert figures["accuracy"]["value"] == pytest.approx(5 / 7)
    assert figures["accuracy_lenient"]["value"] == pytest.approx(6 / 7)
    assert "accuracy_lenient" not in evaluate(*small(), resamples=5)


def test_modes_are_judged_where_they_are_labelled():
    modes = np.array(["calm", "calm", "angry", "", "", "", "", "calm"])
    figures = evaluate(*small(modes=modes), resamples=5)
    assert figures["mode_macro_f1"] == pytest.approx((2 * 2 / 5 + 0) / 2)
    assert "mode_macro_f1" not in evaluate(*small(modes=np.array([""] * 8)), resamples=5)


def test_signals_are_judged_on_tickets_only():
    signals = [{"media"}, {"media", "legal"}, *[set()] * 5, {"media"}]
    figures = evaluate(*small(signals=signals), resamples=5)
    assert figures["signal_f1"] == {
        "legal": {"n": 1, "f1": 0},
        "media": {"n": 2, "f1": pytest.approx(2 * 2 / (2 + 7))},
    }


def test_figures_are_ready_for_json():
    modes, signals = np.array(["calm"] * 8), [{"media"}] * 8
    text = json.dumps(evaluate(*small(modes=modes, signals=signals), resamples=5), allow_nan=False)
    assert json.loads(text)["n"] == 7


def test_labels_that_the_model_does_not_know_are_refused():
    with pytest.raises(
        BadValue, match="column customer_type: not a type of the model anywhere, got 'no such row'"
    ):
        evaluate(*small(types=np.array(["none"] * 8)))


@pytest.mark.parametrize(("n", "low"), [(1, 0.025), (30, 0.884)])
def test_all_right_is_no_certainty(n, low):
    truth, said = random_case(200, 0)
    rows = np.flatnonzero(truth.types == np.array(TYPES)[said.probabilities.argmax(axis=1)])[:n]
    said = replace(said, probabilities=said.probabilities[rows], decided=truth.types[rows])
    said = replace(said, strangeness=said.strangeness[rows], modes=said.modes[rows], signals=[set()] * n)
    found = evaluate(Truth(truth.types[rows]), said)
    assert found["accuracy"] == {"value": 1, "low": pytest.approx(low, abs=1e-3), "high": 1}
    assert found["coverage"]["low"] == found["precision_when_decided"]["low"] == found["accuracy"]["low"]
