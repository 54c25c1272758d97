"""Differences of two models: the values of `evaluate`, and intervals that hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from complaint_typing.evaluation import expected_calibration_error
from complaint_typing.workbench.paired import FIGURES, paired_differences
from complaint_typing.workbench.resampling import Units

TYPES = ("a", "b", "c")


def said(label: np.ndarray, skill: float, rng: np.random.Generator) -> pd.DataFrame:
    """A model that is right with the given probability and decides what it is sure of."""
    top = np.where(rng.random(len(label)) < skill, label, rng.choice(TYPES, len(label)))
    confidence = rng.uniform(0.3, 1, len(label))
    decided = np.where(confidence > 0.6, top, "undetermined")
    table = {"customer_type": label, "top_type": top, "confidence": confidence, "decided": decided}
    return pd.DataFrame(table).assign(right=label == top)


def test_values_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    label = rng.choice([*TYPES, "none"], 300, p=[0.4, 0.3, 0.2, 0.1])
    old, new = said(label, 0.5, rng), said(label, 0.8, rng)
    figures, per_type = paired_differences(old, new, TYPES, Units("ticket", np.arange(300)))
    figures = figures.set_index("figure")
    assert tuple(figures.index) == FIGURES
    for which, table in (("old", old), ("new", new)):
        typed = table[table["customer_type"] != "none"]
        y, top = typed["customer_type"], typed["top_type"]
        decided = table[table["decided"] != "undetermined"]
        assert figures.loc["accuracy", which] == pytest.approx((y == top).mean())
        assert figures.loc["macro_f1", which] == pytest.approx(f1_score(y, top, average="macro"))
        assert figures.loc["coverage", which] == pytest.approx(len(decided) / 300)
        right = (decided["decided"] == decided["customer_type"]).mean()
        assert figures.loc["precision_when_decided", which] == pytest.approx(right)
        ece = expected_calibration_error(typed["confidence"].to_numpy(), typed["right"].to_numpy(float))
        assert figures.loc["expected_calibration_error", which] == pytest.approx(ece)
        for name, measure in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
            rows = per_type[per_type["figure"] == name].set_index("type")[which]
            expected = measure(y, top, labels=TYPES, average=None)
            assert rows.to_numpy() == pytest.approx(expected)
    assert ((figures["low"] <= figures["difference"]) & (figures["difference"] <= figures["high"])).all()


def test_a_model_beside_itself_differs_in_nothing() -> None:
    rng = np.random.default_rng(1)
    table = said(rng.choice(TYPES, 100), 0.6, rng)
    for found in paired_differences(table, table, TYPES, Units("ticket", np.arange(100))):
        assert (found[["difference", "low", "high"]].fillna(0) == 0).all(axis=None)


def test_intervals_hold_nineteen_times_in_twenty() -> None:
    """The true difference in accuracy of the two skills is 0.8 * 2/3 - 0.65 * 2/3."""
    rng, held = np.random.default_rng(2), 0
    for _ in range(25):
        label = rng.choice(TYPES, 250)
        old, new = said(label, 0.65, rng), said(label, 0.8, rng)
        row = paired_differences(old, new, TYPES, Units("ticket", np.arange(250)), 300)[0].iloc[0]
        held += row["low"] <= 0.15 * 2 / 3 <= row["high"]
    assert held >= 21


def test_a_type_that_one_lacks_has_no_precision_and_no_verdict() -> None:
    rng = np.random.default_rng(3)
    label = rng.choice(TYPES, 200)
    old, new = said(label, 0.7, rng), said(label, 0.7, rng)
    old = old.assign(top_type=old["top_type"].replace("c", "a"))
    rows = paired_differences(old, new, TYPES, Units("ticket", np.arange(200)))[1]
    c = rows[rows["type"] == "c"].set_index("figure")
    assert np.isnan(c.loc["precision", "old"])
    assert np.isnan(c.loc["precision", ["difference", "low", "high", "family_high"]].astype(float)).all()
    assert c.loc["recall", "old"] == 0
