"""Guards fall where a promise is broken, and not by chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from complaint_typing.model import Model
from complaint_typing.workbench import guards
from complaint_typing.workbench.fairness import FairnessReport
from complaint_typing.workbench.guards import (
    fairness_guard,
    gate_guard,
    hard_negatives_guard,
    precision_guard,
)
from complaint_typing.workbench.paired import paired_differences
from complaint_typing.workbench.resampling import Units


def test_a_gate_that_is_gone_falls(model: Model) -> None:
    assert gate_guard(model, model).holds
    open_door = gate_guard(model, replace(model, gated=()))
    assert (open_door.holds, open_door.facts["no_longer_gated"]) == (False, ["repeat_abuser"])
    assert gate_guard(replace(model, gated=()), model).holds is None


def test_hard_negatives_are_counted(model: Model) -> None:
    """Without a gate the type is open to them all; a bias makes it the likeliest."""
    bias = model.bias.copy()
    bias[model.types.index("repeat_abuser")] += 50
    always = replace(model, bias=bias, gate_weights=(0.0, 50.0, *[0.0] * 7))
    fallen = hard_negatives_guard(always)
    assert fallen.holds is False
    assert 0 < fallen.facts["typed"] < fallen.facts["tickets"]
    never = hard_negatives_guard(replace(model, gate_weights=(0.0, -50.0, *[0.0] * 7)))
    assert (never.holds, never.facts["typed"], never.facts["customers"]) == (True, 0, 60)
    assert hard_negatives_guard(replace(model, gated=())).holds is None


def rows(**columns: list[object]) -> pd.DataFrame:
    n = len(columns["type"])
    table = {"figure": ["precision"] * n, "old": [0.9] * n, "new": [0.7] * n, "difference": [-0.2] * n}
    return pd.DataFrame({**table, "low": [-0.4] * n, **columns})


def test_precision_falls_only_beyond_its_interval_and_with_enough_tickets() -> None:
    table = rows(type=["a", "b", "c"], high=[-0.01] * 3, family_high=[-0.01, 0.02, -0.1], typed=[50, 50, 5])
    whole = precision_guard("type_precision", table, ["a", "b", "c"], family=True)
    assert whole.holds is False
    assert [row["type"] for row in whole.facts["fallen"]] == ["a"]
    assert whole.facts["too_few"] == ["c"]
    single = precision_guard("type_precision", table, ["a", "b", "c"], family=False)
    assert [row["type"] for row in single.facts["fallen"]] == ["a", "b"]
    assert precision_guard("abuse_precision", table, ["c"], family=False).holds is None
    assert precision_guard("abuse_precision", table, [], family=False).holds is None


@pytest.mark.parametrize(
    "old_moved, new_moved, holds",
    [(4, 4, True), (4, 5, True), (0, 1, True), (4, 20, False), (9, 3, True), (0, 6, False)],
)
def test_fairness_falls_when_more_types_move_than_chance_explains(
    model: Model, monkeypatch: pytest.MonkeyPatch, old_moved: int, new_moved: int, holds: bool
) -> None:
    reports = iter(
        FairnessReport(157, 507, n, [], [], tuple(f"t{i}" for i in range(n))) for n in (old_moved, new_moved)
    )
    monkeypatch.setattr(guards, "audit_fairness", lambda _: next(reports))
    assert fairness_guard(model, model).holds is holds


def test_false_alarms_of_the_family_are_rare() -> None:
    """Two equally good models of nine types: the guard falls in few of fifteen comparisons."""
    rng, fallen = np.random.default_rng(5), 0
    types = tuple("abcdefghi")
    for _ in range(15):
        label = rng.choice(types, 400)
        both = []
        for _model in range(2):
            top = np.where(rng.random(400) < 0.7, label, rng.choice(types, 400))
            table = pd.DataFrame({"customer_type": label, "top_type": top, "decided": top, "confidence": 0.7})
            both.append(table.assign(right=label == top))
        per_type = paired_differences(*both, types, Units("ticket", np.arange(400)), 400)[1]
        fallen += precision_guard("type_precision", per_type, types, family=True).holds is False
    assert fallen <= 2
