"""A hidden type is found, named, confirmed, learned and scored, from the notebook's top to its bottom."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from notebook_runs import pictures, printed, run

from complaint_typing.artifact import load_model
from complaint_typing.labels import read_labelled
from complaint_typing.policy import PolicyTable
from complaint_typing.resources import data_path
from complaint_typing.scored import read_scored

HIDDEN, NEW = "clarification_seeking", "advice_seeking"


def test_new_types(tmp_path: Path) -> None:
    outputs, _ = run("05_new_types", tmp_path)
    assert pictures(outputs) == 3
    assert printed(outputs, "stderr") == ""

    corpus = read_labelled([data_path("training")]).set_index("ticket_id")["customer_type"]
    verdicts = pd.read_csv(data_path("new_types") / "verdicts.csv")
    assert HIDDEN not in {*verdicts["top_type"], *verdicts["customer_type"]}
    hidden = verdicts["ticket_id"].map(corpus) == HIDDEN
    sheet = pd.read_csv(tmp_path / "confirm.csv")
    members = sheet.loc[sheet["suggestion"] == "suggested", "row"]
    assert hidden.iloc[members].mean() >= 0.7
    assert hidden.iloc[members].sum() >= 0.6 * hidden.sum()

    assert NEW in load_model(tmp_path / "my_model").types
    policy = PolicyTable.read(tmp_path / "my_policy")
    assert NEW in policy.taxonomy.types
    scored = read_scored(tmp_path / "scored.csv")
    new = scored[scored["customer_type"] == NEW]
    assert len(new) >= 5
    assert set(new["strategy_id"]) <= {rule.strategy_id for rule in policy.rules}
    top = scored[scored["top_type"] == NEW]
    right, base = (part["ticket_id"].map(corpus) == HIDDEN for part in (top, scored))
    assert right.mean() > 2 * base.mean() > 0
