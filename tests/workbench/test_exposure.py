from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from care_frames import scored

from complaint_typing.errors import MissingScoredColumns
from complaint_typing.workbench.care import exposure_text
from complaint_typing.workbench.exposure import exposure
from complaint_typing.workbench.rates import poisson_interval

DAYS = [f"2025-03-{d:02}" for d in range(1, 21)]


def team(attacks: dict[str, int], satisfaction: dict[str, str], **columns) -> pd.DataFrame:
    """Agents with one ticket on each of twenty days, the first ones in attack mode."""
    n = 20 * len(attacks)
    return scored(
        n,
        agent_id=np.repeat(list(attacks), 20),
        created_at=DAYS * len(attacks),
        emotional_mode=[m for k in attacks.values() for m in ["attack"] * k + ["rational"] * (20 - k)],
        satisfaction=np.repeat([satisfaction[name] for name in attacks], 20),
        **columns,
    )


def test_who_takes_clearly_more_is_named_for_relief_and_who_held_up_for_thanks():
    found = exposure(
        team({"Zoe": 16, "Abe": 16, "Mia": 1, "Kim": 1}, {"Zoe": "5", "Abe": "1", "Mia": "4", "Kim": "2"})
    )
    agents = found.agents.set_index("agent")
    assert list(agents.index) == ["Abe", "Kim", "Mia", "Zoe"]
    assert agents["clearly_above"].to_dict() == {"Abe": True, "Kim": False, "Mia": False, "Zoe": True}
    assert agents["recognise"].to_dict() == {"Abe": False, "Kim": False, "Mia": False, "Zoe": True}
    assert "praise" in agents["suggestion_en"]["Zoe"]
    assert "表扬" in agents["suggestion_zh"]["Zoe"]
    assert "relief" in agents["suggestion_en"]["Abe"]
    assert "减压" in agents["suggestion_zh"]["Zoe"]
    assert "轮换" in agents["suggestion_zh"]["Abe"]
    assert agents["suggestion_zh"]["Kim"] == agents["suggestion_en"]["Mia"] == ""


def test_the_words_are_of_care_and_in_alphabetical_order():
    found = exposure(
        team({"Zoe": 16, "Abe": 16, "Mia": 0, "Kim": 0}, dict.fromkeys(["Zoe", "Abe", "Mia", "Kim"], "4"))
    )
    text = exposure_text(found, "en")
    assert text.index("Abe took") < text.index("Zoe took")
    assert "Mia" not in text
    assert not re.search(r"\b(worst|best|rank \d|first place|most|highest|weak|poor)\b", text)
    assert "不排名次" in exposure_text(found, "zh")


def test_counts_per_working_day_have_exact_poisson_intervals():
    found = exposure(team({"A": 6, "B": 2}, {"A": "3", "B": "3"})).months.set_index("agent")
    low, high = poisson_interval([6], [20])
    assert found.loc["A", ["month", "tickets", "working_days", "attacks", "per_day"]].tolist() == [
        "2025-03",
        20,
        20,
        6,
        0.3,
    ]
    assert (found.loc["A", "low"], found.loc["A", "high"]) == (low[0], high[0])
    assert found.loc["A", "team_per_day"] == 0.2


def test_the_usual_is_that_of_the_same_months():
    """B worked only in the bad month: as many attacks as the others had then are usual."""
    frame = pd.concat(
        [
            team({"A": 0}, {"A": "3"}),
            team({"A": 10}, {"A": "3"}).assign(created_at=[d.replace("-03-", "-04-") for d in DAYS]),
            team({"B": 10}, {"B": "3"}).assign(created_at=[d.replace("-03-", "-04-") for d in DAYS]),
        ]
    )
    agents = exposure(frame).agents.set_index("agent")
    assert agents["expected"].to_dict() == {"A": 10.0, "B": 10.0}
    assert not agents["clearly_above"].any()


def test_a_team_of_equals_is_hardly_ever_told_apart():
    random = np.random.default_rng(0)
    flags = []
    for _ in range(60):
        frame = scored(
            400,
            agent_id=random.choice([f"a{i}" for i in range(8)], 400),
            created_at=random.choice(DAYS, 400),
            emotional_mode=random.choice(["attack", "rational"], 400, p=[0.1, 0.9]),
        )
        flags += exposure(frame).agents["clearly_above"].tolist()
    assert np.mean(flags) <= 0.025 + 3 * np.sqrt(0.025 * 0.975 / len(flags))


def test_one_or_two_attacks_are_never_clearly_above():
    frame = pd.concat([team({"A": 0, "B": 0}, {"A": "3", "B": "3"}), team({"C": 2}, {"C": "3"})[:2]])
    assert not exposure(frame).agents["clearly_above"].any()


def test_refusals_by_the_rules_do_not_lower_anyone_s_thanks():
    frame = team({"A": 16, "B": 0, "C": 0}, {"A": "5", "B": "4", "C": "4"})
    frame.loc[frame["agent_id"] == "A", "satisfaction"] = ["1"] * 12 + ["5"] * 8
    agents = exposure(frame).agents.set_index("agent")
    assert not agents["recognise"]["A"]
    refused = (frame["agent_id"] == "A") & (frame["satisfaction"] == "1")
    agents = exposure(frame.assign(strategy_id=np.where(refused, "refusal", "restore"))).agents.set_index(
        "agent"
    )
    assert agents["recognise"]["A"]
    assert agents["attacks"]["A"] == 16


def test_without_scores_nobody_is_thanked_for_scores():
    frame = team({"A": 16, "B": 0, "C": 0}, dict.fromkeys("ABC", "")).drop(columns="satisfaction")
    agents = exposure(frame).agents.set_index("agent")
    assert agents["clearly_above"]["A"]
    assert not agents["recognise"].any()


def test_tickets_that_cannot_be_placed_are_counted():
    frame = scored(4, agent_id=["A", "", "A", ""], created_at=["2025-03-01", "2025-03-01", "", ""])
    found = exposure(frame)
    assert (found.without_agent, found.without_day) == (2, 1)
    assert found.agents["tickets"].tolist() == [1]
    nobody = exposure(scored(2, agent_id=""))
    assert len(nobody.agents) == len(nobody.months) == 0
    assert "Nobody is clearly above" in exposure_text(nobody, "en")


def test_missing_columns_are_all_named():
    with pytest.raises(MissingScoredColumns, match="not found: agent_id, created_at, emotional_mode"):
        exposure(scored(2).drop(columns=["created_at", "emotional_mode"]))
