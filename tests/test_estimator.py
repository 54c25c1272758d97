"""The estimator among scikit-learn's tools: cross-validation, searches, pipelines, routing, display."""

from __future__ import annotations

import io

import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    StratifiedKFold,
    cross_val_predict,
    cross_validate,
    learning_curve,
)
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, LabelEncoder

from complaint_typing.classifier import CustomerTypeClassifier
from complaint_typing.errors import BadOption, BadValue
from complaint_typing.screening import abuse_gate
from complaint_typing.ticket_texts import facts_of

SAID = {
    "resolution_seeking": "refund the wrong fee",
    "respect_seeking": "an apology from your clerk",
    "venting": "what a joke, so tired",
}
TYPES = sorted(SAID) * 8
TEXTS = [f"{SAID[name]} please, {chr(97 + i // 3) * 4}" for i, name in enumerate(TYPES)]
FOLDS = StratifiedKFold(2)


def small(**settings) -> CustomerTypeClassifier:
    return CustomerTypeClassifier(**{"min_groups": 1, "n_folds": 2} | settings)


@pytest.fixture(scope="module")
def fitted() -> CustomerTypeClassifier:
    return small().fit(TEXTS, TYPES)


@pytest.fixture(scope="module")
def tickets(corpus) -> pd.DataFrame:
    return corpus[corpus["customer_type"] != "none"].reset_index(drop=True)


def by_hand(X, y, method: str, folds=FOLDS, **settings) -> np.ndarray:
    found = []
    for train, test in folds.split(X, y):
        classifier = small(**settings).fit(*(pd.Series(v).iloc[train].tolist() for v in (X, y)))
        found.append((test, getattr(classifier, method)([X[i] for i in test])))
    answers = np.empty((len(X), *found[0][1].shape[1:]), dtype=found[0][1].dtype)
    for test, part in found:
        answers[test] = part
    return answers


@pytest.mark.parametrize("method", ["predict", "predict_proba", "predict_log_proba", "decision_function"])
def test_every_method_of_cross_validation_judges_as_by_hand(method):
    found = cross_val_predict(small(), TEXTS, TYPES, cv=FOLDS, method=method)
    assert np.array_equal(found, by_hand(TEXTS, TYPES, method))


@pytest.mark.parametrize("named_by", ["column", "types"])
def test_cross_validated_probabilities_keep_the_abuse_gate(tickets, named_by):
    types = tickets["customer_type"]
    named = types.sort_values().unique()
    X, classifier = tickets, small()
    if named_by == "types":
        X = tickets.drop(columns="customer_type")
        classifier = small(types=named.tolist())
    folds = StratifiedKFold(2, shuffle=True, random_state=0)
    p = cross_val_predict(classifier, X, types, cv=folds, method="predict_proba")
    abuser = named.tolist().index("repeat_abuser")
    is_open = abuse_gate(facts_of(tickets))
    assert (p[~is_open, abuser] == 0).all()
    assert p[is_open, abuser].max() > 0.2
    train, test = next(folds.split(tickets, types))
    hand = small().fit(tickets.iloc[train], types.iloc[train]).predict_proba(tickets.iloc[test])
    assert np.array_equal(hand, p[test])


def test_numbers_without_names_bind_the_type_that_lives_under_the_open_gate(tickets):
    X = tickets.drop(columns="customer_type")
    encoder = LabelEncoder().fit(tickets["customer_type"])
    nameless = small().fit(X, encoder.transform(tickets["customer_type"]))
    assert nameless.classes_.tolist() == list(range(len(encoder.classes_)))
    abuser = encoder.classes_.tolist().index("repeat_abuser")
    assert nameless.model_.gated == (str(abuser),)
    assert (nameless.predict_proba(X["text"])[:, abuser] == 0).all()


def test_numbers_without_names_and_history_bind_no_type():
    assert small().fit(TEXTS, LabelEncoder().fit_transform(TYPES)).model_.gated == ()


def test_a_number_that_stands_for_none_is_no_class():
    labels = [*TYPES, "none", "none"]
    numbers = LabelEncoder().fit_transform(labels)
    classifier = small(types=sorted(set(labels))).fit([*TEXTS, "win a prize", "win prizes"], numbers)
    assert classifier.classes_.tolist() == [1, 2, 3]
    assert classifier.model_.types == tuple(sorted(SAID))


