"""Charts of labelling hold what the tables hold, in both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from complaint_typing.workbench.agreement import agreement
from complaint_typing.workbench.plots import labelling as charts
from complaint_typing.workbench.stopping import StopAdvice


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_shows_its_table(lang: str) -> None:
    queue = pd.DataFrame(
        {"top_type": ["venting", "venting", "my_type"], "reason": ["unsure", "sample", "unsure"]}
    )
    drawn = charts.queue_reasons(queue, lang).to_dict()
    rows = next(iter(drawn["datasets"].values()))
    assert sum(row["n"] for row in rows) == 3
    assert "my_type" in {row["type"] for row in rows}

    labels = pd.DataFrame(
        {
            "ticket_id": list("aabbcc"),
            "labeller": ["x", "y"] * 3,
            "customer_type": ["venting"] * 3 + ["none"] * 3,
        }
    )
    drawn = charts.agreement_by_type(agreement(labels, draws=50), lang).to_dict()
    shown = [row["label"] for row in next(iter(drawn["datasets"].values()))]
    assert shown[0] == {"zh": "全部 (3)", "en": "all types (3)"}[lang]
    assert {"zh": "不是投诉 (2)", "en": "No complaint (2)"}[lang] in shown

    errors = pd.DataFrame(
        {"label_quality": [0.01, 0.99, 1.0, np.nan], "likely_error": [True, False, False, False]}
    )
    drawn = charts.label_quality(errors, lang).to_dict()
    rows = next(iter(drawn["datasets"].values()))
    assert sorted(row["n"] for row in rows) == [1, 2]

    advice = StopAdvice("go_on", (0.5, 0.7, 0.8), 0.667, 0.99, 3)
    drawn = charts.stopping_curve(advice, [10, 20, 30, 40], lang).to_dict()
    assert sorted(len(rows) for rows in drawn["datasets"].values()) == [1, 3]
    assert "0.99" in drawn["title"]["subtitle"]
