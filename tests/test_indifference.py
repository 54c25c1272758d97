"""Training is told which differences must not move a type."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from complaint_typing.counterparts import pairs, swapped
from complaint_typing.features import HashedTexts
from complaint_typing.fitting import Recipe, fit_model, labelled
from complaint_typing.folding import fold_texts
from complaint_typing.indifference import indifferent
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_table
from complaint_typing.ticket_texts import facts_of

TEXTS = ["the nurse wrote again", "my nurse is cross", "a mechanic asked politely", "the mechanic waits"]
TYPES = ["venting", "venting", "resolution_seeking", "resolution_seeking"]


def _model(indifference: float):
    texts = TEXTS * 6
    data = labelled(texts, facts_of(texts), np.array(TYPES * 6))
    return fit_model(data, np.ones(len(texts), bool), Recipe(min_groups=1, indifference=indifference))


def _logit_of(model, word: str) -> float:
    """How much more a word speaks for one type than for the other."""
    logits = model.weigh_sums(model.sums(fold_texts([word])), facts_of([word])).logits[0, :2] - model.bias[:2]
    return float(logits[1] - logits[0])


def test_a_job_does_not_tell_a_type_once_it_must_not():
    told, silent = _model(0.0), _model(1.0)
    gap = [abs(_logit_of(m, "nurse") - _logit_of(m, "mechanic")) for m in (told, silent)]
    assert gap[0] > 1
    assert gap[1] < gap[0] / 3
    same = [_logit_of(m, "is cross") for m in (told, silent)]
    assert min(same) > 0


def test_differences_stand_there_forwards_and_backwards_and_none_is_empty():
    hashed = HashedTexts.of(["she waits for the nurse", "it waits for a mechanic"])
    every, features = np.ones(2, bool), np.arange(len(hashed.keys), dtype=np.int32)
    weighed = hashed.matrix(every, features, (1.0, 0.3))
    rows = indifferent(weighed, hashed.keys, (1.0, 0.3))
    assert np.abs(rows.sum(axis=0)).max() < 1e-4
    assert np.diff(rows.indptr).min() > 0
    quiet = hashed.matrix(np.array([False, True]), features, (1.0, 0.3))
    assert indifferent(quiet, hashed.keys, (1.0, 0.3)).shape[0] == rows.shape[0] - 2


def test_class_weights_and_intercepts_do_not_see_the_differences():
    """A type ten times as frequent as the other, and texts that say nothing of it: the intercept says it."""
    texts = ["the line is down"] * 22
    types = np.array(["venting"] * 20 + ["resolution_seeking"] * 2)
    data = labelled(texts, facts_of(texts), types)
    plain = Recipe(C=1e4, min_groups=1, class_weight=None)
    odds = []
    for recipe in (plain, replace(plain, indifference=0.0)):
        model = fit_model(data, np.ones(22, bool), recipe)
        logits = model.weigh_sums(model.sums(fold_texts(texts[:1])), facts_of(texts[:1])).logits[0, :2]
        odds.append(float(logits[1] - logits[0]))
    assert np.isclose(odds[0], np.log(10), atol=0.02)
    assert np.isclose(*odds, atol=0.01)


def test_words_are_told_once_and_pairs_differ():
    for _, row in read_table(data_path("mentions.csv"), ("attribute", "language", "words")):
        words = row["words"].split("|")
        assert len(words) == len(set(words)) > 7
        assert all(word == word.strip() and word for word in words)
    assert all(one != other and swapped(one) != one for one, other in pairs())
