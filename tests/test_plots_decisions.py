"""Charts to decide by say what their tables say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from complaint_typing.workbench.capacity import Capacity
from complaint_typing.workbench.plots import decisions


def _rows(chart: Any) -> list[dict[str, Any]]:
    return [row for values in chart.to_dict()["datasets"].values() for row in values]


@pytest.mark.parametrize(
    "lang, words", [("zh", ("变好", "分不出", "变差")), ("en", ("better", "no winner", "worse"))]
)
def test_a_difference_is_coloured_by_its_interval(lang: str, words: tuple[str, ...]) -> None:
    table = pd.DataFrame(
        {
            "type": ["venting", "my_type", "high_energy", "respect_seeking"],
            "figure": "f1",
            "n": [30, 20, 10, 3],
            "difference": [0.1, 0.02, -0.1, np.nan],
            "low": [0.05, -0.1, -0.2, np.nan],
            "high": [0.2, 0.1, -0.01, np.nan],
        }
    )
    rows = [row for row in _rows(decisions.comparison(table, "f1", lang)) if "sign" in row]
    assert [row["sign"] for row in rows] == list(words)
    assert [row["shown"] for row in rows][1] == "my_type (20)"


def test_capacity_says_whether_it_was_measured() -> None:
    curve = pd.DataFrame(
        {
            "threshold": [0.5, 0.9],
            "reviews_per_day": [1.0, 4.0],
            "busy_day": [2.0, 6.0],
            "coverage": [0.9, 0.4],
            "precision": [0.7, 0.9],
            "low": [0.6, 0.85],
            "high": [0.8, 0.95],
        }
    )
    chosen = Capacity(5, True, 0.9, 4.0, 6.0, 0.4, 0.9, 0.85, 0.95)
    measured = str(decisions.capacity(curve, chosen, "en").to_dict())
    assert "4.0 a day (6 on a busy one): 90% right among the other 40%" in measured
    assert "measured on labelled tickets" in measured
    promised = str(decisions.capacity(curve.assign(low=np.nan, high=np.nan), None, "zh").to_dict())
    assert "未经标注检验" in promised
