"""The simulated world does what its truth says, and the same with the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from complaint_typing.workbench.outcome_tickets import outcome_tickets
from complaint_typing.workbench.simulated_truth import true_effect, true_returns
from complaint_typing.workbench.simulated_world import World
from complaint_typing.workbench.simulator import simulate


def test_the_same_seed_gives_the_same_export_and_another_another(tmp_path: Path) -> None:
    first, again, other = (simulate(60, seed=s).write(tmp_path / str(i)) for i, s in enumerate((1, 1, 2)))
    assert first.read_bytes() == again.read_bytes() != other.read_bytes()


def test_returns_come_as_often_as_their_truth_says() -> None:
    """Observed under the handling that was, against the chances of exactly that handling."""
    made = simulate(5000, seed=4, texts=False)
    tickets = outcome_tickets(made.frame, since=made.since)
    rows = tickets.table["closed"].to_numpy() & (tickets.table["observed"] >= 90).to_numpy()
    table, truth = tickets.table[rows], made.truth[rows]
    for kind in ("any", "justified", "extras", "other"):
        chance = sum(
            true_returns(truth, 90, kind, paid=pay, second=other)
            * ((truth["paid"] == bool(pay)) & (truth["second"] == bool(other))).to_numpy()
            for pay in (0, 1)
            for other in (0, 1)
        )
        back = (table["return_day"] > 0) & (table["return_day"] <= 90)
        seen = back & ((table["return_kind"] == kind) | (kind == "any"))
        error = np.sqrt((chance * (1 - chance)).sum()) / len(table)
        assert abs(seen.mean() - chance.mean()) < 3.5 * error, kind
    p = truth["p_paid"].to_numpy()
    assert abs((truth["paid"] - p).mean()) < 3.5 * np.sqrt((p * (1 - p)).sum()) / len(p)


def test_history_in_the_export_is_what_the_simulation_acted_on() -> None:
    made = simulate(1500, seed=9, texts=False, world=World(confounding=3.0))
    tickets = outcome_tickets(made.frame, since=made.since).table
    asked = (tickets["created"] >= pd.Timestamp(made.since).timestamp()).to_numpy()
    rows = tickets[asked].assign(p=made.truth["p_paid"][asked].to_numpy())
    spread = rows.groupby(["customer_type", "emotional_mode", "channel", "earlier_tickets"])["p"].agg(np.ptp)
    assert spread.max() == pytest.approx(0, abs=1e-9)


def test_a_world_without_effects_has_none_and_goodwill_moves_only_those_who_ask() -> None:
    nothing = simulate(800, seed=2, texts=False, world=World.without_effects()).truth
    for outcome in ("any", "extras", "reopened", "satisfaction"):
        for treatment in ("paid", "second"):
            without, with_ = true_effect(nothing, treatment, outcome)
            assert with_ == pytest.approx(without)
    made = simulate(800, seed=2, texts=False)
    asks = made.frame["customer_type"].isin(World().asking).to_numpy()
    means = {}
    for rows in (asks, (made.frame["customer_type"] == "venting").to_numpy()):
        without, with_ = true_effect(made.truth[rows], "paid", "extras")
        means[bool(rows[0] == asks[0] and (rows == asks).all())] = with_ - without
    assert means[True] > 0.1
    assert means[False] == pytest.approx(0)
