"""What a simulated world hides is found again, nothing is found where nothing is, and limits are told."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from complaint_typing.errors import MissingScoredColumns
from complaint_typing.workbench.effects import contrast
from complaint_typing.workbench.outcomes import (
    OutcomeTickets,
    compare,
    goodwill_and_returns,
    outcome_tickets,
    strategy_effects,
    strategy_table,
)
from complaint_typing.workbench.simulated_truth import true_effect
from complaint_typing.workbench.simulated_world import World
from complaint_typing.workbench.simulator import Simulated, simulate

EXPORTS = 8


def _read(customers: int, seed: int, world: World | None = None) -> tuple[Simulated, OutcomeTickets]:
    made = simulate(customers, seed=seed, world=world, texts=False)
    return made, outcome_tickets(made.frame, since=made.since)


@pytest.fixture(scope="module")
def export() -> tuple[Simulated, OutcomeTickets]:
    return _read(3000, 21)


def test_effects_are_recovered_and_the_plain_comparison_misleads() -> None:
    """Of eight intervals of 95 %, five or fewer hold the truth by chance once in 170 runs."""
    made, found = _read(6000, 99)
    truth = made.truth[found.table["closed"].to_numpy()]
    without, with_ = true_effect(truth, "paid", "extras", 90)
    holds = {True: 0, False: 0}
    for seed in range(EXPORTS):
        tickets = _read(1500, 100 + seed)[1]
        result = compare(tickets, tickets.table["paid"], days=(90,), replicates=40, seed=seed)
        for weighted in holds:
            row = result.row("extras", 90, weighted)
            holds[weighted] += row["low"] <= with_ - without <= row["high"]
    assert with_ - without > 0.03
    assert holds[True] >= 6
    assert holds[False] <= 3


def test_nothing_is_found_where_nothing_is_but_it_looks_as_if() -> None:
    told = {True: 0, False: 0}
    for seed in range(EXPORTS):
        tickets = _read(1000, seed, World.without_effects())[1]
        result = compare(tickets, tickets.table["paid"], days=(90,), replicates=40, seed=seed)
        for weighted in told:
            told[weighted] += result.row("any", 90, weighted)["told"] != "nothing"
    assert told[True] <= 2
    assert told[False] >= 5


def test_one_large_export_gives_the_truth_of_every_outcome() -> None:
    made, tickets = _read(6000, 5)
    table, truth = tickets.table, made.truth
    own = (table["customer_type"] == "resolution_seeking").to_numpy()
    second = own & (table["strategy"] == "explain").to_numpy()
    result = compare(tickets, second, own & ~second, days=(30, 180), replicates=40, with_open=True)
    closed = truth[own & table["closed"].to_numpy()]
    asked = [("any", 30), ("any", 180), ("justified", 180), ("reopened", 0), ("satisfaction", 0)]
    for outcome, day in asked:
        without, with_ = true_effect(closed, "second", outcome, day or 90)
        row = result.row(outcome, day)
        assert abs(row["difference"] - (with_ - without)) < 0.75 * (row["high"] - row["low"]), outcome
    assert result.row("resolved_in_time")["difference"] == pytest.approx(-0.12, abs=0.06)


def test_a_bootstrap_of_one_customer_a_ticket_agrees_with_greenwood(
    export: tuple[Simulated, OutcomeTickets],
) -> None:
    tickets = export[1]
    alone = tickets.table.assign(customer=np.arange(len(tickets.table)))
    result = compare(replace(tickets, table=alone), alone["paid"], days=(90,), replicates=300)
    row = result.row("any", 90, weighted=False)
    rest = [alone[alone["closed"] & (alone["paid"] == paid)] for paid in (True, False)]
    variance = 0.0
    for rows in rest:
        returned = rows["return_day"].to_numpy()
        last = np.where(returned > 0, returned, rows["observed"])
        stayed, total = 1.0, 0.0
        for day in range(1, 91):
            n, d = (last >= day).sum(), ((returned == day) & (last >= day)).sum()
            stayed, total = stayed * (1 - d / n), total + d / (n * (n - d))
        variance += stayed**2 * total
    assert (row["high"] - row["low"]) / 3.92 == pytest.approx(np.sqrt(variance), rel=0.12)


def test_the_question_is_answered_with_its_limits(export: tuple[Simulated, OutcomeTickets]) -> None:
    answer = goodwill_and_returns(export[1], replicates=60)
    assert answer.extras == "more"
    assert answer.n_paid == int(export[1].closed["paid"].sum())
    assert set(answer.rates["day"]) == {30, 90, 180}
    row = answer.comparison.row("extras", 90)
    assert f"{100 * row['difference']:+.1f}" in answer.sentence("zh")
    assert "no experiment" in answer.sentence("en")
    told = answer.by_type[answer.by_type["outcome"] == "extras"].set_index("customer_type")["told"]
    assert told["compensation_seeking"] == "more"
    assert told["clarification_seeking"] in ("nothing", "less")
    assert any("没有别的因素" in line for line in answer.assumptions("zh"))
    assert json.loads(json.dumps(answer.to_dict()))["verdict"] == "ok"


def test_without_overlap_or_with_few_customers_nothing_is_told() -> None:
    tickets = _read(900, 3)[1]
    table = tickets.table
    same = table.assign(paid=table["customer_type"] == "resolution_seeking")
    refused = goodwill_and_returns(replace(tickets, table=same), replicates=30, by_type=False)
    assert refused.answer == "no_overlap"
    assert refused.sentence("en").startswith("Whether goodwill breeds returns cannot be told: the groups")
    assert np.isnan(refused.comparison.row("any", 90)["difference"])
    few = goodwill_and_returns(_read(80, 3)[1], replicates=30)
    assert few.answer == "no_overlap"
    assert set(few.by_type["told"]) == {"too_few"}
    none = goodwill_and_returns(replace(tickets, table=table.assign(paid=False)), replicates=30)
    assert (none.answer, none.n_paid) == ("no_overlap", 0)
    lacking = outcome_tickets(simulate(50, seed=1, texts=False).frame.drop(columns="compensation"))
    with pytest.raises(MissingScoredColumns, match="compensation"):
        goodwill_and_returns(lacking)


def test_a_rare_visit_is_too_few_and_no_difference() -> None:
    """Nobody of 40 came back, 12 of 400 did: with equal chances that happens three times in ten."""
    n, treated = 440, np.arange(440) < 40
    back = np.isin(np.arange(n), np.arange(40, 440, 35))
    rows = pd.DataFrame({"customer": np.arange(n), "channel": np.resize(["phone", "app"], n), "currency": ""})
    rows = rows.assign(observed=200, return_day=np.where(back, 30, 0), reopened=0.0, satisfaction=3.0)
    rows["return_kind"] = np.where(back, "extras", "")
    found = contrast(rows, treated, (90,), ["channel"], 60, 0)
    for outcome, day in (("any", 90), ("extras", 90), ("justified", 90), ("reopened", 0)):
        assert found.row(outcome, day)["told"] == "too_few"
        assert np.isnan(found.row(outcome, day)["high"])
    assert found.row("satisfaction")["told"] == "nothing"
    many = contrast(
        rows.assign(return_day=np.where(back | (rows.index % 4 == 0), 30, 0)), treated, (90,), [], 60, 0
    )
    assert many.row("any", 90)["told"] == "nothing"


def test_late_days_are_not_told_where_nobody_was_followed_so_long() -> None:
    made = simulate(2000, seed=8, days=480, texts=False)
    tickets = outcome_tickets(made.frame, since="2024-01-01")
    result = compare(tickets, tickets.table["paid"], replicates=30)
    assert result.row("any", 180)["told"] == "too_few"
    assert result.row("any", 30)["told"] != "too_few"
    assert result.curves["day"].max() < 120


def test_the_table_of_strategies_counts_what_is_there(export: tuple[Simulated, OutcomeTickets]) -> None:
    tickets = export[1]
    table = strategy_table(tickets).set_index(["customer_type", "strategy", "measure"])
    row = table.loc["venting", "let_vent", "satisfaction"]
    here = (tickets.table["customer_type"] == "venting") & (tickets.table["strategy"] == "let_vent")
    known = tickets.table.loc[here, "satisfaction"].dropna()
    assert (row["raw"], row["cases"]) == (pytest.approx(known.mean()), len(known))
    assert row["low"] < row["estimate"] < row["high"]
    back = table.xs("any", level="measure")
    assert ((back["low"] <= back["estimate"]) & (back["estimate"] <= back["high"])).all()
    assert table.loc["clarification_seeking", "restore", "any"]["told"] == "above"
    cost = table.loc["compensation_seeking", "goodwill_after_fix", "goodwill CNY"]
    paid = tickets.closed[tickets.closed["paid"] & (tickets.closed["strategy"] == "goodwill_after_fix")]
    mine = paid[paid["customer_type"] == "compensation_seeking"]
    assert cost["raw"] == pytest.approx(mine["goodwill"].mean())


def test_small_numbers_are_drawn_to_the_type_and_marked() -> None:
    frame = pd.DataFrame({"strategy_done": ["explain"] * 200 + ["restore"] * 4, "customer_type": "venting"})
    frame = frame.assign(customer_id=range(204), created_at="2025-01-01", resolved_at="2025-01-02")
    frame = frame.assign(reopened=["1", *["0"] * 9] * 20 + ["1", "1", "1", "0"])
    table = strategy_table(outcome_tickets(frame, end="2025-06-01")).set_index(["strategy", "measure"])
    few = table.loc["restore", "reopened"]
    assert (few["raw"], few["told"]) == (0.75, "too_few")
    assert 0.1 < few["estimate"] < 0.75
    assert table.loc["explain", "reopened"]["told"] == ""


def test_strategies_are_compared_within_their_type(export: tuple[Simulated, OutcomeTickets]) -> None:
    found = strategy_effects(export[1], types=["resolution_seeking"], replicates=50)
    assert set(found["customer_type"]) == {"resolution_seeking"}
    by = found.set_index("outcome")
    assert by.loc["resolved_in_time", "told"] == by.loc["satisfaction", "told"] == "less"
    assert by.loc["reopened", "told"] == "more"
    lacking = outcome_tickets(simulate(50, seed=1, texts=False).frame.drop(columns="strategy_done"))
    with pytest.raises(MissingScoredColumns, match="strategy_done"):
        strategy_effects(lacking)
