"""Training reads texts about women and men alike."""

from __future__ import annotations

import numpy as np

from complaint_typing.counterparts import swapped
from complaint_typing.features import HashedTexts
from complaint_typing.fitting import Recipe, fit_model, labelled
from complaint_typing.folding import fold_texts
from complaint_typing.ticket_texts import facts_of


def test_pairs_go_both_ways():
    for one, other in (
        ("he", "she"),
        ("先生", "女士"),
        ("my husband", "my wife"),
        ("儿子", "女儿"),
        ("爷爷", "奶奶"),
    ):
        assert swapped(one) == other
        assert swapped(other) == one


def test_words_within_words_stay():
    assert swapped("the shepherd manages the sonnet") == "the shepherd manages the sonnet"


def test_what_both_ways_share_is_on_neither_side():
    hashed = HashedTexts.of(["he waits", "it waits"])
    sides = {text: sorted(set(hashed.side[hashed.text == text].tolist())) for text in (0, 1)}
    assert sides == {0: [-1, 0, 1], 1: [0]}


def test_each_way_counts_one_half_and_what_both_share_counts_whole():
    hashed = HashedTexts.of(["he waits", "it waits"])
    every, features = np.ones(2, dtype=bool), np.arange(len(hashed.keys), dtype=np.int32)
    weighed = hashed.matrix(every, features, (1.0, 0.3))
    whole = ~hashed.last
    share = (weighed.texts.toarray() / weighed.idf)[:, whole]
    share /= share.max(axis=1, keepdims=True)
    assert set(np.round(share[0], 4).tolist()) == {0.0, 0.5, 1.0}
    assert set(np.round(share[1], 4).tolist()) == {0.0, 1.0}
    assert ((weighed.differences.toarray()[0, whole] != 0) == (share[0] == 0.5)).all()


def test_a_model_weighs_counterparts_alike():
    """Every venting ticket of the training speaks of a man; no text is typed so for a man alone."""
    texts = ["he was awful there", "he is so bad, awful"] * 6 + [
        "please fix the line",
        "fix my line soon",
    ] * 6
    types = np.array(["venting"] * 12 + ["resolution_seeking"] * 12)
    facts = facts_of(texts)
    data = labelled(texts, facts, types)
    model = fit_model(data, np.ones(len(texts), dtype=bool), Recipe(min_groups=1))
    pair = ["he sits here", "she sits here"]
    logits = model.weigh_sums(model.sums(fold_texts(pair)), facts_of(pair)).logits[:, :2]
    alone = logits[0] - model.bias[:2]
    assert np.abs(alone).max() > 0.01
    weight = {
        w: model.weigh_sums(model.sums(fold_texts([w])), facts_of([w])).logits[0, :2] for w in ("he", "she")
    }
    assert np.allclose(weight["he"], weight["she"], atol=0.35 * np.abs(alone).max())
