"""Who takes how much abuse: attack-mode tickets of each agent over time, for care and recognition."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .care_tickets import Scored, care_tickets
from .rates import poisson_interval, shrink
from .refusals import refusals_by_the_rules

SATISFIED = (4, 5)
_FEWEST_ATTACKS = 3
_FEWEST_RATED = 5
_THANKS = (
    "{agent}：这段时间承受了 {attacks} 件攻击性来诉，按在岗日折算，全组的平常水平约为 {expected} 件；"
    "即便如此，满意度仍不低于全组。请当面道谢，公开表扬，并安排减压。",
    "{agent} took {attacks} attacks, where about {expected} would be usual in the team for these working "
    "days, and kept satisfaction no lower than the team's all the same. Thank them in person, praise them "
    "openly, and arrange some relief.",
)
_RELIEF = (
    "{agent}：这段时间承受了 {attacks} 件攻击性来诉，按在岗日折算，全组的平常水平约为 {expected} 件。"
    "请安排轮换或休整，主动谈一次话，问问需要什么支持，肯定这份付出。",
    "{agent} took {attacks} attacks, where about {expected} would be usual in the team for these working "
    "days. Arrange relief, such as a rotation or a break, offer a talk about what would help, and say that "
    "it is seen.",
)


@dataclass(frozen=True)
class Exposure:
    """Exposure to attacks, by agent in alphabetical order.

    Attributes
    ----------
    months : DataFrame
        A row for each agent and month: `agent`, `month`, `tickets`, `working_days` (days on which the agent's
        tickets were created), `attacks`, `per_day` with `low` and `high` (exact 95 % Poisson interval), and
        `team_per_day`.
    agents : DataFrame
        A row for each agent: the same over all months, `expected` (attacks usual in the team for the same
        working days of the same months), `clearly_above`, `rated`, `satisfied` (share of scores of 4 and 5,
        shrunken), `recognise`, `suggestion_zh`, `suggestion_en` ("" where nothing is called for).
    without_agent, without_day : int
        Tickets that could not be placed.
    """

    months: pd.DataFrame
    agents: pd.DataFrame
    without_agent: int
    without_day: int


def exposure(scored: Scored, policy: str | Path | None = None) -> Exposure:
    """How many attack-mode tickets each agent takes, and whom to relieve, to talk to and to thank.

    The count O of an agent is compared with the count E that the team's attacks per working day would bring
    in the same months (indirect standardisation); exposure is clearly above the team's where the exact 95 %
    Poisson interval of O lies above E and O is at least 3. Who then has at least five scores, and a share of
    satisfied customers no lower than the team's, is named for recognition; complaints about refusals by the
    rules do not count in it.

    A working day is one on which a ticket of the agent was created: the file knows no roster. Several attacks
    by one customer count one by one, as they were taken. Source: 002 (care for those who take the abuse:
    relief, and an award for those who took much of it and kept their standard).

    Parameters
    ----------
    scored : DataFrame, path or CareTickets
    policy : path, optional
        Folder with the playbook.

    Raises
    ------
    MissingScoredColumns
        Naming all missing ones of `agent_id`, `created_at`, `customer_type`, `emotional_mode`, `strategy_id`.

    >>> days = [f"2025-03-{d:02}" for d in range(1, 21)] * 2
    >>> frame = pd.DataFrame({"agent_id": ["Li"] * 20 + ["An"] * 20, "created_at": days, "csat": 4})
    >>> frame = frame.assign(customer_type="venting", strategy_id="deescalate")
    >>> found = exposure(frame.assign(emotional_mode=["attack"] * 18 + ["rational"] * 22))
    >>> found.agents[["agent", "attacks", "expected", "clearly_above", "recognise"]].values.tolist()
    [['An', 0, 9.0, False, False], ['Li', 18, 9.0, True, True]]
    >>> found.agents["suggestion_en"][1]
    "Li took 18 attacks, where about 9 would be usual in the team ..., and kept satisfaction ..."
    """
    tickets = care_tickets(scored).need(
        ["agent_id", "created_at", "customer_type", "emotional_mode", "strategy_id"]
    )
    table = tickets.table.assign(refused=refusals_by_the_rules(tickets, policy))
    placed = table[(table["agent_id"] != "") & table["created"].notna()]
    months = _months(placed)
    agents = _agents(months).merge(_satisfaction(placed), on="agent", how="left")
    enough = (agents["attacks"] >= _FEWEST_ATTACKS).to_numpy()
    agents["clearly_above"] = (
        poisson_interval(agents["attacks"])[0] > agents["expected"].to_numpy()
    ) & enough
    agents["recognise"] = agents["clearly_above"] & agents.pop("held")
    for place, lang in enumerate(("zh", "en")):
        agents[f"suggestion_{lang}"] = [_suggestion(row, place) for row in agents.to_dict("records")]
    named = table["agent_id"] != ""
    return Exposure(months, agents, int((~named).sum()), int((named & table["created"].isna()).sum()))


def _months(placed: pd.DataFrame) -> pd.DataFrame:
    """Tickets, working days and attacks of each agent and month, with the team's attacks a day."""
    parts = pd.DataFrame(
        {
            "agent": placed["agent_id"],
            "month": placed["created"].dt.strftime("%Y-%m"),
            "day": placed["created"],
            "attack": (placed["emotional_mode"] == "attack").astype("int64"),
        }
    )
    found = (
        parts.groupby(["agent", "month"], sort=True)
        .agg(tickets=("attack", "size"), working_days=("day", "nunique"), attacks=("attack", "sum"))
        .reset_index()
    )
    team = found.groupby("month")[["attacks", "working_days"]].transform("sum")
    found["team_per_day"] = team["attacks"] / team["working_days"]
    return _with_interval(found)


