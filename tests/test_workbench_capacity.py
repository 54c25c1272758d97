"""Reviews a day, and what is left to the model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaint_typing.errors import BadValue, MissingScoredColumns
from complaint_typing.workbench.capacity import capacity_curve, threshold_for_capacity


def export(n: int, days: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    day = pd.Timestamp("2026-05-01", tz="UTC") + pd.to_timedelta(rng.integers(0, days, n), unit="D")
    return pd.DataFrame(
        {
            "created_at": day.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "confidence": rng.uniform(0.3, 1, n).round(3),
            "customer_type": rng.choice(["venting", "undetermined", "unfamiliar"], n, p=[0.6, 0.3, 0.1]),
        }
    )


@settings(max_examples=12)
@given(st.integers(1, 60), st.integers(1, 8), st.integers(0, 99))
def test_reviews_are_those_counted_day_by_day(n: int, days: int, seed: int) -> None:
    table = export(n, days, seed)
    for row in capacity_curve(table).to_dict("records"):
        read = (table["confidence"] < row["threshold"]) | (table["customer_type"] == "unfamiliar")
        per_day = read.groupby(table["created_at"].str[:10]).sum()
        assert row["reviews_per_day"] == pytest.approx(per_day.mean())
        assert row["busy_day"] == pytest.approx(np.quantile(per_day, 0.9))
        assert row["coverage"] == pytest.approx(1 - read.mean())
        if not read.all():
            assert row["precision"] == pytest.approx(table["confidence"][~read].mean())


def test_the_threshold_is_the_highest_that_people_can_do() -> None:
    curve = capacity_curve(export(600, 20), steps=1000)
    choice = threshold_for_capacity(curve, 12)
    assert choice.reached
    assert choice.reviews_per_day <= 12
    assert (curve[curve["threshold"] > choice.threshold]["reviews_per_day"] > 12).all()
    assert not threshold_for_capacity(curve, 0.5).reached


def test_what_the_policy_sends_to_people_is_read_at_every_threshold() -> None:
    table = export(200, 5).assign(requires_human=1)
    decided = (table["customer_type"] != "undetermined").mean()
    assert capacity_curve(table)["coverage"].max() == pytest.approx(1 - decided)


def test_labels_measure_what_confidences_only_promise() -> None:
    rng = np.random.default_rng(1)
    sure = rng.uniform(0.3, 1, 400)
    boasts = pd.DataFrame({"confidence": sure, "right": rng.random(400) < sure - 0.2})
    promised, measured = capacity_curve(export(300, 10)), capacity_curve(export(300, 10), boasts)
    assert (measured["precision"] < promised["precision"])[:80].all()
    assert measured["low"][:80].notna().all()
    assert measured["precision"].iloc[-1:].isna().all()
    assert promised["low"].isna().all()


def test_rows_without_a_time_are_left_out_and_none_at_all_is_told() -> None:
    table = export(100, 4)
    some = table.assign(created_at=table["created_at"].where(table.index % 2 == 0, ""))
    assert capacity_curve(some).equals(capacity_curve(some.iloc[::2]))
    with pytest.raises(BadValue, match="created_at: not a time"):
        capacity_curve(table.assign(created_at=""))
    with pytest.raises(MissingScoredColumns, match="confidence, customer_type"):
        capacity_curve(table[["created_at"]])
    with pytest.raises(BadValue, match="not a number above 0"):
        threshold_for_capacity(capacity_curve(table), 0)
