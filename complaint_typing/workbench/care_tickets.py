"""Scored tickets as the care room needs them: columns found and checked, one row a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from os import PathLike
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .. import cells
from ..column_values import TIME_COLUMNS, empty_column, read_column, read_times
from ..columns import SCORED_COLUMNS, TICKET_COLUMNS, map_headers
from ..errors import MissingScoredColumns
from ..scored import read_scored
from ..scored_header import own_columns
from ..times import NO_TIME, checked_order, zone_of

GROUPINGS: Mapping[str, str] = {"category": "category", "branch": "branch", "agent": "agent_id"}
"""What causes are told apart by -> the contract column."""
NOT_GIVEN = -1
"""`reopened` and `fault_found` where the cell is empty."""

_READ = (
    "ticket_id",
    "customer_id",
    "channel",
    "category",
    "branch",
    "agent_id",
    "strategy_done",
    "currency",
    "corrected_type",
)
_SCORED = (
    "customer_type",
    "top_type",
    "emotional_mode",
    "risk_signals",
    "goodwill",
    "strategy_id",
    "strategy",
    "next_step",
    "escalate_to",
    "requires_human",
    "evidence",
    "policy_rule",
)
_NUMBERS = ("fault_found", "compensation", "satisfaction")
_MOST_DAYS = 3660
_KINDS = {column.name: column.kind for column in TICKET_COLUMNS} | {"customer_id": "identity"}
_SCORED_NAMES = frozenset(column.name for column in SCORED_COLUMNS)


@dataclass(frozen=True, eq=False)
class CareTickets:
    """Checked tickets of a scored file; made by :func:`care_tickets`.

    Attributes
    ----------
    table : DataFrame
        `row` (from 1), the texts `ticket_id`, `customer_id`, `channel`, `category`, `branch`, `agent_id`,
        `strategy_done`, `currency`, `corrected_type`, `customer_type`, `top_type`, `emotional_mode`,
        `risk_signals`, `goodwill`, `strategy_id`, `strategy`, `next_step`, `escalate_to`, `requires_human`
        ("1" or "0"), `evidence`, `policy_rule` ("" where missing); `created` and `resolved`, days of the zone
        asked for (NaT where missing); `fault_found`, `reopened` and `compensation` (cents) (-1 where
        missing), `satisfaction` (0 where missing), `follow_up_days` (float, NaN where missing).
    present : frozenset of str
        Contract and scored columns that were there.
    headers : tuple of str
        As in the file, without those that scoring appended.
    bad_values : dict of str to int
        Values that counted as missing, by column.
    """

    table: pd.DataFrame
    present: frozenset[str]
    headers: tuple[str, ...]
    bad_values: Mapping[str, int]

    def need(self, columns: Iterable[str]) -> CareTickets:
        """These tickets, if all `columns` were there; else `MissingScoredColumns` names the missing."""
        missing = [name for name in dict.fromkeys(columns) if name not in self.present]
        if missing:
            scored = [name for name in missing if name in _SCORED_NAMES]
            raise MissingScoredColumns(missing, self.headers, scored)
        return self

    @property
    def types(self) -> pd.Series:
        """The verdict of each ticket: as a person corrected it, else as scored."""
        corrected = self.table["corrected_type"]
        return self.table["customer_type"].where(corrected == "", corrected)


Scored: TypeAlias = pd.DataFrame | str | PathLike[str] | CareTickets


def care_tickets(
    scored: Scored,
    mapping: Mapping[str, str] | None = None,
    tz: str | tzinfo = "UTC",
    date_order: str | None = None,
) -> CareTickets:
    """Find and check what the care room reads of a scored file.

    Parameters
    ----------
    scored : DataFrame, path or CareTickets
        As :func:`~complaint_typing.scored.read_scored` returns it, or the file itself; tickets that were
        checked already come back as they are.
    mapping : mapping of str to str, optional
        Contract column -> header, where the aliases do not know it.
    tz : str or tzinfo, default "UTC"
        Zone of times that name none, and of the days that are told.
    date_order : {"dmy", "mdy"}, optional
        Order of dates with the year last; by default the columns decide.

    Raises
    ------
    UnreadableInput
        When the file is no scored file.
    MissingColumns, BadValue
        When `mapping` names a header or a column that does not exist, or `date_order` is none.
    AmbiguousDates
        When nothing tells whether days or months come first.

    >>> frame = pd.DataFrame({"工单编号": ["7"], "受理时间": ["2024-03-05 23:30+00:00"]})
    >>> tickets = care_tickets(frame.assign(emotional_mode="attack"), tz="+08:00")
    >>> str(tickets.table["created"][0].date()), tickets.table["emotional_mode"][0]
    ('2024-03-06', 'attack')
    >>> tickets.need(["agent_id", "strategy_id"])
    Traceback (most recent call last):
        ...
    complaint_typing.errors.MissingScoredColumns: needed and not found: agent_id, strategy_id. ...
    """
    if isinstance(scored, CareTickets):
        return scored
    frame = scored if isinstance(scored, pd.DataFrame) else read_scored(scored)
    headers = [str(name) for name in frame.columns]
    own = scored_places(headers)
    given = ["" if i in set(own.values()) else name for i, name in enumerate(headers)]
    found = map_headers([*given, "text"], mapping)  # what customers wrote is not read, so it may be missing
    columns = {name: frame.iloc[:, i].tolist() for name, i in found.items() if i < len(headers)}
    table, bad = _checked(columns, len(frame), tz, checked_order(date_order))
    for name in _SCORED:
        told = cells.texts(frame.iloc[:, own[name]].tolist()) if name in own else [""] * len(frame)
        table[name] = pd.Series(told, dtype=object)
    days = frame.iloc[:, own["follow_up_days"]].tolist() if "follow_up_days" in own else [None] * len(frame)
    days_known = pd.to_numeric(pd.Series(days, dtype=object), errors="coerce").astype("float64")
    table["follow_up_days"] = days_known.where(days_known.between(0, _MOST_DAYS))
    kept = tuple(name for name in given if name)
    return CareTickets(pd.DataFrame(table), frozenset([*columns, *own]), kept, bad)


def scored_places(headers: Sequence[str]) -> dict[str, int]:
    """Scored column -> its place: the block that scoring appended, else any columns of these names."""
    own = own_columns(headers)
    if own:
        return {headers[i].split("_scored")[0]: i for i in own}
    suffixed = {name.removesuffix("_scored"): i for i, name in enumerate(headers) if name.endswith("_scored")}
    plain = {name: i for i, name in reversed(list(enumerate(headers)))}
    return {name: places[name] for name in _SCORED_NAMES for places in [plain | suffixed] if name in places}


def _checked(
    columns: Mapping[str, Sequence[Any]], n: int, tz: str | tzinfo, date_order: str | None
) -> tuple[dict[str, Any], dict[str, int]]:
    """The contract columns by name, and how many of their values were bad."""
    read: dict[str, tuple[Any, list[int]]] = dict(read_times(columns, tz, date_order))
    for name in (*_READ, *_NUMBERS):
        if name in columns:
            read[name] = read_column(_KINDS.get(name, "id"), columns[name])
    if "reopened" in columns:
        read["reopened"] = cells.choices(columns["reopened"], cells.FLAG_WORDS, NOT_GIVEN)
    bad = {name: len(places) for name, (_, places) in read.items() if places}
    values = {name: found for name, (found, _) in read.items()}
    table: dict[str, Any] = {"row": np.arange(1, n + 1)}
    table |= {name: pd.Series(values.get(name, [""] * n), dtype=object) for name in _READ}
    for name, day in zip(TIME_COLUMNS, ("created", "resolved"), strict=True):
        table[day] = _days(values.get(name, empty_column("time", n)), zone_of(tz))
    for name in _NUMBERS:
        table[name] = values.get(name, empty_column(_KINDS[name], n))
    table["reopened"] = np.asarray(values.get("reopened", np.full(n, NOT_GIVEN)), np.int8)
    return table, bad


def _days(seconds: NDArray[np.int64], zone: tzinfo) -> pd.Series:
    """The day of each time in a zone; NaT where missing."""
    known = seconds != NO_TIME
    times = pd.Series(pd.to_datetime(np.where(known, seconds, 0), unit="s", utc=True))
    return times.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize().where(known)
