"""Drift on the whole corpus: quiet on random halves over many seeds, loud on other genres and languages.

Run: ``python -m pytest tests/endurance/test_drift_alarms.py -s`` (about five minutes).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from complaint_typing import load
from complaint_typing.resources import data_path
from complaint_typing.tickets import read_frame
from complaint_typing.workbench.drift import DRIFT, drift
from complaint_typing.workbench.export_table import export_table

SEEDS = 60
LABELS = ["customer_type", "secondary_type", "emotional_mode", "risk_signals"]


@pytest.fixture(scope="module")
def tickets() -> pd.DataFrame:
    parts = [read_frame(path) for path in sorted(data_path("training").glob("G*.csv"))]
    corpus = pd.concat(parts, ignore_index=True)
    table = export_table(load().score(corpus.drop(columns=LABELS)))
    return table.assign(genre=corpus["genre"], spoken=corpus["language"])


@pytest.mark.parametrize("n", [100, 400])
@pytest.mark.parametrize("by", ["tickets", "customers"])
def test_random_halves_are_quiet(tickets: pd.DataFrame, n: int, by: str) -> None:
    alarms = bounds = 0
    several = tickets[tickets.groupby("customer_id")["ticket_id"].transform("size") > 1]
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        if by == "tickets":
            drawn = rng.permutation(len(tickets))
            one, other = tickets.iloc[drawn[:n]], tickets.iloc[drawn[n : 2 * n]]
        else:
            who = rng.permutation(several["customer_id"].unique())
            half = min(n, len(who) // 2)
            one = several[several["customer_id"].isin(who[:half])]
            other = several[several["customer_id"].isin(who[half : 2 * half])]
        report = drift(one, other)
        alarms += report.drifted
        bounds += bool((report.rows["low"] > 0).any())
    print(f"{by} {n}: {alarms} false alarms, {bounds} bounds above 0, of {SEEDS}")
    assert alarms <= 0.05 * SEEDS
    assert bounds <= 0.15 * SEEDS


@pytest.mark.parametrize(
    ("column", "one", "other", "checks"),
    [
        ("genre", "review", "chat", {"customer_type", "wording", "channel"}),
        ("genre", "email", "chat", {"customer_type", "wording", "length"}),
        ("spoken", "en", "zh-Hans", {"language", "wording", "length"}),
    ],
)
def test_another_genre_or_language_is_loud(
    tickets: pd.DataFrame, column: str, one: str, other: str, checks: set[str]
) -> None:
    before, after = tickets[tickets[column] == one], tickets[tickets[column] == other]
    rows = drift(before, after).rows
    told = rows.loc[rows["verdict"] == DRIFT, "check"].tolist()
    print(f"{one} ({len(before)}), {other} ({len(after)}): {len(told)} of {len(rows)}: {', '.join(told)}")
    assert checks <= set(told)
