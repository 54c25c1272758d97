"""Closed tickets with what was done and what came after: whom we can follow, until when, and who returned."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .. import cells
from ..batch import score_csv
from ..columns import NO_TIME, map_headers
from ..errors import BadOption, MissingScoredColumns, UnreadableInput
from ..facts import DAY
from ..history import facts_of_log
from ..playbook import read_playbook
from ..scored import read_scored
from ..ticket_table import Tickets, tickets_from_columns
from ..times import zone_name
from .care_tickets import CareTickets, care_tickets
from .return_kinds import ASKING_TYPES, next_returns
from .wording import one_line

NEEDED = ("customer_id", "created_at", "resolved_at", "customer_type")
"""Without these columns nobody's return can be told."""
SETTLED_DAYS = 30
"""`resolved_in_time`: within so many days of the complaint."""
_YEAR = 365 * DAY
_BANDS = {"earlier_tickets": ("tickets_365d", 3), "goodwill_before": ("goodwill_365d", 1)}
_BANDS |= {"unproven_before": ("unproven_365d", 2)}


@dataclass(frozen=True, eq=False)
class OutcomeTickets:
    """Checked tickets of a scored or labelled export; made by :func:`outcome_tickets`.

    Attributes
    ----------
    table : DataFrame
        One row a ticket, in the export's order:

        - `customer` (number), `customer_type`, `emotional_mode`, `strategy` (id of the playbook, else the
          text as written, "" where missing), `channel`, `category`, `currency`; texts as written are masked,
          and those that are masked alike are one;
        - `created`, `resolved` (seconds UTC, `NO_TIME` where missing), `fault` (codes of `FAULT_CODES`, -1),
          `goodwill` (amount, NaN where missing), `paid` (bool), `satisfaction` (NaN), `reopened` (NaN, 0, 1),
          `resolved_in_time` (0 or 1 within 30 days of the complaint, NaN where that time is not over);
        - what was known just before, within a year: `earlier_tickets` (0 to 3 for three or more),
          `goodwill_before`, `unproven_before`; and `half_year`;
        - `closed` (whether it can be followed: customer and times known, of the period asked about),
          `observed` (whole days from its resolution to the end), `return_day` (day of the next visit, counted
          from 1; 0 where none was seen), `return_kind` (`justified`, `extras`, `other`, "").
    end : int
        Seconds UTC up to which the export tells of visits.
    present : frozenset of str
        Contract and scored columns that were there.
    left_out : dict of str to int
        Tickets that cannot be followed, by reason: `no_customer`, `no_time`, `open`, `before_since`.
    bad_values : dict of str to int
        Values that counted as missing, by column.
    headers : tuple of str
        As in the export, without those that scoring appended.
    """

    table: pd.DataFrame
    end: int
    present: frozenset[str]
    left_out: Mapping[str, int]
    bad_values: Mapping[str, int]
    headers: tuple[str, ...] = ()

    def need(self, columns: Sequence[str]) -> OutcomeTickets:
        """These tickets, if all `columns` were there; else `MissingScoredColumns` names the missing."""
        missing = [name for name in columns if name not in self.present]
        if missing:
            raise MissingScoredColumns(missing, self.headers)
        return self

    @property
    def closed(self) -> pd.DataFrame:
        """The tickets that can be followed."""
        return self.table[self.table["closed"]]


