"""Thresholds keep what they promise on tickets drawn anew, and say when it cannot be promised."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.errors import BadValue, MissingColumns
from complaint_typing.model import Model
from complaint_typing.workbench.judged import judged
from complaint_typing.workbench.thresholds import (
    NEVER,
    precision_curve,
    threshold_for_precision,
    thresholds_by_type,
)


def calibrated(n: int, seed: int = 0) -> pd.DataFrame:
    """Tickets whose confidence is the chance to be right."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.3, 1, n)
    return pd.DataFrame({"confidence": confidence, "right": rng.random(n) < confidence})


def test_a_calibrated_model_gets_the_threshold_that_theory_says() -> None:
    """Right with the probability c, c uniform to 1: above t the mean is (1 + t) / 2."""
    choice = threshold_for_precision(calibrated(8_000), 0.9)
    assert choice.reached
    assert choice.threshold == pytest.approx(0.8, abs=0.04)
    assert choice.coverage == pytest.approx(0.2 / 0.7, abs=0.06)
    assert choice.low < 0.9 < choice.high


def test_a_cautious_threshold_holds_on_new_tickets() -> None:
    kept = {False: 0, True: 0}
    for seed in range(20):
        for cautious in kept:
            at = threshold_for_precision(calibrated(300, seed), 0.85, cautious=cautious).threshold
            new = calibrated(4_000, seed + 1000)
            kept[cautious] += new["right"][new["confidence"] >= at].mean() >= 0.85
    assert kept[True] >= 18
    assert kept[False] < kept[True]


@given(
    st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.7, 0.9]), st.booleans()), max_size=60), st.integers(1, 9)
)
def test_the_threshold_is_the_lowest_that_reaches_it(rows: list[tuple[float, bool]], least: int) -> None:
    table = pd.DataFrame(rows, columns=["confidence", "right"]).astype({"confidence": float, "right": bool})
    choice = threshold_for_precision(table, 0.6, least=least)
    shares = {
        at: chosen["right"].mean()
        for at in {c for c, _ in rows}
        if len(chosen := table[table["confidence"] >= at]) >= least
    }
    good = [at for at, share in shares.items() if share >= 0.6]
    if good:
        assert (choice.reached, choice.threshold) == (True, min(good))
    else:
        assert not choice.reached
        assert choice.threshold == (
            min(a for a in shares if shares[a] == max(shares.values())) if shares else NEVER
        )


def test_what_is_out_of_reach_is_told_with_the_best_there_is() -> None:
    table = calibrated(2_000).assign(right=False)
    choice = threshold_for_precision(table, 0.9)
    assert (choice.reached, choice.precision, choice.decided) == (False, 0.0, 2_000)
    none = threshold_for_precision(table.iloc[:3], 0.9)
    assert (none.threshold, none.decided, none.to_dict()["precision"]) == (NEVER, 0, None)


def test_strange_tickets_are_never_decided() -> None:
    table = calibrated(200).assign(familiar=False)
    assert threshold_for_precision(table, 0.5).decided == 0
    assert len(precision_curve(table)) == 0


def test_the_curve_ends_where_everything_is_decided() -> None:
    table = calibrated(300)
    curve = precision_curve(table)
    assert curve["coverage"].iloc[0] == 1
    assert curve["precision"].iloc[0] == pytest.approx(table["right"].mean())
    assert curve["coverage"].is_monotonic_decreasing
    assert ((curve["low"] <= curve["precision"]) & (curve["precision"] <= curve["high"])).all()


def test_each_type_gets_a_threshold_of_its_own() -> None:
    easy = calibrated(400).assign(top_type="easy", right=True)
    table = pd.concat([easy, calibrated(400).assign(top_type="hard")])
    found = thresholds_by_type(table, 0.9).set_index("type")
    assert found.loc["easy", "coverage"] == 1
    assert found.loc["hard", "threshold"] > 0.7


def test_what_cannot_be_asked() -> None:
    with pytest.raises(BadValue, match="not a share above 0 and up to 1, got '90'"):
        threshold_for_precision(calibrated(10), 90)
    with pytest.raises(MissingColumns, match="confidence"):
        precision_curve(pd.DataFrame({"text": ["a"]}))
    with pytest.raises(MissingColumns, match="top_type"):
        thresholds_by_type(calibrated(10), 0.9)


def test_judged_agrees_with_the_model_and_needs_labels(model: Model, corpus: pd.DataFrame) -> None:
    table = judged(model, corpus)
    assert table.loc[corpus["customer_type"] != "none", "right"].mean() > 0.9
    assert {*table["decided"]} <= {*model.types, "undetermined", "unfamiliar"}
    assert (
        table.loc[table["decided"] == table["top_type"], "confidence"] > model.thresholds.decide - 1e-6
    ).all()
    with pytest.raises(MissingColumns, match="customer_type"):
        judged(model, corpus.drop(columns="customer_type"))


def test_out_of_fold_is_less_sure_of_itself(classifier, corpus: pd.DataFrame) -> None:  # type: ignore[no-untyped-def]
    read = judged(classifier.model_, corpus)
    unread = judged(classifier.model_, corpus, classifier.out_of_fold_)
    assert unread["right"].mean() < read["right"].mean()


def test_thirty_of_thirty_right_do_not_make_nine_in_ten_sure() -> None:
    table = pd.DataFrame({"confidence": np.linspace(0.9, 1, 30), "right": True})
    assert threshold_for_precision(table, 0.9).reached
    assert not threshold_for_precision(table, 0.9, cautious=True).reached
    assert threshold_for_precision(table, 0.88, cautious=True).reached
