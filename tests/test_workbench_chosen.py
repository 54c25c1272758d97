"""Chosen thresholds live in the model folder, and every path decides by them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from complaint_typing import load
from complaint_typing.artifact import load_model, read_manifest, save_model
from complaint_typing.decision import Thresholds, decide, decide_one
from complaint_typing.errors import BadValue
from complaint_typing.model import Model
from complaint_typing.workbench.chosen import with_thresholds


def test_batch_and_single_decide_by_the_types_own_threshold(
    model: Model, corpus: pd.DataFrame, tmp_path: Path
) -> None:
    chosen = with_thresholds(model, 0.0, {"venting": 1.5})
    save_model(chosen, tmp_path / "model")
    advisor = load(tmp_path / "model")
    texts = corpus["text"].tolist()
    scored = advisor.score(pd.DataFrame({"text": texts}))
    familiar = scored[scored["customer_type"] != "unfamiliar"]
    venting = familiar["top_type"] == "venting"
    assert venting.any()
    assert (familiar["customer_type"][venting] == "undetermined").all()
    assert (familiar["customer_type"][~venting] == familiar["top_type"][~venting]).all()
    singles = [advisor.advise(text=text).customer_type for text in texts[::7]]
    assert singles == scored["customer_type"].tolist()[::7]


def test_one_and_many_agree_on_random_thresholds() -> None:
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(4), 300).astype(np.float32)
    strangeness = rng.random(300).astype(np.float32)
    at = Thresholds(0.5, 0.7, 0.9, tuple(rng.uniform(0.3, 0.8, 4)))
    many = decide(p, strangeness, at)
    ones = [decide_one(p[i], strangeness[i], at) for i in range(300)]
    assert many.outcome.tolist() == [one.outcome for one in ones]
    assert many.band.tolist() == [one.band for one in ones]


def test_thresholds_survive_the_folder_exactly(model: Model, tmp_path: Path) -> None:
    chosen = with_thresholds(model, 0.61, {"venting": 0.87})
    save_model(chosen, tmp_path / "model")
    assert load_model(tmp_path / "model").thresholds == chosen.thresholds
    plain = with_thresholds(model, 0.61)
    save_model(plain, tmp_path / "plain")
    assert load_model(tmp_path / "plain").thresholds == replace(
        model.thresholds, decide=0.61, sure=plain.thresholds.sure
    )
    assert "by_type" not in read_manifest(tmp_path / "plain")["thresholds"]


def test_high_is_never_less_sure_than_decided(model: Model) -> None:
    assert with_thresholds(model, 1.2).thresholds.sure >= 1.2


def test_what_is_no_threshold(model: Model) -> None:
    with pytest.raises(BadValue, match="not a type of the model, got 'grumpy'"):
        with_thresholds(model, 0.5, {"grumpy": 0.5})
    with pytest.raises(BadValue, match="venting: not a confidence, got '-1'"):
        with_thresholds(model, 0.5, {"venting": -1})
    with pytest.raises(BadValue, match="not a confidence, got 'nan'"):
        with_thresholds(model, float("nan"))