def _with_interval(counts: pd.DataFrame) -> pd.DataFrame:
    low, high = poisson_interval(counts["attacks"].to_numpy(), counts["working_days"].to_numpy())
    return counts.assign(per_day=counts["attacks"] / counts["working_days"], low=low, high=high)


def _agents(months: pd.DataFrame) -> pd.DataFrame:
    """The months of each agent together, with the attacks that would be usual."""
    expected = months["working_days"] * months["team_per_day"]
    summed = months.assign(expected=expected).groupby("agent", sort=True)
    return _with_interval(summed[["tickets", "working_days", "attacks", "expected"]].sum().reset_index())


def _satisfaction(placed: pd.DataFrame) -> pd.DataFrame:
    """Scores of each agent: how many, the shrunken share of good ones, and whether they held the team's."""
    scored = placed.assign(
        rated=((placed["satisfaction"] > 0) & ~placed["refused"]).astype("int64"),
        happy=(placed["satisfaction"].isin(SATISFIED) & ~placed["refused"]).astype("int64"),
    )
    sums = scored.groupby("agent_id", sort=True)[["rated", "happy"]].sum()
    found = shrink(sums["happy"].to_numpy(), sums["rated"].to_numpy())
    held = (sums["rated"] >= _FEWEST_RATED) & (
        sums["happy"] * sums["rated"].sum() >= sums["happy"].sum() * sums["rated"]
    )
    rated = sums["rated"].to_numpy()
    return pd.DataFrame(
        {"agent": sums.index, "rated": rated, "satisfied": found.estimate, "held": held.to_numpy()}
    )


def _suggestion(row: dict[str, object], place: int) -> str:
    """What the team leader may do for an agent whose exposure is clearly above the team's."""
    if not row["clearly_above"]:
        return ""
    sentence = (_THANKS if row["recognise"] else _RELIEF)[place]
    return sentence.format(agent=row["agent"], attacks=row["attacks"], expected=f"{row['expected']:.0f}")
