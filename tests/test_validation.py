"""Judging: the figures belong to what the model says, and no author judges himself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from complaint_typing.calibration import fit_calibrated
from complaint_typing.decision import Thresholds
from complaint_typing.errors import BadOption, BadValue
from complaint_typing.fitting import Recipe
from complaint_typing.labels import labelled_frame
from complaint_typing.taxonomy import read_taxonomy
from complaint_typing.ticket_texts import facts_of
from complaint_typing.validation import judge, judge_out_of_fold, leave_one_out, said_of
from complaint_typing.workbench.resampling import units_to_draw


def test_what_is_said_follows_the_models_thresholds(model):
    texts = ["宽带坏了三天。请退还多扣的费用。", "你们必须道歉，态度太差。", "加微信领优惠券。"]
    scores = model.score(texts, facts_of(texts))
    never = replace(
        model, thresholds=Thresholds(decide=1.1, sure=1.1, unfamiliar=1.1), signal_thresholds=(0.0,)
    )
    always = replace(model, thresholds=Thresholds(decide=0, sure=0, unfamiliar=1.1), signal_thresholds=(1.1,))
    strange = replace(model, thresholds=Thresholds(decide=0, sure=0, unfamiliar=0))
    assert said_of(never, scores, texts).decided.tolist() == ["undetermined"] * 3
    assert said_of(always, scores, texts).decided.tolist()[:2] == ["resolution_seeking", "respect_seeking"]
    assert said_of(strange, scores, texts).decided.tolist() == ["unfamiliar"] * 3
    assert said_of(never, scores, texts).signals == [{"senior"}] * 3
    assert said_of(always, scores, texts).signals == [set()] * 3
    assert said_of(model, scores, texts).modes.tolist()[:2] == ["rational", "attack"]
    assert said_of(model, scores, texts).types == model.types


def test_a_model_is_judged_by_what_it_says_of_the_tickets(model, classifier, corpus):
    figures = judge(model, corpus)
    tickets = corpus[corpus["customer_type"] != "none"]
    assert figures["n"] == len(tickets)
    assert figures["n_none"] == len(corpus) - len(tickets)
    right = (classifier.predict(tickets) == tickets["customer_type"]).mean()
    assert figures["accuracy"]["value"] == pytest.approx(right)
    assert set(figures["per_type"]) == set(model.types)
    assert "mode_macro_f1" in figures
    assert figures["signal_f1"]["senior"]["n"] == (tickets["risk_signals"] == "senior").sum()


def test_wrong_labels_are_counted_as_such(model, corpus):
    tickets = corpus[corpus["customer_type"].isin(["venting", "respect_seeking"])]
    other = {"venting": "respect_seeking", "respect_seeking": "venting"}
    swapped = tickets.assign(customer_type=tickets["customer_type"].map(other))
    assert judge(model, tickets)["accuracy"]["value"] > 0.9
    assert judge(model, swapped)["accuracy"]["value"] < 0.1


def test_figures_out_of_fold_are_those_of_models_that_did_not_see_the_ticket(corpus):
    data = labelled_frame(corpus, read_taxonomy())
    model, out_of_fold = fit_calibrated(data, Recipe(), 3)
    figures = judge_out_of_fold(model, out_of_fold, data, units_to_draw(corpus))
    tickets = data.types != "none"
    top = out_of_fold.scores(model, data).types.argmax(axis=1)
    right = np.array(model.types)[top[tickets]] == data.types[tickets]
    assert figures["accuracy"]["value"] == pytest.approx(right.mean())
    assert figures["accuracy"]["value"] < judge(model, corpus)["accuracy"]["value"]
    assert leave_one_out(corpus, "collection") == figures


def test_what_only_one_author_says_cannot_be_known_without_him():
    """The type of each text is written in it, in words that no other collection has."""
    letters = "甲乙丙丁戊己"
    own = pd.DataFrame(
        {
            "text": [(letters[i] if i % 2 else "子丑寅卯辰巳"[i]) * 4 for i in range(6) for _ in range(4)],
            "customer_type": ["venting" if i % 2 else "respect_seeking" for i in range(6) for _ in range(4)],
            "author": [f"a{i}" for i in range(6) for _ in range(4)],
        }
    )
    mixed = own.assign(author=[f"a{i % 4}" for i in range(24)])
    assert leave_one_out(own, "author")["accuracy"]["value"] <= 0.6
    assert leave_one_out(mixed, "author")["accuracy"]["value"] == 1


def test_a_column_that_is_not_there_cannot_be_left_out(corpus):
    with pytest.raises(
        BadOption, match="out_of_fold: not a column of the file, got 'shop'; use one of: text, "
    ):
        leave_one_out(corpus, "shop")


def test_one_value_alone_cannot_be_left_out(corpus):
    with pytest.raises(BadValue, match="column shop: not two values or more to leave out, got '1 value'"):
        leave_one_out(corpus.assign(shop="only"), "shop")
