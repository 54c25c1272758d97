"""Calibration on tickets of left-out groups: nothing is judged by a model that saw its author."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joblib import parallel_config
from sklearn.metrics import f1_score

from complaint_typing.calibration import (
    FALSE_ALARMS,
    HIGH_PRECISION,
    PRECISION,
    calibrate,
    fit_calibrated,
)
from complaint_typing.errors import BadValue
from complaint_typing.fitting import Labelled, Recipe, fit_model, labelled
from complaint_typing.folding import fold_texts
from complaint_typing.model import Model
from complaint_typing.out_of_fold import OutOfFold, fit_out_of_fold, grouped_folds
from complaint_typing.ticket_texts import facts_of


@pytest.fixture(scope="module")
def data(corpus) -> Labelled:
    return labelled(
        corpus["text"].tolist(),
        facts_of(corpus),
        corpus["customer_type"].to_numpy(str),
        corpus["collection"],
        corpus["emotional_mode"].to_numpy(str),
        [{cell} for cell in corpus["risk_signals"]],
        ["senior"],
    )


@pytest.fixture(scope="module")
def fitted(data) -> tuple[Model, OutOfFold]:
    return fit_calibrated(data, Recipe(), 3)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=40), st.integers(2, 6))
def test_folds_never_cut_a_group_and_none_is_empty(groups, n_folds):
    groups = np.array([*groups, 100])
    if len(set(groups.tolist())) == 1:
        groups = np.append(groups, 101)
    folds = grouped_folds(groups, n_folds)
    assert all(len(set(folds[groups == group])) == 1 for group in groups)
    assert set(folds) == set(range(min(n_folds, len(set(groups.tolist())))))


@given(st.lists(st.integers(0, 30), min_size=2, max_size=60).filter(lambda groups: len(set(groups)) > 1))
def test_as_many_folds_as_groups_leave_one_group_out_each(groups):
    folds = grouped_folds(np.array(groups), len(groups) + 5)
    assert len(set(zip(groups, folds.tolist(), strict=True))) == len(set(groups)) == len(set(folds))


@given(st.lists(st.integers(1, 30), min_size=2, max_size=20))
def test_folds_are_as_even_as_their_largest_group_allows(sizes):
    sizes_of_folds = np.bincount(grouped_folds(np.repeat(np.arange(len(sizes)), sizes), 2))
    assert abs(sizes_of_folds[0] - sizes_of_folds[1]) <= max(sizes)


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=2, max_size=40), st.integers(2, 6))
def test_no_fold_holds_all_tickets_that_are_kept_apart(tickets, n_folds):
    groups = np.array([100, 101, *(group for group, _ in tickets)])
    apart = np.array([True, True, *(rare for _, rare in tickets)])
    folds = grouped_folds(groups, n_folds, apart=apart)
    assert all(len(set(folds[groups == group])) == 1 for group in groups)
    assert len(set(folds[apart])) > 1


@given(st.integers(2, 6), st.integers(2, 6), st.integers(2, 5))
def test_types_that_alternate_stand_in_every_fold(n_types, n_folds, turns):
    types = np.array([f"type {i}" for i in range(n_types)] * n_folds * turns)
    folds = grouped_folds(np.arange(len(types)), n_folds, types)
    assert all(len(set(types[folds == fold])) == n_types for fold in range(n_folds))


@pytest.mark.parametrize(("groups", "n_folds"), [([1, 1, 1], 5), ([1, 2, 3], 1), ([1, 2], 0)])
def test_fewer_than_two_folds_are_refused(groups, n_folds):
    with pytest.raises(BadValue, match="column collection: not two folds or more"):
        grouped_folds(np.array(groups), n_folds)


def test_each_ticket_is_scored_by_a_model_that_saw_nothing_of_its_group(data, fitted):
    model, out_of_fold = fitted
    shift = model.bias - fit_model(data, np.ones(len(data.raw), dtype=bool), Recipe()).bias
    for group in np.unique(data.groups):
        held_out = data.groups == group
        part = fit_model(data, ~held_out, Recipe())
        facts = {name: values[held_out] for name, values in data.facts.items()}
        sums = part.sums(fold_texts([text for text, out in zip(data.raw, held_out, strict=True) if out]))
        expected = part.weigh_sums(sums, facts).logits + shift
        assert np.allclose(out_of_fold.logits[held_out], expected, rtol=0, atol=1e-5)
        assert np.array_equal(out_of_fold.known_share[held_out], sums.known_share)


def test_weights_come_from_all_tickets_and_only_the_bias_of_the_types_is_moved(data, fitted):
    whole = fit_model(data, np.ones(len(data.raw), dtype=bool), Recipe())
    assert np.array_equal(fitted[0].weights, whole.weights)
    assert np.array_equal(fitted[0].history, whole.history)
    n_types = len(whole.types)
    assert np.array_equal(fitted[0].bias[n_types:], whole.bias[n_types:])
    assert not np.array_equal(fitted[0].bias[:n_types], whole.bias[:n_types])


def loss(model: Model, out_of_fold: OutOfFold, data: Labelled) -> float:
    tickets = np.flatnonzero(~np.isin(data.types, ["none", "repeat_abuser"]))
    p = out_of_fold.scores(model, data).types[tickets]
    y = [model.types.index(name) for name in data.types[tickets]]
    return -np.log(np.maximum(p[np.arange(len(y)), y], 1e-12)).mean()


def test_calibration_lowers_the_loss_on_tickets_that_were_left_out(data, fitted):
    model, out_of_fold = fitted
    whole = fit_model(data, np.ones(len(data.raw), dtype=bool), Recipe())
    raw = OutOfFold(out_of_fold.logits - (model.bias - whole.bias), out_of_fold.known_share)
    assert loss(model, out_of_fold, data) < loss(whole, raw, data)
    for factor in (0.7, 1.5):
        other = replace(model, temperature=model.temperature * factor)
        assert loss(model, out_of_fold, data) < loss(other, out_of_fold, data)


def test_decisions_keep_the_promised_precision_and_false_alarms(data, fitted):
    model, out_of_fold = fitted
    tickets = data.types != "none"
    scores = out_of_fold.scores(model, data)
    confidence = scores.types[tickets].max(axis=1)
    right = np.array(model.types)[scores.types[tickets].argmax(axis=1)] == data.types[tickets]
    assert model.thresholds.decide <= model.thresholds.sure
    for threshold, precision in (
        (model.thresholds.decide, PRECISION),
        (model.thresholds.sure, HIGH_PRECISION),
    ):
        assert right[confidence >= threshold].mean() >= precision
    strange = scores.strangeness[tickets] >= model.thresholds.unfamiliar
    assert strange.mean() <= FALSE_ALARMS + 1 / tickets.sum()


def synthetic(p: np.ndarray, there: np.ndarray, model: Model) -> tuple[OutOfFold, Labelled]:
    """Tickets of one type each, with these probabilities of the signal `senior`."""
    n = len(p)
    logits = np.zeros((n, len(model.bias)), dtype=np.float32)
    logits[:, len(model.types) + len(model.modes)] = np.log(p / (1 - p))
    types = np.array(model.types)[np.arange(n) % len(model.types)]
    texts = ["-"] * n
    data = labelled(
        texts,
        facts_of(texts),
        types,
        signals=[{"senior"} if t else () for t in there],
        signal_names=["senior"],
    )
    return OutOfFold(logits, np.full(n, 0.5, dtype=np.float32)), data


@given(
    st.lists(
        st.tuples(st.sampled_from([0.11111, 0.3, 0.55556, 0.777774, 0.9]), st.booleans()),
        min_size=5,
        max_size=25,
    )
)
@settings(max_examples=20)
def test_signals_are_reported_from_the_probability_with_the_best_f1(fitted, tickets):
    p, there = (np.array(column) for column in zip(*tickets, strict=True))
    synthesized, labels = synthetic(p, there, fitted[0])
    calibrated, out_of_fold = calibrate(fitted[0], synthesized, synthesized, labels)
    scores = out_of_fold.logits[:, len(fitted[0].types) + len(fitted[0].modes)]
    sigmoid = 1 / (1 + np.exp(-scores))
    (threshold,) = calibrated.signal_thresholds
    if not there.any():
        assert threshold == 0.5
        return
    possible = [f1_score(there, sigmoid >= t, zero_division=0) for t in np.unique(sigmoid)]
    assert f1_score(there, sigmoid >= threshold, zero_division=0) == pytest.approx(max(possible))


def test_only_tickets_drawn_as_ordinary_mail_is_teach_the_probabilities(data, fitted):
    natural = data.groups != 0
    some = replace(data, natural=natural)
    kept = natural[:, None] | (np.arange(fitted[1].logits.shape[1]) == fitted[1].logits.shape[1] - 1)
    disturbed = replace(fitted[1], logits=np.where(kept, fitted[1].logits, -fitted[1].logits))
    one, other = (calibrate(fitted[0], scores, scores, some)[0] for scores in (fitted[1], disturbed))
    assert (one.temperature, one.thresholds) == (other.temperature, other.thresholds)
    assert np.array_equal(one.bias, other.bias)
    assert calibrate(fitted[0], disturbed, disturbed, data)[0].temperature != one.temperature


def test_where_genres_are_known_probabilities_and_thresholds_hold_for_left_out_genres(data, fitted):
    genres = np.arange(len(data.raw)) % 4
    known = replace(data, genres=genres)
    model, left_out, strangers = fit_out_of_fold(known, Recipe(), 3)
    for genre in range(4):
        part = fit_model(known, genres != genre, Recipe())
        rows = np.flatnonzero(genres == genre)
        facts = {name: values[rows] for name, values in data.facts.items()}
        sums = part.sums(fold_texts([data.raw[i] for i in rows]))
        assert np.allclose(strangers.logits[rows], part.weigh_sums(sums, facts).logits, rtol=0, atol=1e-5)
    calibrated, shifted = calibrate(model, left_out, strangers, known)
    tickets = data.types != "none"
    shift = calibrated.bias - model.bias
    p = replace(strangers, logits=strangers.logits + shift).scores(calibrated, data).types[tickets]
    right = np.array(model.types)[p.argmax(axis=1)] == data.types[tickets]
    assert right[p.max(axis=1) >= calibrated.thresholds.decide].mean() >= PRECISION
    assert np.allclose(shifted.logits - left_out.logits, shift, atol=1e-5)
    assert calibrated.temperature != fitted[0].temperature


def test_texts_that_share_nothing_still_give_a_usable_model():
    texts = [chr(0x4E00 + 50 * i) * 3000 for i in range(8)]
    data = labelled(texts, facts_of(texts), np.array(["a", "b"] * 4))
    model, _ = fit_calibrated(data, Recipe(), 4)
    scores = model.score(texts, facts_of(texts))
    assert model.usual_known_share > 0
    assert np.isfinite(scores.types).all()
    assert np.isfinite(scores.strangeness).all()


def test_labels_that_stand_in_one_group_alone_are_learned_and_calibrated(data):
    """A fold may then lack a type or every mode; the model of all tickets has them."""
    rare = np.where(data.groups == 0, data.types, np.where(data.types == "venting", "none", data.types))
    modes = np.where(data.groups == 0, data.modes, "")
    model, out_of_fold = fit_calibrated(replace(data, types=rare, modes=modes), Recipe(), 3)
    assert "venting" in model.types
    assert model.modes == ("attack", "emotional", "rational")
    assert np.isfinite(out_of_fold.logits).all()


def test_the_number_of_workers_changes_nothing(data, fitted):
    with parallel_config(backend="threading"):
        model, out_of_fold = fit_calibrated(data, Recipe(), 3, jobs=2)
    assert out_of_fold.logits.tobytes() == fitted[1].logits.tobytes()
    assert (model.temperature, model.thresholds) == (fitted[0].temperature, fitted[0].thresholds)
    assert model.weights.tobytes() == fitted[0].weights.tobytes()
