"""Scores are adapted to shares, estimated or given; what a past decides is not touched by a crowd."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import CLAIMANT, OPENINGS, WISHES

import complaint_typing as ct
from complaint_typing.adaptation import adaptation, estimate_of, prior_types, source_shares
from complaint_typing.artifact import load_model, save_model
from complaint_typing.errors import BadOption, BadValue
from complaint_typing.priors import FEWEST
from complaint_typing.ticket_texts import facts_of, texts_of
from complaint_typing.validation import judge, judge_adapted


@pytest.fixture(scope="module")
def advisor() -> ct.Advisor:
    return ct.load()


@pytest.fixture(scope="module")
def grumbles() -> pd.DataFrame:
    """An export in which hardly anyone asks for anything, and a few lines of a shop that all do."""
    moans = [opening + wish for wish in WISHES["venting"] for opening in OPENINGS] * 4
    asks = [opening + wish for wish in WISHES["resolution_seeking"] for opening in OPENINGS] * 2
    return pd.DataFrame({"text": moans + asks, "channel": ["review"] * len(moans) + ["shop"] * len(asks)})


def test_training_notes_the_shares_that_its_probabilities_hold_for(model, corpus):
    taught = corpus[~corpus["customer_type"].isin(["none", "repeat_abuser"])]["customer_type"]
    expected = taught.value_counts(normalize=True)
    assert dict(zip(prior_types(model), source_shares(model), strict=True)) == pytest.approx(
        expected[list(prior_types(model))].to_dict(), abs=1e-5
    )


def test_shares_survive_the_model_folder(model, tmp_path):
    saved = save_model(model, tmp_path / "model")
    assert source_shares(load_model(tmp_path / "model")) == pytest.approx(source_shares(model))
    assert saved.info["source_shares"] == model.info["source_shares"]


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"types": {"venting": 30, "resolution_seeking": 10, "none": 99}}, [0.0, 0.25, 0.0, 0.75]),
        ({}, [0.25] * 4),
        ({"source_shares": "many", "types": 3}, [0.25] * 4),
        ({"source_shares": {"venting": float("nan"), "respect_seeking": -1}}, [0.25] * 4),
    ],
)
def test_a_model_that_notes_no_shares_has_a_fallback(model, info, expected):
    assert source_shares(replace(model, info=info)) == pytest.approx(expected, abs=2e-3)


def test_texts_that_look_unfamiliar_do_not_speak(model, corpus):
    scores = model.score(texts_of(corpus), facts_of(corpus))
    strange = scores._replace(strangeness=np.ones_like(scores.strangeness))
    assert estimate_of(model, strange).whole.tickets == 0
    assert estimate_of(model, strange).whole.used == pytest.approx(source_shares(model))


def test_types_that_a_past_decides_take_no_part(model, corpus):
    scores = model.score(texts_of(corpus), facts_of(corpus))
    found = estimate_of(model, scores)
    assert "repeat_abuser" not in found.types
    sure = (corpus["customer_type"] == "repeat_abuser").sum() / 2
    familiar = (scores.strangeness < model.thresholds.unfamiliar).sum()
    assert found.whole.tickets < familiar - sure


@pytest.mark.parametrize("name", ["compensation_seeking", "venting"])
def test_a_crowd_raises_nobody_to_an_abuser(advisor, name):
    wishes = [opening + wish for name in WISHES for wish in WISHES[name] for opening in OPENINGS]
    facts = {**facts_of(wishes)}
    facts |= {k: np.full(len(wishes), v, dtype=facts[k].dtype) for k, v in CLAIMANT.items()}
    scores = advisor.model.score(wishes, facts)
    adapted = adaptation(advisor.model, {name: 0.9})(scores)
    (place,) = advisor.model.gated_places
    assert (scores.types[:, place] > 0).any()
    assert (adapted.types[:, place] <= scores.types[:, place] + 1e-6).all()
    newly = (adapted.types.argmax(axis=1) == place) & (scores.types.argmax(axis=1) != place)
    assert not newly.any()
    assert adapted.types.dtype == scores.types.dtype
    assert adapted.modes is scores.modes


def test_an_advisor_with_priors_decides_on_the_adapted_probabilities(advisor):
    text = "Two hours on the phone and then cut off. Unbelievable."
    plain = advisor.advise(text=text)
    calm = advisor.with_priors({"venting": 0.02}).advise(text=text)
    assert calm.probabilities["venting"] < plain.probabilities["venting"]
    assert calm.confidence == pytest.approx(max(calm.probabilities.values()), abs=1e-6)
    assert advisor.advise(text=text).probabilities == plain.probabilities
    assert (
        advisor.with_priors({"venting": 0.02}).with_priors(None).advise(text=text).to_dict()
        == plain.to_dict()
    )
    explained = advisor.with_priors({"venting": 0.02}).explain(text=text, type="venting")
    assert explained.probability == pytest.approx(calm.probabilities["venting"])


def test_one_ticket_and_a_table_are_adapted_alike(advisor, corpus):
    adapted = advisor.with_priors({"venting": 0.6})
    texts = corpus["text"].tolist()[:40]
    table = adapted.score(pd.DataFrame({"text": texts}), proba=True)
    alone = pd.DataFrame([adapted.advise(text=text).probabilities for text in texts])
    assert np.array_equal(table.filter(regex="^p_").to_numpy(), alone.to_numpy())


def test_a_table_is_adapted_as_a_whole_or_by_a_column(advisor, grumbles):
    seen = advisor.estimate_priors(grumbles, by="channel")
    plain = advisor.score(grumbles, proba=True)
    whole = advisor.score(grumbles, proba=True, adapt_priors=True)
    by = advisor.score(grumbles, proba=True, adapt_by="channel")
    assert "priors" not in plain.attrs
    assert by.attrs["priors"] == seen.to_dict()
    assert set(seen.groups) == {"review", "shop"}
    reviews = (grumbles["channel"] == "review").to_numpy()
    p = {name: table["p_venting"].astype(float).to_numpy() for name, table in
         {"plain": plain, "whole": whole, "by": by}.items()}  # fmt: skip
    assert p["plain"][reviews].mean() < p["whole"][reviews].mean() < p["by"][reviews].mean()
    one = advisor.with_priors(seen, "review").score(grumbles[reviews], proba=True)
    assert one["p_venting"].tolist() == pytest.approx(by["p_venting"][reviews].tolist())


def test_an_estimate_serves_as_long_as_the_model_has_its_types(advisor, model, grumbles):
    seen = estimate_of(model, model.score(texts_of(grumbles), facts_of(grumbles)))
    with pytest.raises(BadValue, match="not for the types of this model"):
        advisor.with_priors(seen)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"repeat_abuser": 0.2}, "not a type whose share can be set, got 'repeat_abuser'"),
        ({"angry": 0.2}, "not a type whose share can be set"),
        ({"venting": 0}, "priors of venting: not a share"),
        ({"venting": float("nan")}, "priors of venting: not a share"),
        ({"venting": "half"}, "priors of venting: not a share"),
        ({"venting": 0.6, "resolution_seeking": 0.6}, "a sum of 1.200"),
        ({"venting": 1}, "^priors: not shares that leave some for types unnamed, got .*; name all types, or"),
    ],
)
def test_shares_that_cannot_be_are_refused(advisor, given, match):
    with pytest.raises(BadValue, match=match):
        advisor.with_priors(given)


def test_types_left_out_divide_the_rest_as_before(advisor):
    new = dict(zip(prior_types(advisor.model), adaptation(advisor.model, {"venting": 0.5}).new, strict=True))
    old = dict(zip(prior_types(advisor.model), source_shares(advisor.model), strict=True))
    assert new["venting"] == pytest.approx(0.5)
    ratio = new["high_energy"] / old["high_energy"]
    assert new["resolution_seeking"] == pytest.approx(ratio * old["resolution_seeking"])


def test_a_column_that_is_not_there_is_named(advisor, grumbles):
    with pytest.raises(BadValue, match="adapt_by: not a column of the table, got 'genre'"):
        advisor.score(grumbles, adapt_by="genre")


def test_evaluation_shows_both_and_reads_no_label(model, corpus):
    found = judge_adapted(model, corpus, "collection")
    adapted, priors = found.pop("adapted"), found.pop("priors")
    assert found == judge(model, corpus)
    assert set(adapted) == set(found)
    assert len(corpus) / 3 > FEWEST
    assert set(priors["groups"]) == set(corpus["collection"])
    shuffled = corpus.assign(customer_type=corpus["customer_type"].sample(frac=1, random_state=0).tolist())
    assert judge_adapted(model, shuffled, "collection")["priors"] == priors
    with pytest.raises(BadOption, match="by: not a column of the file, got 'genre'"):
        judge_adapted(model, corpus, "genre")
