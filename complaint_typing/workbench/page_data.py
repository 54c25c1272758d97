"""Everything the page shows, as counts by period, branch and channel: no row, no text, no id of a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import MissingScoredColumns
from ..playbook import read_playbook
from ..taxonomy import Taxonomy, read_taxonomy
from .care_tickets import CareTickets
from .causes import MEASURES, events_and_cases
from .exposure import exposure
from .followups import as_day, follow_ups
from .page_cubes import Cube, cube, customer_cube
from .page_events import Items, goodwill_and_returns, items_of
from .page_groups import Groups, groups_of, periods_of
from .refusals import refusals_by_the_rules
from .wording import term_name

DUE_DAYS = 14
MOST_CELLS = 60_000
NEEDED = ("customer_type", "top_type", "emotional_mode", "strategy_id", "requires_human")
PARTS = {
    "trend": ("created_at",),
    "branch": ("branch",),
    "channel": ("channel",),
    "category": ("category",),
    "agents": ("agent_id", "created_at"),
    "goodwill": ("compensation",),
    "returns": ("customer_id", "created_at", "resolved_at", "compensation"),
    "due": ("ticket_id", "created_at", "follow_up_days", "strategy", "next_step"),
    "words": ("customer_id", "evidence"),
    "signals": ("risk_signals", "escalate_to"),
}
"""Parts of the page -> columns without which it says that it lacks them."""
_MOST = {"branch": 40, "channel": 12, "category": 20, "currency": 8}
_MOST_TYPES = 30
_TRUE = ("1", "1.0", "True")
_FEWEST_AGENTS = 5
_Dims = dict[str, tuple[NDArray[np.intp], int]]


def page_data(
    tickets: CareTickets, today: str | date, lang: str, policy: str | Path | None = None
) -> dict[str, Any]:
    """The counts behind the page.

    Periods are as fine as fits (weeks up to half a year, months up to five years), and longer where no cube
    would stay within 60,000 cells.

    Parameters
    ----------
    tickets : CareTickets
        From :func:`~complaint_typing.workbench.care_tickets.care_tickets`.
    today : str or date
        What is due before it is overdue.
    lang : {"zh", "en"}
        Of names.
    policy : path, optional
        Folder with the playbook.

    Returns
    -------
    dict
        Ready for JSON: `periods` (`unit`, `starts`), `names` along each dimension of the `cubes` (see
        :func:`~complaint_typing.workbench.page_cubes.cube`), places of those that were `pooled`, `types` and
        `outcomes` (ids), `items`, `measures`, `whole` (figures of the file as a whole) and `missing` (part of
        the page -> columns that it lacks).

    Raises
    ------
    MissingScoredColumns
        When the file is not scored.

    >>> from .care_tickets import care_tickets
    >>> made = page_data(care_tickets(pd.DataFrame({"text": ["hello"]})), "2026-01-31", "en")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.MissingScoredColumns: needed and not found: customer_type, ...
    """
    tickets.need(NEEDED)
    taxonomy, book = read_taxonomy(), read_playbook(policy)
    groups = _groups(tickets, taxonomy, tuple(book))
    counter = _Counter(tickets, groups, items_of(tickets, taxonomy, lang), today, policy)
    for coarser in range(4):
        periods = periods_of(tickets.table["created"], coarser)
        cubes = counter.cubes(periods.codes, len(periods.starts))
        if max(len(made["at"]) for made in cubes.values()) <= MOST_CELLS:
            break
    names = {name: list(found.names) for name, found in groups.items()}
    names["type"] = [term_name(taxonomy, id, lang) for id in groups["type"].names]
    names["strategy"] = [book[id].name(lang) if id in book else id for id in groups["strategy"].names]
    return {
        "periods": {"unit": periods.unit, "starts": [str(day.date()) for day in periods.starts]},
        "names": names,
        "pooled": {name: list(found.pooled) for name, found in groups.items()},
        "types": list(groups["type"].names),
        "outcomes": list(taxonomy.ids("outcome")),
        "items": counter.items.listed,
        "measures": [m.id for m in MEASURES if m.column in tickets.present],
        "cubes": cubes,
        "whole": _whole(tickets, policy),
        "missing": _missing(tickets),
    }


def _groups(tickets: CareTickets, taxonomy: Taxonomy, strategies: tuple[str, ...]) -> dict[str, Groups]:
    table, who = tickets.table, tickets.table["customer_id"]
    types = (*taxonomy.types, *taxonomy.ids("outcome"))
    found = {
        name: groups_of(table[name].str.upper() if name == "currency" else table[name], who, most)
        for name, most in _MOST.items()
    }
    found["type"] = groups_of(tickets.types, who, _MOST_TYPES, types)
    found["strategy"] = groups_of(table["strategy_id"], who, _MOST_TYPES, strategies)
    return found


class _Counter:
    """Counts the tickets of one file in periods of any length."""

    def __init__(
        self,
        tickets: CareTickets,
        groups: dict[str, Groups],
        items: Items,
        today: str | date,
        policy: str | Path | None,
    ):
        self.items = items
        self._tickets, self._groups = tickets, groups
        self._refused = refusals_by_the_rules(tickets, policy)
        self._back = goodwill_and_returns(tickets.table)
        self._due = _due(tickets, today, policy)

    def cubes(self, period: NDArray[np.intp], n_periods: int) -> dict[str, Cube]:
        """Every cube of the page; the last period is that of tickets without a date."""
        table = self._tickets.table
        place = {"period": (period, n_periods + 1)}
        base = place | self._dims("branch", "channel")
        rates = self._rates(np.ones(len(table), bool))
        judged = ~self._refused
        by_people = self._rates(judged) | {"refused": self._refused, "counted": judged}
        paid = self._back["paid"]
        money = {"cents": table["compensation"].to_numpy()[paid]}
        due, rows = self._due, self.items.tickets
        counted = {
            "types": cube(base | self._dims("type"), self._of_types()),
            "places": cube(base, by_people),
            "causes": cube(base | self._dims("category"), rates),
            "money": cube(_at(base | self._dims("type", "currency"), np.flatnonzero(paid)), money),
            "items": cube(_at(base, rows) | {"item": (self.items.codes, max(len(self.items.listed), 1))}),
            "agent_days": self._agent_days(place),
            "customers": customer_cube(
                table["customer_id"].tolist(), period, self._dims("branch", "channel"), n_periods + 1
            ),
        }
        if due is not None:
            at = due["row"].to_numpy() - 1
            day = {"day": (due["day"].to_numpy(np.intp), 2 * DUE_DAYS + 4)}
            dims = _at(base | self._dims("strategy"), at) | day
            counted["due"] = cube(dims, {"reopen": (due["reopen"] == "yes").to_numpy()})
        return counted

    def _dims(self, *names: str) -> _Dims:
        return {name: (self._groups[name].codes, len(self._groups[name].names)) for name in names}

    def _of_types(self) -> dict[str, NDArray[Any]]:
        table = self._tickets.table
        human = table["requires_human"].isin(_TRUE).to_numpy()
        attack = (table["emotional_mode"] == "attack").to_numpy()
        return {"human": human, "attack": attack, **self._back}

    def _rates(self, counted: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
        """Events and cases of each rate of which the file tells."""
        sums = {}
        for measure in MEASURES:
            if measure.column in self._tickets.present:
                event, case = events_and_cases(self._tickets, measure)
                sums[f"{measure.id}_events"] = event & case & counted
                sums[f"{measure.id}_cases"] = case & counted
        return sums

    def _agent_days(self, place: _Dims) -> Cube:
        """Days on which agents had tickets, by branch and, in the last place, anywhere; attacks on these."""
        table = self._tickets.table
        known = (table["agent_id"] != "") & table["created"].notna()
        codes, n = self._dims("branch")["branch"]
        base = pd.DataFrame(
            {
                "agent": table["agent_id"],
                "day": table["created"],
                "period": place["period"][0],
                "attacks": (table["emotional_mode"] == "attack").astype("int64"),
            }
        )[known]
        days = pd.concat([base.assign(branch=codes[known]), base.assign(branch=n)], ignore_index=True)
        first = {
            "days": ~days.duplicated(["agent", "day", "branch"]).to_numpy(),
            "dates": ~days.duplicated(["day", "branch"]).to_numpy(),
        }
        dims = {"period": (days["period"].to_numpy(), place["period"][1])}
        dims |= {"branch": (days["branch"].to_numpy(np.intp), n + 1)}
        return cube(dims, first | {"attacks": days["attacks"].to_numpy()})


def _at(dims: _Dims, rows: NDArray[Any]) -> _Dims:
    return {name: (codes[rows], size) for name, (codes, size) in dims.items()}


def _due(tickets: CareTickets, today: str | date, policy: str | Path | None) -> pd.DataFrame | None:
    """What is to be followed up, with `day`: 0 is long overdue, then days around today, later, undated."""
    try:
        found = follow_ups(tickets, today, policy=policy)
    except MissingScoredColumns:
        return None
    ahead = (found["due"] - as_day(today)).dt.days
    day = ahead.clip(-DUE_DAYS - 1, DUE_DAYS + 1) + DUE_DAYS + 1
    return found.assign(day=day.fillna(2 * DUE_DAYS + 3))


def _whole(tickets: CareTickets, policy: str | Path | None) -> dict[str, Any]:
    """Figures that hold for the file and not for a choice of it."""
    days = tickets.table["created"].dropna()
    found: dict[str, Any] = {
        "tickets": len(tickets.table),
        "undated": int(tickets.table["created"].isna().sum()),
        "first": str(days.min().date()) if len(days) else "",
        "last": str(days.max().date()) if len(days) else "",
    }
    unknown = int((tickets.table["customer_id"] == "").sum())
    found["customers_known"] = unknown < len(tickets.table)
    found["unknown_customers"] = unknown if found["customers_known"] else 0
    if {"agent_id", "created_at"} <= tickets.present:
        agents = exposure(tickets, policy).agents
        if len(agents) >= _FEWEST_AGENTS:
            found |= {"agents": len(agents), "agents_above": int(agents["clearly_above"].sum())}
    return found


def _missing(tickets: CareTickets) -> dict[str, list[str]]:
    lacking = {part: [c for c in columns if c not in tickets.present] for part, columns in PARTS.items()}
    return {part: columns for part, columns in lacking.items() if columns}