def test_numbers_keep_their_order_where_names_have_another():
    numbers = [{"venting": 2, "resolution_seeking": 10, "respect_seeking": 7}[name] for name in TYPES]
    classifier = small().fit(TEXTS, numbers)
    assert classifier.classes_.tolist() == [2, 7, 10]
    assert classifier.predict(TEXTS).tolist() == numbers
    assert classifier.predict_proba(TEXTS).argmax(axis=1).tolist() == [[2, 7, 10].index(n) for n in numbers]


def test_votes_stacks_and_calibrators_take_it():
    voted = VotingClassifier([("a", small()), ("b", small(C=1))], voting="soft").fit(TEXTS, TYPES)
    assert voted.predict(TEXTS).tolist() == TYPES
    stacked = StackingClassifier([("a", small())], LogisticRegression(C=100), cv=2).fit(TEXTS, TYPES)
    assert stacked.predict(TEXTS).tolist() == TYPES
    again = CalibratedClassifierCV(small(), cv=2).fit(TEXTS, np.array(TYPES))
    assert again.predict_proba(TEXTS).sum(axis=1) == pytest.approx(1)
    assert again.predict(TEXTS).tolist() == TYPES


def test_searches_curves_and_scores():
    search = GridSearchCV(small(), {"class_weight": ["balanced", {"venting": 3}]}, cv=FOLDS)
    assert search.fit(TEXTS, TYPES).predict(TEXTS).tolist() == TYPES
    scoring = ["accuracy", "f1_macro", "neg_log_loss", "roc_auc_ovr"]
    scores = cross_validate(small(), TEXTS, TYPES, cv=FOLDS, scoring=scoring)
    assert all(np.isfinite(scores[f"test_{name}"]).all() for name in scoring)
    curve = learning_curve(small(), TEXTS, TYPES, train_sizes=[6, 12], cv=KFold(2))
    assert curve[2].shape == (2, 2)


def test_two_types_give_one_decision_for_each_ticket(fitted):
    two = [name for name in TYPES if name != "venting"]
    texts = [text for text, name in zip(TEXTS, TYPES, strict=True) if name != "venting"]
    classifier = small().fit(texts, two)
    decision = classifier.decision_function(texts)
    assert decision.shape == (len(texts),)
    assert classifier.classes_[(decision > 0).astype(int)].tolist() == two
    assert fitted.decision_function(TEXTS).shape == (len(TEXTS), 3)


def test_decisions_are_finite_where_the_gate_is_closed(classifier, corpus):
    assert np.isneginf(classifier.predict_log_proba(corpus["text"])).any()
    assert np.isfinite(classifier.decision_function(corpus["text"])).all()


def test_pipelines_hand_tables_on_in_any_output():
    table = pd.DataFrame({"body": TEXTS})
    rename = FunctionTransformer(lambda X: X.rename(columns={"body": "text"}))
    steps = Pipeline([("rename", rename), ("type", small())]).set_output(transform="pandas")
    assert steps.fit(table, TYPES).predict(table).tolist() == TYPES
    assert steps.set_params(type__C=3).get_params()["type__C"] == 3
    assert steps.classes_.tolist() == sorted(SAID)


def test_metadata_is_routed_to_fitting(tickets):
    with sklearn.config_context(enable_metadata_routing=True):
        classifier = small().set_fit_request(groups=True, sample_weight=True, modes=True, signals=True)
        classifier.set_score_request(sample_weight=False)
        search = GridSearchCV(classifier, {"C": [1.0]}, cv=GroupKFold(3), error_score="raise")
        search.fit(
            tickets,
            tickets["customer_type"],
            groups=tickets["collection"],
            sample_weight=np.ones(len(tickets)),
            modes=tickets["emotional_mode"],
            signals=[{cell} - {""} for cell in tickets["risk_signals"]],
        )
    model = search.best_estimator_.model_
    assert (model.signals, model.modes) == (("senior",), ("attack", "emotional", "rational"))