def outcome_tickets(
    source: pd.DataFrame | str | PathLike[str],
    mapping: Mapping[str, str] | None = None,
    tz: str | tzinfo = "UTC",
    date_order: str | None = None,
    *,
    since: str | date | None = None,
    end: str | date | None = None,
    asking: Sequence[str] = ASKING_TYPES,
    policy: str | Path | None = None,
) -> OutcomeTickets:
    """Find and check what the questions about outcomes read.

    All tickets of the export serve as earlier and as later visits; those with a known customer that were
    resolved are followed from the moment of their resolution to the customer's next ticket or, where none
    came, to the end of the export.

    Parameters
    ----------
    source : DataFrame or path
        A scored file or table, or one labelled with `customer_type`. A file without types is scored first,
        with the model that ships.
    mapping, tz, date_order
        As in :func:`~complaint_typing.workbench.care_tickets.care_tickets`.
    since : date or "auto", optional
        Earlier tickets tell only what was known of a customer. "auto": a year after the export's first
        ticket, so that every followed ticket has its whole year of history, where at least another year
        remains; else all tickets are followed.
    end : date, optional
        First day that the export does not cover; by default its last moment.
    asking : sequence of str
        Types whose unproven visits ask for extras.
    policy : path, optional
        Folder with the playbook that names strategies; what ships by default.

    Raises
    ------
    MissingScoredColumns
        When one of :data:`NEEDED` is missing; it names them all.
    UnreadableInput, AmbiguousDates, BadValue
        When the file, its dates or an argument cannot be read.

    >>> log = {"customer_id": ["a", "a", "b"], "customer_type": "venting", "strategy_done": "倾听宣泄"}
    >>> log |= {"created_at": ["2025-03-01", "2025-03-20", "2025-03-31"]}
    >>> frame = pd.DataFrame(log | {"resolved_at": ["2025-03-02", "", "2025-03-31"]})
    >>> found = outcome_tickets(frame)
    >>> found.closed[["strategy", "return_day", "observed"]].values.tolist()
    [['let_vent', 18, 29], ['let_vent', 0, 0]]
    >>> outcome_tickets(frame.drop(columns=["customer_id", "resolved_at"]))
    Traceback (most recent call last):
        ...
    complaint_typing.errors.MissingScoredColumns: needed and not found: customer_id, resolved_at. ...
    """
    frame = source if isinstance(source, pd.DataFrame) else typed_file(source, mapping, tz, date_order)
    frame = frame.reset_index(drop=True)
    care = care_tickets(frame, mapping, tz, date_order).need(NEEDED)
    given = map_headers([*care.headers, "text"], mapping)
    headers = [str(name) for name in frame.columns]
    places = {name: headers.index(care.headers[i]) for name, i in given.items() if i < len(care.headers)}
    columns = {name: frame.iloc[:, place].tolist() for name, place in places.items()}
    tickets, _ = tickets_from_columns({**columns, "text": ["-"] * len(frame)}, tz, date_order)
    last = max([0, *_times(tickets.created_at, tickets.resolved_at)])
    if end is not None:
        last = _second("end", end, tz)
    first = _first(since, tickets.created_at, last, tz)
    table = _facts_before(tickets) | _as_told(care, tickets, columns, policy)
    reasons = _why_left_out(tickets, first, last)
    table["closed"] = np.all([~left for left in reasons.values()], axis=0)
    table["resolved_in_time"] = _in_time(tickets, first, last)
    returned = next_returns(pd.DataFrame(table), last, asking)
    counts = {name: int(left.sum()) for name, left in reasons.items()}
    known = (counts, care.bad_values, care.headers)
    return OutcomeTickets(pd.DataFrame(table | returned), last, care.present, *known)


def typed_file(
    path: str | PathLike[str],
    mapping: Mapping[str, str] | None = None,
    tz: str | tzinfo = "UTC",
    date_order: str | None = None,
) -> pd.DataFrame:
    """A file's tickets with their types: as it is where it has them, else scored with the shipped model."""
    try:
        frame = read_scored(path)
        if "customer_type" in frame.columns:
            return frame
    except UnreadableInput:
        if not Path(path).is_file():
            raise
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "scored.csv"
        score_csv(Path(path), target, mapping=mapping, tz=zone_name(tz), date_order=date_order)
        return read_scored(target)


def _times(*columns: NDArray[np.int64]) -> list[int]:
    """The known seconds of some columns."""
    return [int(known.max()) for c in columns if len(known := c[c != NO_TIME])]


