"""The estimator: a scikit-learn classifier of texts and history columns that judges each row alone."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from complaint_typing.classifier import CustomerTypeClassifier
from complaint_typing.errors import BadValue, MissingColumns, UnequalColumns
from complaint_typing.facts import FACT_NAMES, FACTS
from complaint_typing.ticket_texts import facts_of, texts_of

TEXTS = ["refund the fee", "refund it now", "an apology please", "apologise to me"] * 4
TYPES = ["resolution_seeking", "resolution_seeking", "respect_seeking", "respect_seeking"] * 4


def small(**settings) -> CustomerTypeClassifier:
    return CustomerTypeClassifier(min_groups=1, n_folds=2, **settings)


@pytest.fixture(scope="module")
def fitted() -> CustomerTypeClassifier:
    return small().fit(TEXTS, TYPES)


def test_classes_are_sorted_and_name_the_columns(fitted):
    assert fitted.classes_.tolist() == ["resolution_seeking", "respect_seeking"]
    p = fitted.predict_proba(TEXTS)
    assert p.shape == (len(TEXTS), 2)
    assert p.sum(axis=1) == pytest.approx(1)
    assert fitted.predict(TEXTS).tolist() == fitted.classes_[p.argmax(axis=1)].tolist() == TYPES
    assert fitted.score(TEXTS, TYPES) == 1


def test_parameters_can_be_read_set_and_cloned(fitted):
    classifier = CustomerTypeClassifier(
        C=2.5,
        last_sentence=0.1,
        min_groups=4,
        class_weight=None,
        n_folds=7,
        n_jobs=1,
        taxonomy="own.csv",
        types=["venting"],
        random_state=3,
    )
    assert clone(classifier).get_params() == classifier.get_params()
    assert clone(classifier).set_params(C=1).C == 1
    assert not hasattr(clone(fitted), "model_")


def test_fitting_changes_no_parameter_and_predicting_nothing_at_all(fitted):
    classifier = small()
    before = classifier.get_params()
    assert classifier.fit(TEXTS, TYPES) is classifier
    assert classifier.get_params() == before
    state = pickle.dumps(classifier)
    classifier.predict(["refund"])
    assert pickle.dumps(classifier) == state


def test_fitting_again_gives_the_same(fitted):
    again = pickle.loads(pickle.dumps(fitted)).fit(TEXTS, TYPES)
    assert again.predict_proba(TEXTS).tobytes() == fitted.predict_proba(TEXTS).tobytes()


def test_a_pickled_estimator_predicts_the_same(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    assert again.predict_proba(TEXTS).tobytes() == fitted.predict_proba(TEXTS).tobytes()


@pytest.mark.parametrize(
    "container",
    [
        tuple,
        np.array,
        lambda texts: np.array(texts, dtype=object),
        lambda texts: np.array(texts)[:, None],
        lambda texts: pd.Series(texts, index=range(100, 100 + len(texts))),
        lambda texts: pd.Series(texts, dtype="string"),
        lambda texts: pd.DataFrame({"other": 1, "text": texts}),
    ],
    ids=["tuple", "array", "object array", "column", "Series", "string Series", "DataFrame"],
)
def test_lists_arrays_series_and_tables_give_the_same(fitted, container):
    X = container(TEXTS)
    assert fitted.predict_proba(X).tobytes() == fitted.predict_proba(TEXTS).tobytes()
    assert (
        small().fit(X, pd.Series(TYPES)).predict_proba(X).tobytes() == fitted.predict_proba(TEXTS).tobytes()
    )


def test_rows_are_judged_alone_in_any_order(classifier, corpus):
    p = classifier.predict_proba(corpus)
    order = np.random.default_rng(0).permutation(len(corpus))
    assert classifier.predict_proba(corpus.iloc[order]).tobytes() == p[order].tobytes()
    alone = [classifier.predict_proba(corpus.iloc[[i]])[0] for i in range(0, len(corpus), 9)]
    assert np.array(alone).tobytes() == p[::9].tobytes()


def test_history_columns_count_and_their_absence_is_an_unknown_past(classifier, corpus):
    claims = corpus[corpus["customer_type"] == "repeat_abuser"]
    assert (classifier.predict(claims) == "repeat_abuser").mean() >= 0.8
    abuser = classifier.classes_.tolist().index("repeat_abuser")
    for without in (claims["text"], claims[["text"]], claims["text"].tolist()):
        assert (classifier.predict_proba(without)[:, abuser] == 0).all()


def test_cross_validation_judges_as_fitting_by_hand_does():
    folds = GroupKFold(2)
    groups = np.arange(len(TEXTS)) // 8
    found = cross_val_predict(small(), TEXTS, TYPES, groups=groups, cv=folds)
    for train, test in folds.split(TEXTS, TYPES, groups):
        by_hand = small().fit([TEXTS[i] for i in train], [TYPES[i] for i in train])
        assert found[test].tolist() == by_hand.predict([TEXTS[i] for i in test]).tolist()


def test_cross_validation_of_a_table_takes_its_history_along(corpus):
    types = corpus["customer_type"]
    found = cross_val_predict(CustomerTypeClassifier(n_folds=2), corpus, types, cv=2)
    for train, test in StratifiedKFold(2).split(corpus, types):
        by_hand = CustomerTypeClassifier(n_folds=2).fit(corpus.iloc[train], types.iloc[train])
        assert found[test].tolist() == by_hand.predict(corpus.iloc[test]).tolist()
    assert not (found[types != "repeat_abuser"] == "repeat_abuser").any()


def test_searching_scoring_and_pipelines_work():
    assert cross_val_score(small(), TEXTS, TYPES, cv=2).tolist() == [1, 1]
    assert cross_val_score(small(), TEXTS, TYPES, cv=2, scoring="neg_log_loss").max() < 0
    search = GridSearchCV(small(), {"C": [0.1, 10]}, cv=2).fit(TEXTS, TYPES)
    assert search.best_params_["C"] in (0.1, 10)
    assert make_pipeline(small()).fit(TEXTS, TYPES).predict(TEXTS[:1]).tolist() == TYPES[:1]


def test_scikit_learn_finds_no_fault_and_knows_that_it_takes_texts():
    with pytest.warns(SkipTestWarning, match="Can't test estimator CustomerTypeClassifier .*string"):
        check_estimator(small())


def test_sample_weights_may_be_lists_and_series_and_are_left_as_they_are():
    weights = [1.0, 2.0] * 8
    one = small().fit(TEXTS, TYPES, sample_weight=weights)
    other = small().fit(TEXTS, TYPES, sample_weight=pd.Series(weights))
    assert weights == [1.0, 2.0] * 8
    assert one.predict_proba(TEXTS).tobytes() == other.predict_proba(TEXTS).tobytes()
    assert one.predict_proba(TEXTS).tobytes() != small().fit(TEXTS, TYPES).predict_proba(TEXTS).tobytes()


def test_modes_and_signals_are_learned_beside_the_types():
    modes = ["", "rational", "attack", "attack"] * 4
    signals = [[], ["legal"], [], []] * 4
    model = small().fit(TEXTS, TYPES, modes=modes, signals=signals).model_
    assert (model.modes, model.signals) == (("attack", "rational"), ("legal",))


@pytest.mark.parametrize("method", ["predict", "predict_proba"])
def test_an_estimator_that_was_not_fitted_says_so(method):
    with pytest.raises(NotFittedError, match="CustomerTypeClassifier instance is not fitted yet"):
        getattr(small(), method)(TEXTS)


@pytest.mark.parametrize("nothing", [[], np.array([]), pd.Series([], dtype=str), pd.DataFrame({"text": []})])
def test_no_rows_no_answers(fitted, nothing):
    assert fitted.predict(nothing).tolist() == []
    assert fitted.predict_proba(nothing).shape == (0, 2)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (["fine", None], "row 2, column text: not a text, got 'None'; drop the row"),
        (["fine", 3], "row 2, column text: not a text, got '3'"),
        ([float("nan")], "row 1, column text: not a text, got 'nan'"),
        (pd.Series(["fine", pd.NA], dtype="string"), "row 2, column text: not a text"),
        (np.zeros(3), "row 1, column text: not a text, got '0.0'"),
        ([b"bytes"], "row 1, column text: not a text"),
        (np.zeros((3, 2)), "column text: not one text a row"),
        ([["a", "b"], ["c", "d"]], "column text: not one text a row"),
        ("one text", "column text: not a sequence of texts, got 'one text'; put the texts in a list"),
        (None, "column text: not a sequence of texts, got 'None'"),
        ({"a", "b"}, "column text: not a sequence of texts"),
        ({"text": ["a"]}, "column text: not a sequence of texts"),
    ],
)
def test_what_is_no_text_is_refused(fitted, X, message):
    with pytest.raises(BadValue, match=message):
        fitted.predict(X)
    with pytest.raises(BadValue, match=message):
        small().fit(X, TYPES[:2])


def test_a_table_without_texts_is_refused(fitted):
    with pytest.raises(MissingColumns, match=r"no column found for: text. Headers found: 'memo'"):
        fitted.predict(pd.DataFrame({"memo": ["a"]}))


def test_a_table_without_texts_is_told_a_remedy_that_python_has():
    renamed = r"Rename the one with the texts: frame\.rename\(columns=\{'YOUR_HEADER': 'text'\}\)$"
    with pytest.raises(MissingColumns, match=renamed):
        small().fit(pd.DataFrame({"memo": ["a"] * 16}), TYPES)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([None, *TYPES[1:]], "row 1, column customer_type: not a label, got 'None'"),
        ([TYPES[0], np.nan, *TYPES[2:]], "row 2, column customer_type: not a label, got 'nan'"),
        (["venting", 1] * 8, "row 2, column customer_type: not a label, got '1'"),
        (None, "column customer_type: not a list of labels, got 'None'"),
        (["none"] * 16, "column customer_type: not a type, got 'none'"),
    ],
)
def test_labels_that_name_no_type_are_refused(labels, message):
    with pytest.raises(BadValue, match=message):
        small().fit(TEXTS, labels)


def test_signals_joined_in_one_text_are_refused():
    with pytest.raises(
        BadValue, match="row 2, column risk_signals: not a collection of names, got 'legal;media'"
    ):
        small().fit(TEXTS, TYPES, signals=[set(), "legal;media", *[set()] * 14])


@pytest.mark.parametrize("given", ["y", "sample_weight", "groups", "modes", "signals"])
def test_columns_of_another_length_are_refused(given):
    arguments = {
        "y": TYPES,
        given: {"y": TYPES[:-1], "modes": ["rational"], "signals": [set()]}.get(given, [1, 2]),
    }
    with pytest.raises(UnequalColumns, match="columns differ in length: text 16, "):
        small().fit(TEXTS, **arguments)


def test_what_cannot_be_folded_is_refused():
    with pytest.raises(BadValue, match="column collection: not two folds or more, got '1'"):
        small().fit(TEXTS, TYPES, groups=["one"] * 16)


@pytest.mark.parametrize(("column", "value"), [("history_open", "many"), ("history_known", "True")])
def test_history_columns_that_hold_no_numbers_are_refused(fitted, column, value):
    with pytest.raises(
        BadValue, match=f"column {column}: not a column of numbers, got '{value}'; append it with"
    ):
        fitted.predict(pd.DataFrame({"text": TEXTS[:2], column: [value, value]}))


def test_facts_are_read_from_their_columns_and_unknown_elsewhere():
    table = pd.DataFrame(
        {
            "text": ["a", "b"],
            "history_known": [True, False],
            "history_open": pd.array([2, None], dtype="Int64"),
            "history_days_since_last": [1.5, None],
        }
    )
    facts = facts_of(table)
    assert list(facts) == list(FACT_NAMES)
    assert facts["known"].tolist() == [True, False]
    assert facts["open"].tolist() == [2, 0]
    assert np.array_equal(facts["days_since_last"], [1.5, np.nan], equal_nan=True)
    for fact in FACTS:
        if "history_" + fact.name not in table:
            assert np.array_equal(
                facts[fact.name], [np.nan if fact.kind == "days" else 0] * 2, equal_nan=True
            )


def test_texts_stay_as_they_are_but_for_half_characters():
    texts = ["", " \n", "退款\ud800", np.str_("x")]
    assert texts_of(texts) == ["", " \n", "退款\ufffd", "x"]