def test_the_order_of_the_rows_means_nothing_for_fitting(tickets):
    order = np.random.default_rng(3).permutation(len(tickets))
    one = small().fit(tickets, tickets["customer_type"])
    two = small().fit(tickets.iloc[order], tickets["customer_type"].iloc[order])
    assert one.predict_proba(tickets).tobytes() == two.predict_proba(tickets).tobytes()
    assert np.array_equal(one.out_of_fold_.logits[order], two.out_of_fold_.logits)


def test_types_that_alternate_stand_in_every_fold():
    texts, types = TEXTS[1::3] + TEXTS[2::3], TYPES[1::3] + TYPES[2::3]
    mixed = [place for pair in zip(range(8), range(8, 16), strict=True) for place in pair]
    classifier = small().fit([texts[i] for i in mixed], [types[i] for i in mixed])
    assert (classifier.out_of_fold_.logits[:, :2] > -30).all()


def test_weight_zero_leaves_a_ticket_out(fitted):
    wrong = small().fit([*TEXTS, "refund"], [*TYPES, "venting"], sample_weight=[*[1] * len(TEXTS), 0])
    assert wrong.predict_proba(TEXTS).tobytes() == fitted.predict_proba(TEXTS).tobytes()
    lost = small().fit(TEXTS, TYPES, sample_weight=[float(name != "venting") for name in TYPES])
    assert lost.classes_.tolist() == ["resolution_seeking", "respect_seeking"]


def test_class_weights_are_as_weights_of_the_tickets():
    weight = {"venting": 4.0}
    one = small(class_weight=weight).fit(TEXTS, TYPES)
    other = small(class_weight=None).fit(TEXTS, TYPES, sample_weight=[weight.get(n, 1.0) for n in TYPES])
    assert np.abs(one.predict_proba(TEXTS) - other.predict_proba(TEXTS)).max() < 1e-3
    numbers = LabelEncoder().fit_transform(TYPES)
    assert small(class_weight={2: 4.0}).fit(TEXTS, numbers).predict_proba(TEXTS) == pytest.approx(
        one.predict_proba(TEXTS), abs=1e-3
    )


def test_a_seed_deals_the_folds_and_no_seed_deals_them_alike(fitted):
    one, same, other = (small(random_state=seed).fit(TEXTS, TYPES) for seed in (1, 1, 2))
    assert one.out_of_fold_.logits.tobytes() == same.out_of_fold_.logits.tobytes()
    assert one.out_of_fold_.logits.tobytes() != other.out_of_fold_.logits.tobytes()
    assert small().fit(TEXTS, TYPES).out_of_fold_.logits.tobytes() == fitted.out_of_fold_.logits.tobytes()
    grouped = small(random_state=0).fit(TEXTS, TYPES, groups=[f"author {i // 3 % 4}" for i in range(24)])
    assert grouped.predict(TEXTS).tolist() == TYPES


def test_what_was_seen_is_remembered(fitted, tickets):
    assert fitted.n_features_in_ == 1
    assert not hasattr(fitted, "feature_names_in_")
    table = small().fit(tickets, tickets["customer_type"])
    assert table.feature_names_in_.tolist() == tickets.columns.tolist()
    assert table.n_features_in_ == len(tickets.columns)
    assert not hasattr(table.fit(TEXTS, TYPES), "feature_names_in_")
    assert not hasattr(small(), "n_features_in_")


def test_joblib_keeps_it(fitted):
    kept = io.BytesIO()
    joblib.dump(fitted, kept)
    kept.seek(0)
    again = joblib.load(kept)
    assert again.predict_proba(TEXTS).tobytes() == fitted.predict_proba(TEXTS).tobytes()
    assert clone(again).get_params() == fitted.get_params()


