"""Weights make groups alike in what was known, refuse where they cannot, and follow a resampling."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from complaint_typing.workbench.weighting import overlap_weights


def _export(n: int = 600, seed: int = 0, pull: float = 1.0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    mode, type_ = rng.integers(0, 3, n), rng.integers(0, 4, n)
    treated = rng.random(n) < 1 / (1 + np.exp(1 - pull * (mode + 0.5 * (type_ == 2))))
    rows = {
        "customer": rng.integers(0, n, n),
        "emotional_mode": mode,
        "customer_type": type_,
        "channel": "app",
    }
    return pd.DataFrame(rows), treated


def test_weighted_means_agree_and_what_is_all_alike_is_left_out() -> None:
    rows, treated = _export()
    found = overlap_weights(rows, treated)
    assert found.verdict == "ok"
    assert found.covariates == ["customer_type", "emotional_mode"]
    assert found.balance["before"].abs().max() > 0.4
    assert found.balance["after"].abs().max() < 1e-3
    for mode in range(3):
        here = (rows["emotional_mode"] == mode).to_numpy()
        sides = [np.average(here[side], weights=found.weight[side]) for side in (treated, ~treated)]
        assert sides[0] == pytest.approx(sides[1], abs=1e-3)


def test_weights_are_those_of_the_regression_on_the_resampled_tickets() -> None:
    rows, treated = _export()
    found = overlap_weights(rows, treated)
    times = np.random.default_rng(1).multinomial(600, np.full(600, 1 / 600), size=3)
    x = pd.get_dummies(rows[["customer_type", "emotional_mode"]].astype(str)).to_numpy(float)
    for sample, weight in zip(times, found.refitted(times), strict=True):
        fitted = LogisticRegression(C=100, tol=1e-10, max_iter=1000).fit(x, treated, sample_weight=sample)
        e = fitted.predict_proba(x)[:, 1]
        assert weight == pytest.approx(sample * np.where(treated, 1 - e, e), abs=2e-3)
    assert found.refitted(np.ones((1, 600), int))[0] == pytest.approx(found.weight, abs=1e-4)


def test_groups_that_cannot_be_made_alike_are_refused() -> None:
    rows, _ = _export()
    found = overlap_weights(rows, (rows["customer_type"] == 1).to_numpy())
    assert found.verdict == "refused"
    assert "unbalanced" in found.reasons


def test_few_customers_are_refused_however_many_their_tickets() -> None:
    rows, treated = _export()
    found = overlap_weights(rows.assign(customer=np.arange(600) % 20), treated)
    assert (found.verdict, found.reasons[0]) == ("refused", "few_customers")
    assert overlap_weights(rows, np.zeros(600, bool)).verdict == "refused"


def test_little_overlap_is_told() -> None:
    rows, treated = _export(3000, pull=6.0)
    assert overlap_weights(rows, treated).reasons == ("little_overlap",)


def test_nothing_known_is_told() -> None:
    rows, treated = _export()
    found = overlap_weights(rows[["customer", "channel"]], treated)
    assert (found.verdict, found.reasons) == ("caution", ("nothing_known",))


def test_one_ticket_a_customer_is_worth_one_under_equal_weights() -> None:
    rows = pd.DataFrame({"customer": range(200), "channel": "app"})
    found = overlap_weights(rows, np.arange(200) < 100)
    assert found.effective == pytest.approx({"treated": 100, "control": 100})
