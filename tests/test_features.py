"""Training and scoring see the same numbers: binary tf-idf of two views of a text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from complaint_typing.features import HashedTexts
from complaint_typing.folding import fold_text, fold_texts
from complaint_typing.lookup import NgramLookup
from complaint_typing.model import PRESENCE, Model
from complaint_typing.ticket_texts import facts_of

PIECES = ["退款", "请退钱给我。", "My bill is wrong. ", "again", "！", " ", "１２", "😀", "\ud800"]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=2, max_size=12)
SCALES = (1.0, 0.3)
BEHIND_TWO_BLANKS = 3
"""N-grams that only the last sentence may have: those that begin with its own blank and the one before it."""


def grams(text: str) -> set[str]:
    padded = f" {fold_text(text)} "
    return {padded[i : i + n] for n in (1, 2, 3, 4) for i in range(len(padded) - 1) if i + n <= len(padded)}


@given(TEXTS)
@example(["", "退款My bill is wrong. 退款My bill is wrong. 退款"])
def test_each_text_has_each_of_its_ngrams_once_in_each_view(texts):
    hashed = HashedTexts.of(texts)
    pairs = list(zip(hashed.text.tolist(), hashed.feature.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    whole = np.bincount(hashed.text[~hashed.last[hashed.feature]], minlength=len(texts))
    last = np.bincount(hashed.text[hashed.last[hashed.feature]], minlength=len(texts))
    assert whole.tolist() == [len(grams(text)) for text in texts]
    assert ((last > 0) & (last <= whole + BEHIND_TWO_BLANKS)).all()
    assert len(np.unique(hashed.keys)) == len(hashed.keys)


def test_a_corpus_larger_than_a_block_is_hashed_as_its_texts_are():
    texts = ["退款 again", "请退钱给我。"] * 1_200
    hashed, alone = HashedTexts.of(texts), HashedTexts.of(texts[:2])
    assert hashed.keys.tolist() == alone.keys.tolist()
    for i in (0, 1, 1_999, 2_000, 2_399):
        assert sorted(hashed.feature[hashed.text == i]) == sorted(alone.feature[alone.text == i % 2])


def test_ngrams_must_recur_in_every_way_that_is_asked_for():
    hashed = HashedTexts.of(["ab", "ab", "cd", "cd"])
    rows, authors, genres = np.ones(4, dtype=bool), np.array([0, 1, 0, 1]), np.array([0, 1, 0, 0])
    by_author, by_both = hashed.selected(rows, (authors, 2)), hashed.selected(rows, (authors, 2), (genres, 2))
    of_ab = set(hashed.feature[hashed.text == 0].tolist())
    assert set(by_both.tolist()) == of_ab < set(by_author.tolist())


@given(TEXTS, st.data(), st.integers(1, 3))
def test_ngrams_must_recur_in_several_groups_of_the_chosen_rows(texts, data, least):
    rows = np.array(data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts))))
    groups = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(texts), max_size=len(texts))))
    hashed = HashedTexts.of(texts)
    chosen = hashed.selected(rows, (groups, least)).tolist()
    where = [hashed.text[hashed.feature == f] for f in range(len(hashed.keys))]
    recurring = {f for f, t in enumerate(where) if len(set(groups[t[rows[t]]].tolist())) >= least}
    assert set(chosen) <= recurring
    assert len(recurring) - len(chosen) <= 2 + len(recurring) / 20
    count = [np.count_nonzero(rows[where[f]]) for f in chosen]
    assert count == sorted(count, reverse=True)


@given(st.integers(1, 2_000) | st.sampled_from([33, 65, 1_025]), st.integers(0, 10**6))
def test_scoring_finds_every_ngram_that_training_chose(n, seed):
    """The look-up has no place for some; they are left out of the training too."""
    keys = np.unique(np.random.default_rng(seed).integers(0, 2**32, n, dtype=np.uint32))
    n = len(keys)
    hashed = HashedTexts(
        np.zeros(n, np.int32),
        np.arange(n, dtype=np.int32),
        np.ones(n, np.float32),
        keys,
        np.zeros(n, dtype=bool),
        1,
    )
    chosen = hashed.selected(np.ones(1, dtype=bool), (np.zeros(1, dtype=np.int64), 1))
    assert NgramLookup(keys[chosen]).rows(keys[chosen]).tolist() == list(range(len(chosen)))
    assert len(chosen) >= 0.95 * n - 2


def scoring_model(model: Model, hashed: HashedTexts, features, idf, W) -> Model:
    """A model without history and bias that carries these coefficients."""
    return replace(
        model,
        keys=hashed.keys[features],
        weights=np.hstack([W * idf[:, None], idf[:, None] ** 2]).astype(np.float32),
        view_scale=SCALES,
        history=0 * model.history,
        bias=0 * model.bias,
    )


@given(TEXTS, st.data())
@settings(max_examples=40)
def test_a_row_times_the_coefficients_is_what_the_model_says(model, texts, data):
    rows = np.array(data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts))))
    rows[0] = True
    hashed = HashedTexts.of(texts)
    features = hashed.selected(rows, (np.arange(len(texts)), 1))
    X, _, idf = hashed.matrix(rows, features, SCALES)
    rng = np.random.default_rng(len(features))
    W = rng.normal(size=(len(features), len(model.bias))).astype(np.float32)
    scoring = scoring_model(model, hashed, features, idf, W)
    chosen = [text for text, row in zip(texts, rows, strict=True) if row]
    said = scoring.weigh_sums(scoring.sums(fold_texts(chosen)), facts_of(chosen)).logits
    expected = X @ W
    cues = X.copy()
    cues.data = idf[cues.indices] * np.float32(PRESENCE)
    first = len(model.types) + len(model.modes)
    signals = slice(first, first + len(model.signals))
    expected[:, signals] = cues @ W[:, signals]
    assert said == pytest.approx(expected, abs=4e-3)


@given(TEXTS)
def test_every_row_is_as_long_as_its_views(texts):
    rows = np.ones(len(texts), dtype=bool)
    hashed = HashedTexts.of(texts)
    features = hashed.selected(rows, (np.arange(len(texts)), 1))
    X, _, _ = hashed.matrix(rows, features, SCALES)
    last = hashed.last[features]
    for view, scale in ((~last, 1.0), (last, 0.3)):
        assert np.sqrt(X[:, view].power(2).sum(axis=1)) == pytest.approx(scale, abs=1e-4)


def test_idf_is_the_smoothed_form():
    hashed = HashedTexts.of(["ab", "ab", "b"])
    rows = np.ones(3, dtype=bool)
    features = hashed.selected(rows, (np.arange(3), 1))
    _, _, idf = hashed.matrix(rows, features, SCALES)
    df = np.array([len(np.unique(hashed.text[hashed.feature == f])) for f in features])
    assert set(df) == {1, 2, 3}
    assert idf == pytest.approx(np.log(4 / (1 + df)) + 1)


def test_rows_without_any_chosen_ngram_are_empty():
    hashed = HashedTexts.of(["退款", "xyz"])
    rows = np.ones(2, dtype=bool)
    features = hashed.selected(np.array([True, False]), (np.arange(2), 1))
    X, _, _ = hashed.matrix(rows, features[-3:], SCALES)
    assert X[1].nnz == 0
    assert np.isfinite(X.data).all()
