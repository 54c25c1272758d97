"""Fitting: the same tickets give the same bits, and every label teaches what it should and no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from complaint_typing.artifact import as_stored
from complaint_typing.errors import BadValue
from complaint_typing.fitting import Labelled, Recipe, fit_model, labelled
from complaint_typing.folding import fold_texts
from complaint_typing.ticket_texts import facts_of

TEXTS = ["refund the fee", "refund it", "an apology please", "apologise now", "a gift", "one more gift"] * 3
TYPES = np.array(["owed", "owed", "respect", "respect", "extra", "extra"] * 3)
LOOSE = Recipe(min_groups=1)


def corpus(types=TYPES, texts=TEXTS, **labels) -> Labelled:
    return labelled(texts, facts_of(texts), types, **labels)


def fit(data: Labelled, recipe: Recipe = LOOSE, rows=None):
    return fit_model(data, np.ones(len(data.raw), dtype=bool) if rows is None else rows, recipe)


def typed(model, texts):
    return np.array(model.types)[model.score(texts, facts_of(texts)).types.argmax(axis=1)].tolist()


def test_the_same_tickets_give_the_same_bits():
    one, other = fit(corpus()), fit(corpus())
    for name in ("keys", "weights", "history", "bias"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


def test_rows_that_are_not_chosen_teach_nothing():
    rows = np.arange(len(TEXTS)) % 3 != 0
    kept = [text for text, row in zip(TEXTS, rows, strict=True) if row]
    chosen, alone = fit(corpus(), rows=rows), fit(corpus(TYPES[rows], kept))
    order, alone_order = np.argsort(chosen.keys), np.argsort(alone.keys)
    assert chosen.keys[order].tolist() == alone.keys[alone_order].tolist()
    assert chosen.weights[order] == pytest.approx(alone.weights[alone_order], abs=2e-2)
    assert typed(chosen, TEXTS) == typed(alone, TEXTS)


def test_types_are_learned_and_named_in_order():
    model = fit(corpus())
    assert model.types == ("extra", "owed", "respect")
    assert typed(model, TEXTS) == TYPES.tolist()


def test_weights_are_as_they_will_be_stored():
    model = fit(corpus())
    assert as_stored(model).weights.tobytes() == model.weights.tobytes()


def test_none_teaches_strangeness_and_is_no_type():
    texts = [*TEXTS, *["win followers cheap"] * 3]
    model = fit(corpus(np.array([*TYPES, *["none"] * 3]), texts))
    assert "none" not in model.types
    strange = model.score(["win followers", "refund the fee"], facts_of(["", ""])).strangeness
    assert strange[0] > 0.5 > strange[1]


@pytest.mark.parametrize("n_types", [1, 2, 3])
def test_any_number_of_types(n_types):
    rows = np.isin(TYPES, np.unique(TYPES)[:n_types])
    model = fit(corpus(), rows=rows)
    chosen = [text for text, row in zip(TEXTS, rows, strict=True) if row]
    assert len(model.types) == n_types
    assert typed(model, chosen) == TYPES[rows].tolist()


@pytest.mark.parametrize("types", [[], ["none", "none"]])
def test_tickets_without_any_type_are_refused(types):
    with pytest.raises(
        BadValue, match="column customer_type: not a type, got 'none'; label some of the tickets"
    ):
        corpus(np.array(types), ["x"] * len(types))


def test_the_weightier_label_wins_where_labels_contradict():
    texts = ["where is it"] * 4
    types = np.array(["a", "b", "a", "b"])
    data = corpus(types, texts, weight=np.array([1.0, 9.0, 1.0, 9.0]))
    assert typed(fit(data, Recipe(min_groups=1, class_weight=None)), texts[:1]) == ["b"]
    swapped = replace(data, weight=data.weight[::-1])
    assert typed(fit(swapped, Recipe(min_groups=1, class_weight=None)), texts[:1]) == ["a"]


def test_balanced_types_weigh_alike_whatever_their_tickets_weigh():
    data = corpus(np.array(["a", "b"] * 4), ["the same words"] * 8, weight=np.array([0.1, 1.0] * 4))
    for class_weight, expected in (("balanced", 1 / 2), (None, 1 / 11)):
        model = fit(data, Recipe(min_groups=1, class_weight=class_weight, C=1e4))
        assert model.score(data.raw[:1], facts_of(data.raw[:1])).types[0, 0] == pytest.approx(
            expected, abs=0.02
        )


def test_an_ngram_of_too_few_authors_is_not_weighed():
    texts = [*TEXTS, "zzzz", "zzzz"]
    types = np.array([*TYPES, "owed", "owed"])
    groups = [*[f"g{i % 3}" for i in range(len(TEXTS))], "g0", "g1"]
    strict, loose = (fit(corpus(types, texts, groups=groups), Recipe(min_groups=n)) for n in (3, 2))
    shares = [model.views(fold_texts(["zzzz"]))[0].known_share[0] for model in (strict, loose)]
    assert shares[0] < 0.2
    assert shares[1] == 1


@pytest.mark.parametrize(("size", "known"), [(10, False), (9, True)])
def test_an_ngram_must_recur_in_a_tenth_of_the_collections_that_are_not_small(size, known):
    groups = np.repeat(np.arange(40), size)
    texts = [TEXTS[i % len(TEXTS)] for i in range(len(groups))]
    for group in range(3):
        texts[group * size] = "zzzz"
    types = np.array([TYPES[i % len(TEXTS)] for i in range(len(groups))])
    fitted = [fit(corpus(types, texts, groups=groups), Recipe(min_share=share)) for share in (0.1, 0.0)]
    assert [model.views(fold_texts(["zzzz"]))[0].known_share[0] == 1 for model in fitted] == [known, True]


def test_five_collections_are_enough_however_many_there_are():
    groups = np.repeat(np.arange(80), 10)
    texts = [TEXTS[i % len(TEXTS)] for i in range(len(groups))]
    for group in range(5):
        texts[group * 10] = "zzzz"
        texts[group * 10 + 1] = "qqqq" if group < 4 else TEXTS[1]
    types = np.array([TYPES[i % len(TEXTS)] for i in range(len(groups))])
    model = fit(corpus(types, texts, groups=groups), Recipe(min_share=0.1))
    assert model.views(fold_texts(["zzzz"]))[0].known_share[0] == 1
    assert model.views(fold_texts(["qqqq"]))[0].known_share[0] < 0.2


def test_a_stray_ticket_of_another_genre_takes_no_words_away():
    texts, types = TEXTS * 10, np.tile(TYPES, 10)
    genres = np.arange(len(texts)) // 6 % 3
    even, stray = (fit(corpus(types, texts, genres=[*genres[:-1], last])) for last in (genres[-1], 3))
    assert len(stray.keys) == len(even.keys) > 100


def test_where_there_are_fewer_authors_than_asked_for_all_of_them_are_enough():
    model = fit(corpus(groups=[i % 2 for i in range(len(TEXTS))]), Recipe(min_groups=50))
    assert typed(model, TEXTS) == TYPES.tolist()


def test_the_history_is_weighed_beside_the_text():
    texts = ["the same words"] * 8
    types = np.array(["claimant", "other"] * 4)
    facts = dict(facts_of(texts)) | {"goodwill_365d": np.array([3, 0] * 4)}
    model = fit(labelled(texts, facts, types))
    assert model.types == ("claimant", "other")
    assert model.score(texts[:2], {name: values[:2] for name, values in facts.items()}).types.argmax(
        1
    ).tolist() == [0, 1]


def test_modes_are_learned_where_they_are_labelled():
    modes = np.where(TYPES == "respect", "attack", np.where(TYPES == "owed", "rational", ""))
    model = fit(corpus(modes=modes))
    assert model.modes == ("attack", "rational")
    scores = model.score(["an apology please", "refund the fee"], facts_of(["", ""])).modes
    assert scores.argmax(axis=1).tolist() == [0, 1]


@pytest.mark.parametrize("modes", [None, np.array([""] * len(TEXTS))])
def test_without_labelled_modes_every_ticket_is_rational(modes):
    model = fit(corpus(modes=modes))
    assert model.modes == ("rational",)
    assert model.score(["x"], facts_of(["x"])).modes.tolist() == [[1]]


def test_a_signal_is_learned_and_one_that_was_never_seen_stays_silent():
    signals = [{"legal"} if t == "respect" else set() for t in TYPES]
    model = fit(corpus(signals=signals, signal_names=["legal", "media"]))
    assert model.signals == ("legal", "media")
    legal, media = model.score(["an apology please", "a gift"], facts_of(["", ""])).signals.T
    assert legal[0] > 0.5 > legal[1]
    assert media.max() < 0.01


def test_a_signal_weighs_as_much_in_a_long_text_as_in_a_short_one():
    """Only the presence of words counts: what else is said neither hides nor makes a threat."""
    signals = [{"legal"} if t == "respect" else set() for t in TYPES]
    model = fit(corpus(signals=signals, signal_names=["legal"]))
    texts = ["an apology please", "Ж" * 400 + " an apology please"]
    short, long = model.score(texts, facts_of(texts)).signals[:, 0]
    assert long == pytest.approx(short, abs=0.1)


def test_groups_may_be_anything_that_has_a_name():
    named = corpus(groups=["a", None, 3] * 6).groups
    assert len(set(named[:3].tolist())) == 3
    assert named.tolist() == named[:3].tolist() * 6
