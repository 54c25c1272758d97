"""Charts of judgement say what their tables say, in both languages."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from complaint_typing.errors import BadValue
from complaint_typing.workbench.plots import evaluation
from complaint_typing.workbench.thresholds import precision_curve, threshold_for_precision


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    types = np.array(["venting", "respect_seeking", "my_type"])
    label = rng.choice(types, 200)
    top = np.where(rng.random(200) < 0.7, label, rng.choice(types, 200))
    sure = rng.uniform(0.2, 1, 200)
    return pd.DataFrame({"customer_type": label, "top_type": top, "confidence": sure, "right": label == top})


def _data(chart: Any) -> list[list[dict[str, Any]]]:
    return list(chart.to_dict()["datasets"].values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_confusion_counts_every_ticket_once(table: pd.DataFrame, lang: str) -> None:
    chart = evaluation.confusion(pd.concat([table, table.iloc[:5].assign(customer_type="none")]), lang)
    (cells,) = _data(chart)
    assert sum(cell["n"] for cell in cells) == 200
    shares = pd.DataFrame(cells).groupby("labelled")["share"].sum()
    assert np.allclose(shares, 1)
    assert {cell["said"] for cell in cells} == {
        "my_type",
        *({"情绪宣泄型", "渴望尊重型"} if lang == "zh" else {"Venting", "Respect seeking"}),
    }


def test_reliability_has_the_counts_and_wilson_intervals(table: pd.DataFrame) -> None:
    found = evaluation.reliability_table(table)
    assert found["tickets"].sum() == 200
    assert ((found["low"] <= found["right"]) & (found["right"] <= found["high"])).all()
    ten = evaluation.reliability_table(pd.DataFrame({"confidence": [0.5] * 10, "right": [True] * 10}))
    assert ten["low"].iloc[0] == pytest.approx(0.7225, abs=1e-3)
    assert "0." in evaluation.reliability(table).to_dict()["title"]["subtitle"]


def test_the_chosen_point_stands_on_the_curve(table: pd.DataFrame) -> None:
    choice = threshold_for_precision(table, 0.7)
    curve = precision_curve(table)
    chart = evaluation.precision_coverage(curve, choice, "zh").to_dict()
    (told,) = set(re.findall(r"门槛[^'\"]*", str(chart)))
    assert told == f"门槛 {choice.threshold:.2f}：定下 {choice.coverage:.0%}，判对 {choice.precision:.0%}"
    assert "门槛" not in str(evaluation.precision_coverage(curve, None, "zh").to_dict())


def test_learning_curve_tells_each_size() -> None:
    curve = pd.DataFrame(
        {
            "tickets": [10, 20],
            "macro_f1": [0.2, 0.4],
            "low": [0.1, 0.3],
            "high": [0.3, 0.5],
            "on_training": [0.9, 1],
        }
    )
    rows = max(_data(evaluation.learning_curve(curve)), key=len)
    assert sorted(row["score"] for row in rows if row["measure"] == "not read before") == [0.2, 0.4]


def test_a_language_that_is_not_there_is_refused(table: pd.DataFrame) -> None:
    with pytest.raises(BadValue, match="use zh or en"):
        evaluation.confusion(table, "fr")