def test_a_notebook_shows_what_was_learned(fitted):
    for shown in (fitted._repr_html_(), fitted._repr_mimebundle_()["text/html"]):
        assert "fitted on 24 tickets" in shown
        assert "渴望尊重型 / Respect seeking): 33.3%" in shown
    assert "fitted on" not in small()._repr_html_()
    with sklearn.config_context(display="text"):
        assert "text/html" not in fitted._repr_mimebundle_()
        assert not hasattr(fitted, "_repr_html_")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"C": 0}, "C: not a number above 0, got '0'; write C=1, or leave it out"),
        ({"C": "strong"}, "C: not a number above 0, got 'strong'"),
        ({"last_sentence": -1}, "last_sentence: not a number from 0 up, got '-1'"),
        ({"min_groups": 0}, "min_groups: not a whole number from 1 up, got '0'"),
        ({"n_folds": 1}, "n_folds: not a whole number from 2 up, got '1'; write n_folds=2"),
        ({"n_folds": 2.5}, "n_folds: not a whole number from 2 up, got '2.5'"),
        ({"class_weight": "even"}, "class_weight: not balanced, a dict or None, got 'even'"),
        ({"class_weight": {"ventng": 2}}, "class_weight: not one of the types, got 'ventng'; use venting"),
        ({"class_weight": {"venting": -1}}, "class_weight: not a number from 0 up, got '-1'"),
        ({"random_state": "x"}, "random_state: not a seed, got 'x'; give a whole number"),
        ({"n_jobs": 0}, "n_jobs: not a whole number but 0, or None, got '0'; write n_jobs=-1"),
        ({"taxonomy": 3}, "taxonomy: not a path or a Taxonomy, got '3'"),
    ],
)
def test_parameters_that_cannot_be_used_are_named(settings, message):
    with pytest.raises(BadOption, match=message):
        small(**settings).fit(TEXTS, TYPES)


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ([*[1] * 23, -1], "row 24, column sample_weight: not a number from 0 up, got '-1'"),
        ([np.nan, *[1] * 23], "row 1, column sample_weight: not a number from 0 up, got 'nan'"),
        (["many"] * 24, "row 1, column sample_weight: not a number from 0 up, got 'many'"),
        ([0] * 24, "column sample_weight: not a weight above zero for any ticket"),
        (np.ones((24, 2)), "column sample_weight: not a column of numbers"),
        (3, "column sample_weight: not a list with one entry a text, got '3'"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(weight, message):
    with pytest.raises(BadValue, match=message):
        small().fit(TEXTS, TYPES, sample_weight=weight)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_is_no_label(blank):
    with pytest.raises(BadValue, match="row 2, column customer_type: not a label"):
        small().fit(TEXTS, [TYPES[0], blank, *TYPES[2:]])


def test_a_signal_is_named():
    with pytest.raises(BadValue, match="row 3, column risk_signals: not the name of a signal, got '1'"):
        small().fit(TEXTS, TYPES, signals=[(), ("legal",), (1,), *[()] * (len(TEXTS) - 3)])


@pytest.mark.parametrize("value", [-1, np.inf])
@pytest.mark.parametrize("column", ["history_tickets_30d", "history_days_since_last"])
def test_a_history_that_cannot_be_is_refused(fitted, column, value):
    table = pd.DataFrame({"text": TEXTS[:2], column: [np.nan, value]})
    with pytest.raises(BadValue, match=f"row 2, column {column}: not a number from 0 up"):
        fitted.predict(table)


@pytest.mark.parametrize("nothing", [([], []), (pd.DataFrame({"text": []}), pd.Series([], dtype=object))])
def test_nothing_to_fit_on_is_refused(nothing):
    with pytest.raises(BadValue, match="customer_type: not a list of labels, it is empty"):
        small().fit(*nothing)


def test_one_type_is_refused():
    with pytest.raises(
        BadValue, match="not one of two types or more, got 'venting'; one class tells nothing"
    ):
        small().fit(TEXTS, ["venting"] * len(TEXTS))


def test_a_subject_is_read_above_its_text_as_by_every_door():
    subjects = ["Refund please, I am furious!!!", "", None, "Late"]
    texts = ["ok", "where is my refund", "no light", "Late\nagain"]
    frame = pd.DataFrame({"subject": subjects, "text": texts}, dtype=object)
    classifier = small().fit(frame.iloc[[0, 1] * 8], ["venting", "resolution_seeking"] * 8)
    joined = [f"{subjects[0]}\n{texts[0]}", *texts[1:]]
    assert np.array_equal(classifier.predict_proba(frame), classifier.predict_proba(joined))
    assert not np.array_equal(classifier.predict_proba(frame), classifier.predict_proba(texts))
    with pytest.raises(BadValue, match="row 2, column subject: not a text"):
        classifier.predict_proba(pd.DataFrame({"subject": ["a", ["b"]], "text": ["c", "d"]}))
