"""Where complaints come from: rates by category, branch and agent that respect small numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..columns import FAULT_CODES
from ..errors import BadOption
from .care_tickets import GROUPINGS, NOT_GIVEN, CareTickets, Scored, care_tickets
from .rates import shrink
from .refusals import refusals_by_the_rules
from .wording import labels_of

DISSATISFIED = (1, 2)
_FOR_PEOPLE = ("branch", "agent")
_COLUMNS = (
    "group",
    "tickets",
    "not_counted",
    "measure",
    "events",
    "cases",
    "rate",
    "low",
    "high",
    "overall",
    "flag",
)


@dataclass(frozen=True)
class Measure:
    """One rate: its column, its name for people, and of what cases it is a rate."""

    id: str
    column: str
    zh: str
    en: str
    of_zh: str
    of_en: str


MEASURES: tuple[Measure, ...] = (
    Measure(
        "fault_found", "fault_found", "我方有责", "fault found", "查明是或否的工单", "tickets found yes or no"
    ),
    Measure("reopened", "reopened", "重开", "reopened", "有重开记录的工单", "tickets where it is recorded"),
    Measure(
        "dissatisfied",
        "satisfaction",
        "不满意（1-2分）",
        "dissatisfied (1-2)",
        "有评分的工单",
        "rated tickets",
    ),
    Measure("attack_mode", "emotional_mode", "攻击模式", "attack mode received", "全部工单", "all tickets"),
)


def grouping(by: str) -> str:
    """The contract column that holds a grouping.

    >>> grouping("agent")
    'agent_id'
    >>> grouping("city")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: by: not a grouping, got 'city'; use category, branch, agent
    """
    if by not in GROUPINGS:
        raise BadOption("by", by, "a grouping", f"use {', '.join(GROUPINGS)}")
    return GROUPINGS[by]


def groups_shown(tickets: CareTickets, by: str) -> pd.Series:
    """The group of each ticket, "" for none; names of places and categories masked, agents as in the file.

    >>> frame = pd.DataFrame({"branch": ["Leeds", "", "Ms Li 138-0013-8000"]})
    >>> groups_shown(care_tickets(frame), "branch").tolist()
    ['Leeds', '', 'Ms Li [phone …00]']
    """
    names = tickets.table[grouping(by)]
    return names if by == "agent" else names.map(labels_of(names))


def causes(scored: Scored, by: str = "category", policy: str | Path | None = None) -> pd.DataFrame:
    """Rates of each category, branch or agent, drawn towards all of them as far as its numbers are small.

    The estimates and 95 % intervals are those of :func:`~complaint_typing.workbench.rates.shrink`. A flag
    stands only where the interval excludes the overall rate. Groups come in alphabetical order: raw rates
    would rank the smallest groups first and last by chance alone.

    A complaint about a refusal that followed the rules (see
    :func:`~complaint_typing.workbench.refusals.refusals_by_the_rules`) is counted in `not_counted` and in no
    rate of a branch or an agent. A category is no person: there all tickets count, since the rule itself may
    be the cause.

    Parameters
    ----------
    scored : DataFrame, path or CareTickets
    by : {"category", "branch", "agent"}
    policy : path, optional
        Folder with the playbook; what ships by default.

    Returns
    -------
    DataFrame
        A row for each group and measure: `group` (see :func:`groups_shown`), `tickets` (of the group, all of
        them), `not_counted`, `measure`, `events`, `cases`, `rate`, `low`, `high` (NaN without cases),
        `overall`, `flag` (``above``, ``below`` or ""). Measures whose column is missing are left out, and so
        are tickets without a group.

    Raises
    ------
    MissingScoredColumns
        Naming all that are missing: the group's column, `customer_type`, `emotional_mode`, `strategy_id`.
    BadOption
        When `by` is no grouping.

    >>> frame = pd.DataFrame({"category": ["bill"] * 9 + ["line"] * 9, "upheld": ["no"] * 9 + ["yes"] * 9})
    >>> frame = frame.assign(customer_type="venting", emotional_mode="rational", strategy_id="let_vent")
    >>> found = causes(frame)
    >>> found.loc[found["measure"] == "fault_found", ["group", "cases", "flag"]].values.tolist()
    [['bill', 9, 'below'], ['line', 9, 'above']]
    """
    column = grouping(by)
    tickets = care_tickets(scored).need([column, "customer_type", "emotional_mode", "strategy_id"])
    refused = refusals_by_the_rules(tickets, policy)
    shown = groups_shown(tickets, by)
    named = (shown != "").to_numpy()
    code, groups = pd.factorize(shown[named], sort=True)
    n_groups = len(groups)
    counted = named & ~refused if by in _FOR_PEOPLE else named
    parts = []
    for measure in MEASURES:
        if measure.column not in tickets.present:
            continue
        event, case = events_and_cases(tickets, measure)
        case &= counted
        events = np.bincount(code[(event & case)[named]], minlength=n_groups)
        cases = np.bincount(code[case[named]], minlength=n_groups)
        found = shrink(events, cases)
        part = {
            "group": groups,
            "tickets": np.bincount(code, minlength=n_groups),
            "not_counted": np.bincount(code[(named & ~counted)[named]], minlength=n_groups),
            "measure": measure.id,
            "events": events,
            "cases": cases,
            "rate": found.estimate,
            "low": found.low,
            "high": found.high,
            "overall": found.overall,
            "flag": found.flags,
        }
        parts.append(pd.DataFrame(part, columns=list(_COLUMNS)))
    return pd.concat(parts).sort_values("group", kind="stable", ignore_index=True)


def events_and_cases(tickets: CareTickets, measure: Measure) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where the event of a rate happened, and where it could have been seen, each of shape (n_tickets,).

    A finding of ``unknown`` is no case of `fault_found`: it says neither yes nor no.

    >>> found = events_and_cases(care_tickets(pd.DataFrame({"reopened": ["1", "0", ""]})), MEASURES[1])
    >>> [places.tolist() for places in found]
    [[True, False, False], [True, True, False]]
    """
    values = tickets.table[measure.column].to_numpy()
    if measure.id == "fault_found":
        return values == FAULT_CODES["yes"], np.isin(values, (FAULT_CODES["yes"], FAULT_CODES["no"]))
    if measure.id == "reopened":
        return values == 1, values != NOT_GIVEN
    if measure.id == "dissatisfied":
        return np.isin(values, DISSATISFIED), values > 0
    return values == "attack", values != ""