def _first(since: str | date | None, created: NDArray[np.int64], last: int, tz: str | tzinfo) -> int:
    """The second from which on tickets are followed."""
    if since is None:
        return NO_TIME
    if since != "auto":
        return _second("since", since, tz)
    known = created[created != NO_TIME]
    year_on = int(known.min()) + _YEAR if len(known) else NO_TIME
    return year_on if last - year_on >= _YEAR else NO_TIME


def _second(option: str, day: str | date, tz: str | tzinfo) -> int:
    """The first second of a day in a zone."""
    try:
        return int(pd.Timestamp(day).tz_localize(tz).timestamp())
    except (ValueError, TypeError):
        raise BadOption(option, day, "a day", "write it as 2025-03-31") from None


def _facts_before(tickets: Tickets) -> dict[str, Any]:
    """What was known of each customer just before each ticket, in bands; the half-year."""
    facts = facts_of_log(tickets)
    bands = {name: np.minimum(facts[fact], most).astype(int) for name, (fact, most) in _BANDS.items()}
    when = pd.to_datetime(pd.Series(np.maximum(tickets.created_at, 0)), unit="s")
    half = when.dt.year.astype(str) + "H" + ((when.dt.month + 5) // 6).astype(str)
    return bands | {"half_year": half.to_numpy(object)}


def _as_told(
    care: CareTickets, tickets: Tickets, columns: Mapping[str, list[Any]], policy: str | Path | None
) -> dict[str, Any]:
    """Verdict, handling and outcome of each ticket."""
    n = len(tickets)
    unknown = pd.Series([f"row {i}" for i in range(n)], dtype=object)
    ids = pd.Series(tickets.customer_id, dtype=object)
    texts = {name: cells.ids(columns.get(name, [""] * n)) for name in ("channel", "category", "currency")}
    names = read_playbook(policy).by_name()
    written = care.table["strategy_done"]
    done = [names[name].id if (name := cell.strip().casefold()) in names else cell for cell in written]
    amount = np.where(tickets.goodwill_cents < 0, np.nan, tickets.goodwill_cents / 100)
    return {
        "customer": pd.factorize(ids.where(ids != "", unknown))[0],
        "customer_type": _masked(care.types),
        "emotional_mode": _masked(care.table["emotional_mode"]),
        "strategy": _masked(done),
        **{name: _masked(values) for name, values in texts.items()},
        "created": tickets.created_at,
        "resolved": tickets.resolved_at,
        "fault": tickets.fault_found,
        "goodwill": amount,
        "paid": tickets.goodwill_cents > 0,
        "satisfaction": np.where(tickets.satisfaction > 0, tickets.satisfaction, np.nan),
        "reopened": np.where(tickets.reopened >= 0, tickets.reopened, np.nan),
    }


def _masked(values: Iterable[str]) -> NDArray[Any]:
    """Names as charts and tables may show them; each distinct one is masked once."""
    given = list(values)
    shown = {value: one_line(value) for value in set(given)}
    return np.array([shown[value] for value in given], object)


def _in_time(tickets: Tickets, first: int, last: int) -> NDArray[np.float64]:
    """Whether each ticket was resolved in time; NaN where that cannot be said."""
    until = tickets.created_at + SETTLED_DAYS * DAY
    known = (tickets.created_at != NO_TIME) & (tickets.created_at >= first) & (until <= last)
    soon = (tickets.resolved_at != NO_TIME) & (tickets.resolved_at <= until)
    return np.where(known, soon.astype(float), np.nan)


def _why_left_out(tickets: Tickets, first: int, last: int) -> dict[str, NDArray[np.bool_]]:
    """Reason -> tickets that cannot be followed for it, each under its first reason."""
    found = {
        "no_customer": np.array([not name for name in tickets.customer_id], bool),
        "no_time": tickets.created_at == NO_TIME,
        "before_since": tickets.created_at < first,
        "open": (tickets.resolved_at == NO_TIME) | (tickets.resolved_at > last),
    }
    taken = np.zeros(len(tickets), bool)
    for name, left in found.items():
        found[name] = left & ~taken
        taken |= left
    return found
